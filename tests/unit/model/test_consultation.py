"""An operator has somebody join a call, confers, and hands it over: an attended transfer, with its races."""

from itertools import groupby

import pytest

from telephony.model import events as ev
from telephony.model.commands import CallCommand, HangUp, PauseRecording, Record, ResumeRecording, ShowCall
from telephony.model.errors import IllegalEvent
from telephony.model.facts import EndedBy
from telephony.model.ids import AgentName, CallId
from telephony.model.states import AgentState
from telephony.model.supervision import events as sv
from telephony.model.supervision.commands import CallSupervisor, Hear, TakeOver
from telephony.model.supervision.session import Mode, Supervision
from telephony.model.transferring.events import CallerTransferred, TransferRequested
from telephony.model.transferring.target import Kind, Target
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


# --- the caller waits --------------------------------------------------------------------------------------


def held(made: Stage) -> list[str]:
    """Return when the caller was on hold and no more, by the journal."""
    stream = "call:c1"
    facts = [each for each in made.all if isinstance(each, Record) and each.stream == stream]
    return [each.kind.removeprefix("call.") for each in facts if each.kind in {"call.held", "call.unheld"}]


def recording(made: Stage) -> list[type[CallCommand]]:
    """Return what the recording was told, one after the other; the same twice has one effect."""
    told = (type(each) for each in made.all if isinstance(each, PauseRecording | ResumeRecording))
    return [kind for kind, _ in groupby(told)]


def consulting() -> Stage:
    """Let kato pick up and be consulted."""
    return joined(Mode.CONSULT)


def over(made: Stage) -> None:
    """Assert that the caller is not on hold any more, and recorded again, once."""
    assert ["held", "unheld"] == held(made)
    assert [PauseRecording, ResumeRecording] == recording(made)


def test_the_caller_waits_and_nothing_is_recorded_while_somebody_is_consulted() -> None:
    made = stage().play(invite(Mode.CONSULT))
    assert ([], []) == (held(made), recording(made)), "while it rings they talk on"
    made.play(sv.SupervisorAnswered(session(made).id))
    assert [Mode.CONSULT] == [order.mode for order in made.of(Hear)]
    assert [PauseRecording(CALL)] == made.of(PauseRecording)
    (started,) = made.facts("c1", "supervision.started")
    assert ("consult", "sato") == (started["mode"], started["invited_by"])
    made.play(sv.SupervisionEnded(CALL, KATO))
    assert ["held"] == held(made), "Asterisk lets the caller go with the leg, and not before"
    made.play(sv.SupervisorLeft(session(made).id))
    over(made)


@pytest.mark.parametrize("mode", [Mode.WHISPER, Mode.BARGE, Mode.LISTEN])
def test_another_mode_lets_the_caller_talk_again(mode: Mode) -> None:
    made = consulting().play(invite(mode))
    assert [mode] == [order.mode for order in made.of(Hear)]
    over(made)
    made.play(invite(Mode.CONSULT))
    assert ["held", "unheld", "held"] == held(made)


def test_the_call_is_handed_over_after_a_consultation() -> None:
    made = consulting()
    (order,) = made.play(invite(Mode.TAKEOVER)).of(TakeOver)
    assert (["held"], [PauseRecording]) == (held(made), recording(made)), "not yet connected"
    assert not order.muted
    made.play(order.done)
    over(made)
    assert "kato" == made.call("c1").agent


def test_asterisk_cannot_hand_it_over_and_caller_and_operator_talk_on() -> None:
    made = consulting().play(invite(Mode.TAKEOVER))
    made.play(ev.CommandRefused(CallId(session(made).id), "TakeOver", "no"))
    made.play(sv.SupervisorLeft(session(made).id))
    over(made)
    assert "sato" == made.call("c1").agent


def test_the_phone_of_the_one_consulted_vanishes_or_hangs_up() -> None:
    made = consulting()
    over(made.play(sv.SupervisorLeft(session(made).id)))


