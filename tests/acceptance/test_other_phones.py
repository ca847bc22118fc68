"""Programs that others wrote, at both ends: SIPp is the carrier, baresip the operator's telephone."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from madoguchi.demo.phones import Account, Way, tones
from madoguchi.demo.records import settled
from madoguchi.demo.running import password_of, sip_address
from madoguchi.demo.screen import Message, Screen
from tests.acceptance.copy import Copy
from tests.phones.baresip import Baresip
from tests.phones.capture import write_tone
from tests.phones.sipp import Plan, Sipp

OPERATOR = "sato-misaki"
CALLER_HZ, OPERATOR_HZ = 1_000, 440
LIMIT_S = 60
STAY_MS = 40_000
BOTH_SPEAK = 0.2
PORT = 5_095


async def test_sipp_calls_and_baresip_answers(sample_copy: Copy, tmp_path: Path) -> None:
    running, since = sample_copy.running, datetime.now(UTC)
    seat = next(phone for phone in running["agents"] if phone["name"] == OPERATOR)
    address = sip_address(running)
    phone = Baresip(Account(seat["extension"], seat["sip_password"]), address, tmp_path / "baresip")
    tone = write_tone(tmp_path / "tone.pcap", CALLER_HZ, seconds=60)
    plan = Plan("09012345678", keys="1", think_ms=500, leave_ms=STAY_MS)
    sipp = Sipp(address, running["trunk"]["number"], [plan], tmp_path / "sipp", tone=tone, port=PORT)
    async with (
        asyncio.timeout(LIMIT_S),
        Screen(running["http"], OPERATOR, password_of(running, OPERATOR)) as screen,
        sample_copy.supervisor() as supervisor,
    ):
        await phone.start()
        try:
            await screen.set_state("ready")
            await sipp.start()
            pop = await screen.until(lambda message: message["type"] == "offer")
            await screen.until(_answered)
            ledger = await sipp.finish()
        finally:
            sipp.kill()
            await phone.stop()
        await screen.set_state("logged-out")
        record = (await settled(supervisor, [sipp.call_id(0)], since))[sipp.call_id(0)]
    assert pop["menu_path"] == ["1"]
    assert (record["outcome"], record["agent"], record["ended_by"]) == ("answered", OPERATOR, "caller")
    assert ledger.first(sipp.call_id(0), Way.SENT, "BYE") is not None
    samples, rate = tones.read_wav(sample_copy.layout.recordings / record["recording"]["file"])
    assert tones.share_of_tone(samples, CALLER_HZ, rate=rate) > BOTH_SPEAK
    assert tones.share_of_tone(samples, OPERATOR_HZ, rate=rate) > BOTH_SPEAK


def _answered(message: Message) -> bool:
    return bool(message["type"] == "offer_ended" and message["result"] == "answered")
