"""The journal's double is honest: it says what the real journal says, and loses what a kill loses."""

import asyncio
from pathlib import Path

from telephony.journal import GATHER_S, Journal
from telephony.model.commands import Record
from telephony.model.ids import Instant
from tests.journal_samples import answered_call
from tests.simulation.journal import Disk, SimulatedJournal
from tests.simulation.virtual_loop import run

ENDED = answered_call("over").records
LIVE = answered_call("live").records[:7]
ODD = Record("call:odd", Instant(1.0), "queue.entered", {"priority": float("inf"), "caller": "a\0b"})
PEOPLE = [Record("agent:sato", Instant(at), "agent.state", {"state": "ready"}) for at in (1.0, 2.0)]
EVERYTHING = [*ENDED, *LIVE, ODD, *PEOPLE]


async def test_it_keeps_what_the_real_journal_keeps(tmp_path: Path) -> None:
    real = Journal(tmp_path / "journal.sqlite")
    disk = Disk()
    double = SimulatedJournal(disk)
    for record in EVERYTHING:
        real.write(record)
        double.write(record)
    await real.flush()
    double.flush()
    assert await real.unfinished() == disk.unfinished()
    assert await real.latest_of_agents() == disk.latest_of_agents()
    await real.close()


def killed_after(seconds: float) -> Disk:
    """Return what is on the disk of a controller that is killed so long after it wrote about a live call."""

    async def live() -> Disk:
        disk = Disk()
        journal = SimulatedJournal(disk)
        for record in LIVE:
            journal.write(record)
        await asyncio.sleep(seconds)
        journal.die()
        await asyncio.sleep(10 * GATHER_S)
        return disk

    return run(live())


def test_a_kill_loses_what_was_gathered_and_nothing_else() -> None:
    assert killed_after(GATHER_S / 2).unfinished() == {}
    assert len(killed_after(GATHER_S * 2).unfinished()) == 1