def test_asterisk_refuses_the_consultation_and_they_talk_on() -> None:
    made = consulting()
    made.play(ev.CommandRefused(CallId(session(made).id), "Hear", "the leg is gone"))
    over(made.play(sv.SupervisorLeft(session(made).id)))


def test_who_does_not_pick_up_has_held_nobody() -> None:
    made = stage().play(invite(Mode.CONSULT))
    made.play(sv.SupervisorLeft(session(made).id))
    assert ([], []) == (held(made), recording(made))


@pytest.mark.parametrize("who", ["caller", "operator"])
def test_the_call_ends_during_a_consultation(who: str) -> None:
    made = consulting()
    served = made.call("c1").last_offer if who == "operator" else None
    made.play(ev.CallerLeft(CALL, 16, served), sv.SupervisorLeft(session(made).id))
    assert ["held"] == held(made), "the hold ended with the talk"
    assert [PauseRecording] == recording(made), "of a leg that is gone"
    assert made.operator("kato").can_be_offered


def test_the_caller_is_sent_to_somebody_else_during_a_consultation() -> None:
    """The next talk is recorded by itself; its recording must not be touched for the last one's sake."""
    made = consulting()
    leg = session(made).leg
    made.play(TransferRequested(CALL, Target(Kind.QUEUE, "card"), EndedBy.AGENT))
    assert [leg] == [order.leg for order in made.of(HangUp)]
    made.play(sv.SupervisorLeft(session(made).id))
    made.play(CallerTransferred(CALL, made.offer("c1").offer, None))
    assert ([PauseRecording], None) == (recording(made), made.call("c1").held_for)


def test_the_caller_cannot_be_sent_on_and_talks_with_the_operator_again() -> None:
    """Whoever was consulted had left in between, when nobody knew yet whether the talk was over."""
    made = consulting()
    made.play(TransferRequested(CALL, Target(Kind.QUEUE, "card"), EndedBy.AGENT))
    made.play(sv.SupervisorLeft(session(made).id))
    over(made.play(ev.CommandRefused(CALL, "TakeFromOperator", "no such channel")))


def test_a_pause_that_the_operator_wants_outlasts_the_consultation() -> None:
    made = consulting().play(ev.RecordingPaused(CALL))
    made.play(sv.SupervisorLeft(session(made).id))
    assert ResumeRecording not in recording(made)
    made.play(ev.RecordingResumed(CALL))
    assert [ResumeRecording(CALL)] == made.of(ResumeRecording)


def test_the_recording_stays_silent_when_the_operators_pause_ends_during_the_consultation() -> None:
    made = stage().play(ev.RecordingPaused(CALL)).play(invite(Mode.CONSULT))
    made.play(sv.SupervisorAnswered(session(made).id)).play(ev.RecordingResumed(CALL))
    assert ResumeRecording not in recording(made)
    made.play(sv.SupervisorLeft(session(made).id))
    assert [ResumeRecording(CALL)] == made.of(ResumeRecording)


def test_who_comes_unasked_cannot_put_the_caller_on_hold() -> None:
    made = stage()
    with pytest.raises(IllegalEvent, match="Only the operator"):
        made.play(sv.SupervisionRequested(CALL, CHIEF, Mode.CONSULT))


@pytest.mark.parametrize("first", [Mode.WHISPER, Mode.BARGE, Mode.CONSULT])
def test_nobody_is_consulted_beside_somebody_else_who_was_asked(first: Mode) -> None:
    """Else the one who leaves first would let the caller hear what the other one talks with the operator."""
    made = joined(first)
    for phase in ("there", "leaving"):
        with pytest.raises(IllegalEvent, match="kato"):
            made.play(invite(Mode.CONSULT, CHIEF))
        if phase == "there":
            made.play(sv.SupervisionEnded(CALL, KATO))
    made.play(sv.SupervisorLeft(session(made).id)).play(invite(Mode.CONSULT, CHIEF))
    assert 1 == len(made.of(CallSupervisor))


