"""Try again or give up."""

from itertools import islice, pairwise

import pytest

from telephony.asterisk.errors import (
    AsteriskError,
    Conflict,
    DecodeError,
    LoginRefused,
    NotFound,
    Refused,
    Replaced,
    Unavailable,
)
from telephony.asterisk.retry import FIRST_WAIT_S, LONGEST_WAIT_S, waits, worth_retrying


@pytest.mark.parametrize("error", [Unavailable("down"), NotFound("ARI is not loaded yet", 404)])
def test_what_time_can_heal_is_tried_again(error: AsteriskError) -> None:
    assert worth_retrying(error)


@pytest.mark.parametrize(
    "error", [LoginRefused("password"), Replaced("by another"), DecodeError("x"), Refused("x"), Conflict("x")]
)
def test_what_time_cannot_heal_is_not(error: AsteriskError) -> None:
    assert not worth_retrying(error)


def test_waits_grow_to_a_limit_and_never_end() -> None:
    drawn = list(islice(waits(seed=1), 50))
    assert FIRST_WAIT_S * 0.8 <= drawn[0] <= FIRST_WAIT_S * 1.2
    assert all(LONGEST_WAIT_S * 0.8 <= wait <= LONGEST_WAIT_S * 1.2 for wait in drawn[5:])
    assert all(earlier < later for earlier, later in pairwise(drawn[:4]))
