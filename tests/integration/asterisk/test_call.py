"""One call on the real Asterisk: arrival, answer, sounds, keys, music, and how either side ends it."""

import pytest

from telephony.model import commands as do
from telephony.model.events import CallArrived, CallerLeft, KeyPressed, PlaybackEnded
from telephony.model.ids import LegId, PlaybackId, SoundId
from telephony.ports import LegGone, SwitchError
from tests.asterisk_fixture import RunningAsterisk
from tests.integration.asterisk.listener import Controller
from tests.integration.asterisk.sipp import (
    SippRoom,
    ack,
    await_bye,
    be_refused,
    cancel,
    expect,
    hang_up,
    invite,
    keys,
    pause,
    provisional,
)

STAYS = (invite(), provisional(), expect(200), ack(), await_bye())


async def test_a_trunk_call_arrives_with_both_numbers_and_its_call_id(
    controller: Controller, sipp: SippRoom
) -> None:
    caller = await sipp.call(*STAYS)
    arrived = await controller.events.next(CallArrived)
    assert (arrived.caller, arrived.dialled) == ("+819011112222", "+81120123456")

    await controller.control.carry_out(do.Answer(arrived.call))
    await controller.control.carry_out(do.HangUp(arrived.call))
    assert f"Call-ID: {arrived.sip_call_id}\n" in (await caller.finish()).replace("\r", "")


async def test_an_anonymous_caller_has_no_number(controller: Controller, sipp: SippRoom) -> None:
    await sipp.call(*STAYS, caller='"Anonymous" <sip:anonymous@anonymous.invalid>')
    arrived = await controller.events.next(CallArrived)
    assert arrived.caller is None
    await controller.control.carry_out(do.HangUp(arrived.call))


@pytest.mark.parametrize(
    "user",
    ["%27%3b%20DROP%20TABLE%20calls%3b--", "%3cscript%3e%22", "%01%02%e2%80%ae", "%ff%fe%c3%28", "9" * 2_000],
    ids=["sql", "html", "controls", "not-utf-8", "2000 digits"],
)
async def test_a_hostile_caller_id_is_a_normal_call_with_short_printable_text(
    controller: Controller, sipp: SippRoom, user: str
) -> None:
    await sipp.call(*STAYS, caller=f'"&#34;&lt;b&gt;" <sip:{user}@127.0.0.2>')
    arrived = await controller.events.next(CallArrived)
    assert arrived.caller is None or (len(arrived.caller) <= 64 and arrived.caller.isprintable())
    await controller.control.carry_out(do.HangUp(arrived.call))


async def test_a_playback_ends_once_for_all_its_sounds(controller: Controller, sipp: SippRoom) -> None:
    await sipp.call(*STAYS)
    call = await controller.arrived()
    await controller.control.carry_out(do.Answer(call))
    play = do.Play(call, PlaybackId("p-once"), (SoundId("short"), SoundId("short")))
    await controller.control.carry_out(play)

    ended = await controller.events.next(PlaybackEnded)
    assert ended == PlaybackEnded(call, PlaybackId("p-once"), heard=True)
    await controller.control.carry_out(do.HangUp(call))
    await controller.events.next(CallerLeft)
    assert sum(isinstance(event, PlaybackEnded) for event in controller.events.items) == 1


async def test_the_same_play_command_twice_is_heard_once(controller: Controller, sipp: SippRoom) -> None:
    await sipp.call(*STAYS)
    call = await controller.arrived()
    await controller.control.carry_out(do.Answer(call))
    play = do.Play(call, PlaybackId("p-twice"), (SoundId("short"),))
    await controller.control.carry_out(play)
    await controller.control.carry_out(play)
    await controller.events.next(PlaybackEnded)
    await controller.control.carry_out(play)

    await controller.control.carry_out(do.HangUp(call))
    await controller.events.next(CallerLeft)
    assert sum(isinstance(event, PlaybackEnded) for event in controller.events.items) == 1


async def test_a_missing_sound_is_told_although_asterisk_took_it(
    controller: Controller, sipp: SippRoom
) -> None:
    await sipp.call(*STAYS)
    call = await controller.arrived()
    await controller.control.carry_out(do.Answer(call))
    await controller.control.carry_out(do.Play(call, PlaybackId("p-missing"), (SoundId("missing"),)))

    ended = await controller.events.next(PlaybackEnded)
    assert ended == PlaybackEnded(call, PlaybackId("p-missing"), heard=False)
    await controller.control.carry_out(do.HangUp(call))


async def test_a_stopped_playback_ends_at_once_and_stopping_twice_is_no_error(
    controller: Controller, sipp: SippRoom
) -> None:
    await sipp.call(*STAYS)
    call = await controller.arrived()
    await controller.control.carry_out(do.Answer(call))
    await controller.control.carry_out(do.Play(call, PlaybackId("p-stop"), (SoundId("long"),)))
    await controller.control.carry_out(do.StopPlaying(call, PlaybackId("p-stop")))
    await controller.events.next(PlaybackEnded)

    await controller.control.carry_out(do.StopPlaying(call, PlaybackId("p-stop")))
    await controller.control.carry_out(do.HangUp(call))


