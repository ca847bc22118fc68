"""The table: which event may happen in which state, what then happens, and where that may lead.

This is the theory of the model on one page. A live call is greeted, chooses in a menu, waits, is offered
to an operator, talks, and ends; who would have to wait may listen to guidance (and keep the place) or leave a
message instead; from every state the caller may leave. Outside hours a call ends at once, at the door or on
the way into a line that is closed. `Centre.handle` looks the event up here before anything changes. An event
without a row is an `IllegalEvent`.

`CallArrived` for a call that the model knows means that it fell out of our hands (no controller was connected
when ``Dial()`` came back) and the dialplan has brought it in again.

A row is (handler, states that may follow). `GONE` means that the call has left the model.
"""

from collections.abc import Callable, Mapping
from typing import Any

from telephony.model import (
    arrival,
    choosing,
    ending,
    guidance,
    menu,
    message,
    offering,
    people,
    talking,
    waiting,
)
from telephony.model import events as ev
from telephony.model.states import AgentState, CallState

GONE = None
Row = tuple[Callable[..., None], frozenset[CallState | None]]
AgentRow = Callable[..., None]


def _row(handler: Callable[..., None], *states: CallState | None) -> Row:
    return handler, frozenset(states)


_G, _M, _W, _H, _V, _O, _T, _E = (
    CallState.GREETING,
    CallState.MENU,
    CallState.WAITING,
    CallState.GUIDANCE,
    CallState.MESSAGE,
    CallState.OFFERED,
    CallState.TALKING,
    CallState.ENDING,
)


def _nothing(state: CallState, *events: type[ev.CallEvent]) -> dict[type[ev.CallEvent], Row]:
    return dict.fromkeys(events, _row(ending.on_nothing, state))


CALLS: Mapping[CallState, Mapping[type[ev.CallEvent], Row]] = {
    _G: {
        ev.PlaybackEnded: _row(arrival.on_greeted, _M, _H, _W, _O, _E),
        ev.CallTimerFired: _row(arrival.on_greeted, _M, _H, _W, _O, _E),
        ev.CallArrived: _row(arrival.on_greeted, _M, _H, _W, _O, _E),
        ev.KeyPressed: _row(arrival.on_key_too_early, _G),
        ev.CallerRemembered: _row(waiting.on_remembered, _G),
        ev.HangupRequested: _row(ending.on_hangup_requested, _E),
        ev.CommandRefused: _row(ending.on_command_refused, _G, _E),
        ev.CallerLeft: _row(ending.on_left_before_operator, GONE),
    },
    _M: {
        ev.PlaybackEnded: _row(menu.on_question_put, _M),
        ev.CallTimerFired: _row(menu.on_no_key, _M, _W, _O, _E),
        ev.CallArrived: _row(menu.on_entered_again, _M),
        ev.KeyPressed: _row(menu.on_key, _M, _H, _W, _O, _E),
        ev.CallerRemembered: _row(waiting.on_remembered, _M),
        ev.HangupRequested: _row(ending.on_hangup_requested, _E),
        ev.CommandRefused: _row(ending.on_command_refused, _M, _E),
        ev.CallerLeft: _row(ending.on_left_before_operator, GONE),
    },
    _W: {
        ev.PlaybackEnded: _row(waiting.on_announced, _W),
        ev.CallTimerFired: _row(waiting.on_due, _W, _O, _E),
        ev.CallArrived: _row(waiting.on_entered_again, _W, _O),
        ev.KeyPressed: _row(choosing.on_key, _W, _H, _V),
        ev.MoveRequested: _row(waiting.on_move_requested, _W, _O),
        ev.CallerRemembered: _row(waiting.on_remembered, _W),
        ev.HangupRequested: _row(ending.on_hangup_requested, _E),
        ev.CommandRefused: _row(waiting.on_refused, _W, _E),
        ev.CallerLeft: _row(ending.on_left_before_operator, GONE),
        **_nothing(_W, ev.OfferRang, ev.OfferAnswered, ev.OfferReturned, ev.HoldChanged, ev.MessageRecorded),
    },
    _H: {
        ev.PlaybackEnded: _row(guidance.on_heard, _H),
        ev.CallTimerFired: _row(guidance.on_due, _H, _W, _O, _E),
        ev.CallArrived: _row(guidance.on_entered_again, _H, _W, _O),
        ev.KeyPressed: _row(guidance.on_key, _H, _M, _W, _O),
        ev.MoveRequested: _row(waiting.on_move_requested, _W, _O),
        ev.CallerRemembered: _row(waiting.on_remembered, _H),
        ev.HangupRequested: _row(ending.on_hangup_requested, _E),
        ev.CommandRefused: _row(ending.on_command_refused, _H, _E),
        ev.CallerLeft: _row(guidance.on_left, GONE),
        **_nothing(_H, ev.OfferRang, ev.OfferAnswered, ev.OfferReturned, ev.HoldChanged, ev.MessageRecorded),
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
        **_nothing(_V, ev.OfferRang, ev.OfferAnswered, ev.OfferReturned, ev.HoldChanged),
    },
    _O: {
        ev.OfferRang: _row(offering.on_rang, _O),
        ev.OfferAnswered: _row(offering.on_answered, _T, _O),
        ev.OfferReturned: _row(offering.on_returned, _W, _O, _E),
        ev.CallArrived: _row(offering.on_entered_again, _W, _O),
        ev.CommandRefused: _row(offering.on_refused_by_asterisk, _W, _O, _T),
        ev.CallTimerFired: _row(offering.on_ring_overdue, _O),
        ev.CallerRemembered: _row(waiting.on_remembered, _O),
        ev.HangupRequested: _row(offering.on_hangup_while_ringing, _E),
        ev.CallerLeft: _row(offering.on_left_while_ringing, GONE),
        **_nothing(_O, ev.KeyPressed, ev.HoldChanged, ev.MessageRecorded),
    },
    _T: {
        ev.OfferReturned: _row(talking.on_back_after_talk, _E),
        ev.HoldChanged: _row(talking.on_hold_changed, _T),
        ev.RecordingPaused: _row(talking.on_recording_paused, _T),
        ev.RecordingResumed: _row(talking.on_recording_resumed, _T),
        ev.CallTimerFired: _row(talking.on_talked_too_long, _E),
        ev.HangupRequested: _row(talking.on_hangup_requested, _E),
        ev.CallerLeft: _row(talking.on_caller_hung_up, GONE),
        **_nothing(_T, ev.KeyPressed, ev.OfferRang, ev.OfferAnswered, ev.CallerRemembered),
        **_nothing(_T, ev.CommandRefused, ev.CallArrived, ev.CallRecovered, ev.MessageRecorded),
    },
    _E: {
        ev.PlaybackEnded: _row(ending.on_last_words_said, _E),
        ev.CallTimerFired: _row(ending.on_last_words_said, _E),
        ev.CallArrived: _row(ending.on_last_words_said, _E),
        ev.CallerLeft: _row(ending.on_left_at_the_end, GONE),
        **_nothing(_E, ev.KeyPressed, ev.OfferRang, ev.OfferAnswered, ev.OfferReturned),
        **_nothing(_E, ev.HoldChanged, ev.CallerRemembered, ev.CommandRefused, ev.HangupRequested),
        **_nothing(_E, ev.MessageRecorded),
    },
}

_L, _R, _A, _P, _N = (
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
    _P: {
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


def describe(event: Any, state: CallState | AgentState) -> str:
    """Return one sentence for an event without a row."""
    return f"{type(event).__name__} is not possible in state {state.value}."
