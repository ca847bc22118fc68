"""When the clock may be corrected: only while nobody's waiting, talking or after-call work is measured."""

from telephony.model import events as ev
from telephony.model.ids import CallId
from telephony.showing import Showing
from tests.unit.model.callback_stage import CallbackStage, closed
from tests.unit.model.stage import Stage, booker


def quiet(stage: Stage) -> bool:
    return Showing(stage.model.floor).is_quiet


def test_an_empty_centre_is_quiet_and_one_with_a_caller_is_not() -> None:
    stage = Stage(booker()).ready("sato")
    assert quiet(stage)
    stage.dial("a")
    assert not quiet(stage)


def test_after_call_work_is_measured_too() -> None:
    stage = Stage(booker()).ready("sato").waiting("a").answered("a")
    stage.play(ev.CallerLeft(CallId("a"), 16), after=60)
    assert not quiet(stage)
    stage.play(ev.AgentReadied(stage.operator("sato").name))
    assert quiet(stage)


def test_a_promise_in_line_is_measured_and_one_that_rests_until_the_opening_is_not() -> None:
    stage = CallbackStage(booker())
    callback = stage.promised("a")
    assert not quiet(stage)
    stage.play(ev.OverridesChanged((closed(0, 90_000),)))
    assert stage.call(callback).promise is not None
    assert quiet(stage)
