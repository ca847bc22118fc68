"""The client before answers that a healthy Asterisk does not give."""

import pytest
from aiohttp import web

from telephony.asterisk.client import Ari
from telephony.asterisk.errors import (
    AsteriskError,
    Conflict,
    DecodeError,
    LoginRefused,
    NotFound,
    Refused,
    Unavailable,
)
from telephony.model.ids import LegId
from tests.asterisk_fixture import free_port
from tests.unit.asterisk.server import SILENCE, Server, said

LEG = LegId("madoguchi-1.0")


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, LoginRefused),
        (403, LoginRefused),
        (404, NotFound),
        (409, Conflict),
        (412, Refused),
        (400, Refused),
        (500, Unavailable),
        (503, Unavailable),
    ],
)
async def test_every_status_has_one_meaning(
    server: Server, ari: Ari, status: int, error: type[AsteriskError]
) -> None:
    server.will(said(status, {"message": "because"}))
    with pytest.raises(error, match="because") as raised:
        await ari.answer(LEG)
    assert type(raised.value) is error


async def test_no_answer_is_unavailable_and_is_not_repeated(server: Server, ari: Ari) -> None:
    server.will(SILENCE)
    with pytest.raises(Unavailable):
        await ari.answer(LEG)
    assert server.seen == ["POST /ari/channels/madoguchi-1.0/answer"]


async def test_no_server_is_unavailable() -> None:
    async with Ari(f"http://127.0.0.1:{free_port()}/ari", "madoguchi", "secret") as ari:
        with pytest.raises(Unavailable):
            await ari.info()
        with pytest.raises(Unavailable):
            await ari.open_events(heartbeat_s=1)


async def test_an_answer_that_is_not_json_is_a_decode_error(server: Server, ari: Ari) -> None:
    server.will(web.Response(text="<html>"))
    with pytest.raises(DecodeError):
        await ari.channels()


async def test_requests_share_one_connection(server: Server, ari: Ari) -> None:
    server.will(*(said(204) for _ in range(5)))
    for _ in range(5):
        await ari.answer(LEG)
    assert len(server.peers) == 1


async def test_what_is_sent_is_encoded(server: Server, ari: Ari) -> None:
    server.will(said(204))
    await ari.continue_in(LegId("a/b?c"), "offer", "201*20*17*r")
    assert server.seen == ["POST /ari/channels/a%2Fb%3Fc/continue?context=offer&extension=201*20*17*r"]


async def test_a_subscription_without_a_websocket_is_not_a_leg_that_is_gone(server: Server, ari: Ari) -> None:
    server.will(said(404, {"message": "Application not found"}), said(422, {"message": "no such source"}))
    with pytest.raises(Unavailable):
        await ari.subscribe(LEG)
    with pytest.raises(NotFound):
        await ari.subscribe(LEG)


async def test_a_websocket_that_is_refused_says_why(server: Server, ari: Ari) -> None:
    server.will(said(401), said(404), said(503))
    for error in (LoginRefused, NotFound, Unavailable):
        with pytest.raises(error):
            await ari.open_events(heartbeat_s=1)
