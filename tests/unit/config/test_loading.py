"""Every mistake of a ``centre.toml`` at once, each a sentence: where, and what would be right."""

import tomllib
from pathlib import Path

import pytest

from config.loading import ConfigError, load_centre, parse_centre
from config.schema import Strategy

HERE = Path(__file__).parent
FILE = Path("centre.toml")
GOOD = (HERE / "good.toml").read_text(encoding="utf-8")
SLIPS = tomllib.loads((HERE / "one_mistake.toml").read_text(encoding="utf-8"))["mistake"]


def said_about(text: str) -> list[str]:
    """Return the sentences that *text* earns."""
    with pytest.raises(ConfigError) as caught:
        parse_centre(text, FILE)
    return [str(problem) for problem in caught.value.problems]


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


def test_a_good_file_becomes_a_centre() -> None:
    centre = parse_centre(GOOD, FILE)
    assert centre.numbers[0].number == "+81120000598"
    assert centre.queues[0].strategy is Strategy.LEAST_WEIGHTED_LOAD


def test_a_file_with_ten_mistakes_gives_ten_sentences() -> None:
    with pytest.raises(ConfigError) as caught:
        load_centre(HERE / "ten_mistakes.toml")
    sentences = (HERE / "ten_mistakes.txt").read_text(encoding="utf-8").splitlines()
    assert [str(problem) for problem in caught.value.problems] == sentences
    assert len(sentences) == 10


@pytest.mark.parametrize("slip", SLIPS, ids=[slip["new"].split("\n")[-1] or "missing" for slip in SLIPS])
def test_one_mistake_gives_one_sentence(slip: dict[str, str]) -> None:
    assert said_about(changed(slip["old"], slip["new"])) == [slip["sentence"]]


def test_a_tier_that_would_never_open_is_a_mistake() -> None:
    tiers = "tiers = [{ after_s = 10, min_weight = 5 }, { after_s = 10, min_weight = 5 }]\n"
    because = "a later tier opens later, to operators of less weight"
    assert said_about(GOOD + tiers) == [
        f"queues[0].tiers[1].after_s is 10; it must be more than 10 before it: {because}.",
        f"queues[0].tiers[1].min_weight is 5; it must be less than 5 before it: {because}.",
    ]


def test_a_slip_of_syntax_is_named_with_its_line() -> None:
    assert said_about('title = "a"\ncity = \n') == [
        "the file is not TOML: invalid value (at line 2, column 8)."
    ]


def test_a_table_where_a_list_belongs_does_not_hide_other_mistakes() -> None:
    sentences = said_about('[queues]\nname = "general"\n')
    assert "queues is a table; it must be a list." in sentences
    assert "title is missing; it has no default, so write it." in sentences


def test_a_missing_file_and_one_that_is_not_utf_8_are_one_sentence_each(tmp_path: Path) -> None:
    gone, sjis = tmp_path / "gone.toml", tmp_path / "sjis.toml"
    sjis.write_bytes('title = "予約"'.encode("shift_jis"))
    for file, sentence in (
        (gone, "the file does not exist"),
        (sjis, "the file has bytes that are not UTF-8"),
    ):
        with pytest.raises(ConfigError, match=sentence) as caught:
            load_centre(file)
        assert len(caught.value.problems) == 1


def test_the_text_of_the_error_holds_every_sentence() -> None:
    text = changed("share = 1.0", "share = 0").replace('city = "松阪市"', "city = 5")
    with pytest.raises(ConfigError) as caught:
        parse_centre(text, FILE)
    assert str(caught.value).splitlines() == [
        "centre.toml has 2 mistakes:",
        '  city is 5; it must be text in quotes ("…").',
        "  levels[0].share is 0; it must be more than 0.",
    ]
