"""OpenJTalk with the voice Mei (sounds/CREDITS.md): the default engine, and the reader of Japanese.

Loading takes about 1.5 s; 6 s of speech take 0.4 s.
"""

import contextlib
import io
from pathlib import Path

import numpy as np

from sounds import dictionary
from sounds.engines.protocol import Recording
from sounds.errors import SynthesisError

with contextlib.redirect_stdout(io.StringIO()):  # it prints advice on optional packages when imported
    import pyopenjtalk
    from pyopenjtalk.types import UserDictionaryEntry

_FULL_SCALE = 32_768
_SILENT_SIGNS = "「」『』()（）’'\"“”"
_KEPT_SIGNS = "、。？！"


class OpenJTalk:
    """One voice at one speed. Reads with the user dictionary; the library's reader is process-wide."""

    def __init__(self, speed: float, cache: Path) -> None:
        self._speed = speed
        words = str(dictionary.compiled(cache))
        pyopenjtalk.update_global_jtalk_with_user_dict(
            [UserDictionaryEntry(dic_path=words, is_reading_protected=True)]
        )

    def speak(self, text: str) -> Recording:
        """Return *text* spoken by Mei."""
        samples, rate = pyopenjtalk.tts(text, speed=self._speed)
        if not len(samples):
            raise SynthesisError(f"OpenJTalk finds nothing to say in {text!r}.")
        return Recording(np.asarray(samples, dtype=np.float64) / _FULL_SCALE, rate)

    def reading(self, text: str) -> str:
        """Return *text* in katakana as it is spoken: は as ワ, long vowels as ー, pauses as 、."""
        said = [_said(word["pos"], word["string"], word["pron"]) for word in pyopenjtalk.run_frontend(text)]
        return "".join(said).replace("’", "").strip("、")


def _said(part_of_speech: str, written: str, spoken: str) -> str:
    if part_of_speech != "記号":
        return spoken
    if written in _SILENT_SIGNS:
        return ""
    return written if written in _KEPT_SIGNS else "、"
