"""What nobody may have lost, rule by rule. Pure; every broken promise is one `Violation`."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from madoguchi.demo.phones import Call, EndedBy
from telephony.model.ending import UNSEEN_REASON
from tests.acceptance.chaos.crowd import Place
from tests.acceptance.chaos.strikes import Standstill
from tests.acceptance.storm.evidence import CallerSide
from tests.acceptance.storm.judge import Violation, instant

SILENCE_S = 3.0
CLOCK_S = 1.0
"""A call that waited in the dialplan is timed there; the storm judges to the millisecond."""

REPEATED_S = 4.0
"""The longest pause of a telephone that repeats what had no answer (RFC 3261 17.1.2.2, T2)."""

Record = Mapping[str, Any]
_LEFT = {"abandoned", "short_abandoned", "failed"}
"""``failed``: the caller left while nobody drove the calls, and the record says so."""


@dataclass(slots=True)
class Evidence:
    """All that was seen. *excused* are calls that an operator or the death of Asterisk ended."""

    callers: list[CallerSide] = field(default_factory=list)
    talking: list[Call] = field(default_factory=list)
    waiting: list[Call] = field(default_factory=list)
    silences: dict[str, float] = field(default_factory=dict)
    lines: list[tuple[Sequence[Place], Sequence[Place]]] = field(default_factory=list)
    served: list[tuple[Sequence[str], Sequence[str]]] = field(default_factory=list)
    excused: set[str] = field(default_factory=set)
    standstills: list[Standstill] = field(default_factory=list)


def violations(seen: Evidence, records: Sequence[Record]) -> list[Violation]:
    """Return every broken promise."""
    found = [*_dropped(seen), *_silent(seen), *_order(seen), *_refused(seen)]
    by_call: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        by_call[record["sip_call_id"]].append(record)
    known = {caller.call_id for caller in seen.callers} | {call.call_id for call in _crowd(seen)}
    found += [Violation("one record", call, "a record without a call") for call in by_call.keys() - known]
    unheard = {caller.call_id for caller in seen.callers if _never_came_through(seen, caller)}
    for call in known:
        if len(by_call[call]) != 1 and not (call in unheard and not by_call[call]):
            found.append(Violation("one record", call, f"{len(by_call[call])} records"))
    judged = [caller for caller in seen.callers if not _came_in_a_standstill(seen, caller)]
    found += [v for c in judged for r in by_call[c.call_id][:1] for v in _of_caller(seen, c, r)]
    found += [v for call in _crowd(seen) for r in by_call[call.call_id][:1] for v in _of_crowd(seen, call, r)]
    return found


def _crowd(seen: Evidence) -> list[Call]:
    return [*seen.talking, *seen.waiting]


def _dropped(seen: Evidence) -> Iterator[Violation]:
    for call in _crowd(seen):
        if call.ended_by is EndedBy.THEM and call.call_id not in seen.excused:
            yield Violation("dropped", call.call_id, f"ended by the centre with {call.status}")


def _silent(seen: Evidence) -> Iterator[Violation]:
    for call_id, longest_s in seen.silences.items():
        if longest_s > SILENCE_S and call_id not in seen.excused:
            yield Violation("silence", call_id, f"heard nothing for {longest_s:.1f} s")


def _order(seen: Evidence) -> Iterator[Violation]:
    for before, after in seen.lines:
        if list(before) != list(after):
            yield Violation("places", "", f"{list(before)} became {list(after)}")
    for expected, served in seen.served:
        if list(expected) != list(served):
            yield Violation("order", "", f"{expected} stood in line, {served} were served")


def _refused(seen: Evidence) -> Iterator[Violation]:
    for caller in seen.callers:
        if _came_in_a_standstill(seen, caller):
            continue
        if caller.refused is not None and caller.left is None:
            yield Violation("refused", caller.call_id, "got a final answer without having left")
        elif caller.left is None:
            yield Violation("refused", caller.call_id, "was hung up on")


def _came_in_a_standstill(seen: Evidence, caller: CallerSide) -> bool:
    """Whether the call came in a standstill: all who came then arrive in one second, beyond the bound.

    They hear the announcement of the surge (ADR 10), and each has its one record.
    """
    return any(each.began <= caller.invited <= each.ended + REPEATED_S for each in seen.standstills)


def _never_came_through(seen: Evidence, caller: CallerSide) -> bool:
    """Whether the call began and ended while no packet came through: the centre cannot know of it."""
    gone = caller.gone or caller.invited
    return any(s.lost and s.began <= caller.invited <= gone <= s.ended for s in seen.standstills)


def _of_caller(seen: Evidence, caller: CallerSide, record: Record) -> Iterator[Violation]:
    if record["outcome"] not in _LEFT:
        yield Violation("outcome", caller.call_id, f"the caller left; the record says {record['outcome']}")
    unseen = record["reason"] == UNSEEN_REASON
    if record["ended_by"] != "caller" and not unseen:
        yield Violation(
            "ended_by",
            caller.call_id,
            f"the caller left; the record says {record['ended_by']}: {record['reason']}",
        )
    for name, expected in (("started_at", caller.invited), ("ended_at", None if unseen else caller.gone)):
        written = instant(record[name])
        if expected is not None and (written is None or not _agrees(seen, expected, written)):
            yield Violation(name, caller.call_id, f"ledger {expected}, record {written}")


def _agrees(seen: Evidence, expected: float, written: float) -> bool:
    """Whether the record has the ledger's time. What came while Asterisk stood still, it learned later."""
    learned = expected
    for each in sorted(seen.standstills, key=lambda each: each.began):
        if each.began <= (learned if learned == expected else learned + REPEATED_S) and learned <= each.ended:
            learned = each.ended
    late_s = 0.0 if learned == expected else learned + REPEATED_S - expected
    return -CLOCK_S <= written - expected <= late_s + CLOCK_S


def _of_crowd(seen: Evidence, call: Call, record: Record) -> Iterator[Violation]:
    talked = record["connected_at"] is not None
    outcomes = {"answered"} if talked else {"abandoned", "failed"}
    if record["outcome"] not in outcomes or (call in seen.talking and not talked):
        yield Violation("outcome", call.call_id, f"the record says {record['outcome']}, connected: {talked}")
