"""The line: what happens to a caller while nobody is free (R2, R3).

Every waiting call has one timer, set to the next thing that must happen to it: a tier opens, or the
announcement is due. So nobody in line can be forgotten.
What is announced, and the keys that go with it, come from the queue's overflow steps (``announcing``).
"""

import math
from collections.abc import Sequence

from config.schema.queues import Tier
from telephony.model.announcing import announce, present_step
from telephony.model.call import Call
from telephony.model.closed import leaves_line_at, sent_away, turned_away
from telephony.model.commands import ShowCall
from telephony.model.dialable import same_line
from telephony.model.ending import on_command_refused
from telephony.model.events import (
    CallArrived,
    CallerRemembered,
    CallTimerFired,
    CommandRefused,
    MoveRequested,
    PlaybackEnded,
    Timer,
)
from telephony.model.floor import Floor
from telephony.model.hearing import music, say_between_music
from telephony.model.ids import Instant, QueueName
from telephony.model.matching import serve_call
from telephony.model.overflow import next_by_time
from telephony.model.states import CallState

MUSIC_AGAIN_S = 1
"""From music that could not be started to the next try."""


def join_line(floor: Floor, call: Call, queue: QueueName, priority: float | None = None) -> None:
    """Stand in line for *queue*, and be served at once if somebody is free; unless the queue is closed."""
    settings = floor.queue(queue)
    if turned_away(floor, call, queue):
        return
    call.queue = queue
    call.priority = settings.priority if priority is None else priority
    call.waiting_since, call.tier = promised_since(floor, call), 0
    call.next_announcement = Instant(floor.now + settings.announce_first_s)
    enter_line(floor, call)
    if present_step(floor, call) is not None:
        call.next_announcement = floor.now
    wait_or_be_served(floor, call)


def enter_line(floor: Floor, call: Call) -> None:
    """Stand in line, and write it down."""
    call.step = None
    stand_in_line(floor, call)
    position = floor.line.position(call.id, floor.now)
    since = call.waiting_since
    floor.note(
        call, "queue.entered", queue=call.queue, priority=call.priority, position=position, since=since
    )


def rejoin_line(floor: Floor, call: Call, *first: str) -> None:
    """Come back to the old place after stepping out of the line; *first* says why."""
    enter_line(floor, call)
    floor.move(call, CallState.WAITING)
    open_due_tiers(floor, call)
    if not serve_call(floor, call):
        stay_in_line(floor, call, *first, "back-in-line")


def stay_in_line(floor: Floor, call: Call, *prompts: str) -> None:
    """Go on waiting where the caller stands, after a word about it."""
    soon = Instant(floor.now + floor.queue_of(call).announce_first_s)
    call.next_announcement = max(soon, call.next_announcement or soon)
    floor.move(call, CallState.WAITING)
    say_between_music(floor, call, prompts or ("back-in-line",))
    arm_wait(floor, call)


def promised_since(floor: Floor, call: Call) -> Instant:
    """Return since when *call* counts as waiting: with a callback here, since it was asked for."""
    known = floor.promises.get(same_line(call.caller) or "") if floor.promises else None
    promised = None if known is None else floor.calls[known]
    if promised is None or promised.queue != call.queue or promised.waiting_since is None:
        return floor.now
    return promised.waiting_since


def stand_in_line(floor: Floor, call: Call) -> None:
    """Take the place that priority and waiting time give; the same place as before after an offer."""
    queue = floor.queue_of(call)
    since = floor.now if call.waiting_since is None else call.waiting_since
    floor.line.join(
        call.id,
        QueueName(queue.name),
        since=since,
        priority=call.priority,
        slope=queue.slope,
        tier=call.tier,
    )
    floor.show_queue(QueueName(queue.name))


def wait_or_be_served(floor: Floor, call: Call) -> None:
    """Offer *call* to somebody who is free; else let it wait with music and a timer."""
    floor.move(call, CallState.WAITING)
    open_due_tiers(floor, call)
    if not serve_call(floor, call):
        music(floor, call)
        arm_wait(floor, call)


def tier_due(call: Call, tiers: Sequence[Tier]) -> Instant | None:
    """Return when the next tier opens for *call*; None when all are open.

    One place works it out: a timer set to an instant that the look at it rounds differently fires for ever.
    """
    if call.tier + 1 >= len(tiers) or call.waiting_since is None:
        return None
    return Instant(call.waiting_since + tiers[call.tier + 1].after_s)


