"""A number that the rescue took becomes a promise: its place, once only, and what a person decides."""

from dataclasses import replace

import pytest

from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.ids import CallId, Instant, QueueName
from telephony.model.left_numbers import KEPT_S, THANKS_S
from telephony.model.states import CallState
from tests.unit.model.callback_stage import CALLER, CallbackStage, callback_plan, closed
from tests.unit.model.stage import NUMBER, booker

LEFT_IN = CallId("m-7.7")


def left(
    number: str = CALLER, call: CallId = LEFT_IN, at: float = 900.0, since: float = 800.0
) -> ev.NumberLeft:
    """Return a number that was left before a stage begins (at 1,000)."""
    return ev.NumberLeft(call, number, number, NUMBER, Instant(at), Instant(since))


def taken(stage: CallbackStage) -> list[cmd.TakeUpNumber]:
    return stage.of(cmd.TakeUpNumber)


def test_it_stands_where_the_caller_would_stand() -> None:
    """Between who came before the call in which it was left and who came after."""
    stage = CallbackStage(booker())
    stage.waiting("early", "+819011110000", key="0")
    stage.play(after=200)
    stage.waiting("late", "+819011110001", key="0")
    stage.play(left(at=1_100, since=1_050))
    (answer,) = taken(stage)
    line = stage.model.floor.line.waiting(stage.now, QueueName("general"))
    assert line == ["early", answer.callback, "late"]
    (asked,) = stage.facts(str(answer.callback), "callback.requested")
    assert (asked["asked_by"], asked["since"], asked["queue"]) == (LEFT_IN, 1_050, "general")


def test_it_takes_the_place_that_the_journal_knows() -> None:
    stage = CallbackStage(booker())
    stage.play(replace(left(), queue=QueueName("booking"), priority=5.0))
    (answer,) = taken(stage)
    promise = stage.call(str(answer.callback))
    assert (promise.queue, promise.priority, promise.waiting_since) == ("booking", 5.0, 800.0)


def test_who_is_ready_is_rung_for_it() -> None:
    stage = CallbackStage(booker()).ready("sato")
    stage.play(left())
    assert [order.number for order in stage.of(cmd.CallOperator)] == [CALLER]


def test_a_caller_who_hears_our_thanks_is_not_called_yet() -> None:
    stage = CallbackStage(booker()).ready("sato")
    stage.play(left(at=998))
    assert stage.of(cmd.CallOperator) == []
    (answer,) = taken(stage)
    stage.timer(str(answer.callback))
    assert (stage.now, len(stage.of(cmd.CallOperator))) == (998 + THANKS_S, 1)


def test_a_number_that_is_told_again_is_one_promise() -> None:
    """Race: killed after the promise was durable and before that was written behind the number."""
    stage = CallbackStage(booker())
    stage.play(left())
    (first,) = taken(stage)
    stage.play(left())
    assert [again.callback for again in taken(stage)] == [first.callback]
    assert len(stage.model.floor.promises) == 1


def test_a_number_that_is_told_to_the_next_controller_is_one_promise() -> None:
    """Race: the same, and the promise comes from the journal."""
    first = CallbackStage(booker())
    first.play(left())
    (answer,) = taken(first)
    (asked,) = first.facts(str(answer.callback), "callback.requested")
    stage = CallbackStage(booker())
    stage.play(_recovered(CallId(str(answer.callback)), asked), left())
    assert [again.callback for again in taken(stage)] == [answer.callback]
    assert stage.facts(str(answer.callback), "callback.requested") == []


def _recovered(callback: CallId, asked: dict[str, object]) -> ev.CallbackRecovered:
    return ev.CallbackRecovered(
        callback,
        number=str(asked["number"]),
        asked_by=LEFT_IN,
        asked_from=None,
        asked_at=Instant(900.0),
        dialled=NUMBER,
        queue=QueueName("general"),
        priority=0,
        since=Instant(800.0),
        due_by=Instant(8_000.0),
        attempts=0,
        results=(),
        rests_until=None,
        until_opening=False,
        open_attempt=False,
        reached_at=None,
        done=None,
        reason=None,
        in_flight=None,
    )


def test_two_who_left_the_same_number_are_called_once() -> None:
    stage = CallbackStage(booker())
    stage.play(left(), left(call=CallId("m-7.8"), at=950, since=940))
    assert len({answer.callback for answer in taken(stage)}) == 1
    assert len(taken(stage)) == 2


def test_a_number_with_a_callback_keeps_that_one() -> None:
    stage = CallbackStage(booker())
    callback = stage.promised("a")
    stage.play(left())
    assert [answer.callback for answer in taken(stage)] == [callback]


def test_who_calls_again_and_waits_is_not_rung_meanwhile() -> None:
    """Race: the citizen's own call came in before the number was taken up."""
    stage = CallbackStage(booker())
    stage.waiting("own")
    stage.play(left())
    (answer,) = taken(stage)
    promise = stage.call(str(answer.callback))
    assert promise.promise is not None
    assert promise.promise.held_by == {"own"}
    stage.ready("sato")
    assert stage.of(cmd.CallOperator) == []


def test_who_talks_to_an_operator_already_is_not_called_back() -> None:
    """Race: the citizen's own call was answered in the second before the number was taken up."""
    stage = CallbackStage(booker()).ready("sato")
    stage.waiting("own").answered("own")
    stage.play(left())
    (answer,) = taken(stage)
    assert stage.done(str(answer.callback)) == "cancelled"
    assert stage.model.floor.promises == {}


def test_the_asking_call_that_the_model_still_knows_holds_its_promise() -> None:
    """Race: only the connection to Asterisk was lost, and the end of the call is not known yet."""
    stage = CallbackStage(booker())
    stage.waiting("a")
    stage.play(replace(left(call=CallId("a"), at=1_000, since=1_000)))
    (answer,) = taken(stage)
    stage.ready("sato")
    assert stage.call(str(answer.callback)).state is CallState.PROMISED
    stage.play(ev.CallerLeft(CallId("a"), 16))
    assert stage.call(str(answer.callback)).queue == "booking"


def test_left_outside_hours_it_is_called_after_the_opening() -> None:
    stage = CallbackStage(booker()).ready("sato")
    stage.play(ev.OverridesChanged((closed(0, 5_000),)))
    stage.play(left())
    (answer,) = taken(stage)
    promise = stage.call(str(answer.callback)).promise
    assert promise is not None
    assert (promise.rests_until, promise.until_opening) == (5_000, True)
    assert [order.number for order in stage.timer(str(answer.callback)).of(cmd.CallOperator)] == [CALLER]


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (left("+81570012345"), "costly"),
        (left(NUMBER), "own"),
        (left("+12125551234"), "abroad"),
        (left(at=1_000 - KEPT_S - 1), "too-old"),
    ],
)
def test_what_may_not_be_called_by_rule_is_a_case_and_nobody_is_rung(
    event: ev.NumberLeft, reason: str
) -> None:
    stage = CallbackStage(booker()).ready("sato")
    stage.play(event)
    (answer,) = taken(stage)
    assert answer.callback is None
    assert answer.case is not None
    assert answer.case["details"]["reason"] == reason
    assert stage.of(cmd.CallOperator) == []


def test_without_an_outbound_trunk_a_person_decides() -> None:
    raw = callback_plan().model_dump(mode="json")
    raw["trunks"][0]["outbound"] = None
    stage = CallbackStage(booker(), centre=type(callback_plan()).model_validate(raw))
    stage.play(left())
    assert [answer.case is not None for answer in taken(stage)] == [True]
