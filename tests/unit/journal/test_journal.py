"""The spool writer: order, numbers, durability, and never standing in the way of a call."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from telephony.journal import Alarm, Journal, Trouble
from telephony.model.commands import Record
from telephony.model.ids import CallId, Instant
from telephony.spool import Spool
from tests.journal_samples import abandoned_call, answered_call


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "journal" / "spool.sqlite"


def state(agent: str, number: int) -> Record:
    return Record(f"agent:{agent}", Instant(1_000.0 + number), "agent.state", {"state": "ready", "n": number})


async def test_entries_of_a_stream_are_numbered_in_the_order_they_were_written(file: Path) -> None:
    journal = Journal(file)
    for number in range(1, 101):
        journal.write(state("aoki", number))
        journal.write(state("baba", number))
    await journal.flush()
    rows = Spool(file).not_drained(1_000).rows
    for agent in ("agent:aoki", "agent:baba"):
        assert [(n, 1_000_000_000 + n * 1_000_000) for n in range(1, 101)] == [
            (seq, at_us) for stream, seq, at_us, _, _ in rows if stream == agent
        ]
    await journal.close()


async def test_numbers_go_on_after_a_restart_and_after_everything_was_drained(file: Path) -> None:
    journal = Journal(file)
    for record in answered_call("m-1.1").records:
        journal.write(record)
    await journal.close()
    spool = Spool(file)
    batch = spool.not_drained(1_000)
    spool.acknowledge(batch.upto)
    assert spool.not_drained(1_000).rows == []

    journal = Journal(file)
    journal.write(Record("call:m-1.1", Instant(2_000_000_000.0), "call.acw_ended", {"acw_s": 3.0}))
    await journal.flush()
    (row,) = spool.not_drained(1_000).rows
    assert len(batch.rows) + 1 == row[1]
    await journal.close()


async def test_what_flush_returned_for_is_in_the_file_for_every_other_process(file: Path) -> None:
    journal = Journal(file)
    journal.write(state("aoki", 1))
    await journal.flush()
    assert 1 == Spool(file).depth() == await journal.depth()
    await journal.close()


async def test_writing_does_not_wait_for_a_locked_spool(file: Path) -> None:
    journal = Journal(file)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    for number in range(5_000):
        journal.write(state("aoki", number))
    flushed = asyncio.create_task(journal.flush())
    await asyncio.sleep(0.1)
    assert not flushed.done()
    other.execute("ROLLBACK")
    await flushed
    assert [str(n) for n in range(1, 5_001)] == [str(row[1]) for row in Spool(file).not_drained(10_000).rows]
    await journal.close()


async def test_a_full_memory_loses_the_newest_and_says_so_once(file: Path) -> None:
    alarms: list[Alarm] = []
    journal = Journal(file, alarm=alarms.append, memory_bound=10)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    for number in range(1_000):
        journal.write(state("aoki", number))
    other.execute("ROLLBACK")
    await journal.flush()
    kept = Spool(file).not_drained(10_000).rows
    assert 10 <= len(kept) <= 20  # the bound, and what the thread had already taken out
    assert list(range(1, len(kept) + 1)) == [row[1] for row in kept]
    assert [Trouble.LOSES] == [alarm.trouble for alarm in alarms]
    await journal.close()


async def test_any_text_that_a_telephone_network_sends_is_kept(file: Path) -> None:
    odd = {
        "quote": "'; DROP TABLE journal; --",
        "html": "<b>",
        "kana": "窓口",
        "long": "x" * 10_000,
        "nul": "a\0b",
        "half": "x\ud800y",
    }
    journal = Journal(file)
    journal.write(Record("call:m-1.1", Instant(1.0), "call.arrived", odd))
    journal.write(
        Record("call:m-1.1", Instant(2.0), "call.answered", {"literal": "\\u0000", "big": 2**70, "set": {1}})
    )
    await journal.flush()
    arrived, answered = (await journal.unfinished())[CallId("m-1.1")]
    assert {**odd, "nul": "a�b", "half": "x�y"} == arrived.data
    assert {"literal": "\\u0000", "big": str(2**70), "set": [1]} == answered.data
    await journal.close()


async def test_unfinished_calls_are_read_back_whole_even_when_they_were_drained(file: Path) -> None:
    ended, live = abandoned_call("m-1.1").records, answered_call("m-1.2").records[:7]
    journal = Journal(file)
    for record in [*live[:4], *ended, *live[4:]]:
        journal.write(record)
    await journal.flush()
    spool = Spool(file)
    spool.acknowledge(spool.not_drained(1_000).upto)
    assert {"m-1.2": [r.kind for r in live]} == {
        call: [entry.kind for entry in entries] for call, entries in (await journal.unfinished()).items()
    }
    await journal.close()


async def test_the_last_state_of_each_operator_is_read_back(file: Path) -> None:
    journal = Journal(file)
    for number in range(1, 4):
        journal.write(state("aoki", number))
    await journal.flush()
    spool = Spool(file)
    spool.acknowledge(spool.not_drained(1_000).upto)
    journal.write(state("baba", 1))
    await journal.flush()
    assert {"aoki": 3, "baba": 1} == {
        agent: entry.data["n"] for agent, entry in (await journal.latest_of_agents()).items()
    }
    await journal.close()


async def test_ended_and_drained_calls_leave_nothing_but_their_head(file: Path) -> None:
    spool = Spool(file)
    for number in range(50):
        spool.append(answered_call(f"m-1.{number}").records)
        spool.acknowledge(spool.not_drained(7).upto)
    while batch := spool.not_drained(100).rows:
        assert batch
        spool.acknowledge(spool.not_drained(100).upto)
    left = sqlite3.connect(file).execute("SELECT count(*) FROM entry").fetchone()
    assert (0,) == left


async def test_after_close_facts_are_refused_and_told(file: Path) -> None:
    alarms: list[Alarm] = []
    journal = Journal(file, alarm=alarms.append)
    journal.write(state("aoki", 1))
    await journal.close()
    journal.write(state("aoki", 2))
    assert 1 == Spool(file).depth()
    assert [Trouble.LOSES] == [alarm.trouble for alarm in alarms]
    assert "journal" not in {thread.name for thread in threading.enumerate()}


ON_A_FULL_DISK = """
import asyncio, sys
from pathlib import Path
from telephony.journal import Alarm, Journal, Trouble
from telephony.model.commands import Record
from telephony.spool import Spool

