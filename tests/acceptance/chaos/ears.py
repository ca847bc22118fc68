"""Listens to callers who wait: how long was the longest silence that each of them heard?"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from madoguchi.demo.phones import Call, tones

SAMPLE_S = 0.25
AUDIBLE = 0.003
"""Root mean square; the music on hold has about 0.05."""


@dataclass(slots=True)
class _Ear:
    call: Call
    received: int = 0
    silent_s: float = 0.0
    longest_s: float = 0.0
    served: bool = False

    def listen(self, passed_s: float) -> None:
        sound = self.call.sound
        if sound is None or self.served or not self.call.answered.is_set() or self.call.over.is_set():
            return
        heard = sound.received > self.received and tones.loudness(sound.heard(last_s=SAMPLE_S)) > AUDIBLE
        self.received = sound.received
        self.silent_s = 0.0 if heard else self.silent_s + passed_s
        self.longest_s = max(self.longest_s, self.silent_s)


@dataclass(slots=True)
class Ears:
    """Run `run` beside the calls; `longest` tells at the end."""

    _ears: dict[str, _Ear] = field(default_factory=dict)
    _covered: bool = False

    @contextmanager
    def covered(self) -> Iterator[None]:
        """Hear nothing while the body runs: Asterisk itself stands still."""
        self._covered = True
        try:
            yield
        finally:
            self._covered = False

    def attend(self, call: Call) -> None:
        """Listen to *call* from its answer to its end."""
        self._ears[call.call_id] = _Ear(call)

    def leave(self, call: Call) -> None:
        """Listen to *call* no more: an operator speaks with it, or should."""
        self._ears[call.call_id].served = True

    async def run(self) -> None:
        """Listen until cancelled."""
        loop = asyncio.get_running_loop()
        before = loop.time()
        while True:
            await asyncio.sleep(SAMPLE_S)
            now = loop.time()
            for ear in self._ears.values():
                ear.listen(0.0 if self._covered else now - before)
            before = now

    def longest(self) -> dict[str, float]:
        """Return the longest silence of each call in seconds, by SIP Call-ID."""
        return {call_id: ear.longest_s for call_id, ear in self._ears.items()}
