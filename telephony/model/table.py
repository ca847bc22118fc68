"""The table: which event may happen in which state, what then happens, and where that may lead.

This is the theory of the model on one page. A live call is greeted, chooses in a menu, waits, is offered
to an operator, talks, and ends; who would have to wait may listen to guidance (and keep the place), leave a
message or book by keypad instead; from every state the caller may leave. Outside hours a call ends at once
(or after self-service) at the door or on the way into a line that is closed. Who asks for a callback (ASKING)
still waits, and is offered out of the dialogue; outside hours it stands in no line. A callback is a call of
its own: it is promised, an operator is summoned for it, the citizen is called, both talk, and it ends; or it
is promised again. An outreach call begins at the phone of the operator who dials it (DIALLING); then the
target is rung, both talk, and it ends. `Centre.handle` looks the event up here before anything changes. An
event without a row is an `IllegalEvent`.

`CallArrived` for a call that the model knows means that it fell out of our hands (no controller was connected
when ``Dial()`` came back) and the dialplan has brought it in again.

A row is (handler, states that may follow). `GONE` means that the call has left the model.
"""

from collections.abc import Callable, Mapping
from typing import Any

from telephony.model import (
    arrival,
    callbacks,
    calling_back,
    choosing,
    ending,
    guidance,
    menu,
    message,
    offering,
    people,
    promised,
    self_answers,
    self_service,
    summoning,
    taking_out,
    talking,
    waiting,
)
from telephony.model import events as ev
from telephony.model.outreach import beginning as outreach
from telephony.model.outreach import reaching
from telephony.model.states import AgentState, CallState
from telephony.model.transferring import beginning, outside, unseen
from telephony.model.transferring.events import CallerTransferred, TransferRequested

GONE = None
Row = tuple[Callable[..., None], frozenset[CallState | None]]
AgentRow = Callable[..., None]


def _row(handler: Callable[..., None], *states: CallState | None) -> Row:
    return handler, frozenset(states)


_G, _M, _W, _H, _V, _Z, _O, _T, _E = (
    CallState.GREETING,
    CallState.MENU,
    CallState.WAITING,
    CallState.GUIDANCE,
    CallState.MESSAGE,
    CallState.SELF_SERVICE,
    CallState.OFFERED,
    CallState.TALKING,
    CallState.ENDING,
)
_K, _P, _S, _C, _F = (
    CallState.ASKING,
    CallState.PROMISED,
    CallState.SUMMONING,
    CallState.CALLING,
    CallState.RELEASING,
)

_I, _J = CallState.DIALLING, CallState.REACHING
_Q, _D, _X = CallState.PARTING, CallState.REFERRING, CallState.REFERRED
_SENT = (_W, _Z, _O, _D, _E)
"""Where a caller may be who was taken from an operator."""


def _nothing(state: CallState, *events: type[ev.CallEvent]) -> dict[type[ev.CallEvent], Row]:
    return dict.fromkeys(events, _row(ending.on_nothing, state))


_RINGING = (ev.OfferDialled, ev.OfferRang, ev.OfferAnswered)
"""What ``Dial()`` tells of a phone; it may come when nobody waits for it any more."""

_OUT: Mapping[type[ev.CallEvent], Row] = {
    ev.GiveRequested: _row(taking_out.on_give_requested, _O),
    ev.RemoveRequested: _row(taking_out.on_remove_requested, _E),
}

