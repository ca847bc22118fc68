"""Try again or give up, and how soon: for both connections to Asterisk, apart from their loops."""

import random
from collections.abc import Awaitable, Callable, Iterator

from telephony.asterisk.errors import AsteriskError, LoginRefused, NotFound, Unavailable

FIRST_WAIT_S = 0.05
LONGEST_WAIT_S = 1.0
"""Callers wait in the dialplan's fallback meanwhile, so a healthy Asterisk is to be found within a second."""

_JITTER = 0.2


def worth_retrying(error: AsteriskError) -> bool:
    """Say whether time can heal *error*. A booting Asterisk answers 404 until ARI's modules are loaded."""
    return isinstance(error, Unavailable | NotFound) and not isinstance(error, LoginRefused)


def waits(seed: int | None = None) -> Iterator[float]:
    """Yield the seconds to wait before each new attempt, for ever: doubling, limited, a little random."""
    uniform = random.uniform if seed is None else random.Random(seed).uniform  # noqa: S311 - guards nothing
    wait = FIRST_WAIT_S
    while True:
        yield wait * (1 + uniform(-_JITTER, _JITTER))
        wait = min(2 * wait, LONGEST_WAIT_S)


async def twice(request: Callable[[], Awaitable[None]]) -> None:
    """Repeat once what had no reliable answer; only for what has one effect when done twice."""
    try:
        await request()
    except Unavailable:
        await request()
