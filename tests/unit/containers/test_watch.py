"""What the watcher and the health check make of what the engine and the kernel say."""

import os
import subprocess
from pathlib import Path

import pytest

from config.layout import Layout
from config.settings import Settings
from madoguchi.containers import health, watch
from madoguchi.containers.engine import Project
from madoguchi.local import home, processes, run_file
from madoguchi.local.run_file import RunFile

PROJECT = Project("centre", {})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(tmp_path, tmp_path / "centre.toml", None, 5060, 1, 8088, 5038)
    home.lay_out(made.layout)
    return made


def _engine_says(monkeypatch: pytest.MonkeyPatch, *lines: str) -> list[tuple[str, ...]]:
    """Let the engine list these containers; return the list of what it is told to do."""
    told: list[tuple[str, ...]] = []
    monkeypatch.setattr(Project, "containers", lambda _: list(lines))
    monkeypatch.setattr(watch, "inspect", lambda containers, _template: list(containers))
    monkeypatch.setattr(watch, "docker", lambda *arguments: told.append(arguments))
    return told


def _write(layout: Layout, **processes_: int) -> None:
    content: RunFile = {
        "http": "",
        "websocket_sip": "",
        "sip": {"host": "", "port": 0},
        "trunk": {"number": "", "carrier_address": "", "outbound": None},
        "database": "",
        "asterisk": {"version": "", "cli": []},
        "processes": processes_,
        "logins": [],
        "agents": [],
    }
    run_file.write(layout, content)


def test_who_was_killed_is_started_again(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    told = _engine_says(monkeypatch, "/centre-worker\texited\t0", "/centre-rescue\trestarting\t0")
    watch.settle(settings.layout, PROJECT)
    assert told == [("start", "/centre-worker")]


def test_process_ids_follow_restarts(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(settings.layout, controller=1, worker=2)
    _engine_says(monkeypatch, "/centre-controller\trunning\t70", "/centre-worker\trunning\t2")
    watch.settle(settings.layout, PROJECT)
    written = run_file.read(settings.layout)
    assert written is not None
    assert written["processes"] == {"controller": 70, "worker": 2}
    assert 0o600 == settings.layout.run_file.stat().st_mode & 0o777


def test_before_the_end_of_a_start_nothing_is_written(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    _engine_says(monkeypatch, "/centre-controller\trunning\t70")
    watch.settle(settings.layout, PROJECT)
    assert not settings.layout.run_file.exists()


def test_a_program_that_is_stopped_or_gone_is_not_healthy(settings: Settings) -> None:
    assert not health.healthy("rescue", settings)
    argv = processes.recorded(settings.layout.supervisor, "rescue", ["sleep", "60"])
    with subprocess.Popen(argv) as process:
        while not health.healthy("rescue", settings):
            os.sched_yield()
        os.kill(process.pid, 19)
        os.waitpid(process.pid, os.WUNTRACED)
        assert not health.healthy("rescue", settings)
        process.kill()
    assert not health.healthy("rescue", settings)


def test_a_controller_must_answer(settings: Settings) -> None:
    argv = processes.recorded(settings.layout.supervisor, "controller", ["sleep", "60"])
    with subprocess.Popen(argv) as process:
        while not (settings.layout.supervisor / "controller.process").exists():
            os.sched_yield()
        assert not health.healthy("controller", settings)
        process.kill()
