"""Any driver of pyttsx3 as an engine, our own among them.

eSpeak spells kanji as "Chinese letter", so its driver is given kana, and its Japanese voice.
"""

import contextlib
import io
import tempfile
import wave
from pathlib import Path

import numpy as np
import pyttsx3

from config.schema import Speech
from sounds.engines.openjtalk import OpenJTalk
from sounds.engines.protocol import Recording
from sounds.engines.pyttsx3_driver import USUAL_RATE, make_selectable
from sounds.errors import SynthesisError

_CANNOT_READ_KANJI = {"espeak"}
_JAPANESE_VOICES = {"espeak": "jpx/ja"}
_FULL_SCALE = 32_768
_SAMPLE_BYTES = 2


class Pyttsx3Engine:
    """One pyttsx3 driver. Raises what the driver raises when it cannot start."""

    def __init__(self, driver: str, speech: Speech, cache: Path) -> None:
        make_selectable()
        self._driver = driver
        self._reader = OpenJTalk(speech.speed, cache) if driver in _CANNOT_READ_KANJI else None
        self._engine = pyttsx3.init(driver)
        self._engine.setProperty("rate", round(USUAL_RATE * speech.speed))
        voice = speech.voice or _JAPANESE_VOICES.get(driver)
        if voice is not None:
            self._engine.setProperty("voice", voice)
        self._failures: list[Exception] = []
        self._engine.connect("error", self._failed)

    def speak(self, text: str) -> Recording:
        """Return *text* as the driver speaks it. Raises `SynthesisError`."""
        words = self._reader.reading(text) if self._reader else text
        self._failures.clear()
        with tempfile.TemporaryDirectory() as scratch:
            spoken = Path(scratch, "spoken.wav")
            with contextlib.redirect_stdout(io.StringIO()):  # eSpeak's driver reports each file
                self._engine.save_to_file(words, str(spoken))
                self._engine.runAndWait()
            if self._failures or not spoken.exists():
                why = self._failures[0] if self._failures else "it wrote no file"
                raise SynthesisError(f"The pyttsx3 driver {self._driver!r} did not speak {text!r}: {why}.")
            return _read(spoken)

    def _failed(self, name: str | None, exception: Exception) -> None:
        del name
        self._failures.append(exception)


def _read(path: Path) -> Recording:
    with wave.open(str(path), "rb") as file:
        if file.getsampwidth() != _SAMPLE_BYTES:
            raise SynthesisError("The pyttsx3 driver wrote no 16-bit file.")
        channels, rate = file.getnchannels(), file.getframerate()
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    return Recording(samples.reshape(-1, channels).mean(axis=1) / _FULL_SCALE, rate)
