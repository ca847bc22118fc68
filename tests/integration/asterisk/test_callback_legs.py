"""Callbacks on the real Asterisk: the operator's leg over ARI, then the citizen's through the trunk."""

from telephony.asterisk.client import Ari
from telephony.asterisk.noted import noted_dials
from telephony.callback_recovery import adopted, ownerless
from telephony.model import commands as do
from telephony.model.events import (
    CitizenAnswered,
    CitizenRang,
    CitizenReturned,
    DialStatus,
    NotedDial,
    OfferAnswered,
    OfferRang,
    OperatorLeft,
)
from telephony.model.ids import AgentName, CallId, LegId, OfferId
from telephony.model.operator_leg import operator_leg
from telephony.recovery import Snapshot
from tests.asterisk_fixture import DIALLED, RunningAsterisk
from tests.integration.asterisk.listener import Controller
from tests.integration.asterisk.sipp import (
    SippRoom,
    await_bye,
    await_invite,
    await_invite_and_refuse,
    be_cancelled,
    hang_up_phone,
    pause,
    pick_up,
    ring,
)

NUMBER = "+819012345678"
ACCEPTS = (await_invite(), ring(), pause(100), pick_up(), await_bye())


def leg_of(number: int) -> tuple[CallId, OfferId, LegId]:
    call, offer = CallId(f"cb-{number}"), OfferId(str(number))
    return call, offer, operator_leg(call, offer, "201")


async def summon(controller: Controller, number: int, *, ring_s: int = 10) -> None:
    """Ring operator 201 for callback *number*."""
    call, offer, leg = leg_of(number)
    order = do.CallOperator(call, offer, leg, AgentName("sato"), "201", ring_s, NUMBER, "2026/01/02")
    await controller.control.carry_out(order)


def calling(number: int, called: str = NUMBER, *, ring_s: int = 10) -> do.CallCitizen:
    call, offer, leg = leg_of(number)
    return do.CallCitizen(call, offer, leg, called, "carrier", f"+81{DIALLED[1:]}", ring_s, record=True)


async def accepted(controller: Controller, number: int) -> None:
    """Let the operator pick up for callback *number*."""
    await summon(controller, number)
    await controller.events.next(OfferAnswered)


async def release(controller: Controller, number: int) -> None:
    """Hang the operator's leg up and hear of it."""
    call, _, leg = leg_of(number)
    await controller.control.carry_out(do.HangUp(call, leg=leg))
    assert (await controller.events.next(OperatorLeft)).call == call


async def test_the_operator_then_the_citizen_and_the_citizen_hangs_up(
    controller: Controller, sipp: SippRoom, asterisk: RunningAsterisk
) -> None:
    phone = await sipp.phone("201", *ACCEPTS)
    citizen = await sipp.citizen(await_invite(), ring(), pick_up(), pause(1_500), hang_up_phone())
    call, offer, leg = leg_of(1)
    await summon(controller, 1)
    assert await controller.events.next(OfferRang) == OfferRang(call, offer, leg)
    assert await controller.events.next(OfferAnswered) == OfferAnswered(call, offer)
    await controller.control.carry_out(calling(1))
    rang = await controller.events.next(CitizenRang)
    assert await controller.events.next(CitizenAnswered) == CitizenAnswered(call, offer)
    back = await controller.events.next(CitizenReturned)
    assert back == CitizenReturned(call, offer, DialStatus.ANSWER)
    noted = await noted_of(controller, 1)
    assert (noted.status, noted.by_operator) == (DialStatus.ANSWER, False)
    assert noted.answered_at is not None
    assert noted.ended_at is not None
    assert 1.0 < noted.ended_at - noted.answered_at < 10
    await release(controller, 1)
    assert await noted_of(controller, 1) == noted, "the end of the leg says nothing more"
    messages = await citizen.finish()
    assert f"Call-ID: {rang.sip_call_id}" in messages
    assert "INVITE sip:09012345678@127.0.0.2" in messages
    assert f"From: <sip:{DIALLED}@127.0.0.1>" in messages
    assert "09012345678" in await phone.finish()
    recording = asterisk.layout.recordings / "2026" / "01" / "02" / "cb-1.wav"
    assert recording.exists()


async def noted_of(controller: Controller, number: int) -> NotedDial:
    """Return what the dialplan noted of callback *number*."""
    return (await noted_dials(controller.manager.ask))[leg_of(number)[1]]


