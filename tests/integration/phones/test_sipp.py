"""SIPp as the carrier's callers: cancels, leaves when told, presses keys, and its ledger is read back."""

from pathlib import Path

import pytest

from madoguchi.demo.phones import Answer, Behaviour, Phone, Ring, Way, tones
from tests.acceptance.storm.evidence import CallerSide, caller_side
from tests.asterisk_fixture import RunningAsterisk
from tests.phones.capture import write_tone
from tests.phones.sipp import CARRIER, Nudger, Plan, Sipp

PORT = 5_090


def lasted(side: CallerSide) -> float:
    assert side.left is not None
    assert side.answered is not None
    return side.left - side.answered


@pytest.fixture
def nudger() -> Nudger:
    return Nudger((CARRIER, PORT))


async def test_callers_leave_when_planned_and_are_heard(
    exchange: RunningAsterisk, phone: Phone, nudger: Nudger, tmp_path: Path
) -> None:
    plans = [
        Plan("0900", cancel_ms=0, leave_ms=0),
        Plan("0901", leave_ms=150),
        Plan("0902"),
        Plan("0903"),
    ]
    tone = write_tone(tmp_path / "tone.pcap", 1_000, seconds=10)
    address = ("127.0.0.1", exchange.sip_port)
    sipp = Sipp(address, "201", plans, tmp_path, rate=1, tone=tone, port=PORT, name="try")

    def behave(ring: Ring) -> Behaviour:
        if ring.caller == "0902":
            nudger.nudge(sipp.call_id(2))
        return Answer(after_s=0.3, talk_s=0.4)

    phone.behave = behave
    await sipp.start()
    ledger = await sipp.finish()
    nudger.close()
    sides = [caller_side(sipp.call_id(n), plan.caller, "", ledger) for n, plan in enumerate(plans)]
    assert [side.left is not None for side in sides] == [True, True, True, False]
    assert 0.14 <= lasted(sides[1]) < 0.65  # a busy machine may wake SIPp late, never early
    rang = {ring.caller: ring for ring in phone.rings}
    assert rang["0902"].status == 487
    assert sides[3].released is not None
    assert rang["0903"].sound is not None
    assert tones.share_of_tone(rang["0903"].sound.heard(), 1_000) > 0.95


async def test_keys_are_pressed(exchange: RunningAsterisk, tmp_path: Path) -> None:
    address = ("127.0.0.1", exchange.sip_port)
    sipp = Sipp(address, "keys", [Plan("0901", keys="117", think_ms=50)], tmp_path, port=PORT, name="keys")
    await sipp.start()
    ledger = await sipp.finish()
    # Three keys end Read() at once; without them it would wait for three seconds and more.
    answered = ledger.first(sipp.call_id(0), Way.RECEIVED, "200 INVITE")
    released = ledger.first(sipp.call_id(0), Way.RECEIVED, "BYE")
    assert answered is not None
    assert released is not None
    assert released - answered < 4.2
