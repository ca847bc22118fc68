"""What control does when Asterisk's answer does not come: it asks by id before it does a thing twice."""

import asyncio

import pytest
from aiohttp import web

from telephony.asterisk.client import Ari
from telephony.asterisk.control import Control
from telephony.asterisk.manager import Manager
from telephony.model import commands as do
from telephony.model.events import CallerLeft, OfferRang
from telephony.model.ids import AgentName, CallId, LegId, OfferId, PlaybackId, SoundId
from telephony.ports import LegGone, SwitchError, Unsure
from tests.unit.asterisk.messages import channel
from tests.unit.asterisk.server import SILENCE, Server, said

CALL = CallId("madoguchi-1.0")
PLAY = do.Play(CALL, PlaybackId("p1"), (SoundId("greeting"), SoundId("notice")))
OFFER = do.Offer(CALL, OfferId("17"), AgentName("sato"), "201", 20, record=True)
PLAY_URL = (
    "POST /ari/channels/madoguchi-1.0/play/p1"
    "?media=sound:/madoguchi/sounds/greeting,sound:/madoguchi/sounds/notice"
)
ASKED = "GET /ari/channels/madoguchi-1.0"
CONTINUE_URL = "POST /ari/channels/madoguchi-1.0/continue?context=offer&extension=201*20*17*r"


@pytest.fixture
def control(ari: Ari) -> Control:
    return Control(ari, Manager(("127.0.0.1", 1), "madoguchi", "secret"))


async def test_a_play_that_was_done_after_all_is_not_done_again(server: Server, control: Control) -> None:
    server.will(SILENCE, said(200, {"id": "p1", "state": "playing"}))
    await control.carry_out(PLAY)
    assert server.seen == [PLAY_URL, "GET /ari/playbacks/p1"]


async def test_a_play_that_was_not_done_is_done_once_more(server: Server, control: Control) -> None:
    server.will(SILENCE, said(404), said(201))
    await control.carry_out(PLAY)
    assert server.seen == [PLAY_URL, "GET /ari/playbacks/p1", PLAY_URL]


async def test_an_offer_that_was_made_after_all_is_not_made_again(server: Server, control: Control) -> None:
    server.will(SILENCE, said(200, channel(context="offer", exten="201*20*17*r")))
    await control.carry_out(OFFER)
    assert server.seen == [CONTINUE_URL, "GET /ari/channels/madoguchi-1.0"]


async def test_an_offer_that_was_not_made_is_made_once_more(server: Server, control: Control) -> None:
    server.will(SILENCE, said(200, channel()), said(204))
    await control.carry_out(OFFER)
    assert server.seen == [CONTINUE_URL, "GET /ari/channels/madoguchi-1.0", CONTINUE_URL]


@pytest.mark.parametrize(
    "command", [do.Answer(CALL), do.StartMusic(CALL), do.StopMusic(CALL), do.HangUp(CALL)]
)
async def test_what_may_be_done_twice_is_tried_twice_and_then_told(
    server: Server, control: Control, command: do.CallCommand
) -> None:
    server.will(SILENCE, said(204))
    await control.carry_out(command)
    assert server.seen[0] == server.seen[1]

    server.will(*(said(500, {"message": "Allocation failed"}) for _ in range(2)), said(200, channel()))
    with pytest.raises(SwitchError, match="Allocation failed") as refused:
        await control.carry_out(command)
    assert not isinstance(refused.value, Unsure)


@pytest.mark.parametrize("asked", [SILENCE, said(200, channel())])
async def test_an_asterisk_that_stands_still_or_is_late_leaves_it_open_what_was_done(
    server: Server, control: Control, asked: web.Response
) -> None:
    server.will(SILENCE, SILENCE, asked)
    with pytest.raises(Unsure, match="TimeoutError"):
        await control.carry_out(do.Answer(CALL))
    assert server.seen[2] == ASKED


async def test_a_conflict_of_a_leg_that_is_just_leaving_is_a_leg_that_is_gone(
    server: Server, control: Control
) -> None:
    server.will(said(409, {"message": "Channel not in Stasis application"}), said(404))
    with pytest.raises(LegGone):
        await control.carry_out(do.Answer(CALL))


async def test_a_conflict_of_a_leg_for_which_the_hangup_extension_runs_is_a_leg_that_is_gone(
    server: Server, control: Control
) -> None:
    server.will(said(409, {"message": "Channel not in Stasis application"}), said(200, channel(exten="h")))
    with pytest.raises(LegGone):
        await control.carry_out(do.Answer(CALL))


@pytest.mark.parametrize("refusals", [[said(409)], [said(500), said(500)]])
async def test_a_refusal_right_before_the_leg_ends_is_a_leg_that_is_gone(
    server: Server, control: Control, refusals: list[web.Response]
) -> None:
    """The dialplan may be anywhere then, between the application and its hangup extension too."""
    server.will(*refusals, said(200, channel(app="GotoIf")))
    answering = asyncio.create_task(control.carry_out(do.Answer(CALL)))
    async with asyncio.timeout(5):
        while not (answering.done() or ASKED in server.seen):  # noqa: ASYNC110 - the server tells nobody
            await asyncio.sleep(0.001)
    control.notice(CallerLeft(CALL, 16))
    with pytest.raises(LegGone):
        await answering


async def test_a_recording_is_not_paused_without_a_connection(control: Control) -> None:
    control.notice(OfferRang(CALL, OfferId("1"), LegId("madoguchi-1.1")))
    with pytest.raises(SwitchError, match="no AMI connection"):
        await control.carry_out(do.PauseRecording(CALL))


async def test_nothing_is_remembered_of_a_call_that_was_never_there(control: Control, server: Server) -> None:
    """Its `CallerLeft` never comes, so its memory would stay for ever."""
    server.will(said(404), said(404))
    for _ in range(2):
        with pytest.raises(LegGone):
            await control.carry_out(PLAY)
    assert server.seen == [PLAY_URL, PLAY_URL]


async def test_nothing_is_remembered_of_a_call_that_has_left(control: Control, server: Server) -> None:
    server.will(said(201), said(201))
    await control.carry_out(PLAY)
    control.notice(CallerLeft(CALL, 16))
    await control.carry_out(PLAY)
    assert server.seen == [PLAY_URL, PLAY_URL]
