"""Every row of the table: what looks bad, how bad, and what it must come back to before it looks well."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agents.desk.alerts import Severity
from config.schema import Centre
from madoguchi.alerts.gate import Gate, Sight
from madoguchi.alerts.readings import Certificate, Disk, Floor, Late, Lines, Rate, Readings
from madoguchi.alerts.rules import RULES
from telephony.figures import Tally
from telephony.record import JST
from tests.unit.model.plans import plan

AT = datetime(2026, 12, 28, 15, tzinfo=JST)
CALM = Floor(open=True, longest_wait_s=0, staffed=True, unstaffed=(), phones_lost=())
RUNBOOK = Path(__file__).parents[3] / "docs" / "runbook.md"


def rate(forecast: float, best: float = 100.0, offered: int = 20) -> Rate:
    return Rate(Tally(offered=offered, answered=offered - 2), 10, forecast, best)


def look(key: str, plan_: Centre, *, open_: bool = False, **seen: Any) -> str | None:
    """Return what the rule says of the sight: a severity, "well", or None for "not known"."""
    (rule,) = (rule for rule in RULES if rule.key == key)
    sight = rule.look(Readings(AT, **seen), plan_, opened=open_)
    return None if sight is None else (sight.severity or "well")


CASES: list[tuple[str, dict[str, Any], str, str]] = [
    ("database.unreachable", {"database_misses": 1}, "well", "critical"),
    ("database.unreachable", {"database_misses": 2}, "critical", "critical"),
    ("spool.deep", {"spool_depth": 999}, "well", "warning"),
    ("spool.deep", {"spool_depth": 1_000}, "warning", "warning"),
    ("spool.deep", {"spool_depth": 100}, "well", "well"),
    ("audit.stuck", {"trail_stuck": True}, "critical", "critical"),
    ("answer_rate.day", {"day": rate(89.9)}, "warning", "warning"),
    ("answer_rate.day", {"day": rate(90.2)}, "well", "warning"),
    ("answer_rate.day", {"day": rate(90.5)}, "well", "well"),
    ("answer_rate.day", {"day": rate(70.0, best=89.0)}, "critical", "critical"),
    ("answer_rate.day", {"day": rate(10.0, best=20.0, offered=9)}, "well", "well"),
    ("answer_rate.month", {"month": rate(80.0)}, "warning", "warning"),
    ("answer_rate.month", {"day": rate(80.0)}, "None", "None"),
    ("wait.long", {"floor": replace(CALM, longest_wait_s=299)}, "well", "warning"),
    ("wait.long", {"floor": replace(CALM, longest_wait_s=300)}, "warning", "warning"),
    ("wait.long", {"floor": replace(CALM, longest_wait_s=600)}, "critical", "critical"),
    ("wait.long", {"floor": replace(CALM, longest_wait_s=149)}, "well", "well"),
    ("staff.missing", {"floor": replace(CALM, staffed=False, unstaffed=("予約",))}, "critical", "critical"),
    ("staff.missing", {"floor": replace(CALM, unstaffed=("予約",))}, "warning", "warning"),
    ("staff.missing", {"floor": replace(CALM, open=False, staffed=False)}, "well", "well"),
    ("phones.lost", {"floor": replace(CALM, phones_lost=("佐藤",))}, "warning", "warning"),
    ("phones.lost", {"floor": CALM}, "well", "well"),
    ("messages.late", {"messages": Late(3, 4_000)}, "warning", "warning"),
    ("messages.late", {"messages": Late(0, 0)}, "well", "well"),
    ("disk.full", {"disk": Disk(10.5, 1)}, "well", "warning"),
    ("disk.full", {"disk": Disk(9.9, 1)}, "warning", "warning"),
    ("disk.full", {"disk": Disk(2.9, 1)}, "critical", "critical"),
    ("certificate.ending", {"certificate": Certificate(AT + timedelta(days=22))}, "well", "well"),
    ("certificate.ending", {"certificate": Certificate(AT + timedelta(days=20))}, "warning", "warning"),
    ("certificate.ending", {"certificate": Certificate(AT + timedelta(days=2))}, "critical", "critical"),
    ("certificate.ending", {"certificate": Certificate(None, "expired")}, "critical", "critical"),
    ("asterisk.complains", {"lines": Lines(0, 19, "")}, "well", "well"),
    ("asterisk.complains", {"lines": Lines(0, 20, "w")}, "warning", "warning"),
    ("asterisk.complains", {"lines": Lines(1, 0, "e")}, "warning", "warning"),
]


@pytest.mark.parametrize(("key", "seen", "closed", "opened"), CASES)
def test_what_a_rule_says_while_its_alert_is_closed_and_while_it_is_open(
    key: str, seen: dict[str, Any], closed: str, opened: str
) -> None:
    assert (str(look(key, plan(), **seen)), str(look(key, plan(), open_=True, **seen))) == (closed, opened)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_what_is_not_known_changes_nothing_and_every_rule_is_tried_and_has_its_section(rule: Any) -> None:
    assert rule.look(Readings(AT), plan(), opened=False) is None
    assert rule.key in {key for key, *_ in CASES}
    assert f"\n## {rule.runbook}\n" in RUNBOOK.read_text(encoding="utf-8")


def test_a_sentence_about_lines_does_not_change_with_every_line() -> None:
    (rule,) = (rule for rule in RULES if rule.key == "asterisk.complains")
    said = {
        str(rule.look(Readings(AT, lines=Lines(0, count, "same")), plan(), opened=True))
        for count in range(100, 999)
    }
    assert len(said) == 1


def test_a_sight_must_last_before_it_opens_and_before_it_closes() -> None:
    gate, bad, well = Gate(opens_after_s=10, closes_after_s=5), Sight(Severity.WARNING, "x"), Sight(None)
    seen = [
        (0, bad),
        (9, bad),
        (10, well),
        (11, bad),
        (20, bad),
        (21, bad),
        (22, well),
        (24, bad),
        (25, well),
        (30, well),
    ]
    opened = [gate.take(sight, at) for at, sight in seen]
    assert opened == [False, False, False, False, False, True, True, True, True, False]


def test_what_is_not_known_neither_opens_nor_closes() -> None:
    gate = Gate(0, 0)
    assert gate.take(None, 0) is False
    assert gate.take(Sight(Severity.WARNING), 1) is True
    assert gate.take(None, 100) is True
    assert gate.take(Sight(None), 101) is False
