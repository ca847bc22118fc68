"""Compares the centre's records with the ledgers, rule by rule. Pure; every difference is one `Violation`."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from tests.acceptance.storm.evidence import CallerSide, OperatorSide, timeline


@dataclass(frozen=True, slots=True)
class Clock:
    """How far, in seconds, the centre's times may lie from the ledgers'; *late_share* beyond `EXACT_S`.

    What happens within *crossing_s* of each other crossed on the way: either order is true.
    """

    crossing_s: float
    longest_s: float
    late_share: float


EXACT_S = 0.050
EXACT = Clock(EXACT_S, EXACT_S, 0.0)
STALLING = Clock(0.250, 1.0, 0.1)
"""A machine that others use stands still now and then, and Asterisk on it, before it stamps what it tells."""

RUNG_TOO_LATE = 2
"""An operator who is rung so many clock tolerances after the caller had gone is rung for nobody."""

SHORT_S = 5.0  # calling.short_abandon_s of the storm's centre
LEFT = {"abandoned", "short_abandoned"}
SHOWN = 3

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken promise about one call."""

    rule: str
    call_id: str
    text: str


def instant(text: str | None) -> float | None:
    """Return an ISO 8601 time as epoch seconds."""
    return datetime.fromisoformat(text).timestamp() if text else None


