"""A supervisor on an operator's call: who may, what happens in which order, and every race written down."""

import pytest

from telephony.model import events as ev
from telephony.model.commands import HangUp, Offer
from telephony.model.errors import IllegalEvent
from telephony.model.ids import AgentName, CallId, LegId, SupervisionId
from telephony.model.states import AgentState
from telephony.model.supervision import events as sv
from telephony.model.supervision.commands import CallSupervisor, Hear, TakeOver
from telephony.model.supervision.session import Mode, Phase, Supervision
from tests.unit.model.plans import agent
from tests.unit.model.stage import Stage, booker

CALL, CHIEF, DEPUTY = CallId("c1"), AgentName("chief"), AgentName("deputy")


def stage() -> Stage:
    """Return a floor where sato talks on c1, and two supervisors have their phones."""
    made = Stage(booker(), agent("chief"), agent("deputy", booking=9))
    for name in (CHIEF, DEPUTY):
        made.play(ev.PhoneChanged(name, registered=True))
    made.ready("sato").waiting("c1").answered("c1")
    return made


def want(mode: Mode, who: AgentName = CHIEF) -> sv.SupervisionRequested:
    return sv.SupervisionRequested(CALL, who, mode)


def session(made: Stage, who: AgentName = CHIEF) -> Supervision:
    held = made.operator(who).supervision
    assert held is not None
    return made.model.floor.supervisions[held]


def heard(mode: Mode = Mode.LISTEN) -> Stage:
    """Let the chief pick up."""
    made = stage().play(want(mode))
    return made.play(sv.SupervisorAnswered(session(made).id))


def left(made: Stage, who: AgentName = CHIEF) -> sv.SupervisorLeft:
    return sv.SupervisorLeft(session(made, who).id)


def test_the_own_phone_rings_and_then_hears_the_call() -> None:
    made = stage().play(want(Mode.LISTEN))
    (call,) = made.of(CallSupervisor)
    assert call.leg == session(made).leg
    assert call.extension == made.operator(CHIEF).profile.extension
    made.play(sv.SupervisorAnswered(session(made).id))
    assert [Hear(CallId(session(made).id), call.leg, CALL, Mode.LISTEN, again=False)] == made.of(Hear)
    (view,) = made.facts("c1", "supervision.started")
    assert ("chief", "listen") == (view["supervisor"], view["mode"])


def test_another_mode_is_taken_in_place() -> None:
    made = heard()
    leg = session(made).leg
    for mode in (Mode.WHISPER, Mode.BARGE, Mode.LISTEN):
        made.play(want(mode))
        assert [Hear(CallId(session(made).id), leg, CALL, mode, again=True)] == made.of(Hear)
        assert [] == made.of(CallSupervisor)
    assert [] == made.play(want(Mode.LISTEN)).said


def test_the_mode_wanted_last_is_taken_when_the_phone_is_picked_up() -> None:
    made = stage().play(want(Mode.LISTEN)).play(want(Mode.BARGE))
    assert [] == made.said
    assert Mode.BARGE is made.play(sv.SupervisorAnswered(session(made).id)).of(Hear)[0].mode


@pytest.mark.parametrize("who", ["sato", "nobody-talks", "unregistered", "busy", "elsewhere"])
def test_who_may_not_gets_a_sentence_and_nothing_happens(who: str) -> None:
    made = stage()
    wish = want(Mode.LISTEN)
    match who:
        case "sato":
            wish = want(Mode.LISTEN, AgentName("sato"))
        case "nobody-talks":
            wish = sv.SupervisionRequested(CallId("c9"), CHIEF, Mode.LISTEN)
        case "unregistered":
            made.play(ev.PhoneChanged(CHIEF, registered=False))
        case "busy":
            made.play(ev.PhoneChanged(CHIEF, registered=True, in_use=True))
        case "elsewhere":
            made.ready("deputy").waiting("c2").answered("c2")
            made.play(sv.SupervisionRequested(CallId("c2"), CHIEF, Mode.LISTEN))
    before = dict(made.model.floor.supervisions)
    with pytest.raises(IllegalEvent):
        made.play(wish)
    assert before == made.model.floor.supervisions


def test_whoever_supervises_is_offered_no_call_and_is_again_afterwards() -> None:
    made = stage().ready("deputy")
    made.play(want(Mode.LISTEN, DEPUTY)).waiting("c2")
    assert [] == made.of(Offer)
    made.play(left(made, DEPUTY))
    assert ["deputy"] == [offer.agent for offer in made.of(Offer)]


