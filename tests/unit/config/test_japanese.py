"""Mistakes in a centre.toml are said in Japanese, too: every complaint that the schema can make."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import config
from config.japanese import COMPLAINTS, in_japanese
from config.loading import ConfigError, load_centre
from config.wording import _FIXED, _LIMITS, _PATTERNS

ROOM = Path(config.__file__).parent
TEN = Path(__file__).parent / "ten_mistakes.toml"


def _texts(node: ast.expr) -> str:
    """Return a text as it might come out, with X for each value."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values)
    return str(node.value) if isinstance(node, ast.Constant) else ""


def complaints() -> Iterator[str]:
    """Give everything that validators raise and that is found between the tables."""
    for file in [*(ROOM / "schema").glob("*.py"), ROOM / "references.py"]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id == "ValueError":
                yield _texts(node.args[0])
            elif node.func.id == "Problem" and (text := _texts(node.args[1])):
                yield text


def test_every_complaint_has_its_japanese() -> None:
    found = set(complaints())
    assert "has more than one line" in found
    assert set() == {text for text in found if in_japanese(text) is None}


def test_every_expectation_has_its_japanese() -> None:
    limits = (
        text.format_map(dict.fromkeys(("gt", "ge", "lt", "le", "max_length", "min_length", "expected"), 5))
        for text in _LIMITS.values()
    )
    said = {*_FIXED.values(), *_PATTERNS.values(), *limits}
    assert set() == {
        text for text in said if in_japanese(f"is 7; {text}") is None or in_japanese(text) is None
    }


@pytest.mark.parametrize(
    ("english", "japanese"),
    [
        ("is 11; it must be at most 10", "11 は使えません。10 以下にしてください"),
        (
            'names "bokking", which is not among the queues; did you mean "booking"?',
            '"bokking" は queues にありません。"booking" のことではありませんか',
        ),
        (
            '("Asia/Tokio") is not a time zone; Japan\'s is Asia/Tokyo',
            '（"Asia/Tokio"）時間帯の名前ではありません。日本は Asia/Tokyo です',
        ),
        (
            "is an empty list; it must have at least 1 entries",
            "空の一覧 は使えません。1 個以上にしてください",
        ),
        (
            "is 5; it must be more than 9 before it: a later tier opens later",
            "5 です。前の段の 9 より大きい値にしてください。後の段ほど、遅く、重みの小さい担当者に広げます",
        ),
        ("has {who}; in braces may stand name, when", "{who} は使えません。波かっこに書けるもの：name, when"),
    ],
)
def test_values_stand_in_the_japanese(english: str, japanese: str) -> None:
    assert japanese == in_japanese(english)


def test_nothing_of_a_file_with_ten_mistakes_stays_english() -> None:
    with pytest.raises(ConfigError) as refused:
        load_centre(TEN)
    assert 10 == len(refused.value.problems)
    for problem in refused.value.problems:
        assert problem.japanese.startswith(f"{problem.path}：")
        assert problem.complaint not in problem.japanese


def test_what_the_catalogue_lacks_stays_as_it_is() -> None:
    assert in_japanese("is something else entirely") is None


def test_no_template_hides_another() -> None:
    """Each template, filled in, is recognised as itself."""
    for template, japanese in COMPLAINTS.items():
        values = {name: "X" for _, name, _, _ in Formatter().parse(template) if name is not None}
        assert japanese.format(**values) == in_japanese(template.format(**values)), template
