"""The real Asterisk records its SIP for a while, and what it recorded is read and put to the right call."""

import asyncio

from madoguchi.demo.phones import Carrier
from madoguchi.tracing.belonging import of_call
from madoguchi.tracing.pcap import packets
from madoguchi.tracing.recording import file_of, record
from tests.asterisk_fixture import DIALLED, RunningAsterisk

SECONDS = 2.0


async def test_a_call_that_was_recorded_is_found_message_by_message(
    asterisk: RunningAsterisk, carrier: Carrier
) -> None:
    started = asyncio.Event()
    loop = asyncio.get_running_loop()

    def ask(command: str) -> str:
        said = asterisk.cli(command)
        if command.endswith("logger on"):
            loop.call_soon_threadsafe(started.set)
        return said

    recording = asyncio.create_task(asyncio.to_thread(record, asterisk.layout, ask, SECONDS))
    await started.wait()
    calls = [carrier.call(DIALLED, caller="09012345678", sound=False) for _ in range(2)]
    assert await recording > 0

    found = of_call(
        list(packets(file_of(asterisk.layout).read_bytes())), {"sip_call_id": calls[0].call_id}, {}
    )

    assert {packet.call_id for packet in found} == {calls[0].call_id}
    assert found[0].received
    assert found[0].peer.startswith("127.0.0.2:")
    assert any(packet.text.startswith("SIP/2.0 100") for packet in found if not packet.received)
