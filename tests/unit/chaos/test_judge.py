"""Every promise of the chaos is broken on purpose once, and a clean run has no violation."""

from dataclasses import dataclass, replace
from typing import Any, cast

import pytest

from madoguchi.demo.phones import Call, EndedBy
from tests.acceptance.chaos.crowd import Place
from tests.acceptance.chaos.judge import Evidence, violations
from tests.acceptance.chaos.strikes import Standstill
from tests.unit.storm.test_judge import CALLER, RECORD, T, _iso

GONE = replace(CALLER, left=T + 5, released=None)
LEFT = {**RECORD, "outcome": "abandoned", "ended_by": "caller", "connected_at": None, "reason": None}
TALKED = {**RECORD, "sip_call_id": "talk"}


@dataclass
class Leg:
    """What the judge looks at of a call."""

    call_id: str
    ended_by: EndedBy = EndedBy.US
    status: int = 200


def seen(**more: Any) -> Evidence:
    talk = cast("Call", Leg("talk"))
    return replace(Evidence(callers=[GONE], talking=[talk], silences={"talk": 0.5}), **more)


def rules(evidence: Evidence, *records: dict[str, Any]) -> set[str]:
    return {violation.rule for violation in violations(evidence, records or (LEFT, TALKED))}


def test_a_clean_run_has_no_violation() -> None:
    assert rules(seen()) == set()


BROKEN = {
    "dropped": {"talking": [Leg("talk", EndedBy.THEM)]},
    "silence": {"silences": {"talk": 3.5}},
    "places": {"lines": [([Place("a", "1"), Place("b", "2")], [Place("b", "2"), Place("a", "1")])]},
    "order": {"served": [(["a", "b"], ["b", "a"])]},
    "refused": {"callers": [replace(GONE, left=None)]},
}


@pytest.mark.parametrize("rule", BROKEN)
def test_what_people_must_not_suffer_is_found(rule: str) -> None:
    assert {rule} == rules(seen(**BROKEN[rule]))


def test_whom_an_operator_let_go_was_not_dropped() -> None:
    assert set() == rules(seen(**BROKEN["dropped"], excused={"talk"}))


RECORDS = {
    "one record": (TALKED,),
    "outcome": ({**LEFT, "outcome": "answered"}, TALKED),
    "ended_by": ({**LEFT, "ended_by": "agent"}, TALKED),
    "started_at": ({**LEFT, "started_at": _iso(T + 2)}, TALKED),
    "ended_at": ({**LEFT, "ended_at": _iso(T + 7)}, TALKED),
}


@pytest.mark.parametrize("rule", RECORDS)
def test_a_wrong_record_is_found(rule: str) -> None:
    assert {rule} == rules(seen(), *RECORDS[rule])


def test_two_records_of_one_call_are_found() -> None:
    assert {"one record"} == rules(seen(), LEFT, LEFT, TALKED)


STILL = [Standstill(T - 1, T + 9)]


def test_who_came_while_asterisk_stood_still_has_one_record_and_perhaps_only_an_announcement() -> None:
    told = {**LEFT, "outcome": "refused", "ended_by": "system"}
    came = replace(GONE, left=None, refused=T + 12)
    assert set() == rules(seen(callers=[came], standstills=STILL), told, TALKED)
    assert {"one record"} == rules(seen(callers=[came], standstills=STILL), TALKED)


def test_a_call_of_which_no_packet_came_through_needs_no_record_but_one_that_waited_in_the_socket_does() -> (
    None
):
    lost = [Standstill(T - 1, T + 9, lost=True)]
    assert set() == rules(seen(standstills=lost), TALKED)
    assert {"one record"} == rules(seen(standstills=STILL), TALKED)


EARLIER = [Standstill(T + 3, T + 13)]


def test_an_end_while_asterisk_stood_still_is_written_when_it_goes_on() -> None:
    assert set() == rules(seen(standstills=EARLIER), {**LEFT, "ended_at": _iso(T + 13.5)}, TALKED)


@pytest.mark.parametrize("written", [T + 3, T + 19])
def test_a_standstill_excuses_no_other_time(written: float) -> None:
    assert {"ended_at"} == rules(seen(standstills=EARLIER), {**LEFT, "ended_at": _iso(written)}, TALKED)
