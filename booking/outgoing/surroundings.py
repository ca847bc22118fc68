"""Time, chance and the end, handed in from outside."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from booking.shapes import Clock
from booking.wording import japanese_time


def _chance() -> random.Random:
    return random.Random()  # noqa: S311 -- spreads pauses, guards nothing


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """*clock* is the aware time by which pauses are kept, *stamp* the seconds since 1970 that others see.

    *stopping*: whether nothing more should be begun.
    """

    clock: Clock = japanese_time
    chance: random.Random = field(default_factory=_chance)
    stamp: Callable[[], float] = time.time
    stopping: Callable[[], bool] = _never