async def test_a_command_does_not_wait_behind_a_playback(controller: Controller, sipp: SippRoom) -> None:
    """The long sound lasts 20 s; the short one after it is heard within the limit of one wait."""
    await sipp.call(*STAYS)
    call = await controller.arrived()
    await controller.control.carry_out(do.Answer(call))
    await controller.control.carry_out(do.Play(call, PlaybackId("p-long"), (SoundId("long"),)))
    await controller.control.carry_out(do.Play(call, PlaybackId("p-next"), (SoundId("short"),)))

    await controller.events.next(PlaybackEnded, lambda ended: ended.playback == "p-next")
    await controller.control.carry_out(do.HangUp(call))


async def test_keys_are_heard_one_by_one_while_a_prompt_plays(controller: Controller, sipp: SippRoom) -> None:
    await sipp.call(invite(), provisional(), expect(200), ack(), pause(200), keys("15#"), await_bye())
    call = await controller.arrived()
    await controller.control.carry_out(do.Answer(call))
    await controller.control.carry_out(do.Play(call, PlaybackId("p-menu"), (SoundId("long"),)))

    pressed = [(await controller.events.next(KeyPressed)).key for _ in range(3)]
    assert pressed == ["1", "5", "#"]
    await controller.control.carry_out(do.HangUp(call))


async def test_music_starts_and_stops(
    controller: Controller, sipp: SippRoom, asterisk: RunningAsterisk
) -> None:
    await sipp.call(*STAYS)
    call = await controller.arrived()
    await controller.control.carry_out(do.Answer(call))
    await controller.control.carry_out(do.StartMusic(call))
    await controller.control.carry_out(do.StartMusic(call))
    await controller.control.carry_out(do.StopMusic(call))
    await controller.control.carry_out(do.StopMusic(call))

    await controller.control.carry_out(do.Play(call, PlaybackId("p-after"), (SoundId("short"),)))
    await controller.events.next(PlaybackEnded)
    await controller.control.carry_out(do.HangUp(call))
    assert [] == [line for line in asterisk.log.splitlines() if "ERROR" in line]


@pytest.mark.parametrize(("cause", "status"), [(1, 404), (17, 486), (21, 403), (34, 503)])
async def test_a_call_refused_before_the_answer_gets_the_sip_status_of_its_cause(
    controller: Controller, sipp: SippRoom, cause: int, status: int
) -> None:
    caller = await sipp.call(invite(), provisional(), be_refused(status))
    call = await controller.arrived()
    await controller.control.carry_out(do.HangUp(call, cause))
    await caller.finish()
    assert (await controller.events.next(CallerLeft)).call == call


async def test_a_prompt_can_be_heard_before_the_answer(controller: Controller, sipp: SippRoom) -> None:
    caller = await sipp.call(invite(), '<recv response="100"/>', expect(183), be_refused(486))
    call = await controller.arrived()
    await controller.control.carry_out(do.Play(call, PlaybackId("p-early"), (SoundId("short"),)))
    assert (await controller.events.next(PlaybackEnded)).heard
    await controller.control.carry_out(do.HangUp(call, 17))
    await caller.finish()


@pytest.mark.parametrize(
    "leaves",
    [
        (invite(), provisional(), expect(200), ack(), pause(100), hang_up()),
        (invite(), '<recv response="100"/>\n', pause(100), cancel()),
    ],
    ids=["BYE", "CANCEL"],
)
async def test_the_end_of_the_callers_leg_is_heard_however_it_came(
    controller: Controller, sipp: SippRoom, leaves: tuple[str, ...]
) -> None:
    caller = await sipp.call(*leaves)
    call = await controller.arrived()
    if "BYE" in "".join(leaves):
        await controller.control.carry_out(do.Answer(call))
    await caller.finish()
    assert (await controller.events.next(CallerLeft)).call == call


async def test_commands_for_a_caller_who_has_left_raise_leg_gone(
    controller: Controller, sipp: SippRoom
) -> None:
    caller = await sipp.call(invite(), provisional(), expect(200), ack(), hang_up())
    call = await controller.arrived()
    await controller.control.carry_out(do.Answer(call))
    await caller.finish()
    await controller.events.next(CallerLeft)

    for command in (
        do.Answer(call),
        do.Play(call, PlaybackId("p-late"), (SoundId("short"),)),
        do.StartMusic(call),
        do.StopMusic(call),
    ):
        with pytest.raises(LegGone):
            await controller.control.carry_out(command)
    with pytest.raises(LegGone):
        await controller.control.carry_out(do.Follow(call))
    await controller.control.carry_out(do.HangUp(call))


async def test_commands_while_nobody_is_connected_are_refused_with_a_reason(
    controller: Controller, sipp: SippRoom
) -> None:
    await sipp.call(*STAYS)
    call = await controller.arrived()
    with pytest.raises(SwitchError, match="Nobody talks"):
        await controller.control.carry_out(do.PauseRecording(type(call)("no-such-channel")))
    await controller.control.carry_out(do.HangUp(call))
    assert LegId(call) not in [
        channel.id for channel in await controller.ari.channels() if channel.state == "Up"
    ]
