"""Texts are compared in one writing, by letters that stand beside each other."""

import pytest

from booking.search_keys import bigrams, index_grams, text_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ﾏｲﾅﾎﾟｰﾀﾙ", "まいなぽーたる"),
        ("ＰＩＮ", "pin"),
        ("パスワード", "ぱすわーど"),
        ("髙橋", "高橋"),
        ("手続（更新）", "手続 更新"),
        ("４桁・英数字", "4桁 英数字"),
    ],
)
def test_two_writings_have_one_key(one: str, other: str) -> None:
    assert text_key(one) == text_key(other)


def test_words_stay_apart_and_pairs_do_not_reach_across() -> None:
    key = text_key("暗証番号、忘れた！")
    assert key == "暗証番号 忘レタ"
    assert bigrams(key) == ["暗証", "証番", "番号", "忘レ", "レタ"]
    assert bigrams("忘") == ["忘"]
    assert bigrams("") == []
    assert index_grams("忘レ", "忘") == ["忘レ", "忘", "レ"]
