"""Callers and operators' phones of our own, through a real Asterisk."""

import asyncio

import pytest

from madoguchi.demo.phones import (
    Account,
    Answer,
    Carrier,
    EndedBy,
    Phone,
    RegistrationError,
    Reject,
    Way,
    tones,
)
from tests.asterisk_fixture import RunningAsterisk

LIMIT_S = 10


@pytest.fixture(autouse=True)
async def _in_time() -> None:
    asyncio.get_running_loop().call_later(LIMIT_S, _give_up)


def _give_up() -> None:
    for task in asyncio.all_tasks():
        task.cancel(f"not over after {LIMIT_S} s")


async def test_both_hear_each_other_and_the_operator_hangs_up(carrier: Carrier, phone: Phone) -> None:
    phone.behave = lambda _: Answer()
    call = carrier.call("201", caller="09012345678")
    ring = await phone.next_ring()
    await asyncio.gather(call.answered.wait(), ring.answered.wait())
    assert ring.caller == "09012345678"
    assert call.sound is not None
    assert ring.sound is not None
    call.say(1_000)
    ring.say(440)
    await asyncio.gather(call.sound.listen(0.3), ring.sound.listen(0.3))
    heard_by_caller, heard_by_operator = await asyncio.gather(call.sound.listen(0.5), ring.sound.listen(0.5))
    assert tones.share_of_tone(heard_by_caller, 440) > 0.95
    assert tones.share_of_tone(heard_by_operator, 1_000) > 0.95
    ring.hang_up()
    await asyncio.gather(call.over.wait(), ring.over.wait())
    assert (ring.ended_by, call.ended_by) == (EndedBy.US, EndedBy.THEM)


async def test_an_operator_who_hangs_up_in_the_moment_of_the_answer_ends_the_call(
    carrier: Carrier, phone: Phone
) -> None:
    phone.behave = lambda _: Answer()
    for _ in range(10):
        call = carrier.call("201", caller="09012345678")
        ring = await phone.next_ring()
        await ring.answered.wait()
        ring.hang_up()
        await asyncio.gather(call.over.wait(), ring.over.wait())
        assert (ring.ended_by, call.ended_by) == (EndedBy.US, EndedBy.THEM)
        names = [entry.name for entry in phone.endpoint.ledger.of(ring.call_id)]
        assert names.index("ACK") < names.index("BYE"), "RFC 3261 section 15"


async def test_keys_arrive_in_order_and_none_is_doubled(carrier: Carrier) -> None:
    call = carrier.call("keys", caller=None)
    await call.answered.wait()
    call.press("117")
    await call.over.wait()
    assert call.sound is not None
    assert call.sound.keys_heard == "117"


async def test_a_cancel_silences_the_operators_phone(carrier: Carrier, phone: Phone) -> None:
    call = carrier.call("201", caller="0901")
    ring = await phone.next_ring()
    call.leave()
    await asyncio.gather(call.over.wait(), ring.over.wait())
    assert ring.status == 487
    assert ring.ended_by is EndedBy.THEM


async def test_a_call_is_cancelled_before_anybody_answers(carrier: Carrier) -> None:
    call = carrier.call("ring", caller="0901", sound=False)
    await call.ringing.wait()
    call.cancel()
    await call.over.wait()
    assert (call.status, call.ended_by) == (487, EndedBy.US)


async def test_a_rejected_call_does_not_ring_on(carrier: Carrier, phone: Phone) -> None:
    phone.behave = lambda _: Reject(486)
    call = carrier.call("201", caller="0901")
    ring = await phone.next_ring()
    await asyncio.gather(ring.over.wait(), call.over.wait())
    assert (ring.status, ring.ended_by) == (486, EndedBy.US)


async def test_an_unregistered_phone_does_not_ring(carrier: Carrier, phone: Phone) -> None:
    await phone.unregister()
    call = carrier.call("201", caller="0901")
    await call.over.wait()
    assert phone.rings == []


async def test_a_wrong_password_is_refused(exchange: RunningAsterisk) -> None:
    stranger = Phone(Account("201", "guess"), ("127.0.0.1", exchange.sip_port))
    with pytest.raises(RegistrationError, match="401"):
        await stranger.register()
    stranger.close()


async def test_the_ledger_has_the_whole_call_in_order(carrier: Carrier, phone: Phone) -> None:
    phone.behave = lambda _: Answer(talk_s=0.05)
    call = carrier.call("201", caller="0901", sound=False)
    ring = await phone.next_ring()
    await asyncio.gather(call.over.wait(), ring.over.wait())
    entries = carrier.endpoint.ledger.of(call.call_id)
    assert [(e.way, e.name) for e in entries][:4] == [
        (Way.SENT, "INVITE"),
        (Way.RECEIVED, "100 INVITE"),
        (Way.RECEIVED, "200 INVITE"),
        (Way.SENT, "ACK"),
    ]
    assert [e.at for e in entries] == sorted(e.at for e in entries)
