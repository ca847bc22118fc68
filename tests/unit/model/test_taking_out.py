"""A supervisor gives a waiting call to somebody, lets a caller go, or takes a move back."""

import math

import pytest

from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.errors import IllegalEvent, UnknownAgent
from telephony.model.ids import AgentName, CallId, QueueName
from telephony.model.states import AgentState, CallState
from tests.unit.model.stage import Stage, booker, learner

A = CallId("a")


def give(stage: Stage, agent: str, call: CallId = A, *, even_away: bool = False) -> Stage:
    return stage.play(ev.GiveRequested(call, AgentName(agent), even_away=even_away))


def phone(stage: Stage, name: str) -> Stage:
    return stage.play(ev.PhoneChanged(AgentName(name), registered=True))


def test_a_call_is_given_to_an_operator_whose_tier_is_not_open_yet_and_comes_back_to_its_place() -> None:
    stage = Stage(booker(), learner()).ready("mori").waiting("a").play(after=1).waiting("b")
    since = stage.call("a").waiting_since

    assert give(stage, "mori").offer("a").agent == "mori"
    stage.returned("a", ev.DialStatus.NOANSWER)

    assert (stage.call("a").state, stage.call("a").waiting_since) == (CallState.WAITING, since)
    assert stage.model.floor.line.position(A, stage.now) == 1


def test_who_missed_the_call_before_may_be_given_it() -> None:
    stage = Stage(booker()).ready("sato").waiting("a").returned("a", ev.DialStatus.NOANSWER)
    assert stage.call("a").state is CallState.WAITING

    assert give(stage, "sato").call("a").state is CallState.OFFERED


def test_somebody_on_a_break_takes_one_call_only_when_they_ask_for_it_and_goes_on_with_the_break() -> None:
    stage = phone(Stage(booker()), "sato").play(ev.AgentPaused(AgentName("sato"), "lunch")).waiting("a")
    with pytest.raises(IllegalEvent, match=r"sato is not ready \(paused\)"):
        give(stage, "sato")

    give(stage, "sato", even_away=True).answered("a").play(ev.CallerLeft(A, 16))
    assert stage.operator("sato").state is AgentState.AFTER_CALL
    stage.play(*_after_call_over(stage), after=30)

    assert (stage.operator("sato").state, stage.operator("sato").reason) == (AgentState.PAUSED, "lunch")


def _after_call_over(stage: Stage) -> list[ev.Event]:
    armed = [c for c in stage.all if isinstance(c, cmd.ArmTimer) and c.owner == "sato"][-1]
    return [ev.AgentTimerFired(AgentName("sato"), armed.timer, armed.serial)]


def test_who_is_signed_out_and_misses_the_call_is_signed_out_again() -> None:
    stage = phone(Stage(booker()), "sato").waiting("a")

    give(stage, "sato", even_away=True).returned("a", ev.DialStatus.NOANSWER)

    assert stage.operator("sato").state is AgentState.LOGGED_OUT
    assert stage.call("a").state is CallState.WAITING


def test_the_caller_who_leaves_in_that_moment_frees_the_operator() -> None:
    stage = give(Stage(booker(), learner()).ready("mori").waiting("a"), "mori").rings("a")

    stage.play(ev.CallerLeft(A, 16))

    assert stage.operator("mori").state is AgentState.READY


def test_a_call_that_is_being_offered_cannot_be_given_to_another() -> None:
    """The phone of the one rings in the instant in which the other is named: the first offer stands."""
    stage = Stage(booker(), learner()).ready("sato", "mori").waiting("a")

    with pytest.raises(
        IllegalEvent, match=r"Call a does not wait \(offered\); only a call that waits can be"
    ):
        give(stage, "mori")

    assert stage.offer("a").agent == "sato"


def test_nobody_without_a_free_phone_is_given_a_call() -> None:
    stage = Stage(booker("sato"), learner("mori"), learner("kato")).ready("mori").waiting("a")

    with pytest.raises(UnknownAgent, match="nobody"):
        give(stage, "nobody")
    with pytest.raises(IllegalEvent, match="telephone of kato is not registered"):
        give(stage, "kato", even_away=True)
    stage.play(ev.PhoneChanged(AgentName("mori"), registered=True, in_use=True))
    with pytest.raises(IllegalEvent, match="telephone of mori is in use"):
        give(stage, "mori")
    assert stage.call("a").state is CallState.WAITING


def test_a_callback_is_given_to_somebody_and_its_rest_ends() -> None:
    stage = Stage(booker()).waiting("a").timer("a").key("a", "4").key("a", "1")
    with pytest.raises(IllegalEvent, match="own"):
        give(phone(stage, "sato"), "sato", _promise(stage), even_away=True)
    stage.spoken("a").play(ev.CallerLeft(A, 16))

    give(stage, "sato", _promise(stage), even_away=True)

    assert stage.call(_promise(stage)).state is CallState.SUMMONING


def _promise(stage: Stage) -> CallId:
    (promised,) = stage.model.floor.promises.values()
    return promised


def test_a_caller_who_is_taken_out_hears_why_and_the_record_names_the_supervisor() -> None:
    stage = Stage(booker()).waiting("a").play(ev.RemoveRequested(A, "sorry-closing"), after=60)

    assert stage.of(cmd.Play)[-1].sounds == ("sorry-closing",)
    stage.spoken("a").play(ev.CallerLeft(A, 16))

    assert stage.outcome("a") == ("abandoned", "supervisor")
    assert stage.facts("a", "queue.left")[-1]["reason"] == "removed"
    assert A not in stage.model.floor.line


def test_a_call_that_talks_cannot_be_taken_out() -> None:
    stage = Stage(booker()).ready("sato").waiting("a").answered("a")

    with pytest.raises(IllegalEvent, match="only a call that waits can be taken out of the line"):
        stage.play(ev.RemoveRequested(A, "sorry-closing"))


def test_a_move_is_taken_back_with_the_priority_that_the_call_had() -> None:
    stage = Stage(booker()).waiting("a").waiting("b")
    stage.play(ev.MoveRequested(CallId("b"), to_front=True))
    assert stage.call("b").priority == math.inf

    stage.play(ev.MoveRequested(CallId("b"), QueueName("booking"), priority=0.0))

    assert list(stage.model.floor.line.waiting(stage.now)) == ["a", "b"]
