"""A citizen with a telephone: calls, presses 1, speaks with a tone, and listens."""

import asyncio
from itertools import count

from madoguchi.demo.phones import Carrier, tones
from madoguchi.demo.phones.caller import Call
from madoguchi.demo.phones.rtp import Sound

VOICE_HZ = 600
AUDIBLE = 0.01
LISTEN_S = 1.0
LIMIT_S = 20

_numbers = count(1_000)


class Citizen:
    """Somebody who calls to book. Each has a number that never called before."""

    def __init__(self, carrier: Carrier, dialled: str) -> None:
        self._carrier, self._dialled = carrier, dialled
        self.number = f"0905555{next(_numbers)}"
        self.written = f"090-5555-{self.number[-4:]}"
        self.name, self.kana = "松阪 花子", "マツサカ ハナコ"

    async def call(self) -> Call:
        """Call, hear the menu and choose to book; speaks from then on."""
        call = self._carrier.call(self._dialled, caller=self.number)
        async with asyncio.timeout(LIMIT_S):
            await call.answered.wait()
        await self.hears_somebody(call)
        call.press("1")
        call.say(VOICE_HZ)
        return call

    async def hears_somebody(self, call: Call) -> bool:
        """Listen until there is a sound, or long enough to say that there is none."""
        ear = _ear(call)
        for _ in range(LIMIT_S):
            if tones.loudness(await ear.listen(LISTEN_S)) > AUDIBLE:
                return True
        return False

    async def loudness(self, call: Call) -> float:
        """Listen for `LISTEN_S` and return how loud it was."""
        return tones.loudness(await _ear(call).listen(LISTEN_S))


def _ear(call: Call) -> Sound:
    if call.sound is None:
        raise AssertionError("this call was placed without sound")
    return call.sound
