"""Every rule of the judge is broken on purpose once, and a clean storm has no violation."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from madoguchi.demo.phones import Entry, Way
from tests.acceptance.storm.evidence import CallerSide, OperatorSide
from tests.acceptance.storm.judge import STALLING, Judge, Violation

T = 1_800_000_000.0
CALLER = CallerSide(
    call_id="storm-1@127.0.0.2",
    number="09000000000",
    fate="stays",
    invited=T,
    answered=T + 0.005,
    left=None,
    released=T + 5,
    refused=None,
    entries=(Entry(T, Way.SENT, "INVITE", 1),),
)
RING = OperatorSide(
    agent="op01",
    number="09000000000",
    call_id="leg-1",
    invited=T + 2,
    answered=T + 3,
    confirmed=T + 3.001,
    ended=T + 5,
    status=200,
    by_phone=True,
    entries=(),
)


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


RECORD: dict[str, Any] = {
    "sip_call_id": CALLER.call_id,
    "started_at": _iso(T),
    "connected_at": _iso(T + 3),
    "ended_at": _iso(T + 5),
    "outcome": "answered",
    "ended_by": "agent",
    "agent": "op01",
    "offers": [{"agent": "op01", "at": _iso(T + 2), "result": "answered"}],
}


def judged(
    caller: CallerSide = CALLER,
    rings: Sequence[OperatorSide] = (RING,),
    records: Sequence[dict[str, Any]] = (RECORD,),
) -> list[Violation]:
    return Judge([caller], rings, records).violations()


def test_a_clean_call_has_no_violation() -> None:
    assert judged() == []


BROKEN_RECORDS = {
    "one record": [],
    "time: started_at": [{**RECORD, "started_at": _iso(T + 0.06)}],
    "time: ended_at": [{**RECORD, "ended_at": _iso(T + 4.9)}],
    "time: connected": [{**RECORD, "connected_at": _iso(T + 3.2)}],
    "outcome": [{**RECORD, "agent": "op02"}],
    "ended_by": [{**RECORD, "ended_by": "caller"}],
    "offers": [{**RECORD, "offers": []}],
    "offer result": [{**RECORD, "offers": [{"agent": "op01", "at": _iso(T + 2), "result": "rna"}]}],
    "time: offer to op01": [
        {**RECORD, "offers": [{"agent": "op01", "at": _iso(T + 1), "result": "answered"}]}
    ],
}


@pytest.mark.parametrize("rule", BROKEN_RECORDS)
def test_a_wrong_record_is_found(rule: str) -> None:
    assert [violation.rule for violation in judged(records=BROKEN_RECORDS[rule])] == [rule]


def test_two_records_of_one_call_are_found() -> None:
    assert [violation.rule for violation in judged(records=[RECORD, RECORD])] == ["one record"]


def test_a_record_of_no_call_is_found() -> None:
    stranger = {**RECORD, "sip_call_id": "else"}
    assert [violation.rule for violation in judged(records=[RECORD, stranger])] == ["one record"]


def test_an_abandoned_call_that_somebody_answered_is_found() -> None:
    record = {**RECORD, "outcome": "abandoned", "agent": None, "connected_at": None}
    assert "outcome" in {violation.rule for violation in judged(records=[record])}


def test_an_answer_that_nobody_gave_is_found() -> None:
    left = replace(CALLER, left=T + 2.5, released=None)
    ring = replace(RING, answered=None, confirmed=None, status=487, ended=T + 2.5, by_phone=False)
    rules = {violation.rule for violation in judged(left, [ring])}
    assert "outcome" in rules


def test_a_ring_after_the_caller_had_gone_is_found() -> None:
    left = replace(CALLER, left=T + 1.8, released=None)
    assert "no ring for nobody" in {violation.rule for violation in judged(left)}


def test_two_operators_who_answer_one_call_are_found() -> None:
    second = replace(RING, agent="op02", call_id="leg-2")
    assert "one operator answers" in {violation.rule for violation in judged(rings=[RING, second])}


def test_an_answer_that_crossed_a_cancel_counts_for_nobody() -> None:
    late = replace(RING, agent="op02", entries=(Entry(T + 3, Way.RECEIVED, "CANCEL", 1),))
    assert "one operator answers" not in {violation.rule for violation in judged(rings=[RING, late])}


def test_an_operator_who_rings_while_busy_is_found() -> None:
    second = replace(RING, number="09000000001", invited=T + 4, call_id="leg-2")
    rules = {violation.rule for violation in judged(rings=[RING, second])}
    assert "one call for an operator" in rules


def test_the_same_operator_rung_again_is_found() -> None:
    again = replace(RING, invited=T + 6, ended=T + 7)
    assert "not the same again" in {violation.rule for violation in judged(rings=[RING, again])}


def test_on_a_stalling_machine_a_few_late_times_pass_and_neither_many_nor_far_ones() -> None:
    callers = [replace(CALLER, call_id=f"{n}@carrier", number=f"0900000{n:04}") for n in range(60)]
    records = [{**RECORD, "sip_call_id": c.call_id, "agent": None, "offers": []} for c in callers]
    callers = [replace(c, left=c.released, released=None) for c in callers]
    records = [{**r, "outcome": "abandoned", "connected_at": None} for r in records]
    for record in records[:12]:  # of 120 times
        record["started_at"] = _iso(T + 0.9)
    assert Judge(callers, [], records, STALLING).violations() == []
    assert {v.rule for v in Judge(callers, [], records).violations()} == {"time: started_at"}
    records[12]["started_at"] = _iso(T + 0.2)
    assert [v.rule for v in Judge(callers, [], records, STALLING).violations()] == ["times"]
    records[12]["started_at"] = records[13]["started_at"]
    records[0]["started_at"] = _iso(T + 1.1)
    assert [v.rule for v in Judge(callers, [], records, STALLING).violations()] == ["time: started_at"]


def test_the_report_shows_both_timelines() -> None:
    judge = Judge([CALLER], [RING], [])
    report = judge.report(judge.violations())
    assert "one record: 1" in report
    assert "INVITE" in report
