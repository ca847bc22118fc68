"""Starting and stopping, also when something was killed, is in the way or awkward."""

import os
import signal
import socket
from collections.abc import Sequence
from dataclasses import replace

import pytest

from madoguchi.local import LocalError, down, processes, status, supervisor
from madoguchi.local.contents import Place
from madoguchi.local.programs import Program
from tests.integration.local.copies import Copy, eventually
from tests.integration.local.small_centre import SmallCentre


def test_up_and_down_twice_leaves_nothing_but_the_data(copy: Copy) -> None:
    copy.up()
    copy.query("CREATE TABLE kept AS SELECT 7 AS number")
    assert down(copy.settings, copy.steps)
    assert copy.leftovers() == []
    copy.up()
    assert copy.query("SELECT number FROM kept") == 7
    assert down(copy.settings, copy.steps)
    assert copy.leftovers() == []
    assert not down(copy.settings, copy.steps)


def test_what_a_killed_supervisor_leaves_is_ended_by_up_and_by_down(copy: Copy) -> None:
    copy.up()
    before = processes.living(copy.settings.layout.supervisor)
    _kill_supervisor(copy)
    assert not status(copy.settings).up
    after = copy.up()["processes"]
    assert {process.name for process in before} >= after.keys()
    assert {process.pid for process in before}.isdisjoint(after.values())
    # The machine's first process may be slow to bury them.
    assert not any(process.alive for process in before)
    _kill_supervisor(copy)
    assert down(copy.settings, copy.steps)
    assert copy.leftovers() == []


def _kill_supervisor(copy: Copy) -> None:
    record = copy.settings.layout.supervisor / f"{supervisor.NAME}.process"
    os.kill(int(record.read_text().split()[0]), signal.SIGKILL)
    eventually(lambda: not supervisor.Supervisor(copy.settings.layout).answers())


def test_an_awkward_home_is_as_good_as_any_but_lost_passwords_are_told(copy: Copy) -> None:
    awkward = copy.settings.home / "100% 'long' 窓口 " / ("x" * 100)
    copy.settings = replace(copy.settings, home=awkward)
    copy.up()
    assert copy.query("SELECT 1") == 1
    assert copy.answers("core show uptime")
    assert down(copy.settings, copy.steps)
    assert copy.leftovers() == []
    copy.settings.layout.secrets_file.unlink()
    with pytest.raises(LocalError, match=r"does not know the password in secrets\.json; restore that file"):
        copy.up()
    assert copy.leftovers() == []


def test_a_taken_port_stops_the_start_before_anything_runs(copy: Copy) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", copy.settings.sip_port))
        with pytest.raises(LocalError, match=f"Port {copy.settings.sip_port}/udp for SIP is taken"):
            copy.up()
    assert copy.leftovers() == []


class _ControllerThatEnds(SmallCentre):
    def services(self, place: Place) -> Sequence[Program]:
        argv = ["sh", "-c", "echo the licence of the moon is missing; exit 1"]
        return [Program("controller", argv, rank=300, ready_url=f"{place.http_url}/readyz")]


def test_a_program_that_never_gets_ready_is_named_with_its_last_words(copy: Copy) -> None:
    copy.contents = _ControllerThatEnds()
    with pytest.raises(
        LocalError, match="controller did not get ready: the licence of the moon is missing; see"
    ):
        copy.up()
    assert copy.leftovers() == []


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (
            "postgresql://madoguchi:secret@127.0.0.1:1/city",
            r"The database at 127\.0\.0\.1:1/city cannot be used",
        ),
        ("mysql://127.0.0.1/city", "DATABASE_URL is not an address of PostgreSQL"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_without_its_password(
    copy: Copy, url: str, sentence: str
) -> None:
    copy.settings = replace(copy.settings, database_url=url)
    with pytest.raises(LocalError, match=sentence) as refusal:
        copy.up()
    assert "secret" not in str(refusal.value)
    assert copy.leftovers() == []
