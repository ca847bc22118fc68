"""What our dialplan does with a call, line by line where lines matter (``extensions.conf.j2``).

A caller may hang up between any two lines; where there is an ``h`` for it, it runs, and then what was pushed.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import quote

from dialplan.render import RETRY_S, RING_S, TRIES
from telephony.heartbeat import DRIVER_VARIABLE
from tests.simulation.asterisk.channel import NORMAL, UNALLOCATED, Channel, HungUp, Redirected
from tests.simulation.asterisk.dial import Dial

if TYPE_CHECKING:
    from tests.simulation.asterisk.server import SimulatedAsterisk

ANNOUNCEMENT_S = 4
RINGING_LOOK_S, MUSIC_LOOK_S = 0.1, 0.2
"""How often `WaitForCondition()` looks whether somebody else drives the calls."""

WITH_H = frozenset({"from-trunk", "unattended", "unserved"})


class Dialplan:
    """Runs a call from the carrier from INVITE to end. One task is one of Asterisk's threads."""

    def __init__(self, server: "SimulatedAsterisk", channel: Channel) -> None:
        self._server = server
        self._channel = channel
        self._variables = channel.variables
        self._handler_pushed = False

    async def run(self) -> None:
        """Take the call through the dialplan, and write and tell of its end."""
        channel = self._channel
        with suppress(HungUp):
            await self._redirectable(self._from_trunk)
        channel.cause = NORMAL if channel.cause is None else channel.cause
        await asyncio.sleep(self._server.network.step())
        if channel.context in WITH_H:
            await self._h()
        if self._handler_pushed:
            self._write_unserved()
        await asyncio.sleep(self._server.network.step())
        self._server.end(channel)

    async def _redirectable(self, part: Callable[[], Awaitable[bool]]) -> None:
        """Run *part*, and from wherever the leg is sent meanwhile or at the end of it."""
        sent_on = True
        while sent_on:
            try:
                sent_on = await part()
            except Redirected:
                self._channel.at(*(self._channel.redirected or ("", "")))
                self._channel.redirected, sent_on = None, True
            part = self._transfer if self._channel.context == "transfer" else self._offer

    async def _line(self) -> None:
        await self._channel.wait(self._server.network.step())

    async def _stasis(self, *args: str) -> bool:
        """Run `Stasis()`; return whether the controller sent the caller on to another place."""
        self._variables["MADOGUCHI_SEEN"] = self._driver
        await self._line()
        await self._server.stasis.run(self._channel, *args)
        sent, self._channel.sent_on = self._channel.sent_on, False
        return sent

    @property
    def _driver(self) -> str:
        return self._server.globals.get(DRIVER_VARIABLE, "")

    @property
    def _failed(self) -> bool:
        return self._variables["STASISSTATUS"] == "FAILED"

    @property
    def _taken(self) -> bool:
        return self._variables.get("STASISSTATUS") == "SUCCESS"

    # --- [from-trunk] ----------------------------------------------------------------------------------

    async def _from_trunk(self) -> bool:
        await self._line()
        self._variables["MADOGUCHI_DIALLED"] = quote(self._channel.exten)
        self._variables["MADOGUCHI_CALL"] = self._channel.id
        await self._line()
        return await self._arrive("from-trunk", self._channel.exten)

    async def _arrive(self, context: str, exten: str) -> bool:
        """Try until a controller takes the call; return whether it sends the caller to an operator."""
        while True:
            self._channel.at(context, exten)
            if await self._stasis("arrived", "allowed_not_screened"):
                return True
            if not self._failed or not await self._unattended():
                return False

    # --- [offer] ---------------------------------------------------------------------------------------

    async def _offer(self) -> bool:
        """Ring one operator; return whether the controller then sends the caller to another one."""
        channel, exten = self._channel, self._channel.exten
        extension, ring_s, offer, _ = exten.split("*")
        if self._variables.get("MADOGUCHI_TRIES"):
            self._handler_pushed = False
            self._variables["MADOGUCHI_TRIES"] = self._variables["MADOGUCHI_WHY"] = ""
        self._variables["MADOGUCHI_OFFER"] = offer
        await self._line()
        phone = self._server.phones.get(extension)
        result = "CHANUNAVAIL"
        if phone is not None and phone.registered:
            dial = Dial(self._server, channel)
            result = await dial.run(phone, float(ring_s))
            await self._line()
            if result == "ANSWER" and dial.phone_hung_up:
                self._variables["MADOGUCHI_SERVED"] = offer
                return False
        await self._line()
        if await self._stasis("after", offer, result):
            return True
        if not self._failed or result == "ANSWER" or not await self._unattended():
            return False
        return await self._arrive("offer", exten)

    # --- [transfer] ------------------------------------------------------------------------------------

    async def _transfer(self) -> bool:
        """Hand a caller who was taken from an operator to the controller; return whether it sends them on."""
        channel, wanted = self._channel, self._channel.exten
        await self._line()
        while True:
            channel.at("transfer", wanted)
            if await self._stasis("transfer", self._variables["MADOGUCHI_OFFER"], wanted):
                return True
            if not self._failed or not await self._unattended():
                return False

    # --- [unattended] and [unserved] -------------------------------------------------------------------

    async def _unattended(self) -> bool:
        """Let the caller wait for a controller; return whether to try again."""
        channel = self._channel
        channel.at("unattended", "s")
        tries = int(self._variables.get("MADOGUCHI_TRIES") or 0) + 1
        self._variables["MADOGUCHI_TRIES"] = str(tries)
        await self._line()
        if not self._variables.get("MADOGUCHI_WHY"):
            self._begin_unserved("failed")
        if tries > TRIES:
            await channel.wait(ANNOUNCEMENT_S)
            return False
        if tries == 1 and channel.state != "Up":
            await self._another_drives(RING_S, RINGING_LOOK_S)
            return True
        if channel.state != "Up":
            channel.state = "Up"
            channel.party.picked_up()
        channel.music = True
        try:
            await self._another_drives(RETRY_S, MUSIC_LOOK_S)
        finally:
            channel.music = False
        return True

    async def _another_drives(self, limit_s: float, look_s: float) -> None:
        """Wait until somebody drives who did not at the last try, for at most *limit_s*."""
        for _ in range(round(limit_s / look_s)):
            if self._driver != self._variables["MADOGUCHI_SEEN"]:
                return
            await self._channel.wait(look_s)

    def _begin_unserved(self, why: str) -> None:
        self._variables["MADOGUCHI_BEGUN"] = f"{self._server.wall():.3f}"
        self._handler_pushed = True
        self._variables["MADOGUCHI_WHY"] = why

    async def _h(self) -> None:
        self._channel.at("from-trunk", "h")
        await asyncio.sleep(self._server.network.step())
        served = self._taken and (self._channel.state == "Up" or self._channel.cause == UNALLOCATED)
        if not self._variables.get("MADOGUCHI_WHY") and not served:
            self._begin_unserved("left")

    def _write_unserved(self) -> None:
        variables = self._variables
        if not variables.get("MADOGUCHI_WHY"):
            return
        channel = self._channel
        cells = (
            channel.id,
            variables["MADOGUCHI_WHY"],
            variables["MADOGUCHI_BEGUN"],
            f"{self._server.wall():.3f}",
            variables.get("MADOGUCHI_TRIES", ""),
            quote(channel.caller),
            variables.get("MADOGUCHI_DIALLED", ""),
            quote(channel.sip_call_id),
        )
        self._server.unserved.append(",".join(cells))
