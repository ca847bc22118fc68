"""Says prompts: which finished sounds, in which order. Only look-ups; nothing is synthesised during a call.

It loads neither numpy nor a speech engine, and it reads no file after its making.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

from sounds import parts
from sounds.catalogue import Catalogue, Prompt
from sounds.errors import PhraseError
from sounds.template import Kind, Slot

BEEP = "beep"
"""A sound that nobody speaks (`sounds.beep`, which this light file does not load)."""

_Says = Callable[[object], tuple[str, ...]]
SoundId = TypeVar("SoundId", bound=str)
"""The caller's own type for the ids of sounds."""

_SAID_BY_PARTS: dict[Kind, _Says] = {
    Kind.DATE: parts.day,
    Kind.TIME: parts.clock,
    Kind.PHONE: parts.phone,
    Kind.DIGITS: parts.digits,
}


class CatalogueVoice(Generic[SoundId]):
    """The prompts of one catalogue as sound ids (the engine's ``Voice`` port). Safe to share."""

    def __init__(self, catalogue: Catalogue, sound_id: Callable[[str], SoundId]) -> None:
        self._sound_id = sound_id
        self._whole: dict[str, tuple[SoundId, ...]] = {}
        self._slotted: dict[str, tuple[tuple[str, _Says] | str, ...]] = {}
        for name, prompt in catalogue.prompts.items():
            if prompt.slots:
                self._slotted[name] = tuple(_pieces(prompt))
            else:
                self._whole[name] = tuple(
                    sound_id(prompt.segment_id(place)) for place in range(len(prompt.segments))
                )
        self._whole[BEEP] = (sound_id(BEEP),)

    def phrase(self, prompt: str, variables: Mapping[str, object] | None = None) -> Sequence[SoundId]:
        """Return the sounds that say *prompt* with its *variables*.

        A ``number`` is an int from 0 to 9999, a ``date`` a ``datetime.date``, a ``time`` a
        ``datetime.time`` in local time, a ``phone`` a national or E.164 number, ``digits`` a text of them, a
        ``holiday`` its name in Japanese. Raises KeyError for a prompt that is not in the catalogue, and
        `PhraseError` for a variable that is missing or has no sounds.
        """
        whole = self._whole.get(prompt)
        if whole is not None:
            return whole
        said: list[str] = []
        for piece in self._slotted[prompt]:
            if isinstance(piece, str):
                said.append(piece)
            else:
                said += _say(prompt, piece, variables or {})
        return [self._sound_id(sound) for sound in said]


def _pieces(prompt: Prompt) -> Sequence[tuple[str, _Says] | str]:
    pieces: list[tuple[str, _Says] | str] = []
    for place, segment in enumerate(prompt.segments):
        sound = prompt.segment_id(place)
        if not isinstance(segment, Slot):
            pieces.append(sound)
        elif segment.kind is Kind.NUMBER:
            pieces.append((segment.variable, _number_sayer(sound)))
        elif segment.kind is Kind.HOLIDAY:
            pieces.append((segment.variable, _holiday_sayer(sound)))
        else:
            pieces.append((segment.variable, _SAID_BY_PARTS[segment.kind]))
    return pieces


def _number_sayer(sound: str) -> _Says:
    """Return what says a number with the words that follow it, ``<sound>_<value>`` being its end."""

    def say(value: object) -> tuple[str, ...]:
        leading, end = parts.number(value)
        return (*leading, f"{sound}_{end}")

    return say


def _holiday_sayer(sound: str) -> _Says:
    """Return what says a holiday with the words that follow it."""

    def say(value: object) -> tuple[str, ...]:
        return (f"{sound}_{parts.holiday(value)}",)

    return say


def _say(prompt: str, piece: tuple[str, _Says], variables: Mapping[str, object]) -> tuple[str, ...]:
    variable, say = piece
    if variable not in variables:
        raise PhraseError(f"The prompt {prompt!r} needs {variable!r}.")
    return say(variables[variable])