def test_nobody_speaks_to_a_caller_on_hold_but_may_listen_or_take_over() -> None:
    made = consulting()
    with pytest.raises(IllegalEvent, match="consulted"):
        made.play(sv.SupervisionRequested(CALL, CHIEF, Mode.BARGE))
    made.play(sv.SupervisionRequested(CALL, CHIEF, Mode.TAKEOVER))
    (order,) = made.play(sv.SupervisorAnswered(session(made, CHIEF).id)).of(TakeOver)
    made.play(order.done, sv.SupervisorLeft(session(made).id))
    assert "chief" == made.call("c1").agent
    over(made)


def test_nobody_is_consulted_while_a_supervisor_speaks_to_the_caller() -> None:
    made = stage().play(sv.SupervisionRequested(CALL, CHIEF, Mode.BARGE))
    with pytest.raises(IllegalEvent, match="chief"):
        made.play(invite(Mode.CONSULT))


def test_whoever_was_handed_the_call_consults_in_turn() -> None:
    made = consulting().play(invite(Mode.TAKEOVER))
    made.play(sv.TookOver(session(made).id))
    made.play(sv.SupervisionRequested(CALL, CHIEF, Mode.CONSULT, invited_by=KATO))
    made.play(sv.SupervisorAnswered(session(made, CHIEF).id))
    assert ["held", "unheld", "held"] == held(made)


# --- after a restart ---------------------------------------------------------------------------------------


def recovered(mode: Mode, *, holds: bool, by: AgentName | None = SATO) -> sv.SupervisionRecovered:
    return sv.SupervisionRecovered(sv.SupervisionId("sv-9"), CALL, KATO, mode, session_leg(), by, holds)


def test_a_new_controller_goes_on_with_a_consultation_and_sees_to_the_recording() -> None:
    made = stage().play(recovered(Mode.CONSULT, holds=True))
    assert ([], [PauseRecording]) == (held(made), recording(made)), "the journal has the hold already"
    made.play(sv.SupervisorLeft(session(made).id))
    assert (["unheld"], [PauseRecording, ResumeRecording]) == (held(made), recording(made))


def test_a_new_controller_writes_down_a_consultation_that_the_journal_lost() -> None:
    made = stage().play(recovered(Mode.CONSULT, holds=False, by=None))
    over(made.play(sv.SupervisorLeft(session(made).id)))


def test_a_new_controller_asks_the_operator_for_whom_somebody_is_there() -> None:
    """The journal lost who asked; only an operator can have."""
    made = stage().play(recovered(Mode.CONSULT, holds=False, by=None))
    assert SATO == session(made).invited_by


@pytest.mark.parametrize("mode", [Mode.WHISPER, Mode.BARGE])
def test_a_controller_that_died_over_the_end_of_a_consultation_is_followed_by_one_that_ends_it(
    mode: Mode,
) -> None:
    made = stage().play(recovered(mode, holds=True))
    assert (["unheld"], [ResumeRecording]) == (held(made), recording(made))


def test_a_controller_that_died_over_a_handover_is_followed_by_one_that_completes_it() -> None:
    made = stage().play(recovered(Mode.TAKEOVER, holds=True))
    (order,) = made.of(TakeOver)
    assert [] == held(made)
    made.play(order.done)
    assert (["unheld"], "kato") == (held(made), made.call("c1").agent)


def test_who_was_consulted_hung_up_while_no_controller_lived() -> None:
    """Asterisk has let the caller go; the recording is still silent."""
    gone = sv.HoldOutlived(CALL, sv.SupervisionId("sv-9"))
    made = stage().play(gone)
    assert (["unheld"], [ResumeRecording]) == (held(made), recording(made))
    assert [] == made.play(ev.CallerLeft(CALL, 16)).play(gone).said, "the call has ended, too"


def test_a_leg_that_nobody_can_answer_for_is_let_go_and_the_caller_recorded_again() -> None:
    made = stage()
    event = sv.SupervisionRecovered(
        sv.SupervisionId("sv-9"), CALL, AgentName("x"), Mode.CONSULT, session_leg(), SATO, holds=True
    )
    assert [event.leg] == [order.leg for order in made.play(event).of(HangUp)]
    assert (["unheld"], [ResumeRecording]) == (held(made), recording(made))
