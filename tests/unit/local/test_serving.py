"""The copy as a service: what systemd is told, and when it is told nothing; and the files that say so."""

import configparser
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import Settings
from madoguchi.local import serving
from madoguchi.local.__main__ import main
from madoguchi.local.run_file import RunFile

UNITS = Path(__file__).parents[3] / "deploy" / "systemd"


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    """Where sd_notify(3) sends to."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(tmp_path / "notify"))
        heard.settimeout(10)
        yield heard


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def test_it_starts_says_that_it_lives_and_stops_on_request(
    tmp_path: Path, systemd: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings.from_environment({"MADOGUCHI_HOME": str(tmp_path / "home")})
    monkeypatch.setattr(serving, "_EVERY_S", 0.01)
    stopped: list[Settings] = []
    monkeypatch.setattr(serving, "down", stopped.append)
    beats = iter([True, False, True])

    def beat(_: Settings) -> bool:
        lives = next(beats, None)
        if lives is None:
            os.kill(os.getpid(), signal.SIGTERM)
        return bool(lives)

    monkeypatch.setattr(serving, "alive", beat)
    run: RunFile = {"http": "http://127.0.0.1:8080"}  # type: ignore[typeddict-item]
    serving.serve(settings, lambda: run, {"NOTIFY_SOCKET": systemd.getsockname()})
    told = [systemd.recv(500).decode().splitlines()[0] for _ in range(5)]
    assert told == ["EXTEND_TIMEOUT_USEC=600000000", "READY=1", "WATCHDOG=1", "WATCHDOG=1", "STOPPING=1"]
    assert stopped == [settings]


def test_a_copy_without_supervisor_and_answer_is_given_up(tmp_path: Path) -> None:
    settings = Settings.from_environment({"MADOGUCHI_HOME": str(tmp_path)})
    assert not serving.alive(settings)


def test_without_systemd_nobody_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    serving.tell("READY=1", {})
    assert main(["serve-nothing"]) == 2
    assert "serve" in capsys.readouterr().err


def test_the_unit_waits_longer_than_the_service_takes_to_speak() -> None:
    unit = _unit("madoguchi.service")
    assert unit["Type"] == "notify"
    assert unit["Restart"] == "always"
    assert float(unit["WatchdogSec"]) > 3 * 5.0
    command = unit["ExecStart"].split()
    assert command[1:] == ["-m", "madoguchi.local", "serve"]
    assert _unit("madoguchi-backup.service")["Type"] == "oneshot"
    settings = dict(
        line.split("=", 1) for line in (UNITS / "environment").read_text().splitlines() if line[0] != "#"
    )
    assert Settings.from_environment(settings).sample_accounts is False


def _unit(name: str) -> dict[str, str]:
    parser = configparser.RawConfigParser(strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string((UNITS / name).read_text())
    return dict(parser["Service"])
