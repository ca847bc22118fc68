"""A prompt's text, cut where something is filled in during the call. It knows no speech and no files.

``お客様の順番は、{position:number}番目です。`` becomes a fixed fragment and a slot. A number, or a holiday's
name, takes the words up to the next punctuation with it (``番目です。``), so that the whole clause is
rendered for each value and its melody is right.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

_SLOT = re.compile(r"\{([a-z_]+)(?::([a-z]+))?\}")
_BRACE = re.compile(r"[{}]")
_CLAUSE_END = re.compile(r"[^、。，．！？!?{]*[、。，．！？!?]?\s*")


class Kind(StrEnum):
    """What fills a slot; each kind has its parts rendered ahead (`sounds.parts`)."""

    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    PHONE = "phone"
    HOLIDAY = "holiday"
    DIGITS = "digits"


WITH_CLAUSE = frozenset({Kind.NUMBER, Kind.HOLIDAY})
"""Kinds whose values are rendered together with the words that follow them."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """Words that are always the same."""

    text: str


@dataclass(frozen=True, slots=True)
class Slot:
    """Something filled in during the call; *suffix* is said together with it."""

    variable: str
    kind: Kind
    suffix: str = ""


Segment = Fixed | Slot


def fill(text: str, constants: dict[str, str]) -> str:
    """Put *constants* in for ``{name}``; slots that name a kind stay. Their values are never read again."""
    return _SLOT.sub(lambda found: found[0] if found[2] else constants.get(found[1], found[0]), text)


def slots_written(text: str) -> frozenset[str]:
    """Return the slots of *text* as they are written: ``{position:number}``."""
    return frozenset(found[0] for found in _SLOT.finditer(text) if found[2])


def cut(text: str) -> tuple[Segment, ...]:
    """Return the segments of *text*. Raises ValueError (a sentence without subject) for a broken slot."""
    segments: list[Segment] = []
    place = 0
    for found in _SLOT.finditer(text):
        _keep_fixed(segments, text[place : found.start()])
        kind = _kind(found)
        place = found.end()
        if kind in WITH_CLAUSE:
            clause = _CLAUSE_END.match(text, place)
            suffix = clause[0] if clause else ""
            place += len(suffix)
            segments.append(Slot(found[1], kind, suffix.strip()))
        else:
            segments.append(Slot(found[1], kind))
    _keep_fixed(segments, text[place:])
    return tuple(segments)


def _kind(found: re.Match[str]) -> Kind:
    kinds = ", ".join(Kind)
    if found[2] is None:
        raise ValueError(f"has {found[0]}, which is no setting; write {{name:kind}} with a kind of {kinds}")
    try:
        return Kind(found[2])
    except ValueError as error:
        raise ValueError(f"has {found[0]}, but {found[2]!r} is no kind; the kinds are {kinds}") from error


def _keep_fixed(segments: list[Segment], text: str) -> None:
    if _BRACE.search(text):
        raise ValueError("has a { or } that belongs to no {name:kind}")
    if any(character.isalnum() for character in text):
        segments.append(Fixed(text.strip()))
