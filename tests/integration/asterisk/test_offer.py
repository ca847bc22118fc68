"""Offers on the real Asterisk: `Dial()` rings the operator's phone, and every way an offer can end."""

import asyncio
import wave
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest

from telephony.asterisk.client import Ari
from telephony.asterisk.control import WITHDRAWN_CAUSE, Control
from telephony.asterisk.manager import Manager, ManagerEvent
from telephony.asterisk.phones import hold_changed
from telephony.model import commands as do
from telephony.model.events import (
    CallerLeft,
    DialStatus,
    HoldChanged,
    KeyPressed,
    OfferAnswered,
    OfferDialled,
    OfferRang,
    OfferReturned,
)
from telephony.model.ids import AgentName, CallId, OfferId, PlaybackId, SoundId
from telephony.ports import AlreadyAnswered, LegGone, SwitchError
from tests.asterisk_fixture import RunningAsterisk, write_ulaw_tone
from tests.integration.asterisk.listener import Controller
from tests.integration.asterisk.sipp import (
    SippRoom,
    ack,
    await_bye,
    await_invite,
    await_invite_and_refuse,
    be_cancelled,
    expect,
    hang_up,
    hang_up_phone,
    hold,
    invite,
    keys,
    pause,
    pick_up,
    provisional,
    ring,
    send_voice,
)

STAYS = (invite(), provisional(), expect(200), ack(), await_bye())
RINGS = (await_invite(), ring(), be_cancelled())
TALKS = (await_invite(), ring(), pick_up(), await_bye())
SOON_S = 0.1


def offer_of(call: CallId, number: int, *, ring_s: int = 20, record: bool = False) -> do.Offer:
    return do.Offer(call, OfferId(str(number)), AgentName("sato"), "201", ring_s, record)


async def waiting_call(controller: Controller) -> CallId:
    """Return an answered call that hears music."""
    call = await controller.arrived()
    await controller.control.carry_out(do.Answer(call))
    await controller.control.carry_out(do.StartMusic(call))
    return call


async def test_an_answered_offer_is_dialled_rings_is_answered_and_ends_with_the_operator(
    controller: Controller, sipp: SippRoom
) -> None:
    phone = await sipp.phone(
        "201", await_invite(), ring(), pause(100), pick_up(), pause(200), hang_up_phone()
    )
    await sipp.call(*STAYS)
    call = await waiting_call(controller)
    await controller.control.carry_out(offer_of(call, 11))

    dialled = await controller.events.next(OfferDialled)
    assert await controller.events.next(OfferRang) == OfferRang(call, OfferId("11"), dialled.leg)
    assert await controller.events.next(OfferAnswered) == OfferAnswered(call, OfferId("11"))
    assert controller.control.leg_of(call) == dialled.leg
    assert await controller.events.next(CallerLeft) == CallerLeft(call, 16, served=OfferId("11"))
    await phone.finish()


async def test_an_offer_nobody_answers_comes_back_when_its_time_is_over(
    controller: Controller, sipp: SippRoom
) -> None:
    phone = await sipp.phone("201", *RINGS)
    await sipp.call(*STAYS)
    call = await waiting_call(controller)
    await controller.control.carry_out(offer_of(call, 12, ring_s=1))

    returned = await controller.events.next(OfferReturned)
    assert returned == OfferReturned(call, OfferId("12"), DialStatus.NOANSWER)
    await phone.finish()
    await controller.control.carry_out(do.HangUp(call))


async def test_a_phone_that_is_busy_says_so(controller: Controller, sipp: SippRoom) -> None:
    await sipp.phone("201", await_invite_and_refuse("486 Busy Here"))
    await sipp.call(*STAYS)
    call = await waiting_call(controller)
    await controller.control.carry_out(offer_of(call, 13))

    returned = await controller.events.next(OfferReturned)
    assert returned == OfferReturned(call, OfferId("13"), DialStatus.BUSY)
    await controller.control.carry_out(do.HangUp(call))


async def test_a_phone_that_is_not_registered_is_unavailable_at_once(
    controller: Controller, sipp: SippRoom
) -> None:
    await sipp.call(*STAYS)
    call = await waiting_call(controller)
    unregistered = do.Offer(call, OfferId("14"), AgentName("ito"), "202", 20, record=False)
    await controller.control.carry_out(unregistered)

    returned = await controller.events.next(OfferReturned)
    assert returned == OfferReturned(call, OfferId("14"), DialStatus.CHANUNAVAIL)
    await controller.control.carry_out(do.HangUp(call))


async def test_a_withdrawn_offer_stops_ringing_and_the_caller_is_back_at_once(
    controller: Controller, sipp: SippRoom
) -> None:
    phone = await sipp.phone("201", *RINGS)
    await sipp.call(*STAYS)
    call = await waiting_call(controller)
    await controller.control.carry_out(offer_of(call, 15))
    rang = await controller.events.next(OfferRang)

    before = asyncio.get_running_loop().time()
    await controller.control.carry_out(do.WithdrawOffer(call, OfferId("15"), rang.leg))
    returned = await controller.events.next(OfferReturned)
    took_s = asyncio.get_running_loop().time() - before
    assert returned.offer == OfferId("15")
    assert returned.status is not DialStatus.ANSWER
    assert took_s < SOON_S
    await phone.finish()

    await controller.control.carry_out(do.WithdrawOffer(call, OfferId("15"), rang.leg))
    await controller.control.carry_out(do.HangUp(call))


