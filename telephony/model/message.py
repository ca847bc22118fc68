"""The caller leaves a message: instructions, recording, then keep, hear, or say it again (R3).

Whoever begins a message steps out of the line, so that no operator rings in the middle of a sentence, and
comes back to the same place with ``*``. What was said is never lost: who hangs up has left it.
"""

from config.schema import OverflowKey
from telephony.model.call import Call, MessagePart, Verdict, VoiceMessage
from telephony.model.commands import DiscardMessage, RecordMessage, StopMessage
from telephony.model.ending import (
    abandonment,
    close_book,
    end,
    end_with_words,
    leave_line,
    verdict_of_leaving,
)
from telephony.model.events import (
    CallArrived,
    CallerLeft,
    CallTimerFired,
    CommandRefused,
    HangupRequested,
    KeyPressed,
    MessageRecorded,
    PlaybackEnded,
    Timer,
)
from telephony.model.facts import EndedBy, Outcome
from telephony.model.floor import Floor
from telephony.model.hearing import hush, say
from telephony.model.ids import Instant, QueueName
from telephony.model.recording import message_file, message_name
from telephony.model.states import CallState
from telephony.model.waiting import rejoin_line

KEEP_KEY, HEAR_KEY, AGAIN_KEY, BACK_KEY = "1", "2", "3", "*"
KEY_LIMIT_S = 8.0
TRIES = 2
"""So many silent recordings, or unanswered questions, are followed by a decision of ours."""

RECORDER_GRACE_S = 5.0
"""How long after its limit a recording may take to tell that it ended."""

SHORTEST_S = 1.0
"""In less than this nothing was said."""

ROUNDED_S = 2.0
"""Less than so many whole seconds may be none."""


def begin(floor: Floor, call: Call, key: OverflowKey) -> None:
    """Let somebody who waits leave a message."""
    del key
    leave_line(floor, call, "message")
    call.message = VoiceMessage(message_name(call))
    floor.move(call, CallState.MESSAGE)
    _instruct(floor, call, call.message)


def resume(floor: Floor, call: Call, began_at: Instant) -> None:
    """Take over a caller who was leaving a message when the controller died: what was said is reviewed."""
    call.message = VoiceMessage(message_name(call), MessagePart.RECORDING, began_at=began_at, stopped=True)
    floor.move(call, CallState.MESSAGE)
    floor.do(StopMessage(call.id, call.message.name))
    floor.arm(call, Timer.MESSAGE, RECORDER_GRACE_S)


def _instruct(floor: Floor, call: Call, message: VoiceMessage, *before: str) -> None:
    message.part = MessagePart.INSTRUCTIONS
    say(floor, call, (*before, "message-instructions", "beep"))
    floor.arm(call, Timer.MESSAGE, floor.plan.calling.greeting_limit_s)


def _record(floor: Floor, call: Call, message: VoiceMessage) -> None:
    limits = floor.plan.message
    message.part, message.began_at, message.seconds = MessagePart.RECORDING, floor.now, None
    message.stopped = False
    floor.note(call, "message.started", file=message_file(floor, call))
    floor.do(RecordMessage(call.id, message.name, limits.limit_s, limits.silence_s))
    floor.arm(call, Timer.MESSAGE, limits.limit_s + RECORDER_GRACE_S)


def _review(floor: Floor, call: Call, message: VoiceMessage, *, replay: bool = False) -> None:
    message.part = MessagePart.REVIEW
    say(floor, call, ("message-review",), recorded=message.name if replay else None)
    floor.arm(call, Timer.MESSAGE, floor.plan.calling.greeting_limit_s + floor.plan.message.limit_s)


def on_heard(floor: Floor, call: Call, event: PlaybackEnded) -> None:
    """The instructions ended: record. The question ended: wait for a key."""
    del event
    call.playback = None
    message = _message(call)
    if message.part is MessagePart.INSTRUCTIONS:
        _record(floor, call, message)
    else:
        floor.arm(call, Timer.MESSAGE, KEY_LIMIT_S)


def on_key(floor: Floor, call: Call, event: KeyPressed) -> None:
    """A key: begin now, stop recording, or what the review offers."""
    message = _message(call)
    if message.part is MessagePart.RECORDING:
        message.stopped = True
        floor.do(StopMessage(call.id, message.name))
        return
    hush(floor, call)
    if event.key == BACK_KEY:
        _give_up(floor, call, message)
    elif message.part is MessagePart.INSTRUCTIONS:
        _record(floor, call, message)
    elif event.key == AGAIN_KEY:
        _instruct(floor, call, message)
    elif event.key == KEEP_KEY:
        _keep_and_end(floor, call, message)
    else:
        _review(floor, call, message, replay=event.key == HEAR_KEY)


def on_recorded(floor: Floor, call: Call, event: MessageRecorded) -> None:
    """The recording ended: by key, by silence, at its limit."""
    message = _message(call)
    if message.part is not MessagePart.RECORDING:
        return
    if event.spoken_s >= SHORTEST_S and not _only_silence(floor, message, event):
        message.seconds = event.seconds
        _review(floor, call, message)
    else:
        _nothing_said(floor, call, message, "message-empty")