def open_due_tiers(floor: Floor, call: Call) -> None:
    """Open every tier whose time has come for *call*."""
    tiers, before = floor.queue_of(call).tiers, call.tier
    while (due := tier_due(call, tiers)) is not None and floor.now >= due:
        call.tier += 1
        floor.line.open_tier(call.id, call.tier)
    if call.tier != before:
        floor.do(ShowCall(call.id))


def arm_wait(floor: Floor, call: Call) -> None:
    """Set the call's timer to whatever comes next."""
    due = [floor.now if call.next_announcement is None else call.next_announcement]
    opens = tier_due(call, floor.queue_of(call).tiers)
    if opens is not None:
        due.append(opens)
    if call.waiting_since is not None:
        due += filter(None, [next_by_time(floor.queue_of(call).overflow, call.waiting_since, floor.now)])
    soonest = max(0.0, min(due) - floor.now)
    closing = leaves_line_at(floor, call, within_s=soonest)
    floor.arm(call, Timer.WAIT, soonest if closing is None else closing - floor.now)


def on_due(floor: Floor, call: Call, event: CallTimerFired) -> None:
    """A tier or the next overflow step comes into force, it is time to speak, or the hours are over."""
    del event
    if sent_away(floor, call):
        return
    open_due_tiers(floor, call)
    if _should_announce(floor, call):
        _forgive_if_nobody_is_left(floor, call)
        call.next_announcement = Instant(floor.now + floor.queue_of(call).announce_every_s)
        if serve_call(floor, call):
            return
        announce(floor, call)
    elif serve_call(floor, call):
        return
    music(floor, call)
    arm_wait(floor, call)


def _forgive_if_nobody_is_left(floor: Floor, call: Call) -> None:
    """Who did not answer is not offered the same call again, unless everybody ready refused it.

    Otherwise a call that all of them missed once would wait for ever.
    """
    ready = [operator.name for operator in floor.roster if operator.can_be_offered]
    if ready and call.refused_by.issuperset(ready):
        call.refused_by.clear()


def _should_announce(floor: Floor, call: Call) -> bool:
    if call.next_announcement is not None and floor.now >= call.next_announcement:
        return True
    step = present_step(floor, call)
    return step is not None and (call.step is None or step < call.step)


def on_announced(floor: Floor, call: Call, event: PlaybackEnded) -> None:
    """The announcement is over, and the music after it plays already, unless it was refused."""
    del event
    call.playback = None
    music(floor, call)


def on_entered_again(floor: Floor, call: Call, event: CallArrived) -> None:
    """The caller fell out of our hands and is back, at the same place: music again."""
    del event
    call.playback, call.music = None, False
    wait_or_be_served(floor, call)


def on_refused(floor: Floor, call: Call, event: CommandRefused) -> None:
    """Asterisk could not be reached. Music that did not start is tried again: nobody waits in silence."""
    if event.command == "StartMusic":
        call.music = False
        floor.arm(call, Timer.WAIT, MUSIC_AGAIN_S)
    else:
        on_command_refused(floor, call, event)


def on_remembered(floor: Floor, call: Call, event: CallerRemembered) -> None:
    """We now know who served this caller last (the sticky operator)."""
    del floor
    call.last_agent = event.last_agent


def moved_priority(event: MoveRequested, usual: float) -> float:
    """Return the priority that a call has after this move."""
    if event.priority is not None:
        return event.priority
    return math.inf if event.to_front else usual


def on_move_requested(floor: Floor, call: Call, event: MoveRequested) -> None:
    """A supervisor sends the call to another line or to the front; its waiting time goes with it."""
    target = call.queue if event.queue is None else event.queue
    if target is None:
        return
    settings, before = floor.queue(target), call.queue
    floor.line.leave(call.id)
    if before is not None:
        floor.note(call, "queue.left", queue=before, reason="moved")
        floor.show_queue(before)
    call.queue, call.tier, call.told = target, 0, None
    if call.waiting_since is None:  # came outside hours, and stood in no line
        call.waiting_since = floor.now
        call.next_announcement = Instant(floor.now + settings.announce_first_s)
    call.priority = moved_priority(event, max(call.priority, settings.priority))
    enter_line(floor, call)
    wait_or_be_served(floor, call)
