"""Caller and operator talk: hold, recording, and who hangs up (R2, R14)."""

from telephony.model.call import Call, OfferInFlight, Verdict
from telephony.model.duty import begin_after_call
from telephony.model.ending import close_book, end, verdict_of_leaving
from telephony.model.events import (
    CallerLeft,
    CallTimerFired,
    HangupRequested,
    HoldChanged,
    OfferReturned,
    RecordingPaused,
    RecordingResumed,
    Timer,
)
from telephony.model.facts import EndedBy, Outcome
from telephony.model.floor import Floor
from telephony.model.ids import Instant
from telephony.model.recording import record_as_wanted, recording_file
from telephony.model.states import AgentState, CallState


def begin_talk(floor: Floor, call: Call, offer: OfferInFlight) -> None:
    """Both legs are bridged."""
    operator = floor.roster[offer.agent]
    since = floor.now if call.waiting_since is None else call.waiting_since
    call.agent, call.talking_since, call.served, call.transfer = offer.agent, floor.now, True, None
    _learn(floor, call, since)
    operator.missed, operator.call = 0, call.id
    floor.set_agent(operator, AgentState.TALKING)
    floor.note(
        call,
        "call.connected",
        offer=offer.id,
        agent=offer.agent,
        queue=call.queue,
        waited_s=round(floor.now - since, 3),
    )
    if floor.plan.recording.enabled and call.recorded:
        floor.note(call, "recording.started", file=recording_file(floor, call))
    floor.move(call, CallState.TALKING)
    floor.arm(call, Timer.TALK, floor.plan.calling.max_talk_s)


def _learn(floor: Floor, call: Call, since: Instant) -> None:
    """Let the pace of the line learn from a wait that is over."""
    floor.pace.waited(floor.now - since, gave_up=False)
    if call.forecast is not None:
        at, reckoned = call.forecast
        floor.pace.came_true(reckoned, floor.now - at)


def finish_talk(floor: Floor, call: Call) -> None:
    """The conversation is over: after-call work begins, whoever hung up."""
    finish_operators_part(floor, call)
    operator = floor.operator(call.agent)
    if operator is not None:
        begin_after_call(floor, operator)


def finish_operators_part(floor: Floor, call: Call) -> None:
    """The operator talks no more with this caller: write it down, and count it as work."""
    operator = floor.operator(call.agent)
    since = floor.now if call.talking_since is None else call.talking_since
    talked = floor.now - since
    floor.note(call, "call.talk_ended", agent=call.agent, talked_s=round(talked, 3))
    if operator is not None:
        floor.loads.worked(operator.name, talked)
        if call.queue is not None:
            floor.loads.served(operator.name, call.queue, floor.now)


def on_back_after_talk(floor: Floor, call: Call, event: OfferReturned) -> None:
    """The operator is gone and the caller is back with us, because we took the operator's leg: let go."""
    del event
    verdict = call.verdict or Verdict(Outcome.ANSWERED, EndedBy.AGENT)
    end(floor, call, verdict)
    finish_talk(floor, call)


def on_caller_hung_up(floor: Floor, call: Call, event: CallerLeft) -> None:
    """The conversation is over in Asterisk; the event says whether the operator hung up first."""
    verdict = call.verdict or verdict_of_talk(call, event)
    finish_talk(floor, call)
    close_book(floor, call, verdict)


def verdict_of_talk(call: Call, event: CallerLeft) -> Verdict:
    """Return who ended a conversation that nobody of ours was asked to end."""
    if event.served is not None and event.served == call.last_offer:
        return Verdict(Outcome.ANSWERED, EndedBy.AGENT)
    return verdict_of_leaving(event, Outcome.ANSWERED)


def on_hangup_requested(floor: Floor, call: Call, event: HangupRequested) -> None:
    """The operator or a supervisor ends the conversation from the screen."""
    end(floor, call, Verdict(Outcome.ANSWERED, EndedBy(event.by)))
    finish_talk(floor, call)


def on_talked_too_long(floor: Floor, call: Call, event: CallTimerFired) -> None:
    """Nobody talks for hours: a leg was forgotten somewhere."""
    del event
    end(floor, call, Verdict(Outcome.ANSWERED, EndedBy.SYSTEM, "longer than the longest call allowed"))
    finish_talk(floor, call)


def on_hold_changed(floor: Floor, call: Call, event: HoldChanged) -> None:
    """The operator put the caller on hold, or took them back."""
    floor.note(call, "call.held" if event.held else "call.unheld")


def on_recording_paused(floor: Floor, call: Call, event: RecordingPaused) -> None:
    """Keep what is said next (a My Number) out of the recording."""
    del event
    if floor.plan.recording.enabled and call.recorded and not call.recording_paused:
        call.recording_paused = True
        record_as_wanted(floor, call)
        floor.note(call, "recording.paused")
        floor.move(call, CallState.TALKING)


def on_recording_resumed(floor: Floor, call: Call, event: RecordingResumed) -> None:
    """Record again; what is said while the caller is on hold stays out of it."""
    del event
    if call.recording_paused:
        call.recording_paused = False
        record_as_wanted(floor, call)
        floor.note(call, "recording.resumed")
        floor.move(call, CallState.TALKING)
