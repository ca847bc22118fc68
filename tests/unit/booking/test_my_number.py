"""A My Number is found however it is written, and other numbers are not taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.mynumber import holds_my_number

ELEVEN = st.text("0123456789", min_size=11, max_size=11)
SEPARATORS = st.sampled_from(["", " ", "-", "－", "　", "ー", "‐", ". ", " - "])
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def check_digit(eleven: str) -> str:
    """Return the check digit as the ordinance defines it (平成26年総務省令第85号, article 5)."""
    total = sum(int(p) * (n + 1 if n <= 6 else n - 5) for n, p in enumerate(reversed(eleven), start=1))
    remainder = total % 11
    return "0" if remainder <= 1 else str(11 - remainder)


@given(ELEVEN, SEPARATORS, st.sampled_from(["", "番号は", "090-1234-5678 ", "A"]))
def test_every_my_number_is_found(eleven: str, separator: str, before: str) -> None:
    number = eleven + check_digit(eleven)
    written = separator.join((number[:4], number[4:8], number[8:]))
    assert holds_my_number(f"{before}{written}です")
    assert holds_my_number(f"{before}{written.translate(FULL_WIDTH)}")


@given(ELEVEN, st.integers(1, 9), SEPARATORS)
def test_a_wrong_check_digit_is_another_number(eleven: str, off: int, separator: str) -> None:
    wrong = eleven + str((int(check_digit(eleven)) + off) % 10)
    assert not holds_my_number(separator.join((wrong[:4], wrong[4:8], wrong[8:])))


@given(st.text("0123456789", min_size=8, max_size=8), SEPARATORS)
def test_a_mobile_number_in_international_writing_is_none(eight: str, separator: str) -> None:
    assert not holds_my_number(separator.join(("+81", "90", eight[:4], eight[4:])))


@given(ELEVEN)
def test_a_hidden_format_character_does_not_hide_it(eleven: str) -> None:
    number = eleven + check_digit(eleven)
    assert holds_my_number(number[:6] + "\u200b" + number[6:])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "090-1234-5678",
        "0598-12-3456 内線 12",
        "松阪 花子",
        "2026-12-08 10:30",
        "6214983202571",
        "1621498320257",
    ],
)
def test_ordinary_texts_are_left_alone(text: str) -> None:
    assert not holds_my_number(text)
