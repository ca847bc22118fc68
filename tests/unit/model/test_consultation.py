"""An operator has somebody join a call, confers, and hands it over: an attended transfer, with its races."""

import pytest

from telephony.model import events as ev
from telephony.model.commands import HangUp, ShowCall
from telephony.model.errors import IllegalEvent
from telephony.model.ids import AgentName, CallId
from telephony.model.states import AgentState
from telephony.model.supervision import events as sv
from telephony.model.supervision.commands import CallSupervisor, Hear, TakeOver
from telephony.model.supervision.session import Mode, Supervision
from tests.unit.model.plans import agent
from tests.unit.model.stage import Stage, booker

CALL, SATO, KATO, CHIEF = CallId("c1"), AgentName("sato"), AgentName("kato"), AgentName("chief")


def stage() -> Stage:
    """Return a floor where sato talks on c1, kato is ready and the chief has a phone."""
    made = Stage(booker(), agent("kato", card=9), agent("chief"))
    made.ready("sato").waiting("c1").answered("c1").ready("kato")
    return made.play(ev.PhoneChanged(CHIEF, registered=True))


def invite(mode: Mode = Mode.BARGE, who: AgentName = KATO) -> sv.SupervisionRequested:
    return sv.SupervisionRequested(CALL, who, mode, invited_by=SATO)


def session(made: Stage, who: AgentName = KATO) -> Supervision:
    held = made.operator(who).supervision
    assert held is not None
    return made.model.floor.supervisions[held]


def joined(mode: Mode = Mode.BARGE) -> Stage:
    """Let kato pick up."""
    made = stage().play(invite(mode))
    return made.play(sv.SupervisorAnswered(session(made).id))


def test_somebody_joins_advises_confers_and_takes_the_call_over() -> None:
    made = joined(Mode.WHISPER)
    assert [Mode.WHISPER] == [order.mode for order in made.of(Hear)]
    assert [Mode.BARGE] == [order.mode for order in made.play(invite()).of(Hear)]
    (order,) = made.play(invite(Mode.TAKEOVER), after=3).of(TakeOver)
    made.play(order.done)
    assert ("kato", AgentState.AFTER_CALL) == (made.call("c1").agent, made.operator("sato").state)
    (taken,) = made.facts("c1", "call.taken_over")
    assert ("kato", "sato", "sato") == (taken["agent"], taken["from_agent"], taken["invited_by"])
    made.play(ev.CallerLeft(CALL, 16), sv.SupervisorLeft(session(made).id))
    assert ("answered", "caller") == made.outcome("c1")
    assert AgentState.AFTER_CALL is made.operator("kato").state


@pytest.mark.parametrize("state", ["paused", "talking", "unregistered"])
def test_who_cannot_take_a_call_is_not_rung_and_they_talk_on(state: str) -> None:
    made = stage()
    match state:
        case "paused":
            made.play(ev.AgentPaused(KATO, "lunch"))
        case "talking":
            made.dial("c2").greeted("c2").key("c2", "3").key("c2", "1")
        case _:
            made.play(ev.PhoneChanged(KATO, registered=False))
    with pytest.raises(IllegalEvent):
        made.play(invite())
    assert "talking" == made.call("c1").state


def test_a_supervisor_who_listens_cannot_be_sent_into_the_call_by_the_operator() -> None:
    made = stage().play(sv.SupervisionRequested(CALL, CHIEF, Mode.LISTEN))
    with pytest.raises(IllegalEvent, match="already"):
        made.play(invite(Mode.TAKEOVER, CHIEF))


def test_who_does_not_pick_up_is_free_again_and_they_talk_on() -> None:
    made = stage().play(invite())
    assert 1 == len(made.of(CallSupervisor))
    assert 1 == len(made.of(ShowCall)), "who asked sees that it rings"
    made.play(sv.SupervisorLeft(session(made).id))
    assert 1 == len(made.of(ShowCall)), "and that it does no more"
    assert ("talking", "sato") == (made.call("c1").state, made.call("c1").agent)
    assert made.operator("kato").can_be_offered


def test_who_joined_is_let_go_and_they_talk_on() -> None:
    made = joined().play(sv.SupervisionEnded(CALL, KATO))
    assert [session(made).leg] == [order.leg for order in made.of(HangUp)]
    assert "talking" == made.call("c1").state


def test_the_caller_hangs_up_while_the_phone_rings() -> None:
    made = stage().play(invite())
    leg = session(made).leg
    made.play(ev.CallerLeft(CALL, 16))
    assert [leg] == [order.leg for order in made.of(HangUp)]
    made.play(sv.SupervisorLeft(session(made).id))
    assert made.operator("kato").can_be_offered


def test_the_operator_hangs_up_while_the_call_is_handed_over_and_it_goes_on() -> None:
    """Asterisk has moved the caller by then; the operator's leg ends nothing any more."""
    made = joined()
    made.play(invite(Mode.TAKEOVER))
    made.play(sv.TookOver(session(made).id))
    assert ("talking", "kato") == (made.call("c1").state, made.call("c1").agent)


def test_asterisk_cannot_hand_it_over_and_they_talk_on() -> None:
    made = joined().play(invite(Mode.TAKEOVER))
    made.play(ev.CommandRefused(CallId(session(made).id), "TakeOver", "no"))
    assert ("talking", "sato") == (made.call("c1").state, made.call("c1").agent)


def test_a_controller_that_begins_anew_still_knows_who_asked() -> None:
    made = stage()
    made.play(sv.SupervisionRecovered(sv.SupervisionId("sv-9"), CALL, KATO, Mode.BARGE, session_leg(), SATO))
    assert SATO == session(made).invited_by


def session_leg() -> sv.LegId:
    """Return the name of a leg that outlived its controller."""
    return sv.LegId("sv-9~631~c1")
