"""The pyttsx3 driver of OpenJTalk. pyttsx3 imports it as ``pyttsx3.drivers.openjtalk``.

Names and order of calls are pyttsx3's (``pyttsx3/drivers/dummy.py`` documents them).
"""

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from pyttsx3.voice import Voice

from sounds.audio import limited, pcm16, resampled, wav
from sounds.cache import default_cache
from sounds.engines.openjtalk import OpenJTalk
from sounds.engines.pyttsx3_driver import USUAL_RATE
from sounds.errors import SynthesisError
from sounds.normaliser import speakable

_FILE_RATE = 48_000
_VOICE = "mei_normal"


def buildDriver(proxy: Any) -> "Driver":  # noqa: N802  (pyttsx3 calls it so)
    """Return a driver for pyttsx3's *proxy*."""
    return Driver(proxy)


class Driver:
    """Speaks to a file, or to the machine's loudspeaker through ``aplay``."""

    def __init__(self, proxy: Any) -> None:
        self._proxy = proxy
        self._properties: dict[str, Any] = {
            "rate": USUAL_RATE,
            "volume": 1.0,
            "voice": _VOICE,
            "voices": [Voice(_VOICE, "Mei", ["ja-JP"], "female", "adult")],
        }

    def destroy(self) -> None:
        """Let go of nothing: the engine lives as long as the process."""

    def say(self, text: str) -> None:
        """Speak *text* aloud."""
        player = shutil.which("aplay")
        if player is None:
            raise SynthesisError("There is no aplay on this machine to speak through; save to a file.")
        with tempfile.TemporaryDirectory() as scratch:
            spoken = Path(scratch, "spoken.wav")
            self.save_to_file(text, str(spoken))
            subprocess.run([player, "-q", str(spoken)], check=True)  # noqa: S603  (a fixed program)

    def save_to_file(self, text: str, filename: str) -> None:
        """Write *text*, spoken, to *filename* as a 16-bit wav."""
        self._proxy.setBusy(True)
        self._proxy.notify("started-utterance")
        finished = False
        try:
            Path(filename).write_bytes(self._spoken(text))
            finished = True
        finally:
            self._proxy.notify("finished-utterance", completed=finished)
            self._proxy.setBusy(False)

    def _spoken(self, text: str) -> bytes:
        engine = OpenJTalk(self._properties["rate"] / USUAL_RATE, default_cache())
        recording = engine.speak(speakable(text))
        samples = resampled(recording.samples, recording.rate, _FILE_RATE) * self._properties["volume"]
        return wav(pcm16(limited(samples, _FILE_RATE)), _FILE_RATE)

    def stop(self) -> None:
        """Nothing to stop: speaking ends before anything else is heard."""

    def getProperty(self, name: str) -> Any:  # noqa: N802  (pyttsx3 calls it so)
        """Return the property *name*. Raises KeyError."""
        return self._properties[name]

    def setProperty(self, name: str, value: Any) -> None:  # noqa: N802  (pyttsx3 calls it so)
        """Set *name*. Raises KeyError for one that does not exist, ValueError for a voice that does not."""
        if name not in self._properties:
            raise KeyError(f"unknown property {name}")
        if name == "voice" and value != _VOICE:
            raise ValueError(f"unknown voice {value}")
        self._properties[name] = value

    def startLoop(self) -> None:  # noqa: N802  (pyttsx3 calls it so)
        """Work through what was asked for; the last of it is the end of the loop."""
        self._proxy.setBusy(False)

    def endLoop(self) -> None:  # noqa: N802  (pyttsx3 calls it so)
        """Nothing runs on its own that would have to be ended."""

    def iterate(self) -> Any:
        """Work through what was asked for, for a loop outside."""
        self._proxy.setBusy(False)
        yield
