"""Renders one sound into the cache. Runs in its own processes, which share nothing but the cache.

A text that cannot be rendered gives a sentence instead of a sound; a disk that cannot be written to raises.
"""

import functools
import hashlib
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from config.schema import Speech
from sounds import audio, beep, engines, music
from sounds.audio import RATES, SLIN16_RATE, measured, telephone
from sounds.cache import SoundCache
from sounds.errors import SynthesisError
from sounds.names import MUSIC
from sounds.voice import BEEP

FORMS = tuple(RATES)
_PAUSES_S = {"。": 0.35, "！": 0.35, "？": 0.35, "!": 0.35, "?": 0.35, "、": 0.2}
_PAUSE_WITHIN_S = 0.03
"""Silence after a sound, by its last character; a part of a phrase is followed closely by the next."""
_SHORTEST_S, _LONGEST_S = 0.1, 180.0


@dataclass(frozen=True, slots=True)
class Job:
    """One sound to render: normalised *text*, or what *compose* returns by form (music, the beep)."""

    key: str
    text: str
    compose: Callable[[], dict[str, bytes]] | None = None


def speech_key(voice: str, text: str) -> str:
    """Return the cache key of normalised *text*: everything that decides its samples.

    *voice* is the engine's fingerprint, which covers the dictionary and so the reading.
    """
    return _digest(_source(audio.__file__), _source(__file__), voice, text)


def composed() -> Mapping[str, Job]:
    """Return what is composed instead of spoken: the name of the sound → its job."""
    return {
        MUSIC: Job(_composed_key(music.__file__), "", music.files),
        BEEP: Job(_composed_key(beep.__file__), "", beep.files),
    }


def _composed_key(file: str) -> str:
    return _digest(_source(audio.__file__), _source(file))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:40]


@functools.cache
def _source(path: str) -> str:
    """Return the digest of a source file: changed processing makes new sounds without anybody's thought."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def prepare_process() -> None:
    """Leave Ctrl-C to the parent process, which lets the sound in hand finish and starts no other."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def render(job: Job, speech: Speech, cache_root: Path) -> str | None:
    """Put *job*'s sound into the cache; return a sentence when it cannot be made. Raises OSError."""
    try:
        contents = job.compose() if job.compose else _spoken(job.text, speech, cache_root)
    except SynthesisError as error:
        return str(error)
    SoundCache(cache_root).keep(job.key, contents)
    return None


def _spoken(text: str, speech: Speech, cache_root: Path) -> dict[str, bytes]:
    recording = _engine(speech, cache_root).speak(text)
    try:
        contents = telephone(
            recording.samples, recording.rate, pause_s=_PAUSES_S.get(text[-1], _PAUSE_WITHIN_S)
        )
    except ValueError as error:
        raise SynthesisError(f"What the speech engine made of {text!r} {error}.") from error
    length = measured(contents["sln16"], SLIN16_RATE).seconds
    if not _SHORTEST_S <= length <= _LONGEST_S:
        raise SynthesisError(f"What the speech engine made of {text!r} is {length:.1f} s long.")
    return contents


@functools.cache
def _engine(speech: Speech, cache_root: Path) -> engines.Synthesizer:
    """Load the engine once per process."""
    return engines.choose(speech, cache_root)
