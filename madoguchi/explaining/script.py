"""Prompts as the text that callers would hear, in place of sounds."""

from collections.abc import Mapping, Sequence
from datetime import date, time

from sounds.catalogue import Catalogue, Prompt
from sounds.template import Fixed, Kind, Slot
from telephony.model.ids import SoundId

_WEEKDAYS = "月火水木金土日"


class Script:
    """A voice for the model whose sounds are texts. It refuses what the real one refuses: unknown prompts."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._prompts = catalogue.prompts

    def phrase(self, prompt: str, variables: Mapping[str, object] | None = None) -> Sequence[SoundId]:
        """Return the whole text as one sound. Raises KeyError for a prompt that is not in the catalogue."""
        return (SoundId(_text(self._prompts[prompt], variables or {})),)


def _text(prompt: Prompt, variables: Mapping[str, object]) -> str:
    said = (
        segment.text if isinstance(segment, Fixed) else _filled(segment, variables.get(segment.variable))
        for segment in prompt.segments
    )
    return "".join("".join(said).split())


def _filled(slot: Slot, value: object) -> str:
    if slot.kind is Kind.DATE and isinstance(value, date):
        return f"{value.month}月{value.day}日（{_WEEKDAYS[value.weekday()]}）"
    if slot.kind is Kind.TIME and isinstance(value, time):
        return _clock(value)
    return f"{value}{slot.suffix}"


def _clock(value: time) -> str:
    half, hour = ("午前", value.hour) if value.hour < 12 else ("午後", value.hour - 12)  # noqa: PLR2004 - noon
    return f"{half}{hour}時{value.minute}分" if value.minute else f"{half}{hour}時"
