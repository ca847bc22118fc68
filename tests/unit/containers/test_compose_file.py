"""docker-compose.yml as it is filled in: complete, and nobody in it has more rights than needed."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.settings import Settings
from madoguchi.containers.engine import COMPOSE_FILE, REPOSITORY
from madoguchi.containers.project import BASE_ASTERISK, BASE_DEBIAN, CENTRE, POSTGRES, name_of, project_of
from madoguchi.local import programs

SETTINGS = Settings.from_environment(
    {
        "MADOGUCHI_HOME": "/srv/centre",
        "MADOGUCHI_CONFIG": "/etc/madoguchi/centre.toml",
        "MADOGUCHI_SIP_PORT": "5070",
    }
)
_VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<rule>[-?])(?P<default>[^}]*))?\}")
_DEFAULTS_ARE_RIGHT = {"MADOGUCHI_DEBIAN_BASE", "MADOGUCHI_ASTERISK_BASE"}
"""Images from a registry, for who builds with Compose alone."""


def filled_in() -> dict[str, Any]:
    """Return the file as Compose reads it; a variable that nobody sets is an error."""
    told = project_of(
        SETTINGS, "postgresql://madoguchi@127.0.0.1:25500/madoguchi", 25_500, base={}
    ).environment

    def value(found: re.Match[str]) -> str:
        name = found["name"]
        assert name in told or name in _DEFAULTS_ARE_RIGHT, f"{name} is set by nobody"
        return told.get(name, found["default"])

    content: dict[str, Any] = yaml.safe_load(_VARIABLE.sub(value, COMPOSE_FILE.read_text()))
    return content


FILE = filled_in()
SERVICES: dict[str, dict[str, Any]] = FILE["services"]
everyone = pytest.mark.parametrize("name", SERVICES)


def test_every_program_of_a_copy_is_a_service() -> None:
    ours = {program.name for program in programs.services("http://127.0.0.1:8080", standby=True)}
    assert SERVICES.keys() == ours | {"postgres", "asterisk"}


@everyone
def test_nobody_has_more_rights_than_needed(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert "cap_add" not in service
    user, group = map(int, service["user"].split(":"))
    assert (user, group) in {CENTRE, POSTGRES}
    assert all("noexec" in each for each in service["tmpfs"])
    assert not [volume for volume in service["volumes"] if volume["source"].startswith("/var/run")]


@everyone
def test_everybody_is_limited_watched_and_started_again(name: str) -> None:
    service = SERVICES[name]
    assert service["restart"] == "unless-stopped"
    assert service["mem_limit"]
    assert service["pids_limit"] > 0
    assert service["healthcheck"]["test"][0] == "CMD"
    assert service["healthcheck"]["interval"] == "10s"
    assert service["logging"]["options"]["max-size"]


@everyone
def test_names_ports_and_places_are_the_copys_own(name: str) -> None:
    service = SERVICES[name]
    assert service["container_name"] == f"{name_of(SETTINGS.home)}-{name}"
    assert service["network_mode"] == "host"
    assert "ports" not in service
    assert "listen_addresses=127.0.0.1" in SERVICES["postgres"]["command"]
    if "environment" in service:
        assert service["environment"]["MADOGUCHI_SIP_PORT"] == 5070
        assert service["environment"]["MADOGUCHI_HOME"] == "/srv/centre"


def test_asterisk_sees_no_password_and_no_database() -> None:
    seen = {volume["source"]: volume.get("read_only", False) for volume in SERVICES["asterisk"]["volumes"]}
    assert seen == {
        "/srv/centre/asterisk": False,
        "/srv/centre/recordings": False,
        "/srv/centre/sounds": True,
    }
    assert "environment" not in SERVICES["asterisk"]
    assert "pid" not in SERVICES["asterisk"]


@everyone
def test_the_image_is_built_from_a_file_that_is_there(name: str) -> None:
    build = SERVICES[name]["build"]
    file = REPOSITORY / build["dockerfile"]
    text = file.read_text()
    assert f"ARG BASE={build['args']['BASE']}" in text
    assert re.search(r"^USER 7000[12]:7000[12]$", text, re.MULTILINE)
    assert BASE_DEBIAN != BASE_ASTERISK


def test_the_images_context_holds_what_runs_and_nothing_else() -> None:
    lines = (REPOSITORY / ".dockerignore").read_text().splitlines()
    assert lines[1] == "*"
    wanted = {line.removeprefix("!") for line in lines if line.startswith("!")}
    packages = {path.parent.name for path in REPOSITORY.glob("*/__init__.py")} - {"bench", "tests"}
    assert packages <= wanted
    assert not wanted & {"tests", ".local", ".venv", ".git"}
    assert Path("requirements.txt").name in wanted
