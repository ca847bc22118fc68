"""How long to wait before trying again: the double each time, up to a bound, with jitter."""

import random

_MOST_DOUBLINGS = 30
"""2³⁰ seconds are 34 years: beyond every bound, and still a number that fits."""


def pause_s(failures: int, first_s: float, longest_s: float, chance: random.Random) -> float:
    """Return the pause after *failures* (1 or more) in a row: between half and the whole of the doubled one.

    The jitter keeps what failed at the same moment from coming back at the same moment.
    """
    whole = min(longest_s, first_s * 2.0 ** min(failures - 1, _MOST_DOUBLINGS))
    return whole * chance.uniform(0.5, 1.0)