async def main():
    room = Path(sys.argv[1])
    alarms, stuck, again = [], asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    def alarm(found):
        alarms.append(found.trouble)
        loop.call_soon_threadsafe((stuck if found.trouble is Trouble.STUCK else again).set)
    ballast = room / "ballast"
    ballast.write_bytes(b"x" * 3_500_000)
    journal = Journal(room / "spool.sqlite", alarm=alarm)
    for number in range(5_000):
        journal.write(Record("agent:aoki", 1.0 + number, "agent.state", {"state": "ready", "fill": "x" * 99}))
    await asyncio.wait_for(stuck.wait(), 20)
    ballast.unlink()
    await asyncio.wait_for(again.wait(), 20)
    await journal.flush()
    rows = Spool(room / "spool.sqlite").not_drained(10_000).rows
    assert list(range(1, 5_001)) == [row[1] for row in rows], len(rows)
    assert [Trouble.STUCK, Trouble.WRITES_AGAIN] == alarms, alarms
    await journal.close()

asyncio.run(main())
print("all there")
"""


def test_a_full_disk_is_told_once_and_nothing_is_lost_when_there_is_room_again(tmp_path: Path) -> None:
    """On a real file system of 4 MB, in a mount namespace of its own."""
    script = tmp_path / "full.py"
    script.write_text(ON_A_FULL_DISK)
    inside = 'mount -t tmpfs -o size=4m tmpfs "$1" && exec "$2" "$3" "$1"'
    room = tmp_path / "room"
    room.mkdir()
    done = subprocess.run(
        ["unshare", "--map-root-user", "--mount", "sh", "-c", inside, "sh", room, sys.executable, script],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "all there\n" == done.stdout, done.stderr
