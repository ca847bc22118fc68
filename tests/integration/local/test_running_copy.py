"""A copy that is up: what it tells, what it survives, what it refuses."""

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import asyncpg
import psutil
import pytest

from madoguchi.local import LocalError, asterisk_root, down, status
from tests.integration.local.copies import Copy, eventually


def test_run_json_tells_how_to_reach_everything(running: Copy) -> None:
    run = running.run
    assert running.settings.layout.run_file.stat().st_mode & 0o777 == 0o600
    assert set(run["processes"]) == {"asterisk", "controller", "postgres"}
    assert run["sip"] == {"host": "127.0.0.1", "port": running.settings.sip_port}
    assert running.asterisk("core show version").startswith(f"Asterisk {run['asterisk']['version']}")
    assert status(running.settings).up


def test_the_private_database_is_durable_and_on_loopback_only(running: Copy) -> None:
    assert running.query("SHOW fsync") == "on"
    assert running.query("SHOW listen_addresses") == "127.0.0.1"
    assert running.query("SHOW unix_socket_directories") == ""


def test_what_talks_to_the_network_is_neither_root_nor_the_same_user(running: Copy) -> None:
    pids = running.run["processes"]
    users = {name: psutil.Process(pids[name]).username() for name in ("asterisk", "postgres")}
    assert users == {"asterisk": asterisk_root.USER, "postgres": "postgres"}


def test_what_everybody_waits_for_gets_a_processor_first(running: Copy) -> None:
    """Asterisk has a thread for each call, the controller one for all."""
    pids = running.run["processes"]
    place = {name: os.getpriority(os.PRIO_PROCESS, pid) for name, pid in pids.items()}
    assert place["controller"] == place["asterisk"] - 15
    assert place["postgres"] == place["asterisk"]


def test_asterisk_cannot_write_to_its_root_and_nobody_else_sees_its_mounts(running: Copy) -> None:
    namespace = Path("/proc", str(running.run["processes"]["asterisk"]), "mountinfo").read_text()
    options = {line.split()[4]: line.split()[5] for line in namespace.splitlines()}
    assert options["/"].startswith("ro")
    assert "/madoguchi" in options
    assert str(asterisk_root.ROOT) not in Path("/proc/self/mountinfo").read_text()


def test_the_private_database_asks_for_its_password(running: Copy) -> None:
    password = running.run["database"].split(":")[2].split("@")[0]
    stranger = replace(running, database_url=running.run["database"].replace(password, "guessed"))
    with pytest.raises(asyncpg.InvalidPasswordError):
        stranger.query("SELECT 1")


def test_a_second_up_changes_nothing_and_is_quick(running: Copy) -> None:
    before, started = running.run, time.monotonic()
    assert running.up() == before
    assert time.monotonic() - started < 10


def test_a_second_up_with_other_ports_is_refused(running: Copy) -> None:
    other = Copy(replace(running.settings, sip_port=running.settings.sip_port + 50))
    with pytest.raises(LocalError, match=r"is up already with other ports .*; run make down first"):
        other.up()


@pytest.mark.parametrize("name", ["postgres", "asterisk", "controller"])
def test_a_killed_program_comes_back_alone_and_run_json_knows(running: Copy, name: str) -> None:
    before = running.run["processes"]
    os.kill(before[name], signal.SIGKILL)
    eventually(lambda: running.run["processes"].get(name, before[name]) != before[name])
    changed = {other for other, pid in running.run["processes"].items() if before[other] != pid}
    assert changed == {name}
    running.up()
    eventually(lambda: running.answers("core show uptime"))
    eventually(running.database_answers)


def test_a_second_copy_runs_beside_it_and_may_borrow_its_database(running: Copy, copy: Copy) -> None:
    before = running.run["processes"]
    copy.settings = replace(copy.settings, database_url=running.run["database"])
    run = copy.up()
    assert run["database"] == running.run["database"]
    assert set(run["processes"]) == {"asterisk", "controller"}
    assert set(before.values()).isdisjoint(run["processes"].values())
    assert not copy.settings.layout.postgres.exists()
    assert down(copy.settings, copy.steps)
    assert copy.leftovers() == []
    assert running.run["processes"] == before
    assert status(running.settings).up
