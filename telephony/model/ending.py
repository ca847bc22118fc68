"""How a call ends: last words, the hang-up, and the one record of it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from telephony.model.call import Call, Verdict
from telephony.model.commands import CancelTimer, HangUp, ShowCall
from telephony.model.events import (
    UNSEEN,
    CallArrived,
    CallerLeft,
    CallTimerFired,
    CommandRefused,
    Event,
    HangupRequested,
    PlaybackEnded,
    Timer,
)
from telephony.model.facts import EndedBy, Outcome
from telephony.model.floor import Floor
from telephony.model.hearing import hush, say
from telephony.model.states import CallState

NORMAL_CLEARING = 16
UNALLOCATED_NUMBER = 1
UNSEEN_REASON = "the end was not seen; end time unknown"


def end(floor: Floor, call: Call, verdict: Verdict, cause: int = NORMAL_CLEARING) -> None:
    """Decide the outcome and hang up. The record is written when the leg is really gone."""
    decide(floor, call, verdict)
    floor.do(HangUp(call.id, cause, call.leg))


def end_with_words(  # noqa: PLR0913 - as for say()
    floor: Floor,
    call: Call,
    verdict: Verdict,
    prompts: Iterable[str],
    variables: Mapping[str, object] | None = None,
    *,
    promises: bool = False,
) -> None:
    """Decide the outcome, say *prompts* to their end, then hang up. *promises* as for ``say``."""
    decide(floor, call, verdict)
    say(floor, call, prompts, variables, promises=promises)
    floor.arm(call, Timer.CLOSING, floor.plan.calling.announcement_limit_s)


def decide(floor: Floor, call: Call, verdict: Verdict) -> None:
    """Decide the outcome; the caller's last words and the hang-up are still to come."""
    hush(floor, call)
    call.verdict = verdict
    floor.move(call, CallState.ENDING)
    floor.arm(call, Timer.CLOSING, floor.plan.calling.closing_limit_s)


def on_last_words_said(floor: Floor, call: Call, event: PlaybackEnded | CallTimerFired | CallArrived) -> None:
    """The last words ended, or the hang-up was lost: hang up (again)."""
    if isinstance(event, PlaybackEnded):
        call.playback = None
    hush(floor, call)
    floor.do(HangUp(call.id, NORMAL_CLEARING, call.leg))
    floor.arm(call, Timer.CLOSING, floor.plan.calling.closing_limit_s)


def on_left_before_operator(floor: Floor, call: Call, event: CallerLeft) -> None:
    """The caller hung up in greeting, menu or line."""
    leave_line(floor, call, "abandoned")
    close_book(floor, call, verdict_of_leaving(event, abandonment(floor, call)))


def verdict_of_leaving(event: CallerLeft, outcome: Outcome) -> Verdict:
    """Return *outcome* by the caller; or what can honestly be said of a leg whose end nobody saw."""
    if event.cause != UNSEEN:
        return Verdict(outcome, EndedBy.CALLER)
    seen = outcome if outcome is Outcome.ANSWERED else Outcome.FAILED
    return Verdict(seen, EndedBy.SYSTEM, UNSEEN_REASON)


def abandonment(floor: Floor, call: Call) -> Outcome:
    """Return whether a caller who is not served counts as abandoned or as one who left at once."""
    since = call.arrived_at if call.waiting_since is None else call.waiting_since
    short = floor.now - since < floor.plan.calling.short_abandon_s
    return Outcome.SHORT_ABANDONED if short else Outcome.ABANDONED


def leave_line(floor: Floor, call: Call, reason: str) -> None:
    """Take *call* out of the line, if it stands there."""
    if call.queue is not None and call.id in floor.line:
        floor.pace.waited(floor.now - (call.waiting_since or floor.now), gave_up=True)
        floor.line.leave(call.id)
        floor.note(call, "queue.left", queue=call.queue, reason=reason)
        floor.show_queue(call.queue)


def on_left_at_the_end(floor: Floor, call: Call, event: CallerLeft) -> None:
    """The leg is gone as decided; or the caller did not hear the last words to their end."""
    verdict = call.verdict or Verdict(Outcome.FAILED, EndedBy.SYSTEM, "no verdict")
    if call.playback is not None and event.cause != UNSEEN:
        verdict = replace(verdict, ended_by=EndedBy.CALLER)
    close_book(floor, call, verdict)


def close_book(floor: Floor, call: Call, verdict: Verdict) -> None:
    """Write the call's last fact and forget it."""
    if call.served and call.promise is None:
        verdict = replace(verdict, outcome=Outcome.ANSWERED)
    floor.note_at(
        verdict.at,
        call,
        "call.ended",
        outcome=verdict.outcome.value,
        ended_by=verdict.ended_by.value,
        reason=verdict.reason,
        queue=call.queue,
        recovered=call.recovered,
    )
    if not call.is_placed or (call.promise is not None and verdict.outcome is Outcome.ANSWERED):
        floor.redials.ended(call.caller, verdict.outcome, floor.now, floor.plan.calling.redial_window_s)
    del floor.calls[call.id]
    floor.do(CancelTimer(call.id), ShowCall(call.id))


def on_hangup_requested(floor: Floor, call: Call, event: HangupRequested) -> None:
    """Somebody of ours ends a call that no operator talks on."""
    leave_line(floor, call, "closed")
    end(floor, call, Verdict(abandonment(floor, call), EndedBy(event.by), "hung up on request"))


def on_command_refused(floor: Floor, call: Call, event: CommandRefused) -> None:
    """Asterisk refused. A call that cannot be answered has failed; anything else the timers mend.

    Nobody is sent away because Asterisk stood still: it is told to answer again after the greeting. To follow
    the call it is told again before the call leaves our hands: in them we hear of it anyway.
    """
    if event.command == "Follow":
        call.follow_again = True
    if event.command != "Answer":
        return
    if event.unsure:
        call.answer_again = True
    else:
        leave_line(floor, call, "closed")
        end(floor, call, Verdict(Outcome.FAILED, EndedBy.SYSTEM, event.reason))


def on_nothing(floor: Floor, call: Call, event: Event) -> None:
    """The event is possible here and means nothing."""
    del floor, call, event
