"""Operators: what is asked for during a call is done after it; breaks, limits, and roster changes."""

import pytest

from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.errors import IllegalEvent, UnknownAgent
from telephony.model.ids import AgentName, CallId
from telephony.model.states import AgentState
from tests.unit.model.plans import plan
from tests.unit.model.stage import Stage, booker

A, SATO = CallId("a"), AgentName("sato")


def talking() -> Stage:
    """Return a stage on which call a talks with Sato."""
    return Stage(booker()).ready("sato").waiting("a").answered("a")


def wrapping_up() -> Stage:
    """Return a stage on which Sato is in after-call work."""
    return talking().play(ev.CallerLeft(A, 16), after=60)


def due(stage: Stage) -> float:
    """Return in how many seconds Sato's timer fires."""
    return [c.due for c in stage.all if isinstance(c, cmd.ArmTimer) and c.owner == "sato"][-1] - stage.now


def over(stage: Stage) -> Stage:
    """Let Sato's after-call work run to its limit."""
    armed = [c for c in stage.all if isinstance(c, cmd.ArmTimer) and c.owner == "sato"][-1]
    return stage.play(ev.AgentTimerFired(SATO, armed.timer, armed.serial), after=armed.due - stage.now)


def test_pause_asked_for_during_a_call_comes_after_after_call_work() -> None:
    stage = talking().play(ev.AgentPaused(SATO, "lunch"))
    assert stage.operator("sato").state is AgentState.TALKING
    stage.play(ev.CallerLeft(A, 16), after=60)
    assert stage.operator("sato").state is AgentState.AFTER_CALL
    assert over(stage).operator("sato").state is AgentState.PAUSED
    assert stage.operator("sato").reason == "lunch"


def test_operator_may_change_their_mind_during_the_call() -> None:
    stage = talking().play(ev.AgentPaused(SATO, "lunch")).play(ev.AgentReadied(SATO))
    assert over(stage.play(ev.CallerLeft(A, 16))).operator("sato").state is AgentState.READY


def test_signing_out_during_a_call_lets_the_call_go_on() -> None:
    stage = talking().play(ev.AgentLoggedOut(SATO))
    assert stage.of(cmd.HangUp) == []
    assert over(stage.play(ev.CallerLeft(A, 16))).operator("sato").state is AgentState.LOGGED_OUT


def test_signing_out_while_it_rings_stops_the_ringing() -> None:
    stage = Stage(booker()).ready("sato").waiting("a").rings("a").play(ev.AgentLoggedOut(SATO))
    assert len(stage.of(cmd.WithdrawOffer)) == 1
    stage.returned("a", ev.DialStatus.NOANSWER)
    assert stage.operator("sato").state is AgentState.LOGGED_OUT


def test_after_call_work_ends_by_itself_at_its_limit() -> None:
    stage = wrapping_up()
    assert due(stage) == 30
    assert over(stage).operator("sato").state is AgentState.READY


def test_after_call_work_is_extended_up_to_its_maximum() -> None:
    stage = wrapping_up().play(ev.AfterCallRequested(SATO))
    assert due(stage) == 90
    for _ in range(20):
        stage.play(ev.AfterCallRequested(SATO))
    assert due(stage) == 600


def test_after_call_work_asked_for_during_the_call_comes_even_where_none_is_set() -> None:
    centre = plan(calling={"acw_s": 0, "acw_extension_s": 60})
    stage = Stage(booker(), centre=centre).ready("sato").waiting("a").answered("a")
    stage.play(ev.AfterCallRequested(SATO)).play(ev.CallerLeft(A, 16))
    assert stage.operator("sato").state is AgentState.AFTER_CALL
    assert due(stage) == 60


def test_without_after_call_work_the_operator_is_ready_at_once() -> None:
    stage = Stage(booker(), centre=plan(calling={"acw_s": 0})).ready("sato").waiting("a").answered("a")
    stage.play(ev.CallerLeft(A, 16))
    assert stage.operator("sato").state is AgentState.READY


def test_disposition_of_present_and_last_call_is_written_down() -> None:
    stage = wrapping_up().play(ev.Disposed(SATO, A, "booked"))
    assert stage.facts("a", "call.disposed") == [{"agent": "sato", "disposition": "booked"}]


def test_disposition_of_somebody_elses_call_is_refused() -> None:
    with pytest.raises(IllegalEvent, match="not your present or last call"):
        wrapping_up().play(ev.Disposed(SATO, CallId("b"), "booked"))


def test_unknown_operator_is_refused() -> None:
    with pytest.raises(UnknownAgent, match="no operator named nobody"):
        Stage().play(ev.AgentReadied(AgentName("nobody")))


def test_operator_who_is_removed_finishes_the_call_first() -> None:
    stage = talking().play(ev.RosterChanged(()))
    assert stage.operator("sato").state is AgentState.TALKING
    over(stage.play(ev.CallerLeft(A, 16)))
    assert len(stage.model.floor.roster) == 0


def test_new_operator_serves_who_waits_already() -> None:
    stage = Stage().waiting("a").play(ev.RosterChanged((booker(),))).ready("sato")
    assert [offer.agent for offer in (stage.offer("a"),)] == ["sato"]


def test_line_of_a_queue_that_is_gone_joins_the_first_queue() -> None:
    stage = Stage().waiting("a").key("a", "1")
    without = [queue for queue in plan().queues if queue.name != "booking"]
    menus = [menu.model_copy(update={"keys": {}}) for menu in plan().menus]
    stage.play(ev.PlanChanged(plan().model_copy(update={"queues": tuple(without), "menus": tuple(menus)})))
    assert stage.call("a").queue == "card"
    assert stage.model.floor.line.position(A, stage.now) == 1


def test_load_counts_ring_talk_and_after_call_seconds() -> None:
    stage = Stage(booker()).ready("sato").waiting("a").play(after=5).answered("a")
    stage.play(ev.CallerLeft(A, 16), after=60)
    over(stage)
    assert stage.model.floor.loads.of(SATO) == pytest.approx(5 + 60 + 30)
