"""Reads Asterisk's dialplan files as Asterisk does, as far as this centre writes them.

Pure. Source: Asterisk 22, ``pbx/pbx_config.c`` (extensions) and ``main/config.c`` (comments, sections).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_SECTION = re.compile(r"\[(?P<name>[^\]]*)\](?P<more>.*)")
_ENTRY = re.compile(r"(?P<key>[^=]*?)\s*=>?\s*(?P<value>.*)")
_COMMENT = re.compile(r"(?<!\\);.*")
_PRIORITY = re.compile(r"(?P<step>\w+)(?:\((?P<label>[^)]*)\))?")
_NEXT, _SAME = "n", "same"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line that says something. *key* is empty for a section and ``#`` for a directive."""

    line: int
    context: str
    key: str
    value: str


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """One priority of an extension, as Asterisk keeps it."""

    context: str
    extension: str
    priority: int
    application: str
    data: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A step and the line that it was written on."""

    step: Step
    line: int


def entries(text: str) -> Iterator[Entry]:
    """Yield what the lines of *text* say; comments are gone. Sections come as entries of their own."""
    context = ""
    for number, raw in enumerate(text.splitlines(), start=1):
        line = _COMMENT.sub("", raw).replace("\\;", ";").strip()
        if not line:
            continue
        if section := _SECTION.match(line):
            context = section["name"]
            yield Entry(number, context, "", section["more"].strip())
        elif line.startswith("#"):
            yield Entry(number, context, "#", line)
        elif entry := _ENTRY.fullmatch(line):
            yield Entry(number, context, entry["key"].strip().lower(), entry["value"])
        else:
            yield Entry(number, context, "?", line)


def steps(lines: Iterable[Entry]) -> Iterator[Placed]:
    """Yield the steps of ``exten`` and ``same`` lines; what cannot be read as one is left out."""
    extension, priority = "", 0
    for entry in lines:
        if entry.key == "exten":
            extension, _, rest = (part.strip() for part in entry.value.partition(","))
        elif entry.key == _SAME:
            rest = entry.value
        else:
            priority = priority if entry.key else 0
            continue
        written, _, called = (part.strip() for part in rest.partition(","))
        place = _PRIORITY.fullmatch(written)
        if place is None or not called:
            continue
        priority = _numbered(place["step"], priority)
        if priority:
            yield Placed(Step(entry.context, extension, priority, *_call(called)), entry.line)


def _numbered(step: str, before: int) -> int:
    """Return the priority's number; 0 for one that is no number, such as a hint."""
    if step == _NEXT:
        return before + 1
    return int(step) if step.isdigit() else 0


def _call(called: str) -> tuple[str, str]:
    application, opened, rest = called.partition("(")
    return application.strip(), rest.rpartition(")")[0] if opened else ""


def includes(lines: Iterable[Entry]) -> Iterator[tuple[str, str]]:
    """Yield (context, included context)."""
    for entry in lines:
        if entry.key == "include":
            yield entry.context, entry.value.strip()
