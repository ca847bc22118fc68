"""Every promise of the callback campaign is broken on purpose once, and a clean run has no violation."""

from dataclasses import replace
from typing import Any

import pytest

from tests.acceptance.callbacks.citizens import Fate
from tests.acceptance.callbacks.judge import Asked, Dialled, Evidence, violations

ONE, TWO, OWN = "09061000001", "09061000002", "09061000003"
ASKED = [
    Asked(ONE, Fate.ANSWERS, "a1", "2027-01-04T10:00:01", promised=True, offered_at=100),
    Asked(TWO, Fate.BUSY_FIRST, "a2", "2027-01-04T10:00:02", promised=True, offered_at=101),
    Asked(OWN, Fate.CALLS_AGAIN, "a3", "2027-01-04T10:00:03", promised=True),
]
FIRST = Dialled(ONE, 102, 110, answered=True)
BUSY, SECOND = Dialled(TWO, 103, 103.1, answered=False), Dialled(TWO, 105, 112, answered=True)
DIALLED = [FIRST, BUSY, SECOND]


def record(number: int, attempts: int, outcome: str = "answered") -> dict[str, Any]:
    return {
        "id": f"cb-{number}",
        "sip_call_id": f"r{number}",
        "outcome": outcome,
        "callback_of": f"id-{number}",
        "attempts": attempts,
    }


RECORDS = [
    *(
        {"id": f"id-{n}", "sip_call_id": f"a{n}", "outcome": "callback_requested", "callback_of": None}
        for n in (1, 2, 3)
    ),
    record(1, 1),
    record(2, 2),
]


def rules(
    asked: list[Asked] = ASKED,
    dialled: list[Dialled] = DIALLED,
    records: list[dict[str, Any]] = RECORDS,
    operators: int = 1,
) -> set[str]:
    return {each.rule for each in violations(Evidence(asked, dialled, operators), records)}


def test_a_clean_run_has_no_violation() -> None:
    assert set() == rules()


@pytest.mark.parametrize(
    ("dialled", "broken"),
    [
        ([BUSY, SECOND], {"attempts", "record"}),
        ([FIRST, BUSY], {"attempts", "record"}),
        ([*DIALLED, replace(FIRST, at=120, ended=125)], {"attempts", "record", "served"}),
        ([*DIALLED, Dialled(OWN, 120, 125, answered=True)], {"attempts", "record"}),
        ([*DIALLED, Dialled("09099999999", 120, 125, answered=True)], {"never asked"}),
        ([FIRST, replace(BUSY, ended=106), SECOND], {"twice at once"}),
        ([replace(FIRST, at=104), BUSY, SECOND], {"order"}),
    ],
)
def test_a_broken_promise_is_seen_at_the_citizens_telephone(dialled: list[Dialled], broken: set[str]) -> None:
    assert broken == rules(dialled=dialled)


def test_a_talk_that_nobody_saw_may_be_repeated_once() -> None:
    repeated = [replace(FIRST, unseen=True), replace(FIRST, at=120, ended=125), BUSY, SECOND]
    assert set() == rules(dialled=repeated, records=[*RECORDS[:3], record(1, 2), record(2, 2)])
    twice = [*repeated, replace(FIRST, at=130, ended=135)]
    assert "served" in rules(dialled=twice, records=[*RECORDS[:3], record(1, 3), record(2, 2)])


def test_as_many_may_be_overtaken_as_other_operators_call() -> None:
    assert set() == rules(dialled=[replace(FIRST, at=104), BUSY, SECOND], operators=2)


def test_an_operator_who_is_rung_for_a_later_place_first_is_seen() -> None:
    early = [ASKED[0], replace(ASKED[1], offered_at=99), ASKED[2]]
    assert {"order"} == rules(early, operators=2)


def test_who_asked_and_was_promised_nothing_is_seen() -> None:
    assert "promised" in rules([replace(ASKED[0], promised=False), *ASKED[1:]])


@pytest.mark.parametrize(
    "records",
    [
        RECORDS[1:],
        RECORDS[:4],
        [*RECORDS, record(1, 1)],
        [*RECORDS[:4], record(2, 1)],
        [*RECORDS, RECORDS[0]],
    ],
)
def test_a_record_that_is_missing_double_or_wrong_is_seen(records: list[dict[str, Any]]) -> None:
    assert {"record"} == rules(records=records)
