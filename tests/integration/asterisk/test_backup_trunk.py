"""A trunk that does not take a callback's call: on the real Asterisk the call goes to the trunk behind it."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from madoguchi.demo.phones import Answer, CalledPhone, Reject
from madoguchi.demo.phones.sip import user_of
from telephony.model.events import CitizenAnswered, CitizenRang, CitizenReturned, DialStatus
from tests.asterisk_fixture import BACKUP_ADDRESS, DIALLED, RunningAsterisk
from tests.integration.asterisk.listener import Controller
from tests.integration.asterisk.sipp import SippRoom
from tests.integration.asterisk.test_callback_legs import ACCEPTS, accepted, calling, release

RING_LIMIT_S = 20
SERVICE_UNAVAILABLE, NOT_FOUND, DECLINED = 503, 404, 603


def behind(asterisk: RunningAsterisk, host: str, answers: Answer | Reject) -> CalledPhone:
    """Return everybody who is reached through the trunk at *host*."""
    return CalledPhone(
        ("127.0.0.1", asterisk.sip_port), host=host, port=asterisk.sip_port, behave=lambda _: answers
    )


@pytest.fixture
async def standby(asterisk: RunningAsterisk) -> AsyncIterator[CalledPhone]:
    """Everybody behind the second trunk: they pick up, and hang up a moment later."""
    phone = behind(asterisk, BACKUP_ADDRESS, Answer(talk_s=0.3))
    yield phone
    phone.close()


@pytest.mark.parametrize("answer", [SERVICE_UNAVAILABLE, None], ids=["503", "nothing"])
async def test_the_call_goes_to_the_trunk_behind_it(
    answer: int | None,
    controller: Controller,
    sipp: SippRoom,
    asterisk: RunningAsterisk,
    standby: CalledPhone,
) -> None:
    number = 50 if answer is None else 51
    await sipp.phone("201", *ACCEPTS)
    first = None if answer is None else behind(asterisk, "127.0.0.2", Reject(answer))
    await accepted(controller, number)

    await controller.control.carry_out(calling(number))

    async with asyncio.timeout(RING_LIMIT_S):
        ring = await standby.next_ring()
    assert user_of(ring.invite.get("From")) == DIALLED
    assert ring.invite.get("P-Preferred-Identity") == f"<sip:{DIALLED}@carrier.example.jp>"
    rang = await controller.events.next(CitizenRang, lambda each: each.sip_call_id == ring.invite.call_id)
    assert await controller.events.next(CitizenAnswered) == CitizenAnswered(rang.call, rang.offer)
    assert (await controller.events.next(CitizenReturned)).status is DialStatus.ANSWER
    await release(controller, number)
    if first is not None:
        assert len(first.rings) == 1
        first.close()


@pytest.mark.parametrize("answer", [NOT_FOUND, DECLINED])
async def test_a_number_that_is_refused_is_not_tried_elsewhere(
    answer: int,
    controller: Controller,
    sipp: SippRoom,
    asterisk: RunningAsterisk,
    standby: CalledPhone,
) -> None:
    number = answer
    await sipp.phone("201", *ACCEPTS)
    first = behind(asterisk, "127.0.0.2", Reject(answer))
    await accepted(controller, number)

    await controller.control.carry_out(calling(number))

    assert (await controller.events.next(CitizenReturned)).status is not DialStatus.ANSWER
    assert not standby.rings
    await release(controller, number)
    first.close()
