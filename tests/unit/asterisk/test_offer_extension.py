"""The extension that carries an offer through the dialplan."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.asterisk import offer_extension
from telephony.model.commands import Offer
from telephony.model.ids import AgentName, CallId, OfferId

digits = st.text("0123456789", min_size=1, max_size=12)


@given(digits, st.integers(1, 120), digits, st.booleans())
def test_what_is_written_is_read_back(extension: str, ring_s: int, number: str, record: bool) -> None:  # noqa: FBT001
    offer = Offer(CallId("c"), OfferId(number), AgentName("sato"), extension, ring_s, record)
    assert offer_extension.read("offer", offer_extension.write(offer)) == OfferId(number)


def test_it_is_written_as_the_dialplan_takes_it_apart() -> None:
    offer = Offer(CallId("c"), OfferId("17"), AgentName("sato"), "201", 20, record=True)
    assert offer_extension.write(offer) == "201*20*17*r"


@pytest.mark.parametrize(
    ("context", "extension"), [("from-trunk", "201*20*17*r"), ("offer", "201"), ("offer", "1*2*3*4*5")]
)
def test_anything_else_is_no_offer(context: str, extension: str) -> None:
    assert offer_extension.read(context, extension) is None