class Judge:
    """Holds all evidence; `violations` gives the verdict. *clock* says how exact the times have to be."""

    def __init__(
        self,
        callers: Sequence[CallerSide],
        rings: Sequence[OperatorSide],
        records: Sequence[Record],
        clock: Clock = EXACT,
    ) -> None:
        self.callers = callers
        self._clock = clock
        self._differences: list[float] = []
        self.rings: dict[str, list[OperatorSide]] = defaultdict(list)
        for ring in sorted(rings, key=lambda ring: ring.invited):
            self.rings[ring.number].append(ring)
        self.records: dict[str, list[Record]] = defaultdict(list)
        for record in records:
            self.records[record["sip_call_id"]].append(record)

    def violations(self) -> list[Violation]:
        """Every broken promise, in the order of the calls."""
        found = [*self._strangers(), *self._two_calls_at_once()]
        for caller in self.callers:
            found += self._rings_of(caller)
            records = self.records.get(caller.call_id, [])
            if len(records) != 1:
                found.append(Violation("one record", caller.call_id, f"{len(records)} records"))
            else:
                found += self._record_of(caller, records[0])
        return [*found, *self._mostly_exact()]

    def _mostly_exact(self) -> Iterator[Violation]:
        late = sum(difference > EXACT_S for difference in self._differences)
        if self._clock is not EXACT and late > self._clock.late_share * len(self._differences):
            text = f"{late} of {len(self._differences)} differ by more than {EXACT_S:.3f} s"
            yield Violation("times", "", text)

    def _strangers(self) -> Iterator[Violation]:
        known = {caller.call_id for caller in self.callers}
        for call_id in self.records.keys() - known:
            yield Violation("one record", call_id, "a record without a call")
        numbers = {caller.number for caller in self.callers}
        for number in self.rings.keys() - numbers:
            yield Violation("rings", number, "a phone rang for nobody")

    def _two_calls_at_once(self) -> Iterator[Violation]:
        by_agent: dict[str, list[OperatorSide]] = defaultdict(list)
        for rings in self.rings.values():
            for ring in rings:
                by_agent[ring.agent].append(ring)
        for agent, rings in by_agent.items():
            for first, second in pairwise(sorted(rings, key=lambda ring: ring.invited)):
                if first.ended is None or second.invited < first.ended:
                    yield Violation("one call for an operator", second.call_id, f"{agent} rang while busy")

    def _rings_of(self, caller: CallerSide) -> Iterator[Violation]:
        rings = self.rings.get(caller.number, [])
        answered = [ring for ring in rings if ring.confirmed is not None and not _withdrawn(ring)]
        if len(answered) > 1:
            agents = ", ".join(ring.agent for ring in answered)
            yield Violation("one operator answers", caller.call_id, f"answered by {agents}")
        for ring in rings:
            late = ring.invited - caller.gone if caller.gone is not None else 0.0
            if late > RUNG_TOO_LATE * self._clock.crossing_s:
                yield Violation(
                    "no ring for nobody",
                    caller.call_id,
                    f"{ring.agent} rang {late:.3f} s after the caller had gone",
                )
        if caller.gone is None:
            yield Violation("ends", caller.call_id, "the caller's leg never ended")
        for ring in rings:
            if ring.ended is None:
                yield Violation("ends", caller.call_id, f"{ring.agent}'s leg never ended")

    def _record_of(self, caller: CallerSide, record: Record) -> Iterator[Violation]:
        yield from self._times(caller, record)
        yield from self._outcome(caller, record)
        yield from self._offers(caller, record)

    def _times(self, caller: CallerSide, record: Record) -> Iterator[Violation]:
        for name, expected in (("started_at", caller.invited), ("ended_at", caller.gone)):
            yield from self._differs(caller, name, expected, instant(record[name]))

    def _outcome(self, caller: CallerSide, record: Record) -> Iterator[Violation]:
        answers = [ring for ring in self.rings.get(caller.number, []) if ring.answered is not None]
        gone = caller.gone or 0.0
        outcome, agent = record["outcome"], record["agent"]
        certain = [r for r in answers if _at(r) < gone - self._clock.crossing_s and not _withdrawn(r)]
        possible = [r for r in answers if _at(r) < gone + self._clock.crossing_s]
        if certain and (outcome != "answered" or agent != certain[0].agent):
            yield Violation(
                "outcome", caller.call_id, f"{certain[0].agent} answered; the record says {outcome}, {agent}"
            )
        elif outcome == "answered" and agent not in {ring.agent for ring in possible}:
            yield Violation(
                "outcome", caller.call_id, f"nobody called {agent} answered; the record says they did"
            )
        elif outcome != "answered" and caller.by_caller and outcome not in LEFT:
            yield Violation("outcome", caller.call_id, f"the caller left; the record says {outcome}")
        ring = next((r for r in possible if r.agent == agent), None)
        if outcome == "answered" and ring is not None:
            yield from self._differs(caller, "connected", ring.answered, connected_at(record))
            yield from self._ended_by(caller, ring, record)

    def _offers(self, caller: CallerSide, record: Record) -> Iterator[Violation]:
        rings = self.rings.get(caller.number, [])
        offered = Counter(offer["agent"] for offer in record["offers"])
        rung = Counter(ring.agent for ring in rings)
        for agent, count in (rung - offered).items():
            yield Violation(
                "offers", caller.call_id, f"{agent} rang {count} time(s) more than the record says"
            )
        for agent, count in rung.items():
            if count > 1:
                yield Violation("not the same again", caller.call_id, f"{agent} was rung {count} times")
        for ring in rings:
            offers = [o for o in record["offers"] if o["agent"] == ring.agent]
            if offers:
                yield from self._differs(
                    caller, f"offer to {ring.agent}", ring.invited, instant(offers[0]["at"])
                )
                yield from self._result(caller, ring, offers[0]["result"])

    def _differs(
        self, caller: CallerSide, name: str, expected: float | None, written: float | None
    ) -> Iterator[Violation]:
        if expected is None or written is None:
            if expected is not written:
                yield Violation(f"time: {name}", caller.call_id, f"ledger {expected}, record {written}")
            return
        self._differences.append(abs(expected - written))
        if self._differences[-1] > self._clock.longest_s:
            yield Violation(f"time: {name}", caller.call_id, f"record differs by {written - expected:+.3f} s")

    def _ended_by(self, caller: CallerSide, ring: OperatorSide, record: Record) -> Iterator[Violation]:
        gone, ended = caller.gone or 0.0, ring.ended or 0.0
        if abs(gone - ended) <= self._clock.crossing_s and caller.by_caller and ring.by_phone:
            return  # both hung up in the same moment: either is true
        expected = "caller" if caller.by_caller else "agent" if ring.by_phone else "system"
        if record["ended_by"] != expected:
            yield Violation(
                "ended_by", caller.call_id, f"{expected} hung up; the record says {record['ended_by']}"
            )

    def _result(self, caller: CallerSide, ring: OperatorSide, result: str) -> Iterator[Violation]:
        gone = caller.gone if caller.gone is not None else float("inf")
        close = ring.ended is not None and abs(ring.ended - gone) <= self._clock.crossing_s
        expected = {486: {"busy"}, 480: {"busy", "rna", "rejected"}, 603: {"rejected", "busy"}}.get(
            ring.status
        )
        if ring.status == 200:
            expected = {"answered"}
        elif ring.status == 487:
            expected = {"rna", "withdrawn"} if close or (ring.ended or 0) < gone else {"caller-left"}
        if close:  # the ring's end and the caller's crossed: either is true
            expected = (expected or set()) | {"caller-left", "answered"}
        if expected is not None and result not in expected:
            wanted = " or ".join(sorted(expected))
            yield Violation(
                "offer result", caller.call_id, f"{ring.agent}: {wanted} expected, the record says {result}"
            )

    def report(self, violations: Sequence[Violation]) -> str:
        """Counts by rule, then the first few of each with both timelines and the record."""
        callers = {caller.call_id: caller for caller in self.callers}
        lines = [f"{rule}: {count}" for rule, count in Counter(v.rule for v in violations).items()]
        shown: Counter[str] = Counter()
        for violation in violations:
            shown[violation.rule] += 1
            if shown[violation.rule] > SHOWN:
                continue
            lines.append(f"\n[{violation.rule}] {violation.call_id}: {violation.text}")
            caller = callers.get(violation.call_id)
            if caller is not None:
                lines += [f"    fate: {caller.fate}", timeline(caller, self.rings.get(caller.number, []))]
                lines += [f"    record: {record}" for record in self.records.get(caller.call_id, [])]
        return "\n".join(lines)


def connected_at(record: Record) -> float | None:
    """When the operator and the caller were connected, by the record."""
    return instant(record["connected_at"])


def _at(ring: OperatorSide) -> float:
    return ring.answered if ring.answered is not None else float("inf")


def _withdrawn(ring: OperatorSide) -> bool:
    """Whether Asterisk had given the leg up before it saw the answer (CANCEL crossed the 200)."""
    return any(entry.name == "CANCEL" for entry in ring.entries)