def test_an_end_that_is_wanted_leaves_the_call_alone() -> None:
    made = heard()
    leg = session(made).leg
    made.play(sv.SupervisionEnded(CALL, CHIEF))
    assert [leg] == [order.leg for order in made.of(HangUp)]
    made.play(left(made), after=3)
    assert "talking" == made.call("c1").state
    (ended,) = made.facts("c1", "supervision.ended")
    assert 3 == ended["seconds"]
    with pytest.raises(IllegalEvent):
        made.play(sv.SupervisionEnded(CALL, CHIEF))


def test_a_phone_that_nobody_picks_up_leaves_no_fact_and_a_free_phone() -> None:
    made = stage().play(want(Mode.LISTEN))
    made.play(left(made))
    assert made.operator(CHIEF).phone_is_free
    assert [] == made.facts("c1", "supervision.ended")


def test_a_phone_that_cannot_be_rung_is_free_again() -> None:
    made = stage().play(want(Mode.LISTEN))
    made.play(ev.CommandRefused(CallId(session(made).id), "CallSupervisor", "no phone"))
    assert made.operator(CHIEF).phone_is_free


def test_a_mode_that_asterisk_refuses_ends_the_supervision_and_not_the_call() -> None:
    made = heard()
    made.play(want(Mode.BARGE), ev.CommandRefused(CallId(session(made).id), "Hear", "no answer"))
    assert Phase.LEAVING is session(made).phase
    assert "talking" == made.call("c1").state


# --- the takeover ------------------------------------------------------------------------------------------


def test_a_takeover_puts_the_supervisor_in_the_operators_place() -> None:
    made = heard()
    made.play(want(Mode.TAKEOVER), after=5)
    (order,) = made.of(TakeOver)
    assert (CALL, True, False) == (order.of, order.again, order.muted)
    assert ("sato", AgentState.TALKING) == (made.call("c1").agent, made.operator("sato").state)
    made.play(order.done)
    assert ("chief", AgentState.TALKING) == (made.call("c1").agent, made.operator("chief").state)
    assert AgentState.AFTER_CALL is made.operator("sato").state
    (taken,) = made.facts("c1", "call.taken_over")
    assert ("chief", "sato") == (taken["agent"], taken["from_agent"])
    made.play(ev.CallerLeft(CALL, 16, made.call("c1").last_offer), left(made), after=7)
    assert ("answered", "agent") == made.outcome("c1")
    talked = [(fact["agent"], fact["talked_s"]) for fact in made.facts("c1", "call.talk_ended")]
    assert [("sato", 5), ("chief", 7)] == talked
    assert AgentState.AFTER_CALL is made.operator("chief").state
    made.play(ev.AgentTimerFired(CHIEF, ev.Timer.AFTER_CALL, made.operator("chief").timer_serial))
    assert AgentState.LOGGED_OUT is made.operator("chief").state, "as before the call"


def test_a_takeover_without_listening_first_rings_and_takes_over_at_once() -> None:
    made = stage().play(want(Mode.TAKEOVER))
    made.play(sv.SupervisorAnswered(session(made).id))
    (order,) = made.of(TakeOver)
    assert not order.again
    assert [] == made.of(Hear)


def test_a_pause_of_the_recording_goes_on_after_a_takeover() -> None:
    made = heard().play(ev.RecordingPaused(CALL)).play(want(Mode.TAKEOVER))
    assert made.of(TakeOver)[0].muted


def test_whoever_took_over_changes_no_mode_any_more() -> None:
    made = heard(Mode.TAKEOVER)
    made.play(sv.TookOver(session(made).id))
    for wish in (want(Mode.LISTEN), sv.SupervisionEnded(CALL, CHIEF)):
        with pytest.raises(IllegalEvent, match="taken this call over"):
            made.play(wish)


# --- races -------------------------------------------------------------------------------------------------


def test_the_call_ends_while_the_supervisors_phone_rings() -> None:
    made = stage().play(want(Mode.LISTEN))
    leg = session(made).leg
    made.play(ev.CallerLeft(CALL, 16))
    assert [leg] == [order.leg for order in made.of(HangUp)]
    made.play(sv.SupervisorAnswered(session(made).id))
    assert [] == made.of(Hear), "the answer crossed the hang-up"
    made.play(left(made))
    assert {} == made.model.floor.supervisions


