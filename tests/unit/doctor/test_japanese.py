"""Every sentence of the doctor is there in Japanese, with the same values in it, and no other."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import madoguchi.doctor
from madoguchi.doctor.japanese import JAPANESE

ROOM = Path(madoguchi.doctor.__file__).parent
SAYS = {"ok", "warning", "red"}
PASSED_ON = {"said", "mend"}
"""Names of what holds a sentence before it is said; so do constants of the modules."""


def _values(sentence: str) -> set[tuple[str, str | None]]:
    return {(name, form) for _, name, form, _ in Formatter().parse(sentence) if name is not None}


def _said(tree: ast.AST) -> Iterator[str]:
    """Give every sentence that is handed to `SAYS`, or kept in a name to be handed there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYS:
            yield from (text for part in node.args[1:] for text in _texts(part))
        elif isinstance(node, ast.Assign) and _keeps_a_sentence(node.targets[0]):
            yield from (text for text in _texts(node.value) if " " in text)


def _keeps_a_sentence(target: ast.expr) -> bool:
    first = target.elts[0] if isinstance(target, ast.Tuple) else target
    return isinstance(first, ast.Name) and (first.id in PASSED_ON or first.id.startswith("_"))


def _texts(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


def test_every_sentence_that_is_said_has_its_japanese_and_nothing_else_has() -> None:
    modules = [file for file in ROOM.glob("*.py") if file.stem not in {"finding", "japanese"}]
    said = {text for file in modules for text in _said(ast.parse(file.read_text(encoding="utf-8")))}
    assert {"It takes calls.", "The clock is synchronised."} < said
    assert said | {""} >= set(JAPANESE)
    assert set() == {text for text in said if text.endswith((".", "`", "}"))} - set(JAPANESE)


def test_the_japanese_has_the_same_values_in_it() -> None:
    assert {english: _values(english) for english in JAPANESE} == {
        english: _values(japanese) for english, japanese in JAPANESE.items()
    }
