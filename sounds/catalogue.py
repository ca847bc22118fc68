"""The catalogue: prompt id → text, from ``catalogue.toml`` and the overrides in ``centre.toml``.

A wrong override never silences a prompt: it is reported, and the catalogue's own text stays. Reading the
catalogue loads no speech engine.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from config.schema import Booking, Centre
from sounds import parts
from sounds.errors import TextError
from sounds.normaliser import speakable
from sounds.template import Fixed, Kind, Segment, Slot, cut, fill, slots_written

CATALOGUE_FILE = Path(__file__).with_name("catalogue.toml")
_FORBIDDEN_NAME = "個人番号カード"
_CARD = "マイナンバーカード"
_AS_IT_IS = "Asterisk says it alone, so name a prompt that is the same in every call"


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt: its id and what is said, in order."""

    name: str
    segments: tuple[Segment, ...]

    @property
    def slots(self) -> tuple[Slot, ...]:
        """What must be filled in to say it."""
        return tuple(segment for segment in self.segments if isinstance(segment, Slot))

    def segment_id(self, place: int) -> str:
        """Return the sound id of the segment at *place*; that of a prompt in one piece is its name."""
        whole = len(self.segments) == 1 and not self.slots
        return self.name if whole else f"{self.name}_{place}"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every prompt of a centre, and one sentence for each override that cannot be used."""

    prompts: Mapping[str, Prompt]
    problems: tuple[str, ...] = ()

    def texts(self) -> dict[str, str]:
        """Return everything to render: sound id → text."""
        texts: dict[str, str] = {}
        for prompt in self.prompts.values():
            for place, segment in enumerate(prompt.segments):
                texts.update(_segment_texts(prompt.segment_id(place), segment))
        return texts


def _segment_texts(sound: str, segment: Segment) -> Iterator[tuple[str, str]]:
    if isinstance(segment, Fixed):
        yield sound, segment.text
        return
    yield from parts.shared(segment.kind).items()
    if segment.kind is Kind.NUMBER:
        for value, text in parts.counted(segment.suffix):
            yield f"{sound}_{value}", text
    elif segment.kind is Kind.HOLIDAY:
        for ending, text in parts.holidays(segment.suffix):
            yield f"{sound}_{ending}", text


def load(centre: Centre) -> Catalogue:
    """Return the catalogue of *centre*; wrong overrides and missing prompts are in its ``problems``."""
    constants = _constants(centre)
    own = {name: entry["text"] for name, entry in tomllib.loads(CATALOGUE_FILE.read_text("utf-8")).items()}
    own |= _of_booking(centre.booking) if centre.self_service is not None else {}
    prompts: dict[str, Prompt] = {}
    problems: list[str] = []
    for name in {**own, **centre.prompts}:
        provided = slots_written(own.get(name, ""))
        for text in (texts[name] for texts in (centre.prompts, own) if name in texts):
            try:
                prompts[name] = Prompt(name, _segments(text, constants, provided))
                break
            except TextError as error:
                problems.append(f"prompts.{name}: {error}")
            except ValueError as error:
                problems.append(f"prompts.{name} {error}.")
    return Catalogue(prompts, (*problems, *_missing(centre, prompts)))


def _of_booking(booking: Booking) -> dict[str, str]:
    """Return what callers hear who book by keypad: each venue, and what to bring for each service."""
    texts = {f"venue-{venue.name}": f"{venue.title}、" for venue in booking.venues}
    for service in booking.services:
        if service.bring:
            note = f"{service.note.rstrip('。')}。" if service.note else ""
            said = f"お持ちいただくものは、{'、'.join(service.bring)}です。{note}"
            texts[f"bring-{service.name}"] = _with_pauses(said)
    return texts


def _with_pauses(text: str) -> str:
    """Return *text* as it is spoken: what stands in brackets has a pause on either side."""
    return re.sub(r"、(?=[、。]|です)", "", re.sub(r"[（(]([^（()）]*)[）)]", r"、\1、", text))


def _constants(centre: Centre) -> dict[str, str]:
    named = centre.title if centre.title.startswith(centre.city) else f"{centre.city}{centre.title}"
    return {"centre": named, "city": centre.city, "title": centre.title}


def _segments(text: str, constants: dict[str, str], provided: frozenset[str]) -> tuple[Segment, ...]:
    """Return what *text* says. Raises ValueError (without subject) or `TextError`."""
    filled = fill(text, constants)
    if _FORBIDDEN_NAME in filled:
        raise ValueError(f"says {_FORBIDDEN_NAME}; callers always hear {_CARD} (R23)")
    strange = slots_written(filled) - provided
    if strange:
        has = "、".join(sorted(provided)) or "nothing to fill in"
        raise ValueError(f"fills in {'、'.join(sorted(strange))}, which no call provides; it has {has}")
    segments = cut(filled)
    if not segments:
        raise ValueError("says nothing")
    for segment in segments:
        speakable(segment.text if isinstance(segment, Fixed) else f"1{segment.suffix}")
    return segments


def _missing(centre: Centre, prompts: Mapping[str, Prompt]) -> list[str]:
    used = [(f"menus.{menu.name}.prompt", menu.prompt) for menu in centre.menus]
    used += [(f"numbers.{number.number}.greeting", number.greeting) for number in centre.numbers]
    used += [(f"queues.{queue.name}.announcement", queue.announcement) for queue in centre.queues]
    used += [(f"guides.{guide.name}.prompt", guide.prompt) for guide in centre.guides]
    used += _used_in_overflow(centre)
    used.append(("recording.notice", centre.recording.notice))
    used.append(("emergency.message", centre.emergency.message))
    used += [
        (f"hours.exceptions[{place}].message", dated.message)
        for place, dated in enumerate(centre.hours.exceptions)
        if dated.message is not None
    ]
    problems = [_missing_sentence(path, name, prompts) for path, name in used if name not in prompts]
    emergency = prompts.get(centre.emergency.message)
    if emergency is not None and emergency.slots:
        problems.append(
            f"emergency.message is {emergency.name!r}, which has something to fill in; {_AS_IT_IS}."
        )
    return problems


def _used_in_overflow(centre: Centre) -> Iterator[tuple[str, str]]:
    for queue in centre.queues:
        for place, step in enumerate(queue.overflow):
            path = f"queues.{queue.name}.overflow[{place}]"
            yield f"{path}.announcement", step.announcement
            if step.options is not None:
                yield f"{path}.options", step.options


def _missing_sentence(path: str, name: str, prompts: Mapping[str, Prompt]) -> str:
    close = get_close_matches(name, prompts, n=1)
    hint = f"did you mean {close[0]!r}?" if close else "add its text under [prompts]."
    return f"{path} is {name!r}, but there is no such prompt; {hint}"
