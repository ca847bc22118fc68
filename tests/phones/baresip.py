"""baresip as an operator's telephone: a softphone that others wrote, which answers and hums a tone.

It writes down what it hears, packet by packet (its module ``sndfile``), and can be listened to meanwhile.
"""

import asyncio
import wave
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from madoguchi.demo.phones import Account, Address, tones
from madoguchi.demo.phones.tones import Samples
from tests.phones.wire import NOTHING, SILENT_S

MODULES = Path("/usr/lib/baresip/modules")  # Debian's package baresip-core
STOP_LIMIT_S = 10
VOICE_S = 60
SAMPLE = np.dtype("<i2")
WAV_HEADER = 44
LOOK_EVERY_S = 0.02

_CONFIG = """poll_method epoll
sip_listen 127.0.0.1:0
net_interface 127.0.0.1
audio_source aufile,{voice}
audio_player aubridge,nobody
audio_alert aubridge,nobody
module_path {modules}
snd_path {heard}
module g711.so
module aufile.so
module aubridge.so
module sndfile.so
module_app account.so
module_app menu.so
"""


def write_voice(path: Path, hertz: float) -> Path:
    """Write a minute of a tone as 16-bit wav, and return *path*."""
    samples = tones.decode(b"".join(tones.tone(hertz, seconds=VOICE_S)))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(tones.RATE)
        file.writeframes((samples * tones.FULL_SCALE).astype(SAMPLE).tobytes())
    return path


@dataclass(slots=True)
class Baresip:
    """One telephone. Its settings live in *folder*."""

    account: Account
    centre: Address
    folder: Path
    hertz: int = 440
    _process: asyncio.subprocess.Process | None = field(default=None, repr=False)

    async def start(self) -> None:
        """Switch it on: it registers, and answers whatever rings."""
        self.folder.mkdir(parents=True, exist_ok=True)
        voice = write_voice(self.folder / "voice.wav", self.hertz)
        host, port = self.centre
        login = f"<sip:{self.account.extension}@{host}:{port};transport=udp>"
        rules = f"auth_pass={self.account.password};answermode=auto;regint=60;audio_codecs=PCMU"
        (self.folder / "accounts").write_text(f"{login};{rules}\n")
        (self.folder / "config").write_text(_CONFIG.format(voice=voice, modules=MODULES, heard=self.folder))
        (self.folder / "contacts").touch()
        with (self.folder / "output.log").open("wb") as output:
            self._process = await asyncio.create_subprocess_exec(
                *("baresip", "-f", str(self.folder)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    async def hear(self, seconds: float) -> Samples:
        """Hear the next *seconds* of the latest call, 8,000 samples each; nothing when no sound comes."""
        files = self.folder.glob("dump-*-dec.wav")
        latest = max(files, key=lambda file: file.stat().st_mtime, default=None)
        if latest is None:
            return NOTHING
        begin = max(latest.stat().st_size, WAV_HEADER)
        end = begin + round(seconds * tones.RATE) * SAMPLE.itemsize
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds + SILENT_S):
                while latest.stat().st_size < end:  # noqa: ASYNC110 -- a file tells nobody that it grows
                    await asyncio.sleep(LOOK_EVERY_S)
            data = latest.read_bytes()[begin:end]
            return np.frombuffer(data, SAMPLE).astype(np.float64) / tones.FULL_SCALE
        return NOTHING

    async def stop(self) -> None:
        """Switch it off; it says good-bye to the centre first."""
        if self._process is None:
            return
        self._process.terminate()
        async with asyncio.timeout(STOP_LIMIT_S):
            await self._process.wait()
