"""Reservation numbers that survive a telephone, and one key for every writing of a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.numbers import new_number, read_number, written
from booking.search_keys import kana_in_full, kana_key, name_key, phone_key
from booking.searching import Search, keys_of


@given(st.integers(0, 8), st.integers(1, 9), st.integers(0, 7))
def test_one_wrong_digit_and_two_swapped_ones_are_noticed(place: int, off: int, swapped: int) -> None:
    number = new_number()
    wrong = number[:place] + str((int(number[place]) + off) % 10) + number[place + 1 :]
    assert read_number(wrong) is None
    swap = number[:swapped] + number[swapped + 1] + number[swapped] + number[swapped + 2 :]
    assert swap == number or read_number(swap) is None


def test_a_number_is_read_however_it_is_grouped() -> None:
    number = new_number()
    wide = written(number).translate(str.maketrans("0123456789-", "０１２３４５６７８９ー"))
    assert [read_number(text) for text in (written(number), wide, f" {number} ")] == [number] * 3
    assert number[0] != "0"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("オオノ", "オーノ"),
        ("ｻﾄｳ", "さとー"),
        ("ヴァレリー", "バレリイ"),
        ("シヨウコ", "ショウコ"),
        ("ケイコ", "けーこ"),
        ("ｶﾞｯﾂ ｲｼﾏﾂ", "ガッツイシマツ"),
        ("アヅマ", "アズマ"),
    ],
)
def test_kana_have_one_key(one: str, other: str) -> None:
    assert kana_key(one) == kana_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("髙橋 𠮷子", "高橋吉子"),
        ("渡邉", "渡邊"),
        ("渡邊", "渡辺"),
        ("齋藤", "斎藤"),
        ("濵田", "浜田"),
        ("葛\U000e0100城", "葛城"),
    ],
)
def test_old_and_new_forms_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@given(st.text(max_size=30))
def test_any_text_has_keys_that_stay(text: str) -> None:
    assert kana_key(kana_key(text)) == kana_key(text)
    kana_in_full(text)
    name_key(text)
    phone_key(text)


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("090-1234", ("0901234", None, None, "090-1234")),
        ("+81 90 1234 5678", ("09012345678", None, None, "+81 90 1234 5678")),
        ("さとう", (None, "サトオ", None, None)),
        ("髙橋", (None, None, "高橋", "髙橋")),
        ("T-77", (None, None, "t77", "T-77")),
        ("", (None, None, None, None)),
    ],
)
def test_what_somebody_typed_is_looked_for_in_the_right_place(
    words: str, keys: tuple[str | None, ...]
) -> None:
    assert keys_of(Search(words=words)) == keys
