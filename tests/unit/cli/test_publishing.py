"""``dialplan`` with no centre running: comparing, checking, the history."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

import dialplan
from agents.people import Credentials, Person
from agents.roster_store import RosterFile
from config.settings import Settings
from madoguchi.cli import main
from madoguchi.publication.starting import put_in_force
from tests.unit.dialplan.small import SECRETS, agent, settings

GOOD = Path(__file__).parents[1] / "config" / "good.toml"
MORE_CALLS = ('addresses = ["127.0.0.2"]', 'addresses = ["127.0.0.2"], max_calls = 40')
OWN = "[custom-from-operators]\nexten => 71,1,Answer()\n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A copy that was started once, with one operator."""
    file, custom = tmp_path / "centre.toml", tmp_path / "custom"
    place = replace(settings(tmp_path / "home"), centre_file=file, custom_folder=custom)
    file.write_text(GOOD.read_text())
    custom.mkdir()
    place.home.mkdir()
    source = put_in_force(place)
    person = Person.answering(agent("201"), Credentials("no hash"))
    asyncio.run(RosterFile(place.layout.roster_file).write([person]))
    kept = {"ari_password": SECRETS.ari_password, "ami_password": SECRETS.ami_password}
    place.layout.secrets_file.write_text(json.dumps(kept))
    dialplan.write(source.plan(place), [agent("201")], place, SECRETS)
    for name, value in (("HOME", place.home), ("CONFIG", file), ("DIALPLAN", custom)):
        monkeypatch.setenv(f"MADOGUCHI_{name}", str(value))
    return place


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert isinstance(ended.value.code, int)
    return ended.value.code


def edit(place: Settings, *pairs: tuple[str, str]) -> None:
    text = GOOD.read_text()
    for old, new in pairs:
        text = text.replace(old, new)
    place.centre_file.write_text(text)


def test_what_would_change_is_shown_and_no_password(
    place: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("dialplan", "diff") == 0
    assert capsys.readouterr().out.startswith("Asterisk reads exactly")
    edit(place, MORE_CALLS)
    (place.custom_folder / "own.conf").write_text(OWN)
    ari = place.layout.asterisk_etc / "ari.conf"
    ari.write_text(ari.read_text().replace("ari-secret", "older"))
    assert run("dialplan", "diff", "--json") == 0
    out = capsys.readouterr().out
    found = json.loads(out)
    assert found["sources"].keys() == {"centre.toml", "own.conf"}
    assert found["files"].keys() == {"ari.conf", "custom-own.conf", "extensions.conf", "pjsip.conf"}
    assert "+set_var = MADOGUCHI_LIMIT=40" in found["files"]["pjsip.conf"]
    assert not [secret for secret in ("ari-secret", "older", "ami-secret") if secret in out]
    assert run("dialplan", "diff") == 0
    assert "+exten => 71,1,Answer()" in capsys.readouterr().out


def test_everything_that_is_wrong_is_said_at_once(
    place: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("dialplan", "check", "--skip-trial") == 0
    assert capsys.readouterr().out == "Everything is in order.\n"
    edit(place, ('menu = "main"', 'menu = "mian"'))
    (place.custom_folder / "own.conf").write_text(OWN + "exten => _X.,1,Answer()\n")
    assert run("dialplan", "check", "--skip-trial") == 1
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("centre.toml:5: numbers[0].menu")
    assert said[1].startswith("own.conf:3: The pattern _X. ")
    assert run("dialplan", "check", "--skip-trial", "--json") == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [(each["file"], each["line"]) for each in found] == [("centre.toml", 5), ("own.conf", 3)]
    assert "のことではありませんか" in found[0]["japanese"]
    assert found[1]["japanese"] is None


def test_the_history_is_there_with_nothing_running(
    place: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(place, MORE_CALLS)
    put_in_force(place)
    assert run("dialplan", "history", "--json") == 0
    history = json.loads(capsys.readouterr().out)
    assert history["current"] == 2
    assert [(each["version"], each["why"]) for each in history["versions"]] == [
        (2, "a start"),
        (1, "a start"),
    ]
    assert run("dialplan", "show", "2") == 0
    assert "max_calls = 40" in capsys.readouterr().out
    assert run("dialplan", "show", "7") == 1
    assert capsys.readouterr().err == "There is no version 7.\n"


@pytest.mark.usefixtures("place")
def test_publishing_needs_the_running_centre(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("dialplan", "apply", "--why", "a test") == 1
    assert "The centre is not running" in capsys.readouterr().err
    assert run("dialplan", "apply") == 2