async def test_it_is_noted_that_the_operator_has_hung_up_first(
    controller: Controller, sipp: SippRoom
) -> None:
    phone = await sipp.phone("201", await_invite(), ring(), pick_up(), pause(1_500), hang_up_phone())
    await sipp.citizen(await_invite(), ring(), pick_up(), await_bye())
    await accepted(controller, 9)
    await controller.control.carry_out(calling(9))
    await controller.events.next(CitizenAnswered)
    await controller.events.next(OperatorLeft)
    await phone.finish()
    noted = await noted_of(controller, 9)
    assert (noted.status, noted.by_operator) == (DialStatus.ANSWER, True)
    assert noted.talk_began_at is not None


async def test_a_busy_citizen_leaves_the_operators_leg_with_us(
    controller: Controller, sipp: SippRoom
) -> None:
    await sipp.phone("201", *ACCEPTS)
    await sipp.citizen(await_invite_and_refuse("486 Busy Here"))
    await accepted(controller, 2)
    await controller.control.carry_out(calling(2))
    assert (await controller.events.next(CitizenReturned)).status is DialStatus.BUSY
    noted = await noted_of(controller, 2)
    assert (noted.status, noted.answered_at) == (DialStatus.BUSY, None)
    await release(controller, 2)


async def test_a_citizen_who_does_not_answer(controller: Controller, sipp: SippRoom) -> None:
    await sipp.phone("201", *ACCEPTS)
    await sipp.citizen(await_invite(), ring(), be_cancelled())
    await accepted(controller, 3)
    await controller.control.carry_out(calling(3, ring_s=1))
    assert (await controller.events.next(CitizenReturned)).status is DialStatus.NOANSWER
    await release(controller, 3)


async def test_a_citizen_who_hangs_up_during_the_greeting_was_reached(
    controller: Controller, sipp: SippRoom
) -> None:
    await sipp.phone("201", *ACCEPTS)
    await sipp.citizen(await_invite(), ring(), pick_up(), pause(50), hang_up_phone())
    await accepted(controller, 4)
    await controller.control.carry_out(calling(4))
    assert (await controller.events.next(CitizenReturned)).status in {DialStatus.ANSWER, DialStatus.CANCEL}
    await release(controller, 4)


async def test_an_operator_who_does_not_answer_is_gone_with_the_honest_cause(
    controller: Controller, sipp: SippRoom
) -> None:
    phone = await sipp.phone("201", await_invite(), ring(), be_cancelled())
    await summon(controller, 5, ring_s=1)
    call, offer, _ = leg_of(5)
    assert await controller.events.next(OperatorLeft) == OperatorLeft(call, offer, 19)
    await phone.finish()
    await sipp.phone("201", await_invite_and_refuse("486 Busy Here"))
    await summon(controller, 6)
    assert (await controller.events.next(OperatorLeft)).cause == 17


async def test_a_leg_that_was_made_for_one_number_dials_no_other(
    controller: Controller, sipp: SippRoom
) -> None:
    await sipp.phone("201", *ACCEPTS)
    await accepted(controller, 7)
    await controller.control.carry_out(calling(7, "+819900000000"))
    assert (await controller.events.next(CitizenReturned)).status is DialStatus.CHANUNAVAIL
    assert not [event for event in controller.events.items if isinstance(event, CitizenRang)]
    await release(controller, 7)


async def test_a_new_controller_sees_what_each_leg_is_doing(
    controller: Controller, sipp: SippRoom, ari: Ari
) -> None:
    await sipp.phone("201", *ACCEPTS)
    await accepted(controller, 8)
    assert await phase(ari, 8) == "answered"
    await sipp.citizen(await_invite(), ring(), pause(500), pick_up(), pause(1_000), hang_up_phone())
    await controller.control.carry_out(calling(8))
    await controller.events.next(CitizenRang)
    assert await phase(ari, 8) == "calling"
    await controller.events.next(CitizenReturned)
    assert await phase(ari, 8) == "back"
    seen = Snapshot(await ari.channels(), await ari.bridges())
    assert list(ownerless(seen, {})) == [leg_of(8)[2]]
    await release(controller, 8)


async def phase(ari: Ari, number: int) -> str:
    """Return what recovery makes of the leg of callback *number*."""
    from tests.unit.telephony.test_callback_recovery import journal  # noqa: PLC0415 - only for its entries

    seen = Snapshot(await ari.channels(), await ari.bridges())
    call, _, leg = leg_of(number)
    (found,) = adopted(seen, {}, {call: journal()}, {"201": AgentName("sato")})
    assert found.in_flight is not None
    assert (found.in_flight.leg, found.in_flight.agent) == (leg, "sato")
    return found.in_flight.phase.value
