"""When to try again, and what somebody else's answer means."""

import random

import pytest

from booking.outgoing.answers import Later, Refused, Taken, reason_in, verdict
from booking.outgoing.pauses import pause_s


def test_pauses_double_up_to_a_bound_and_are_spread() -> None:
    chance = random.Random(1)
    pauses = [[pause_s(failures, 1, 60, chance) for _ in range(50)] for failures in (1, 2, 3, 7, 5_000)]
    for spread, whole in zip(pauses, (1, 2, 4, 60, 60), strict=True):
        assert all(whole / 2 <= pause <= whole for pause in spread)
        assert len(set(spread)) > 40


@pytest.mark.parametrize("status", [200, 201, 204])
def test_a_good_answer_is_one(status: int) -> None:
    assert verdict(status, b"") == Taken()


@pytest.mark.parametrize("status", [400, 409, 410, 413, 422])
def test_what_was_sent_may_be_refused(status: int) -> None:
    assert verdict(status, b'{"detail": "full"}') == Refused(f"{status}: full")


@pytest.mark.parametrize("status", [302, 401, 403, 404, 429, 502, 503])
def test_trouble_that_is_not_about_what_was_sent_refuses_nobody(status: int) -> None:
    assert verdict(status, b"") == Later(str(status), everybody=True)


def test_one_change_that_makes_the_receiver_fail_does_not_stop_the_others() -> None:
    assert verdict(500, b"") == Later("500", everybody=False)


@pytest.mark.parametrize(("text", "seconds"), [("120", 120), ("-1", 0), ("Wed, 21 Oct", 0), ("9" * 20, 0)])
def test_the_other_side_may_ask_for_a_pause(text: str, seconds: float) -> None:
    assert verdict(503, b"", text) == Later("503", everybody=True, after_s=seconds)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('{"reason": "満員です\\r\\nX-Evil: 1\\u202e"}'.encode(), "満員です X-Evil: 1"),
        (b"<html><h1>Conflict</h1></html>", ""),
        (b"\xff\x00 plain", "� plain"),
        (b'{"reason": 3, "title": "closed"}', "closed"),
        (b"[1]", ""),
        (b"x" * 1_000, "x" * 299 + "…"),
    ],
)
def test_the_reason_is_one_line_that_is_safe_to_show(body: bytes, reason: str) -> None:
    assert reason_in(body) == reason
