"""What a caller's own words become."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.asterisk import numbers


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("09011112222", "+819011112222"),
        ("+819011112222", "+819011112222"),
        ("0598-53-4000", "+81598534000"),
        ("0120123456", "+81120123456"),
        ("+14155550100", "+14155550100"),
        ("110", "110"),
        ("9" * 300, "9" * 64),
        ("1-800-FLOWERS", "1-800-FLOWERS"),
        ("０９０１１１１２２２２", "０９０１１１１２２２２"),
        ("'; DROP TABLE calls;--", "'; DROP TABLE calls;--"),
        ("a\r\nb\x00\u202ec", "abc"),
    ],
)
def test_a_number_is_e164_and_anything_else_is_cleaned_text(written: str, read: str) -> None:
    assert numbers.caller(written) == read


@pytest.mark.parametrize("written", ["", "anonymous", "Anonymous", "Restricted", "unavailable", " ", "\x00"])
def test_a_withheld_number_is_none(written: str) -> None:
    assert numbers.caller(written) is None


@given(st.text(max_size=2_000), st.integers(1, 300))
def test_cleaned_text_is_printable_and_short(text: str, longest: int) -> None:
    cleaned = numbers.clean(text, longest)
    assert len(cleaned) <= longest
    assert cleaned.isprintable()


@given(st.text(st.characters(categories=("Lu", "Ll", "Nd")), max_size=255))
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert numbers.clean(text, 255) == text