CALLS: Mapping[CallState, Mapping[type[ev.CallEvent], Row]] = {
    _G: {
        ev.PlaybackEnded: _row(arrival.on_greeted, _M, _H, _W, _K, _O, _Z, _E),
        ev.CallTimerFired: _row(arrival.on_greeted, _M, _H, _W, _K, _O, _Z, _E),
        ev.CallArrived: _row(arrival.on_greeted, _M, _H, _W, _K, _O, _Z, _E),
        ev.KeyPressed: _row(arrival.on_key_too_early, _G),
        ev.CallerRemembered: _row(waiting.on_remembered, _G),
        ev.HangupRequested: _row(ending.on_hangup_requested, _E),
        ev.CommandRefused: _row(ending.on_command_refused, _G, _E),
        ev.CallerLeft: _row(ending.on_left_before_operator, GONE),
    },
    _M: {
        ev.PlaybackEnded: _row(menu.on_question_put, _M),
        ev.CallTimerFired: _row(menu.on_no_key, _M, _W, _K, _O, _Z, _E),
        ev.CallArrived: _row(menu.on_entered_again, _M),
        ev.KeyPressed: _row(menu.on_key, _M, _H, _W, _K, _O, _Z, _E),
        ev.CallerRemembered: _row(waiting.on_remembered, _M),
        ev.HangupRequested: _row(ending.on_hangup_requested, _E),
        ev.CommandRefused: _row(ending.on_command_refused, _M, _E),
        ev.CallerLeft: _row(ending.on_left_before_operator, GONE),
    },
    _W: {
        ev.PlaybackEnded: _row(waiting.on_announced, _W),
        ev.CallTimerFired: _row(waiting.on_due, _W, _O, _E),
        ev.CallArrived: _row(waiting.on_entered_again, _W, _O),
        ev.KeyPressed: _row(choosing.on_key, _W, _H, _V, _K, _Z),
        ev.MoveRequested: _row(waiting.on_move_requested, _W, _O),
        **_OUT,
        ev.CallerRemembered: _row(waiting.on_remembered, _W),
        ev.HangupRequested: _row(ending.on_hangup_requested, _E),
        ev.CommandRefused: _row(waiting.on_refused, _W, _E),
        ev.CallerLeft: _row(ending.on_left_before_operator, GONE),
        **_nothing(_W, CallerTransferred),
        **_nothing(_W, *_RINGING, ev.OfferReturned, ev.HoldChanged, ev.MessageRecorded),
    },
    _H: {
        ev.PlaybackEnded: _row(guidance.on_heard, _H),
        ev.CallTimerFired: _row(guidance.on_due, _H, _W, _O, _E),
        ev.CallArrived: _row(guidance.on_entered_again, _H, _W, _O),
        ev.KeyPressed: _row(guidance.on_key, _H, _M, _W, _K, _O, _Z, _E),
        ev.MoveRequested: _row(waiting.on_move_requested, _H, _W, _O),
        **_OUT,
        ev.CallerRemembered: _row(waiting.on_remembered, _H),
        ev.HangupRequested: _row(ending.on_hangup_requested, _E),
        ev.CommandRefused: _row(ending.on_command_refused, _H, _E),
        ev.CallerLeft: _row(guidance.on_left, GONE),
        **_nothing(_H, CallerTransferred),
        **_nothing(_H, *_RINGING, ev.OfferReturned, ev.HoldChanged, ev.MessageRecorded),
    },
    _V: {
        ev.PlaybackEnded: _row(message.on_heard, _V),
        ev.CallTimerFired: _row(message.on_due, _V, _W, _O, _E),
        ev.CallArrived: _row(message.on_entered_again, _W, _O, _E),
        ev.KeyPressed: _row(message.on_key, _V, _W, _O, _E),
        ev.MessageRecorded: _row(message.on_recorded, _V, _W, _O),
        ev.CallerRemembered: _row(waiting.on_remembered, _V),
        ev.HangupRequested: _row(message.on_hangup_requested, _E),
        ev.CommandRefused: _row(message.on_refused, _V, _W, _O),
        ev.CallerLeft: _row(message.on_left, GONE),
        **_nothing(_V, CallerTransferred),
        **_nothing(_V, *_RINGING, ev.OfferReturned, ev.HoldChanged),
    },
    _Z: {
        ev.PlaybackEnded: _row(self_service.on_heard, _Z),
        ev.KeyPressed: _row(self_service.on_key, _Z, _W, _K, _O, _E),
        ev.CallTimerFired: _row(self_service.on_due, _Z, _W, _K, _O, _E),
        ev.BookingAnswered: _row(self_answers.on_answer, _Z, _W, _K, _O, _E),
        ev.CallArrived: _row(self_service.on_entered_again, _Z),
        ev.CallerRemembered: _row(waiting.on_remembered, _Z),
        ev.HangupRequested: _row(self_service.on_hangup_requested, _E),
        ev.CommandRefused: _row(ending.on_command_refused, _Z, _E),
        ev.CallerLeft: _row(self_service.on_left, GONE),
        **_nothing(_Z, CallerTransferred),
        **_nothing(_Z, *_RINGING, ev.OfferReturned, ev.HoldChanged, ev.MessageRecorded),
    },
    _K: {
        ev.PlaybackEnded: _row(callbacks.on_asked, _K, _O),
        ev.KeyPressed: _row(callbacks.on_key, _K, _W, _O, _E),
        ev.CallTimerFired: _row(callbacks.on_no_key, _K, _W, _O, _E),
        ev.CallArrived: _row(callbacks.on_entered_again, _K),
        ev.MoveRequested: _row(waiting.on_move_requested, _W, _O),
        **_OUT,
        ev.CallerRemembered: _row(waiting.on_remembered, _K),
        ev.HangupRequested: _row(ending.on_hangup_requested, _E),
        ev.CommandRefused: _row(ending.on_command_refused, _K, _E),
        ev.CallerLeft: _row(ending.on_left_before_operator, GONE),
        **_nothing(_K, CallerTransferred),
        **_nothing(_K, *_RINGING, ev.OfferReturned, ev.HoldChanged, ev.MessageRecorded),
    },
    _O: {
        ev.OfferDialled: _row(offering.on_dialled, _O),
        ev.OfferRang: _row(offering.on_rang, _O),
        ev.OfferAnswered: _row(offering.on_answered, _T, _O),
        ev.OfferReturned: _row(offering.on_returned, _W, _Z, _O, _E),
        ev.CallArrived: _row(offering.on_entered_again, _W, _Z, _O, _E),
        ev.CommandRefused: _row(offering.on_refused_by_asterisk, _W, _Z, _O, _T, _E),
        CallerTransferred: _row(unseen.on_transferred_unseen, *_SENT),
        ev.CallTimerFired: _row(offering.on_ring_overdue, _O),
        ev.CallerRemembered: _row(waiting.on_remembered, _O),
        ev.HangupRequested: _row(offering.on_hangup_while_ringing, _E),
        ev.CallerLeft: _row(offering.on_left_while_ringing, GONE),
        **_nothing(_O, ev.KeyPressed, ev.HoldChanged, ev.MessageRecorded),
    },
    _T: {
        TransferRequested: _row(beginning.on_requested, _Q),
        CallerTransferred: _row(beginning.on_sent_by_phone, *_SENT),
        ev.OfferReturned: _row(talking.on_back_after_talk, _E),
        ev.HoldChanged: _row(talking.on_hold_changed, _T),
        ev.RecordingPaused: _row(talking.on_recording_paused, _T),
        ev.RecordingResumed: _row(talking.on_recording_resumed, _T),
        ev.CallTimerFired: _row(talking.on_talked_too_long, _E),
        ev.HangupRequested: _row(talking.on_hangup_requested, _E),
        ev.CallerLeft: _row(talking.on_caller_hung_up, GONE),
        ev.CitizenReturned: _row(calling_back.on_citizen_hung_up, _E),
        ev.OperatorLeft: _row(calling_back.on_operator_hung_up, GONE),
        ev.MachineHeard: _row(calling_back.on_machine, _F),
        **_nothing(_T, ev.CitizenRang, ev.CitizenAnswered),
        **_nothing(_T, ev.KeyPressed, *_RINGING, ev.CallerRemembered),
        **_nothing(_T, ev.CommandRefused, ev.CallArrived, ev.CallRecovered, ev.MessageRecorded),
    },
    _Q: {
        CallerTransferred: _row(beginning.on_taken, *_SENT),
        ev.OfferReturned: _row(beginning.on_operator_gone, *_SENT),
        ev.CommandRefused: _row(beginning.on_not_taken, _T),
        ev.CallTimerFired: _row(beginning.on_not_taken, _T),
        ev.HoldChanged: _row(talking.on_hold_changed, _Q),
        ev.HangupRequested: _row(talking.on_hangup_requested, _E),
        ev.CallerLeft: _row(talking.on_caller_hung_up, GONE),
        **_nothing(_Q, ev.KeyPressed, *_RINGING, ev.CallerRemembered),
        **_nothing(_Q, ev.CallArrived, ev.CallRecovered, ev.MessageRecorded),
    },
    _D: {
        ev.OfferRang: _row(outside.on_rang, _D),
        ev.OfferAnswered: _row(outside.on_answered, _X),
        ev.OfferReturned: _row(outside.on_returned, *_SENT),
        ev.CallArrived: _row(outside.on_entered_again, *_SENT),
        ev.CommandRefused: _row(outside.on_not_called, *_SENT),
        ev.CallTimerFired: _row(outside.on_ring_overdue, _D),
        ev.HangupRequested: _row(outside.on_hangup_requested, _E),
        ev.CallerLeft: _row(outside.on_left, GONE),
        **_nothing(
            _D, ev.OfferDialled, ev.KeyPressed, ev.HoldChanged, ev.CallerRemembered, ev.MessageRecorded
        ),
    },
    _X: {
        ev.OfferReturned: _row(outside.on_back, _E),
        ev.CallTimerFired: _row(outside.on_talked_too_long, _E),
        ev.HangupRequested: _row(outside.on_hangup_requested, _E),
        ev.CallerLeft: _row(outside.on_left, GONE),
        **_nothing(_X, ev.KeyPressed, *_RINGING, ev.HoldChanged, ev.CallerRemembered),
        **_nothing(_X, ev.CommandRefused, ev.CallArrived, ev.MessageRecorded),
    },
    _E: {
        ev.PlaybackEnded: _row(ending.on_last_words_said, _E),
        ev.CallTimerFired: _row(ending.on_last_words_said, _E),
        ev.CallArrived: _row(ending.on_last_words_said, _E),
        ev.CallerLeft: _row(ending.on_left_at_the_end, GONE),
        ev.OperatorLeft: _row(calling_back.on_left_at_the_end, GONE),
        **_nothing(_E, ev.CitizenRang, ev.CitizenAnswered, ev.CitizenReturned),
        **_nothing(_E, ev.KeyPressed, *_RINGING, ev.OfferReturned),
        **_nothing(_E, ev.HoldChanged, ev.CallerRemembered, ev.CommandRefused, ev.HangupRequested),
        **_nothing(_E, ev.MessageRecorded, CallerTransferred),
    },
    # A callback. Late news of a leg that was let go means nothing: it was hung up, and its offer is over.
    _P: {
        ev.CallTimerFired: _row(promised.on_due, _P, _S),
        ev.MoveRequested: _row(promised.on_move_requested, _P, _S),
        ev.GiveRequested: _row(taking_out.on_give_requested, _S),
        ev.CancelRequested: _row(promised.on_cancel_requested, GONE),
        ev.HangupRequested: _row(promised.on_cancel_requested, GONE),
        **_nothing(_P, ev.OfferRang, ev.OfferAnswered, ev.OperatorLeft, ev.CommandRefused, ev.HoldChanged),
        **_nothing(_P, ev.CitizenRang, ev.CitizenAnswered, ev.CitizenReturned),
    },
    _S: {
        ev.OfferRang: _row(summoning.on_operator_rang, _S),
        ev.OfferAnswered: _row(summoning.on_operator_answered, _C, _S),
        ev.OperatorLeft: _row(summoning.on_operator_gone, _P, _S, GONE),
        ev.CallTimerFired: _row(summoning.on_ring_overdue, _P, _S, GONE),
        ev.CommandRefused: _row(summoning.on_refused_by_asterisk, _P, _S, GONE),
        ev.CancelRequested: _row(promised.on_cancel_requested, _S),
        ev.HangupRequested: _row(promised.on_cancel_requested, _S),
        **_nothing(_S, ev.HoldChanged),
    },
    _C: {
        ev.CitizenRang: _row(calling_back.on_citizen_rang, _C),
        ev.CitizenAnswered: _row(calling_back.on_citizen_answered, _T),
        ev.CitizenReturned: _row(calling_back.on_citizen_returned, _E, _F),
        ev.OperatorLeft: _row(calling_back.on_operator_left_early, _P, _S, GONE),
        ev.CallTimerFired: _row(calling_back.on_call_overdue, _F),
        ev.CommandRefused: _row(calling_back.on_call_refused, _C, _F),
        ev.CancelRequested: _row(promised.on_cancel_requested, _F),
        ev.HangupRequested: _row(calling_back.on_hung_up_early, _F),
        **_nothing(_C, ev.OfferRang, ev.OfferAnswered, ev.HoldChanged),
    },
    _F: {
        ev.OperatorLeft: _row(calling_back.on_released, _P, _S, GONE),
        ev.CallTimerFired: _row(calling_back.on_release_overdue, _P, _S, GONE),
        ev.CancelRequested: _row(promised.on_cancel_requested, _F),
        **_nothing(_F, ev.HangupRequested),
        **_nothing(_F, ev.CitizenRang, ev.CitizenAnswered, ev.CitizenReturned, ev.CommandRefused),
        **_nothing(_F, ev.HoldChanged),
    },
    # An outreach call.
    _I: {
        ev.OfferRang: _row(outreach.on_operator_rang, _I),
        ev.OfferAnswered: _row(outreach.on_operator_answered, _J, _I),
        ev.OperatorLeft: _row(outreach.on_operator_gone, GONE),
        ev.CallTimerFired: _row(outreach.on_ring_overdue, _I, GONE),
        ev.CommandRefused: _row(outreach.on_refused, _I, GONE),
        ev.HangupRequested: _row(outreach.on_hangup_requested, _I),
        **_nothing(_I, ev.HoldChanged),
    },
    _J: {
        ev.CitizenRang: _row(reaching.on_target_rang, _J),
        ev.CitizenAnswered: _row(reaching.on_target_answered, _T),
        ev.CitizenReturned: _row(reaching.on_target_returned, _E),
        ev.OperatorLeft: _row(reaching.on_operator_left_early, GONE),
        ev.CallTimerFired: _row(reaching.on_ring_overdue, _E),
        ev.CommandRefused: _row(reaching.on_refused, _J, _E),
        ev.HangupRequested: _row(reaching.on_hung_up_early, _E),
        **_nothing(_J, ev.OfferRang, ev.OfferAnswered, ev.HoldChanged),
    },
}