async def test_an_offer_withdrawn_before_its_leg_is_known_is_withdrawn_when_it_appears(
    controller: Controller, sipp: SippRoom
) -> None:
    await sipp.phone("201", *RINGS)
    await sipp.call(*STAYS)
    call = await waiting_call(controller)
    await controller.control.carry_out(offer_of(call, 16))
    await controller.control.carry_out(do.WithdrawOffer(call, OfferId("16"), None))

    returned = await controller.events.next(OfferReturned)
    assert returned.offer == OfferId("16")
    assert returned.status is not DialStatus.ANSWER
    await controller.control.carry_out(do.HangUp(call))


async def test_a_controller_that_has_just_started_can_withdraw_an_offer_it_never_saw(
    controller: Controller, sipp: SippRoom
) -> None:
    await sipp.phone("201", *RINGS)
    await sipp.call(*STAYS)
    call = await waiting_call(controller)
    await controller.control.carry_out(offer_of(call, 17))
    await controller.events.next(OfferRang)

    newly_started = Control(controller.ari, controller.manager)
    await newly_started.carry_out(do.WithdrawOffer(call, OfferId("17"), None))
    assert (await controller.events.next(OfferReturned)).offer == OfferId("17")
    await controller.control.carry_out(do.HangUp(call))


async def test_an_answered_offer_is_not_withdrawn_any_more(controller: Controller, sipp: SippRoom) -> None:
    await sipp.phone("201", *TALKS)
    await sipp.call(*STAYS)
    call = await waiting_call(controller)
    await controller.control.carry_out(offer_of(call, 18))
    rang = await controller.events.next(OfferRang)
    await controller.events.next(OfferAnswered)

    unheard = Control(controller.ari, controller.manager)
    for control, leg in ((controller.control, rang.leg), (unheard, rang.leg), (unheard, None)):
        with pytest.raises(AlreadyAnswered):
            await control.carry_out(do.WithdrawOffer(call, OfferId("18"), leg))
    assert (await controller.ari.channel(rang.leg)).state == "Up"
    await controller.control.carry_out(do.HangUp(call))


async def test_the_phone_stops_ringing_when_the_caller_leaves(controller: Controller, sipp: SippRoom) -> None:
    phone = await sipp.phone("201", *RINGS)
    caller = await sipp.call(invite(), provisional(), expect(200), ack(), pause(700), hang_up())
    call = await waiting_call(controller)
    await controller.control.carry_out(offer_of(call, 19))
    await controller.events.next(OfferRang)

    assert (await controller.events.next(CallerLeft)).call == call
    await caller.finish()
    await phone.finish()
    with pytest.raises(LegGone):
        await controller.control.carry_out(offer_of(call, 20))


async def test_an_offer_in_flight_completes_without_a_controller_and_its_end_is_heard_by_the_next(
    ari: Ari, manager: Manager, sipp: SippRoom
) -> None:
    talks_a_while = (pause(300), pick_up(), pause(800), hang_up_phone())
    phone = await sipp.phone("201", await_invite(), ring(), *talks_a_while)
    await sipp.call(*STAYS)
    async with Controller(ari, manager) as first:
        call = await waiting_call(first)
        await first.control.carry_out(offer_of(call, 30))
        await first.events.next(OfferRang)

    async with Controller(ari, manager) as second:
        await second.control.carry_out(do.Follow(call))
        assert await second.events.next(CallerLeft) == CallerLeft(call, 16, served=OfferId("30"))
        await phone.finish()


async def test_an_operator_taken_away_in_the_middle_leaves_the_caller_with_us(
    controller: Controller, sipp: SippRoom
) -> None:
    """As in a withdrawal that meets the answer: no conversation, so the caller is not hung up on."""
    await sipp.phone("201", *TALKS)
    await sipp.call(*STAYS)
    call = await waiting_call(controller)
    await controller.control.carry_out(offer_of(call, 31))
    rang = await controller.events.next(OfferRang)
    await controller.events.next(OfferAnswered)
    await controller.ari.hang_up(rang.leg, WITHDRAWN_CAUSE)
    returned = await controller.events.next(OfferReturned)
    assert returned == OfferReturned(call, OfferId("31"), DialStatus.ANSWER)
    await controller.control.carry_out(do.HangUp(call))
    assert await controller.events.next(CallerLeft) == CallerLeft(call, 16)


async def test_an_offer_does_not_wait_behind_a_prompt(controller: Controller, sipp: SippRoom) -> None:
    """The prompt lasts 20 s; the phone rings long before."""
    await sipp.phone("201", *RINGS)
    await sipp.call(*STAYS)
    call = await controller.arrived()
    await controller.control.carry_out(do.Answer(call))
    await controller.control.carry_out(do.Play(call, PlaybackId("p-offer"), (SoundId("long"),)))
    await controller.control.carry_out(offer_of(call, 21))

    assert (await controller.events.next(OfferRang)).call == call
    await controller.control.carry_out(do.HangUp(call))


