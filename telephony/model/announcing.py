"""What a waiting caller is told: the overflow step's words, the place, the expected wait, the keys (R3).

The expected wait never rises for anybody unless something happened that the journal knows of: somebody was
put in front, or an operator stopped working. Whatever is told is written down with its cause.
"""

from collections.abc import Set as AbstractSet
from dataclasses import asdict

from config.schema import OverflowStep
from telephony.model.call import Call, Told
from telephony.model.commands import ShowCall
from telephony.model.estimate import forecast
from telephony.model.floor import Floor
from telephony.model.hearing import say_between_music
from telephony.model.ids import QueueName
from telephony.model.overflow import Wait, step_in_force
from telephony.model.roster import Operator
from telephony.model.states import AT_WORK, BUSY_WITH_CALL, AgentState

MINUTE_S = 60
LONG_MINUTES = 30
"""From here on callers hear "30 minutes or more"."""

SAID_MINUTES = (*range(1, 11), 12, 15, 20, 25, LONG_MINUTES)
"""The longer a wait is, the less its announcement pretends to know."""

LARGEST_POSITION = 9_999
"""Numbers beyond have no sounds."""


def expected_of(floor: Floor, call: Call) -> float | None:
    """Return the seconds that *call*, who stands in line, still has to wait; None when nobody can know."""
    reckoned = _forecast(floor, call)
    return None if reckoned is None else reckoned * floor.pace.correction


def expected_of_next(floor: Floor, queue: QueueName) -> float | None:
    """Return the seconds that somebody who joins *queue* now would wait; None when nobody can know."""
    if floor.is_paused(queue):
        return None
    if any(operator.can_be_offered and _serves(operator, queue) for operator in floor.roster):
        return 0.0
    ahead = {other: floor.line.length(other) for other in floor.queues}
    reckoned = forecast(queue, ahead, _crew(floor), _returning(floor, queue), floor.pace)
    return None if reckoned is None else reckoned * floor.pace.correction


def _serves(operator: Operator, queue: QueueName) -> bool:
    return any(queue == served for served, _ in operator.seats)


def _forecast(floor: Floor, call: Call) -> float | None:
    queue = QueueName(floor.queue_of(call).name)
    if floor.is_paused(queue):
        return None
    return forecast(
        queue, floor.line.ahead(call.id, floor.now), _crew(floor), _returning(floor, queue), floor.pace
    )


def _crew(floor: Floor) -> list[AbstractSet[QueueName]]:
    return [{queue for queue, _ in operator.seats} for operator in floor.roster if _at_work(operator)]


def _at_work(operator: Operator) -> bool:
    """Whether *operator* will take the next call: somebody without a phone only finishes the present one."""
    return operator.state in AT_WORK and (operator.registered or operator.state in BUSY_WITH_CALL)


def _returning(floor: Floor, queue: QueueName) -> list[float]:
    return [
        floor.pace.back_in(operator.name, floor.now)
        for operator in floor.roster
        if operator.state is AgentState.PAUSED and _serves(operator, queue)
    ]


def present_step(floor: Floor, call: Call) -> int | None:
    """Return the overflow step that is in force for *call*, who stands in line."""
    queue = floor.queue_of(call)
    since = floor.now if call.waiting_since is None else call.waiting_since
    wait = Wait(
        since,
        floor.now,
        ahead=floor.line.position(call.id, floor.now) - 1,
        expected=lambda: expected_of(floor, call),
        signed_in=lambda: any(queue.name in served for served in _crew(floor)),
    )
    return step_in_force(queue.overflow, wait)


def announce(floor: Floor, call: Call) -> None:
    """Say the present step's announcement to *call*, who stands in line."""
    queue, before = floor.queue_of(call), call.step
    call.step = present_step(floor, call)
    if call.step != before:
        floor.do(ShowCall(call.id))
    step = OverflowStep(announcement=queue.announcement) if call.step is None else queue.overflow[call.step]
    position = min(floor.line.position(call.id, floor.now), LARGEST_POSITION)
    prompts, told = [step.announcement], {"position": position}
    if step.position:
        prompts.append("position")
    minutes = _tell_wait(floor, call) if step.expected_wait else None
    if minutes is not None:
        prompts.append(_wait_prompt(minutes))
        told["minutes"] = minutes
    if step.options is not None:
        prompts.append(step.options)
    say_between_music(floor, call, prompts, told)


def _wait_prompt(minutes: int) -> str:
    if minutes >= LONG_MINUTES:
        return "expected-wait-long"
    return "expected-wait" if minutes > 1 else "expected-wait-soon"


def said_minutes(seconds: float) -> int:
    """Return the minutes that are said for *seconds*, the nearest: 1 is soon, 30 stands for that and more."""
    nearest: int = min(SAID_MINUTES, key=lambda minutes: abs(minutes * MINUTE_S - seconds))
    return nearest


def _tell_wait(floor: Floor, call: Call) -> int | None:
    """Decide what *call* is told, write it down, and return the minutes; None when nobody can know."""
    reckoned = _forecast(floor, call)
    if reckoned is None:
        return None
    if call.forecast is None:
        call.forecast = (floor.now, reckoned)
    queue = QueueName(floor.queue_of(call).name)
    now = Told(
        said_minutes(reckoned * floor.pace.correction),
        ahead=sum(floor.line.ahead(call.id, floor.now).values()),
        operators=sum(queue in served for served in _crew(floor)),
    )
    cause = None if call.told is None else _cause(call.told, now)
    if call.told is not None and cause is None:
        now.minutes = min(now.minutes, call.told.minutes)
    call.told = now
    floor.note(call, "wait.announced", **asdict(now), cause=cause)
    return now.minutes


def _cause(before: Told, now: Told) -> str | None:
    """Return what may have made the wait longer since it was told last."""
    if now.ahead > before.ahead:
        return "passed"
    return "fewer-operators" if now.operators < before.operators else None
