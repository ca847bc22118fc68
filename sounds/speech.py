"""Reads and says any text, for people who write prompts: ``sounds read`` and ``sounds say``."""

from pathlib import Path

from config.schema import Speech
from sounds.audio import telephone
from sounds.cache import default_cache
from sounds.engines import choose
from sounds.engines.openjtalk import OpenJTalk
from sounds.errors import SynthesisError
from sounds.normaliser import speakable

_PAUSE_S = 0.35


def read(text: str, *, cache: Path | None = None) -> str:
    """Return *text* in katakana as callers hear it. Raises `TextError`."""
    words = speakable(text)
    return OpenJTalk(Speech().speed, cache or default_cache()).reading(words)


def say(text: str, path: Path, speech: Speech | None = None, *, cache: Path | None = None) -> None:
    """Write *text*, spoken as on the telephone, to *path*: ``.sln16`` (raw, 16 kHz) or ``.wav`` (8 kHz).

    Raises `TextError`, `SynthesisError`, or OSError when *path* cannot be written.
    """
    form = path.suffix.removeprefix(".")
    words = speakable(text)
    recording = choose(speech or Speech(), cache or default_cache()).speak(words)
    contents = telephone(recording.samples, recording.rate, pause_s=_PAUSE_S)
    if form not in contents:
        raise SynthesisError(f"{path.name} ends in neither .wav nor .sln16.")
    path.write_bytes(contents[form])
