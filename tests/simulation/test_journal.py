"""The journal's double is honest: it says what the real journal says."""

from pathlib import Path

from telephony.journal import Journal
from telephony.model.commands import Record
from telephony.model.ids import Instant
from tests.journal_samples import answered_call
from tests.simulation.journal import Disk, SimulatedJournal

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
    assert await real.unfinished() == disk.unfinished()
    assert await real.latest_of_agents() == disk.latest_of_agents()
    await real.close()
