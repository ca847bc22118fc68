"""Citizens who call: they listen, press keys, wait, and leave at whatever instant the story says."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from tests.simulation.asterisk.channel import NORMAL, Channel
from tests.simulation.asterisk.server import SimulatedAsterisk

NO_CAUSE = 0
"""Asterisk's cause for a caller who left before the answer."""


KEY_S = 0.2
"""A key and the pause after it."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key, pressed so long after the call was answered."""

    key: str
    after_s: float


class Caller:
    """One call as its caller knows it: the ledger that records are held against. Times by the wall clock."""

    def __init__(self, server: SimulatedAsterisk, number: str, keys: Sequence[Key] = ()) -> None:
        self.number = number
        self.sip_call_id = f"{number}@carrier"
        self.invited: float | None = None
        self.answered: float | None = None
        self.gone: float | None = None
        self.gone_by = ""
        self.channel: Channel | None = None
        self._server = server
        self._keys = keys

    def dial(self, dialled: str) -> None:
        """Send the INVITE."""
        self.invited = self._server.wall()
        asyncio.get_running_loop().call_later(self._server.network.delay(), self._arrive, dialled)

    def leave(self) -> None:
        """Hang up, however far the call is."""
        self._end("caller")
        asyncio.get_running_loop().call_later(self._server.network.delay(), self._tell)

    def press(self, keys: str) -> None:
        """Press keys one after another, as fast as a telephone sends them."""
        for place, key in enumerate(keys):
            asyncio.get_running_loop().call_later(
                KEY_S * place + self._server.network.delay(), self._press, key
            )

    def _press(self, key: str) -> None:
        if self.gone is None and self.channel is not None:
            self._server.press(self.channel, key)

    def picked_up(self) -> None:
        """The call was answered."""
        self.answered = self._server.wall()
        for key in self._keys:
            asyncio.get_running_loop().call_later(key.after_s, self.press, key.key)

    def ended(self) -> None:
        """Asterisk ended the call."""
        self._end("system")

    def cut_off(self) -> None:
        """Asterisk died: the sound is gone, and the caller with it."""
        self._end("crash")

    def _arrive(self, dialled: str) -> None:
        if not self._server.up:
            self._end("refused")
        elif self.gone is None:
            self.channel = self._server.invite(self, self.number, dialled, self.sip_call_id)
        else:
            self._end("never arrived")

    def _tell(self) -> None:
        if self.channel is not None and self.channel.id in self._server.channels:
            cause = NORMAL if self.answered is not None else NO_CAUSE
            self._server.hang_up(self.channel, cause)

    def _end(self, by: str) -> None:
        if self.gone is None:
            self.gone, self.gone_by = self._server.wall(), by
