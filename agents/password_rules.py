"""Which passwords people may choose: long, and not among the first that anybody would try.

No rule about digits or symbols (NIST SP 800-63B, section 5.1.1.2): zxcvbn estimates how many guesses a
password takes, with the person's own name among the words it knows.
"""

import asyncio

from agents.errors import Fault, Invalid
from agents.passwords import THREAD

SHORTEST, LONGEST = 12, 200
ENOUGH = 3
"""zxcvbn's score: 10^8 guesses or more, which no throttled sign-in allows anybody."""

_ESTIMATED = 72
"""Letters that zxcvbn looks at; its time grows with the square, and longer ones are only better."""


async def check_choice(field: str, password: str, *known: str) -> None:
    """Refuse a weak password. *known* are words that belong to the person. Raises `Invalid`."""
    if len(password) < SHORTEST:
        raise Invalid(Fault(field, f"must have at least {SHORTEST} characters"))
    loop = asyncio.get_running_loop()
    score = await loop.run_in_executor(THREAD, _score, password[:_ESTIMATED], known)
    if score < ENOUGH:
        raise Invalid(Fault(field, "is too easy to guess; three or four unrelated words are better"))


def _score(password: str, known: tuple[str, ...]) -> int:
    from zxcvbn import zxcvbn  # noqa: PLC0415 - its word lists are 13 MB, and passwords are chosen rarely

    return int(zxcvbn(password, user_inputs=["madoguchi", *known])["score"])
