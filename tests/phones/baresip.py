"""baresip as an operator's telephone: a softphone that others wrote, which answers and hums a tone."""

import asyncio
import wave
from dataclasses import dataclass, field
from pathlib import Path

from madoguchi.demo.phones import Account, Address, tones

MODULES = Path("/usr/lib/baresip/modules")  # Debian's package baresip-core
STOP_LIMIT_S = 10
VOICE_S = 60

_CONFIG = """poll_method epoll
sip_listen 127.0.0.1:0
net_interface 127.0.0.1
audio_source aufile,{voice}
audio_player aubridge,nobody
audio_alert aubridge,nobody
module_path {modules}
module g711.so
module aufile.so
module aubridge.so
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
        file.writeframes((samples * tones.FULL_SCALE).astype("<i2").tobytes())
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
        (self.folder / "config").write_text(_CONFIG.format(voice=voice, modules=MODULES))
        (self.folder / "contacts").touch()
        with (self.folder / "output.log").open("wb") as output:
            self._process = await asyncio.create_subprocess_exec(
                *("baresip", "-f", str(self.folder)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    async def stop(self) -> None:
        """Switch it off; it says good-bye to the centre first."""
        if self._process is None:
            return
        self._process.terminate()
        async with asyncio.timeout(STOP_LIMIT_S):
            await self._process.wait()
