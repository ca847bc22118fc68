"""An upgrade on a real supervisord with stand-in programs: who leads then, and what a failure leaves."""

import io
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from rich.console import Console

from config.settings import Settings
from madoguchi.local import LocalError, home, passwords, ports, ready, run_file, stopping
from madoguchi.local import upgrading as module
from madoguchi.local.contents import Place
from madoguchi.local.programs import Program, environment
from madoguchi.local.run_file import RunFile
from madoguchi.local.runtime import LOCAL, remember
from madoguchi.local.steps import Steps
from madoguchi.local.supervisor import Supervisor
from madoguchi.local.upgrading import upgrade
from tests.integration.local.small_centre import SmallCentre

PROGRAM = Path(__file__).with_name("small_controller.py")
ELSEWHERE = "postgresql://127.0.0.1:9/none"


class Version(SmallCentre):
    """The programs of one version: controllers that say its name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def services(self, place: Place) -> Sequence[Program]:
        """A controller, a second one if the copy has a standby, and a worker."""
        argv = [
            sys.executable,
            str(PROGRAM),
            str(place.settings.home),
            str(place.settings.http_port),
            self.name,
        ]
        url = f"{place.http_url}/readyz"
        second = [Program("standby", argv, rank=350)] if place.settings.standby else []
        sleeper = [sys.executable, "-c", "import time; time.sleep(600)", self.name]
        return [Program("controller", argv, 300, ready_url=url), *second, Program("worker", sleeper, 400)]


@dataclass
class Running:
    """A copy that runs version ``one``."""

    settings: Settings
    supervisor: Supervisor

    def upgrade(self, name: str) -> None:
        """Let the version *name* take over."""
        upgrade(self.settings, Version(name), Steps(Console(file=io.StringIO())))

    def serves(self) -> str:
        """Return which version answers."""
        with urllib.request.urlopen(
            f"http://127.0.0.1:{self.settings.http_port}/readyz", timeout=5
        ) as answer:
            return str(answer.read().decode())

    def pid(self, name: str) -> int:
        """Return the process that runs under *name*."""
        return next(state.pid for state in self.supervisor.states() if state.name == name)

    def programs(self) -> dict[str, str]:
        """Return which version of each program runs."""
        found = {}
        for state in self.supervisor.states():
            command = Path(f"/proc/{state.pid}/cmdline").read_bytes().decode().split("\0")
            found[state.name] = command[-2]
        return found


@pytest.fixture
def running(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Running]:
    tmp_path.chmod(0o700)
    place = tmp_path / "home"
    port = ports.first_free(19_300, 90)
    settings = Settings(
        place,
        place / "centre.toml",
        ELSEWHERE,
        port,
        port,
        port + 1,
        port + 2,
        standby=getattr(request, "param", False),
    )
    home.lay_out(settings.layout)
    remember(settings.layout, LOCAL)
    at = Place(settings, passwords.ensure(settings.layout), ELSEWHERE)
    supervisor, services = Supervisor(settings.layout), Version("one").services(at)
    supervisor.launch(services, {**environment(settings, ELSEWHERE), "PYTHONPATH": str(Path.cwd())})
    for service in services:
        supervisor.start(service.name)
        ready.wait_for(service, supervisor)
    run_file.write(settings.layout, _run_file(at))
    yield Running(settings, supervisor)
    stopping.stop(settings)


def _run_file(place: Place) -> RunFile:
    return RunFile(
        http=place.http_url,
        websocket_sip="",
        sip={"host": "127.0.0.1", "port": place.settings.sip_port},
        trunk={"number": "0120000000", "carrier_address": "127.0.0.2", "outbound": None},
        database=ELSEWHERE,
        asterisk={"version": "22", "cli": []},
        processes={},
        logins=[],
        agents=[],
    )


def names(running: Running) -> set[str]:
    return {"controller", "worker"} | ({"standby"} if running.settings.standby else set())


@pytest.mark.parametrize("running", [False, True], ids=["alone", "with a standby"], indirect=True)
def test_another_version_takes_everything_over_and_the_earlier_one_comes_back(running: Running) -> None:
    for name in ("two", "one"):
        running.upgrade(name)
        assert name == running.serves()
        assert dict.fromkeys(names(running), name) == running.programs()


def test_a_version_that_cannot_start_changes_nothing(running: Running) -> None:
    before = running.pid("controller")
    with pytest.raises(LocalError, match="did not get ready: this version is broken"):
        running.upgrade("broken")
    assert "one" == running.serves()
    assert dict.fromkeys(names(running), "one") == running.programs()
    assert before == running.pid("controller")


def test_a_version_that_takes_no_calls_gives_them_back(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_TAKES_OVER_S", 2.0)
    with pytest.raises(LocalError, match="took no calls within 2 s"):
        running.upgrade("deaf")
    assert "one" == running.serves()
    assert dict.fromkeys(names(running), "one") == running.programs()


def test_only_a_copy_that_is_up_can_be_taken_over(running: Running) -> None:
    down = replace(running.settings, home=running.settings.home.with_name("elsewhere"))
    with pytest.raises(LocalError, match="is not up; start this version with: make up"):
        upgrade(down, Version("two"), Steps(Console(file=io.StringIO())))


def test_other_ports_are_another_copy(running: Running) -> None:
    other = replace(running.settings, http_port=running.settings.http_port + 7)
    with pytest.raises(LocalError, match="set the same ports"):
        upgrade(other, Version("two"), Steps(Console(file=io.StringIO())))