def _only_silence(floor: Floor, message: VoiceMessage, event: MessageRecorded) -> bool:
    """Whether a recording that silence ended holds nothing else.

    Asterisk counts whole seconds and takes 200 ms of the silence for sound (``app.c``): it calls one second
    spoken where nothing was said. How long the recording lasted tells it from a short word.
    """
    more_s = floor.now - (message.began_at or floor.now) - floor.plan.message.silence_s
    return event.spoken_s < ROUNDED_S and not message.stopped and 0 <= more_s < SHORTEST_S


def _nothing_said(floor: Floor, call: Call, message: VoiceMessage, why: str) -> None:
    message.tries += 1
    if message.tries < TRIES and why == "message-empty":
        _instruct(floor, call, message, why)
    else:
        _give_up(floor, call, message, why)


def _give_up(floor: Floor, call: Call, message: VoiceMessage, *why: str) -> None:
    """Back into the line, at the same place."""
    if message.began_at is not None:
        floor.note(call, "message.discarded")
        floor.do(DiscardMessage(call.id, message.name))
    call.message = None
    rejoin_line(floor, call, *why)


def on_due(floor: Floor, call: Call, event: CallTimerFired) -> None:
    """The instructions were lost on the way, the recorder is silent, or no key came: keep what was said."""
    del event
    message = _message(call)
    if message.part is MessagePart.INSTRUCTIONS:
        hush(floor, call)
        _record(floor, call, message)
    elif message.part is MessagePart.RECORDING:
        floor.do(StopMessage(call.id, message.name))
        message.seconds = min(floor.now - (message.began_at or floor.now), floor.plan.message.limit_s)
        _keep_and_end(floor, call, message)
    elif message.tries < TRIES:
        message.tries += 1
        _review(floor, call, message)
    else:
        _keep_and_end(floor, call, message)


def on_refused(floor: Floor, call: Call, event: CommandRefused) -> None:
    """Asterisk cannot record (a full disk): say so, and back into the line."""
    message = _message(call)
    if event.command == "RecordMessage" and message.part is MessagePart.RECORDING:
        message.began_at = None
        _nothing_said(floor, call, message, "message-failed")
    elif event.command == "Follow":
        call.follow_again = True


def on_entered_again(floor: Floor, call: Call, event: CallArrived) -> None:
    """The caller fell out of our hands and is back: what was said is kept."""
    del event
    call.playback, call.music = None, False
    message = _message(call)
    if _seconds(floor, message) is not None:
        _keep_and_end(floor, call, message)
    else:
        call.message = None
        rejoin_line(floor, call)


def on_left(floor: Floor, call: Call, event: CallerLeft) -> None:
    """The caller hung up: what was said is a message."""
    outcome = Outcome.MESSAGE_LEFT if _keep(floor, call, _message(call)) else abandonment(floor, call)
    close_book(floor, call, verdict_of_leaving(event, outcome))


def on_hangup_requested(floor: Floor, call: Call, event: HangupRequested) -> None:
    """Somebody of ours ends the call: what was said is a message."""
    outcome = Outcome.MESSAGE_LEFT if _keep(floor, call, _message(call)) else abandonment(floor, call)
    end(floor, call, Verdict(outcome, EndedBy(event.by), "hung up on request"))


def _keep_and_end(floor: Floor, call: Call, message: VoiceMessage) -> None:
    if _keep(floor, call, message):
        end_with_words(floor, call, Verdict(Outcome.MESSAGE_LEFT, EndedBy.SYSTEM), ["message-kept"])
    else:
        _give_up(floor, call, message, "message-empty")


def _keep(floor: Floor, call: Call, message: VoiceMessage) -> bool:
    """Make a case of what was said. Return whether there was something."""
    seconds = _seconds(floor, message)
    if seconds is None:
        return False
    file = message_file(floor, call)
    floor.note(call, "message.kept", file=file, seconds=round(seconds, 1))
    due = Instant(floor.now + floor.plan.message.due_s)
    case = message_case(call.caller, file, seconds, due_at=due, queue=call.queue)
    floor.note(call, "case.opened", **case)
    return True


def message_case(
    caller: str | None,
    file: str,
    seconds: float | None,
    *,
    due_at: Instant | None = None,
    queue: QueueName | None = None,
) -> dict[str, object]:
    """Return the fact that a voice message is to be heard; *seconds* are None when nobody saw its end."""
    lasts = None if seconds is None else round(seconds, 1)
    return {
        "case": "message",
        "caller": caller,
        "due_at": due_at,
        "summary": "伝言" if lasts is None else f"伝言 {lasts:.0f}秒",
        "details": {"file": file, "seconds": lasts, "queue": queue},
    }


def _seconds(floor: Floor, message: VoiceMessage) -> float | None:
    """Return how long the message is; None when nothing was said. Of one still being recorded: until now."""
    if message.seconds is not None:
        return message.seconds
    if message.part is not MessagePart.RECORDING or message.began_at is None:
        return None
    lasted = floor.now - message.began_at
    return lasted if lasted >= SHORTEST_S else None


def _message(call: Call) -> VoiceMessage:
    if call.message is None:
        raise RuntimeError(f"call {call.id} leaves no message")  # the table allows no such event
    return call.message