_L, _R, _A, _B, _N = (
    AgentState.LOGGED_OUT,
    AgentState.READY,
    AgentState.AFTER_CALL,
    AgentState.PAUSED,
    AgentState.NOT_RESPONDING,
)

_ALWAYS: Mapping[type[ev.AgentEvent], AgentRow] = {
    ev.PhoneChanged: people.on_phone_changed,
    ev.Disposed: people.on_disposed,
}

AGENTS: Mapping[AgentState, Mapping[type[ev.AgentEvent], AgentRow]] = {
    _L: {
        **_ALWAYS,
        ev.AgentReadied: people.on_signed_in,
        ev.AgentPaused: people.on_paused,
        ev.AgentLoggedOut: people.on_nothing,
    },
    _R: {
        **_ALWAYS,
        ev.AgentReadied: people.on_nothing,
        ev.AgentPaused: people.on_paused,
        ev.AgentLoggedOut: people.on_logged_out,
    },
    AgentState.OFFERED: {
        **_ALWAYS,
        ev.AgentReadied: people.on_stay,
        ev.AgentPaused: people.on_pause_later,
        ev.AgentLoggedOut: people.on_log_out_later,
        ev.AfterCallRequested: people.on_after_call_wanted,
        ev.OfferRejected: people.on_rejected,
    },
    AgentState.TALKING: {
        **_ALWAYS,
        ev.AgentReadied: people.on_stay,
        ev.AgentPaused: people.on_pause_later,
        ev.AgentLoggedOut: people.on_log_out_later,
        ev.AfterCallRequested: people.on_after_call_wanted,
    },
    _A: {
        **_ALWAYS,
        ev.AgentReadied: people.on_ready_after_call,
        ev.AgentPaused: people.on_paused,
        ev.AgentLoggedOut: people.on_logged_out,
        ev.AfterCallRequested: people.on_more_after_call,
        ev.AgentTimerFired: people.on_after_call_over,
    },
    _B: {
        **_ALWAYS,
        ev.AgentReadied: people.on_back,
        ev.AgentPaused: people.on_paused,
        ev.AgentLoggedOut: people.on_logged_out,
    },
    _N: {
        **_ALWAYS,
        ev.AgentReadied: people.on_back,
        ev.AgentPaused: people.on_paused,
        ev.AgentLoggedOut: people.on_logged_out,
    },
}
"""What operators and their phones may do in each state."""


_WISHES: Mapping[type[ev.Event], str] = {
    ev.MoveRequested: "moved",
    ev.GiveRequested: "given to an operator",
    ev.RemoveRequested: "taken out of the line",
}


def describe(event: Any, state: CallState | AgentState) -> str:
    """Return one sentence for an event without a row; to a person it says what would be possible."""
    wish = _WISHES.get(type(event))
    if wish is not None:
        return f"Call {event.call} does not wait ({state.value}); only a call that waits can be {wish}."
    return f"{type(event).__name__} is not possible in state {state.value}."
