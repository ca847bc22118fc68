"""What was promised to those who asked for a callback, rule by rule, from their own telephones. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tests.acceptance.callbacks.citizens import Fate
from tests.acceptance.storm.judge import Violation

TOGETHER_S = 0.5
"""Several operators who are free at one moment are rung together, in no order."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One who asked: *place* orders the line; *offered_at* is when an operator was first rung for it."""

    number: str
    fate: Fate
    call_id: str
    place: str
    promised: bool
    offered_at: float | None = None


@dataclass(frozen=True, slots=True)
class Dialled:
    """One call of the centre at a citizen's telephone, in epoch seconds.

    *unseen*: it was answered, and over, while no controller lived. It may be made again (ADR 8).
    """

    number: str
    at: float
    ended: float
    answered: bool
    unseen: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that was seen, and how many *operators* could call at once."""

    asked: Sequence[Asked]
    dialled: Sequence[Dialled]
    operators: int


Record = Mapping[str, Any]
_ATTEMPTS = {Fate.ANSWERS: 1, Fate.BUSY_FIRST: 2, Fate.CALLS_AGAIN: 0}


def violations(seen: Evidence, records: Sequence[Record]) -> list[Violation]:
    """Return every broken promise."""
    calls: dict[str, list[Dialled]] = defaultdict(list)
    for call in sorted(seen.dialled, key=lambda call: call.at):
        calls[call.number].append(call)
    known = {asked.number for asked in seen.asked}
    found = [
        Violation("never asked", number, "was called and had not asked") for number in calls.keys() - known
    ]
    for asked in seen.asked:
        found += _of_citizen(asked, calls[asked.number])
        found += _of_records(asked, len(calls[asked.number]), records)
    return [*found, *_offers(seen), *_order(seen, calls)]


def _of_citizen(asked: Asked, calls: Sequence[Dialled]) -> Iterator[Violation]:
    expected = _ATTEMPTS[asked.fate] if asked.promised else 0
    if not asked.promised:
        yield Violation("promised", asked.number, "asked, and was promised nothing")
    unseen = sum(call.unseen for call in calls)
    if not expected <= len(calls) <= expected + unseen:
        yield Violation("attempts", asked.number, f"{asked.fate}: called {len(calls)} times, not {expected}")
    for earlier, later in pairwise(calls):
        if earlier.answered and not earlier.unseen:
            yield Violation("served", asked.number, "was called again after having talked")
        if later.at < earlier.ended:
            yield Violation("twice at once", asked.number, "was called while another call of ours rang")


def _of_records(asked: Asked, attempts: int, records: Sequence[Record]) -> Iterator[Violation]:
    asking = [record for record in records if record["sip_call_id"] == asked.call_id]
    if [record["outcome"] for record in asking] != ["callback_requested"]:
        yield Violation(
            "record",
            asked.number,
            f"of asking: {[(record['outcome'], record.get('reason')) for record in asking]}",
        )
        return
    kept = [record for record in records if record["callback_of"] == asking[0]["id"]]
    found = [(record["outcome"], record["attempts"]) for record in kept]
    if found != ([("answered", attempts)] if attempts else []):
        yield Violation("record", asked.number, f"of the callback: {found}, called {attempts} times")


def _offers(seen: Evidence) -> Iterator[Violation]:
    """Operators were rung in the order of the places."""
    line = [asked for asked in sorted(seen.asked, key=lambda asked: asked.place) if asked.offered_at]
    latest = 0.0
    for asked in line:
        assert asked.offered_at is not None
        if asked.offered_at < latest - TOGETHER_S:
            yield Violation(
                "order", asked.number, f"had its turn {latest - asked.offered_at:.1f} s too early"
            )
        latest = max(latest, asked.offered_at)


def _order(seen: Evidence, calls: Mapping[str, Sequence[Dialled]]) -> Iterator[Violation]:
    """Citizens were called in that order too, but for those whom the other operators called meanwhile."""
    line = [asked.number for asked in sorted(seen.asked, key=lambda asked: asked.place)]
    first = {number: calls[number][0].at for number in line if calls.get(number)}
    line = [number for number in line if number in first]
    for place, number in enumerate(line):
        overtook = sum(first[later] < first[number] for later in line[place + 1 :])
        if overtook >= seen.operators:
            yield Violation("order", number, f"{overtook} with later places were called before")
