"""Journals of calls as the model writes them, for tests of everything that stands behind the journal."""

from collections.abc import Iterable, Iterator
from typing import Any

from telephony.entries import Entry
from telephony.model.commands import Record
from telephony.model.ids import Instant

TEN_O_CLOCK = 1_798_419_600.0
"""2026-12-28T10:00:00+09:00."""


class Script:
    """Writes one call's facts, second by second."""

    def __init__(self, call: str, start: float = TEN_O_CLOCK) -> None:
        self.stream = f"call:{call}"
        self.start = start
        self.records: list[Record] = []

    def at(self, second: float, kind: str, **data: Any) -> "Script":
        """Add a fact that happened *second* seconds after the start."""
        self.records.append(Record(self.stream, Instant(self.start + second), kind, data))
        return self

    @property
    def entries(self) -> list[Entry]:
        """The facts as the journal numbers them."""
        return numbered(self.records)


def numbered(records: Iterable[Record]) -> list[Entry]:
    """Return *records* of one stream with their numbers."""
    return [Entry(r.stream, seq, r.at, r.kind, r.data) for seq, r in enumerate(records, 1)]


def answered_call(call: str, start: float = TEN_O_CLOCK, caller: str | None = "+81312345678") -> Script:
    """An ordinary call: menu 2, the first operator does not answer, the second talks for 90 seconds."""
    return (
        Script(call, start)
        .at(
            0, "call.arrived", caller=caller, dialled="+81120123456", sip_call_id=f"sip-{call}", number="main"
        )
        .at(0.1, "call.answered")
        .at(5, "menu.entered", menu="main")
        .at(8, "menu.key", menu="main", key="2")
        .at(8, "queue.entered", queue="booking", priority=0, position=3)
        .at(10, "offer.made", offer="1", agent="aoki", queue="booking")
        .at(10.2, "offer.rang", offer="1", agent="aoki", leg="leg-1")
        .at(30, "offer.ended", offer="1", agent="aoki", result="rna")
        .at(30, "offer.made", offer="2", agent="baba", queue="booking")
        .at(30.1, "offer.rang", offer="2", agent="baba", leg="leg-2")
        .at(33, "offer.ended", offer="2", agent="baba", result="answered")
        .at(33, "call.connected", offer="2", agent="baba", queue="booking", waited_s=25.0)
        .at(33, "recording.started", file=f"2026/12/28/{call}.wav")
        .at(50, "call.held")
        .at(60, "call.unheld")
        .at(123, "call.talk_ended", agent="baba", talked_s=90.0)
        .at(
            123,
            "call.ended",
            outcome="answered",
            ended_by="caller",
            reason=None,
            queue="booking",
            recovered=False,
        )
    )


def after_the_call(script: Script) -> Script:
    """What follows when the caller has gone."""
    return script.at(140, "call.disposed", agent="baba", disposition="booked").at(
        160, "call.acw_ended", agent="baba", acw_s=37.0
    )


def abandoned_call(call: str, start: float = TEN_O_CLOCK, caller: str | None = "+81312345678") -> Script:
    """A caller who waits 42 seconds and hangs up."""
    return (
        Script(call, start)
        .at(
            0, "call.arrived", caller=caller, dialled="+81120123456", sip_call_id=f"sip-{call}", number="main"
        )
        .at(0.1, "call.answered")
        .at(8, "queue.entered", queue="booking", priority=0, position=2)
        .at(50, "queue.left", queue="booking", reason="abandoned")
        .at(
            50,
            "call.ended",
            outcome="abandoned",
            ended_by="caller",
            reason=None,
            queue="booking",
            recovered=False,
        )
    )


def interleaved(scripts: Iterable[Script]) -> Iterator[Record]:
    """Return the facts of many calls in the order in which they happened."""
    return iter(sorted((r for s in scripts for r in s.records), key=lambda record: record.at))
