"""Numbers of the rescue, its real spool and a real journal: each is taken up once, whatever dies when."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from telephony import callback_recovery, recovery
from telephony.journal import Journal
from telephony.left_numbers import LeftNumbers
from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.centre import Centre as Model
from telephony.model.ids import CallId, Instant
from telephony.spool import Spool
from tests.unit.model.callback_stage import CALLER, callback_plan
from tests.unit.model.plans import PlainVoice
from tests.unit.model.stage import NUMBER

CALL = CallId("m-7.7")
FACT = {
    "number": CALLER,
    "caller": CALLER,
    "source": "rescue",
    "dialled": NUMBER,
    "arrived_at": 1_700_000_000.0,
}
AT = Instant(1_700_000_060)
OLD = {"number": CALLER, "caller": None, "source": "rescue"}
"""What an earlier version wrote."""


class Controller:
    """One life of a controller: journal, recovery, model, and what it takes up."""

    def __init__(self, folder: Path, journal: Journal) -> None:
        self.journal = journal
        self.model = Model(callback_plan(), PlainVoice(), random.Random(1), first_id=1)
        self.now = Instant(AT + 30)
        self.folder = folder

    async def start(self) -> "Controller":
        """Recover as the switchboard does."""
        unfinished = await self.journal.unfinished()
        self.left = LeftNumbers(
            self.folder / "rescue.sqlite", self.journal, unfinished, self.submit, lambda: self.now
        )
        for event in callback_recovery.adopted(recovery.Snapshot([], []), (), unfinished, {}):
            self.submit(event)
        return self

    def submit(self, event: ev.Event) -> None:
        for command in self.model.handle(event, self.now):
            if isinstance(command, cmd.Record):
                self.journal.write(command)
            elif isinstance(command, cmd.TakeUpNumber):
                self.left.taken(command)

    def promises(self) -> dict[str, CallId]:
        return dict(self.model.floor.promises)


@asynccontextmanager
async def life(folder: Path) -> AsyncIterator[Controller]:
    journal = Journal(folder / "journal.sqlite")
    try:
        yield await Controller(folder, journal).start()
    finally:
        await journal.close()


def rescue(folder: Path, *records: cmd.Record) -> Spool:
    spool = Spool(folder / "rescue.sqlite")
    spool.append(records)
    return spool


def number_left(call: CallId = CALL, **data: object) -> cmd.Record:
    return cmd.Record(f"call:{call}", AT, "callback.number_left", data or FACT)


async def test_a_number_is_taken_up_once_through_restarts(tmp_path: Path) -> None:
    spool = rescue(tmp_path, number_left())
    async with life(tmp_path) as first:
        await first.left.once()
        await first.left.once()
        promised = first.promises()
        assert list(promised) == [CALLER]
    async with life(tmp_path) as second:
        await second.left.once()
        assert second.promises() == promised
    kinds = [(kind, data) for _, _, _, kind, data in spool.not_drained(10).rows]
    assert [kind for kind, _ in kinds] == ["callback.number_left", "callback.taken_up"]
    assert promised[CALLER] in kinds[1][1]


async def test_killed_before_it_was_written_behind_the_number(tmp_path: Path) -> None:
    """Race: the promise is durable, the answer to the rescue is not; everything was drained."""
    spool = rescue(tmp_path, number_left())
    async with life(tmp_path) as first:
        (left,) = first.left.open_numbers()
        first.submit(left)
        promised = first.promises()
    spool.acknowledge(spool.not_drained(10).upto)
    async with life(tmp_path) as second:
        assert second.promises() == promised
        await second.left.once()
        assert second.promises() == promised
    assert [row[3] for row in spool.not_drained(10).rows] == ["callback.taken_up"]


async def test_killed_before_the_promise_was_durable(tmp_path: Path) -> None:
    """Race: nothing of it is left but the number, which the worker may have carried over already."""
    spool = rescue(tmp_path, number_left())
    spool.acknowledge(spool.not_drained(10).upto)
    async with life(tmp_path) as second:
        await second.left.once()
        assert list(second.promises()) == [CALLER]


async def test_one_that_comes_while_the_controller_runs(tmp_path: Path) -> None:
    async with life(tmp_path) as running:
        await running.left.once()
        assert running.promises() == {}
        rescue(tmp_path, number_left())
        await running.left.once()
        assert list(running.promises()) == [CALLER]


async def test_a_spool_that_cannot_be_written_makes_no_second_promise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Race: the callback is over before the answer could be written; the number is still open."""
    spool = rescue(tmp_path, number_left())
    async with life(tmp_path) as running:
        with monkeypatch.context() as broken:
            broken.setattr(Spool, "append", _full_disk)
            with pytest.raises(OSError, match="full"):
                await running.left.once()
            (callback,) = running.promises().values()
            running.submit(ev.CancelRequested(callback, "supervisor"))
            with pytest.raises(OSError, match="full"):
                await running.left.once()
        await running.left.once()
        assert running.promises() == {}
    assert [row[3] for row in spool.not_drained(10).rows][1:] == ["callback.taken_up"]


def _full_disk(*_: object) -> None:
    raise OSError("the disk is full")


async def test_the_first_in_line_comes_first_and_a_known_place_is_kept(tmp_path: Path) -> None:
    """The dead controller's journal knows where one caller stood; an old fact says nothing of the call."""
    other = {**FACT, "number": "+819011110000", "arrived_at": 1_700_000_020.0}
    rescue(
        tmp_path, number_left(CallId("m-7.9"), **OLD), number_left(CallId("m-7.8"), **other), number_left()
    )
    async with life(tmp_path) as first:
        stood = {"queue": "booking", "priority": 7, "since": 1_699_999_999.0, "position": 1}
        stream, at = f"call:{CALL}", Instant(1_699_999_999)
        arrived = {"caller": CALLER, "dialled": NUMBER, "sip_call_id": "x", "number": None}
        first.journal.write(
            cmd.Record(stream, at, "call.arrived", arrived), cmd.Record(stream, at, "queue.entered", stood)
        )
    async with life(tmp_path) as second:
        known, later, old = second.left.open_numbers()
    assert (known.call, known.queue, known.priority, known.since) == (CALL, "booking", 7, 1_699_999_999)
    assert (later.call, later.queue, later.since) == ("m-7.8", None, 1_700_000_020)
    assert (old.call, old.dialled, old.since) == ("m-7.9", "", AT)


async def test_a_number_that_nobody_may_call_is_a_case_behind_it(tmp_path: Path) -> None:
    spool = rescue(tmp_path, number_left(**{**FACT, "number": "+81570012345"}))
    async with life(tmp_path) as running:
        await running.left.once()
    kinds = [row[3] for row in spool.not_drained(10).rows]
    assert kinds == ["callback.number_left", "case.opened", "callback.taken_up"]
    assert spool.unfinished() == {}