async def test_the_same_offer_twice_rings_once(controller: Controller, sipp: SippRoom) -> None:
    await sipp.phone("201", *RINGS)
    await sipp.call(*STAYS)
    call = await waiting_call(controller)
    await controller.control.carry_out(offer_of(call, 22))
    await controller.control.carry_out(offer_of(call, 22))
    rang = await controller.events.next(OfferRang)
    await controller.control.carry_out(do.WithdrawOffer(call, OfferId("22"), rang.leg))
    await controller.events.next(OfferReturned)
    await controller.control.carry_out(offer_of(call, 22))

    await controller.control.carry_out(do.HangUp(call))
    await controller.events.next(CallerLeft)
    assert sum(isinstance(event, OfferDialled) for event in controller.events.items) == 1


async def test_a_command_for_a_caller_who_is_being_offered_says_where_the_caller_is(
    controller: Controller, sipp: SippRoom
) -> None:
    await sipp.phone("201", *RINGS)
    await sipp.call(*STAYS)
    call = await waiting_call(controller)
    await controller.control.carry_out(offer_of(call, 23))
    await controller.events.next(OfferRang)

    with pytest.raises(SwitchError, match=r"offer,201\*20\*23\*n") as refused:
        await controller.control.carry_out(do.StartMusic(call))
    assert not isinstance(refused.value, LegGone)
    await controller.control.carry_out(do.HangUp(call))


async def test_keys_pressed_while_talking_are_nobodys_business(
    controller: Controller, sipp: SippRoom
) -> None:
    await sipp.phone("201", *TALKS)
    presses_while_talking = (pause(300), keys("7"), pause(1_300), hang_up())
    caller = await sipp.call(invite(), provisional(), expect(200), ack(), *presses_while_talking)
    call = await waiting_call(controller)
    await controller.control.carry_out(offer_of(call, 24, record=True))  # so that Asterisk sees the keys
    await controller.events.next(OfferAnswered)

    await caller.finish()
    await controller.events.next(CallerLeft)
    assert not [event for event in controller.events.items if isinstance(event, KeyPressed)]


async def test_the_operators_hold_and_resume_are_heard(controller: Controller, sipp: SippRoom) -> None:
    holds = (pause(200), hold("sendonly", 1), pause(200), hold("sendrecv", 2))
    await sipp.phone("201", await_invite(), ring(), pick_up(), *holds, await_bye())
    await sipp.call(*STAYS)
    call = await waiting_call(controller)
    await controller.control.carry_out(offer_of(call, 25))

    heard = [hold_changed(await _next_hold(controller)) for _ in range(2)]
    assert heard == [HoldChanged(call, held=True), HoldChanged(call, held=False)]
    await controller.control.carry_out(do.HangUp(call))


async def _next_hold(controller: Controller) -> dict[str, str]:
    event = await controller.ami.next(ManagerEvent, lambda item: item.fields["Event"] in {"Hold", "Unhold"})
    return dict(event.fields)


async def test_a_paused_recording_is_silent_until_it_is_resumed(
    controller: Controller, sipp: SippRoom, asterisk: RunningAsterisk, tmp_path: Path
) -> None:
    write_ulaw_tone(tmp_path / "voice.ulaw", seconds=10, hertz=500)
    await sipp.phone("201", *TALKS)
    speaks = (send_voice(tmp_path / "voice.ulaw"), await_bye())
    await sipp.call(invite(), provisional(), expect(200), ack(), *speaks)
    call = await waiting_call(controller)
    await controller.control.carry_out(offer_of(call, 26, record=True))
    await controller.events.next(OfferAnswered)

    await asyncio.sleep(0.5)  # half a second of voice is what the test is about, here and below
    await controller.control.carry_out(do.PauseRecording(call))
    await controller.control.carry_out(do.PauseRecording(call))
    await asyncio.sleep(0.5)
    await controller.control.carry_out(do.ResumeRecording(call))
    await asyncio.sleep(0.5)
    await controller.control.carry_out(do.HangUp(call))
    await controller.events.next(CallerLeft)

    (recording,) = asterisk.layout.recordings.rglob(f"{call}.wav")
    loud = _loud_stretches(recording)
    assert [is_loud for is_loud, _ in loud] == [True, False, True]
    assert all(seconds > 0.3 for _, seconds in loud)


def _loud_stretches(recording: Path) -> list[tuple[bool, float]]:
    """Return (has sound, seconds) of each stretch of at least 60 ms."""
    with wave.open(str(recording)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(float)
        step = file.getframerate() // 50
    levels = [bool(np.abs(samples[i : i + step]).max() > 500) for i in range(0, len(samples) - step, step)]
    stretches = [(is_loud, len(list(run)) / 50) for is_loud, run in groupby(levels)]
    return [(is_loud, seconds) for is_loud, seconds in stretches if seconds >= 0.06]
