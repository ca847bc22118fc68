"""Which numbers the rescue accepts."""

import pytest

from telephony.rescue.number import callable_number

OWN = frozenset({"+81120123456"})

GOOD = {
    "09012345678": "+819012345678",
    "+819012345678": "+819012345678",
    "0598531234": "+81598531234",
    "05012345678": "+815012345678",
    "0120444444": "+81120444444",
}
BAD = {
    "the centre's own number": "0120123456",
    "premium rate": "0990123456",
    "shared cost": "0570012345",
    "abroad": "+12125551234",
    "dialled abroad": "0101212555123",
    "emergency": "110",
    "too short": "09012",
    "nothing": "",
    "not a number": "anonymous",
    "withheld": None,
}


@pytest.mark.parametrize(("typed", "written"), GOOD.items())
def test_a_number_in_japan_is_called_back(typed: str, written: str) -> None:
    assert written == callable_number(typed, OWN)


@pytest.mark.parametrize("why", BAD)
def test_any_other_is_refused(why: str) -> None:
    assert callable_number(BAD[why], OWN) is None
