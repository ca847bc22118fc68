"""Which overflow step is in force for somebody who waits (R3). Pure look-ups in ``centre.toml``'s steps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from config.schema import OverflowStep
from telephony.model.ids import Instant


@dataclass(frozen=True, slots=True)
class Wait:
    """What the steps look at: since when, how many stand in front, and two things asked only when needed.

    *expected* is in seconds; None means that nobody can know, which is over any limit.
    """

    since: Instant
    now: Instant
    ahead: int
    expected: Callable[[], float | None]
    signed_in: Callable[[], bool]


def step_in_force(steps: Sequence[OverflowStep], wait: Wait) -> int | None:
    """Return the place of the first step whose conditions all hold; None as long as there is none."""
    return next((place for place, step in enumerate(steps) if _holds(step, wait)), None)


def _holds(step: OverflowStep, wait: Wait) -> bool:
    if wait.now < wait.since + step.after_s:
        return False
    if step.ahead is not None and wait.ahead < step.ahead:
        return False
    if step.nobody_signed_in and wait.signed_in():
        return False
    return step.expected_over_s is None or _over(wait.expected(), step.expected_over_s)


def _over(expected: float | None, limit: float) -> bool:
    return expected is None or expected > limit


def next_by_time(steps: Sequence[OverflowStep], since: Instant, now: Instant) -> Instant | None:
    """Return when the next step can come into force by waiting alone."""
    return min((Instant(since + step.after_s) for step in steps if since + step.after_s > now), default=None)