def test_the_operator_hangs_up_during_a_whisper() -> None:
    made = heard(Mode.WHISPER)
    made.play(ev.CallerLeft(CALL, 16, made.call("c1").last_offer))
    assert ("answered", "agent") == made.outcome("c1")
    made.play(left(made))
    assert made.operator(CHIEF).phone_is_free
    assert 1 == len(made.facts("c1", "supervision.ended"))


def test_the_call_is_ended_from_the_screen_while_somebody_listens() -> None:
    made = heard()
    leg = session(made).leg
    made.play(ev.HangupRequested(CALL, "agent"))
    assert leg in [order.leg for order in made.of(HangUp)]


def test_two_supervisors_hear_one_call_and_one_takes_it_over() -> None:
    """The other one's leg hears the operator's, so Asterisk ends it with that one."""
    made = heard().play(want(Mode.WHISPER, DEPUTY))
    made.play(sv.SupervisorAnswered(session(made, DEPUTY).id))
    made.play(want(Mode.TAKEOVER))
    with pytest.raises(IllegalEvent, match="already"):
        made.play(want(Mode.TAKEOVER, DEPUTY))
    made.play(sv.TookOver(session(made).id), left(made, DEPUTY))
    assert [CHIEF] == [each.supervisor for each in made.model.floor.supervisions.values()]
    made.play(want(Mode.LISTEN, DEPUTY))
    assert 1 == len(made.of(CallSupervisor)), "the one who took over can be listened to"


def test_the_caller_hangs_up_before_a_takeover_is_done() -> None:
    made = heard().play(want(Mode.TAKEOVER))
    name = session(made).id
    made.play(ev.CallerLeft(CALL, 16), sv.TookOver(name))
    assert ("answered", "caller") == made.outcome("c1")
    assert AgentState.AFTER_CALL is made.operator("sato").state
    assert AgentState.LOGGED_OUT is made.operator("chief").state
    assert [] == made.facts("c1", "call.taken_over")


def test_the_caller_hangs_up_right_after_a_takeover() -> None:
    made = heard().play(want(Mode.TAKEOVER))
    name = session(made).id
    made.play(sv.TookOver(name), ev.CallerLeft(CALL, 16), sv.SupervisorLeft(name))
    assert ("answered", "caller") == made.outcome("c1")
    assert AgentState.AFTER_CALL is made.operator("chief").state


def test_the_supervisor_hangs_up_in_the_moment_of_the_takeover() -> None:
    made = heard().play(want(Mode.TAKEOVER))
    name = session(made).id
    made.play(sv.SupervisorLeft(name), sv.TookOver(name))
    assert "sato" == made.call("c1").agent
    made.play(ev.CallerLeft(CALL, 16, made.call("c1").last_offer))
    assert ("answered", "agent") == made.outcome("c1")
    assert AgentState.AFTER_CALL is made.operator("sato").state


def test_news_of_a_supervision_that_is_over_mean_nothing() -> None:
    made = heard()
    name = session(made).id
    made.play(sv.SupervisorLeft(name))
    for late in (sv.SupervisorLeft(name), sv.SupervisorAnswered(name), sv.TookOver(name)):
        assert [] == made.play(late).said


# --- after a restart ---------------------------------------------------------------------------------------


def recovered(mode: Mode) -> sv.SupervisionRecovered:
    return sv.SupervisionRecovered(SupervisionId("sv-7"), CALL, CHIEF, mode, LegId("sv-7~299~c1"))


def test_a_new_controller_goes_on_with_a_leg_that_hears() -> None:
    made = stage().play(recovered(Mode.WHISPER))
    assert [] == made.of(HangUp)
    assert [True] == [order.again for order in made.play(want(Mode.BARGE)).of(Hear)]


def test_a_new_controller_completes_a_takeover_that_was_begun() -> None:
    made = stage().play(recovered(Mode.TAKEOVER))
    (order,) = made.of(TakeOver)
    assert "chief" == made.play(order.done).call("c1").agent


@pytest.mark.parametrize("gone", ["call", "supervisor"])
def test_a_new_controller_lets_a_leg_go_that_nobody_can_answer_for(gone: str) -> None:
    made = stage()
    event = recovered(Mode.LISTEN)
    if gone == "call":
        made.play(ev.CallerLeft(CALL, 16))
    else:
        event = sv.SupervisionRecovered(event.supervision, CALL, AgentName("x"), event.mode, event.leg)
    assert [event.leg] == [order.leg for order in made.play(event).of(HangUp)]
