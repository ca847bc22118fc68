"""Asterisk has more to tell a controller than that one reads: calls are taken all the same."""

import asyncio
import re

import aiohttp

from madoguchi.demo.phones import Carrier, Way
from telephony.asterisk.client import APPLICATION, Ari
from tests.asterisk_fixture import DIALLED, RunningAsterisk
from tests.integration.dialplan.driver import LIMIT_S, until

MANY = 500
"""From so many tasks on Asterisk says that it is overloaded (taskprocessor.h)."""

AT_ONCE = 100
LARGE = "x" * 30_000
"""What the two ends of a socket keep for a reader who does not read is full after some of these."""


async def test_a_call_is_taken_at_its_first_sending_while_the_controller_is_told_a_lot(
    asterisk: RunningAsterisk, ari: Ari, carrier: Carrier
) -> None:
    socket = await ari.open_events(heartbeat_s=60)  # nobody reads it
    try:
        await flood(asterisk)
        call = carrier.call(DIALLED, caller="0311112222", sound=False)
        ledger = call.endpoint.ledger
        await until(lambda: ledger.first(call.call_id, Way.RECEIVED, "100 INVITE") is not None)
        assert MANY <= waiting(asterisk)
        sent = [entry for entry in ledger.of(call.call_id) if entry.way is Way.SENT]
        assert 1 == len(sent), sent
        call.leave()
        await call.over.wait()
    finally:
        await socket.close()


async def flood(asterisk: RunningAsterisk) -> None:
    """Let Asterisk have *MANY* events and more for our application."""
    url = f"{asterisk.ari_url}/events/user/flood?application={APPLICATION}"
    access = {"Authorization": aiohttp.encode_basic_auth(asterisk.user, asterisk.ari_password)}
    async with asyncio.timeout(LIMIT_S), aiohttp.ClientSession(headers=access) as session:

        async def tell() -> None:
            async with session.post(url, json={"variables": {"text": LARGE}}, raise_for_status=True):
                return

        while waiting(asterisk) < MANY:
            await asyncio.gather(*(tell() for _ in range(AT_ONCE)))


def waiting(asterisk: RunningAsterisk) -> int:
    """Return how many events for our application wait in Asterisk."""
    shown = asterisk.cli("core show taskprocessors")
    found = re.search(rf"^stasis/m:ari:application/{APPLICATION}\S*\s+\d+\s+(\d+)", shown, re.MULTILINE)
    return int(found[1]) if found else 0
