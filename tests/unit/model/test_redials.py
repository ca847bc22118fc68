"""Who calls again and again is known by the greeting, and nobody is refused."""

import pytest

from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model import redials
from telephony.model.facts import Outcome
from telephony.model.ids import CallId, Instant
from telephony.model.redials import Redials
from tests.unit.model.stage import Stage, booker

CALLER = "+819012345678"


def tries(stage: Stage, count: int, caller: str | None = CALLER) -> Stage:
    """Let *caller* hang up in the menu *count* times."""
    for attempt in range(count):
        stage.dial(f"try-{attempt}", caller).greeted(f"try-{attempt}")
        stage.play(ev.CallerLeft(CallId(f"try-{attempt}"), 16), after=10)
    return stage


def greeting(stage: Stage, caller: str | None = CALLER) -> str:
    return stage.dial("last", caller).of(cmd.Play)[0].sounds[0]


def test_the_third_attempt_is_greeted_as_one() -> None:
    stage = tries(Stage(), 2)
    assert greeting(stage) == "greeting-again"
    assert stage.facts("last", "call.repeated") == [{"tries": 2}]


def test_the_second_is_not() -> None:
    assert greeting(tries(Stage(), 1)) == "greeting"


def test_a_hundred_attempts_are_all_answered() -> None:
    stage = tries(Stage(), 100)
    assert greeting(stage) == "greeting-again"
    assert sum(isinstance(command, cmd.Answer) for command in stage.all) == 101


@pytest.mark.parametrize("caller", [None, "+815012345678", "05012345678"])
def test_withheld_numbers_and_the_relay_service_hear_the_whole_greeting(caller: str | None) -> None:
    assert greeting(tries(Stage(), 5, caller), caller) == "greeting"


def test_whoever_was_served_begins_anew() -> None:
    stage = tries(Stage(booker()), 2).ready("sato").waiting("b").answered("b")
    stage.play(ev.CallerLeft(CallId("b"), 16))
    assert greeting(stage) == "greeting"


def test_an_hour_later_it_is_another_matter() -> None:
    assert greeting(tries(Stage(), 5).play(after=3_601)) == "greeting"


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redials, "MOST", 3)
    known = Redials()
    for number in range(5):
        known.ended(f"+8190{number}", Outcome.ABANDONED, Instant(number), 60)
    assert len(known) == 3
    assert known.tries("+81900", Instant(5), 60) == 0
    assert known.tries("+81904", Instant(5), 60) == 1
