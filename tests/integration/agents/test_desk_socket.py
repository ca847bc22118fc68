"""The desk as a browser sees it: tickets, snapshot, offers, resume, and what hostile clients get."""

import asyncio

import aiohttp
import pytest

from agents.desk.connection import LARGEST_REQUEST, REQUESTS_PER_WINDOW
from agents.desk.log import KEPT
from agents.roles import Role
from agents.tickets import TICKET_S, Tickets
from telephony.model import events as ev
from telephony.model.commands import HangUp, PauseRecording, ResumeRecording, WithdrawOffer
from telephony.model.ids import CallId, OfferId
from tests.integration.agents.centre import Desk, Running


async def offered(centre: Running, call: str = "c1") -> tuple[CallId, OfferId]:
    """Let a call come in and be offered to the only operator who is ready."""
    made = centre.floor.arrive(call)
    await centre.floor.choose(made)
    return made, centre.floor.offer_of(made)


async def test_a_desk_begins_with_a_snapshot_and_hears_of_an_offer_and_its_end(centre: Running) -> None:
    async with centre.signed_in("sato") as browser, centre.desk(browser) as desk:
        snapshot = await desk.next()
        assert (snapshot["type"], snapshot["user"], snapshot["role"]) == ("snapshot", "sato", "operator")
        assert snapshot["agent"]["state"] == "logged-out"
        assert snapshot["pause_reasons"] == [{"name": "lunch", "title": "昼休み"}]
        centre.floor.ready("sato")
        call, offer = await offered(centre)
        shown = await desk.next("offer")
        assert (shown["offer"], shown["caller_written"]) == (offer, "090-1234-5678")
        centre.floor.leave(call)
        ended = await desk.next("offer_ended")
        assert (ended["offer"], ended["result"]) == (offer, "caller-left")


async def test_messages_are_numbered_without_gaps(centre: Running) -> None:
    async with centre.signed_in("sato") as browser, centre.desk(browser) as desk:
        seq = (await desk.next())["seq"]
        centre.floor.ready("sato")
        await offered(centre)
        while (message := await desk.next())["type"] != "offer":
            assert message["seq"] == seq + 1
            seq += 1


async def test_an_offer_that_ends_while_the_line_is_down_is_not_missed(centre: Running) -> None:
    centre.floor.ready("sato")
    async with centre.signed_in("sato") as browser:
        async with centre.desk(browser) as desk:
            call, offer = await offered(centre)
            await desk.next("offer")
        centre.floor.leave(call)
        async with centre.desk(browser, seq=desk.seq) as again:
            seen = [await again.next()]
            while seen[-1]["type"] != "offer_ended":
                seen.append(await again.next())
            assert seen[-1]["offer"] == offer
            assert "snapshot" not in {message["type"] for message in seen}


async def test_resuming_says_so_and_repeats_nothing(centre: Running) -> None:
    async with centre.signed_in("sato") as browser:
        async with centre.desk(browser) as desk:
            seq = (await desk.next("snapshot"))["seq"]
        async with centre.desk(browser, seq=seq) as again:
            notice = await again.next()
            assert (notice["type"], notice["code"], notice["seq"]) == ("notice", "resumed", seq)


async def test_a_seq_that_is_not_known_gets_a_snapshot(centre: Running) -> None:
    async with centre.signed_in("sato") as browser:
        for seq in (1, 2**53):
            async with centre.desk(browser, seq=seq) as desk:
                assert (await desk.next())["type"] == "snapshot"


async def test_two_tabs_see_the_same(centre: Running) -> None:
    async with (
        centre.signed_in("sato") as browser,
        centre.desk(browser) as one,
        centre.desk(browser) as two,
    ):
        await one.next("snapshot")
        await two.next("snapshot")
        centre.floor.ready("sato")
        await offered(centre)
        assert await one.next("offer") == await two.next("offer")


async def test_ready_pause_and_logging_out(centre: Running) -> None:
    async with centre.signed_in("sato") as browser, centre.desk(browser) as desk:
        await desk.say("state", state="ready")
        assert (await desk.next("agent"))["agent"]["state"] == "ready"
        await desk.say("state", state="paused", reason="lunch")
        shown = (await desk.next("agent"))["agent"]
        assert (shown["state"], shown["reason"]) == ("paused", "lunch")
        await desk.say("state", state="logged-out")
        assert (await desk.next("agent"))["agent"]["state"] == "logged-out"
        notice = await desk.ask("state", state="paused", reason="bored")
        assert (notice["code"], notice["text"]) == (
            "unknown-reason",
            "離席の理由を選んでください：昼休み（lunch）。",
        )
        assert (await desk.ask("state", state="after-call"))["code"] == "not-now"


async def test_rejecting_withdraws_this_offer_and_no_later_one(centre: Running) -> None:
    centre.floor.ready("sato")
    async with centre.signed_in("sato") as browser, centre.desk(browser) as desk:
        call, offer = await offered(centre)
        await desk.say("reject", offer=offer)
        await desk.say("hangup")  # answered when the one before it was carried out
        await desk.next("notice")
        assert WithdrawOffer in {type(order) for order in centre.floor.switch.orders}
        centre.floor.engine.submit(ev.OfferReturned(call, offer, ev.DialStatus.CANCEL))
        assert (await desk.next("offer_ended"))["result"] == "rejected"
        notice = await desk.ask("reject", offer=offer)
        assert (notice["level"], notice["code"]) == ("problem", "offer-ended")


async def test_accepting_says_to_pick_up_the_telephone(centre: Running) -> None:
    centre.floor.ready("sato")
    async with centre.signed_in("sato") as browser, centre.desk(browser) as desk:
        _, offer = await offered(centre)
        notice = await desk.ask("accept", offer=offer)
        assert (notice["level"], notice["code"]) == ("info", "accept")
        assert "受話器" in notice["text"]
        assert (await desk.ask("accept", offer="999"))["code"] == "offer-ended"


async def test_an_operator_talks_pauses_the_recording_hangs_up_and_disposes(centre: Running) -> None:
    floor = centre.floor
    floor.ready("sato")
    async with centre.signed_in("sato") as browser, centre.desk(browser) as desk:
        call, _ = await offered(centre)
        floor.answer(call)
        await desk.say("recording", action="pause")
        await desk.say("recording", action="resume", call=call)
        await desk.say("hangup", call=call)
        assert (await desk.ask("disposition", call="other", disposition="予約"))["code"] == "not-your-call"
        await floor.engine.drain()
        orders = [type(order) for order in floor.switch.orders]
        assert [kind for kind in orders if kind in {PauseRecording, ResumeRecording}] == [
            PauseRecording,
            ResumeRecording,
        ]
        assert HangUp in orders
        floor.leave(call)
        await desk.say("disposition", call=call, disposition="予約を受け付けた")
        await desk.ask("accept", offer="0")
        disposed = [record for record in floor.diary.records if record.kind == "call.disposed"]
        assert [record.data["disposition"] for record in disposed] == ["予約を受け付けた"]


async def test_nobody_ends_or_pauses_a_colleagues_call(centre: Running) -> None:
    centre.floor.ready("sato")
    async with centre.signed_in("suzuki") as browser, centre.desk(browser) as desk:
        call, offer = await offered(centre)
        assert (await desk.ask("reject", offer=offer))["code"] == "offer-ended"
        centre.floor.answer(call)
        assert (await desk.ask("hangup", call=call))["code"] == "not-your-call"
        assert (await desk.ask("recording", action="pause", call=call))["code"] == "not-your-call"
        assert (await desk.ask("disposition", call=call, disposition="x"))["code"] == "not-your-call"


async def test_what_the_desk_cannot_do_is_said(centre: Running) -> None:
    async with centre.signed_in("sato") as browser, centre.desk(browser) as desk:
        for kind in ("hold", "resume"):
            notice = await desk.ask(kind, call="c1", to="302")
            assert (notice["level"], notice["code"]) == ("problem", "not-from-here")


async def test_hostile_messages_get_one_sentence_and_the_socket_still_serves(centre: Running) -> None:
    async with centre.signed_in("sato") as browser, centre.desk(browser) as desk:
        for text, code in (("{", "not-json"), (" " * (LARGEST_REQUEST + 1), "too-large")):
            await desk.socket.send_str(text)
            notice = await desk.next("notice")
            assert (notice["level"], notice["code"]) == ("problem", code)
        await desk.say("state", state="ready")
        assert (await desk.next("agent"))["agent"]["state"] == "ready"


async def test_binary_gets_a_sentence_and_a_flood_only_ends_itself(centre: Running) -> None:
    async with (
        centre.signed_in("sato") as browser,
        centre.desk(browser) as flooder,
        centre.desk(browser) as other,
    ):
        await flooder.socket.send_bytes(b"\x00")
        assert (await flooder.next("notice"))["code"] == "not-text"
        for _ in range(REQUESTS_PER_WINDOW):
            await flooder.socket.send_str("{}")
        async with asyncio.timeout(3):
            async for _ in flooder.socket:
                continue
        assert flooder.socket.close_code == aiohttp.WSCloseCode.POLICY_VIOLATION
        assert (await other.ask("accept", offer="0"))["code"] == "offer-ended"


async def test_a_socket_that_does_not_read_is_dropped_and_comes_back_to_a_snapshot(
    centre: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agents.desk.follower.BEHIND_LIMIT_S", 0.3)
    audience = centre.floor.desk.audience
    large = b'{"type":"notice","text":"' + b"x" * 50_000 + b'"}'
    async with centre.signed_in("sato") as browser, centre.desk(browser) as other:
        snapshot = await other.next("snapshot")
        no_patience = aiohttp.ClientWSTimeout(ws_close=0.1)
        async with centre.desk(browser, timeout=no_patience) as stuck:
            await stuck.next("snapshot")
            _stop_reading(stuck)
            async with asyncio.timeout(10):
                while len(centre.parts.sockets) == 2:
                    audience.tell("sato", large)
                    await other.next("notice")  # nobody waits for the stuck one
        for _ in range(KEPT):
            audience.tell("sato", b'{"type":"notice"}')
        async with centre.desk(browser, seq=snapshot["seq"]) as again:
            assert (await again.next())["type"] == "snapshot"


def _stop_reading(desk: Desk) -> None:
    transport = desk.socket.get_extra_info("socket")
    assert transport is not None
    protocol = desk.socket._reader._protocol  # noqa: SLF001 - only the transport can stop taking bytes
    protocol.pause_reading()


async def test_only_a_fresh_ticket_opens_the_desk(centre: Running) -> None:
    async with centre.signed_in("sato") as browser:
        ticket = (await (await browser.post("/api/desk/ticket")).json())["ticket"]
        async with browser.ws_connect("/api/desk", params={"ticket": ticket}):
            pass
        for wrong in (ticket, "", "nonsense"):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await browser.ws_connect("/api/desk", params={"ticket": wrong})
            assert refused.value.status == 401


def test_a_ticket_is_good_for_half_a_minute() -> None:
    now = [0.0]
    tickets = Tickets(lambda: now[0])
    early, late = tickets.issue("sato", None), tickets.issue("sato", None)
    now[0] = TICKET_S - 0.1
    assert tickets.redeem(early) is not None
    now[0] = TICKET_S
    assert tickets.redeem(late) is None


async def test_pages_of_other_sites_cannot_open_the_desk(centre: Running) -> None:
    async with centre.signed_in("sato") as browser:
        ticket = (await (await browser.post("/api/desk/ticket")).json())["ticket"]
        for origin in ("https://evil.example", "null", "http://127.0.0.1:1", "http://[", ""):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await browser.ws_connect("/api/desk", params={"ticket": ticket}, origin=origin)
            assert refused.value.status == 403
        async with browser.ws_connect("/api/desk", params={"ticket": ticket}, origin=centre.url):
            pass


async def test_signing_out_closes_the_desk(centre: Running) -> None:
    async with centre.signed_in("sato") as browser, centre.desk(browser) as desk:
        await desk.next("snapshot")
        assert (await browser.delete("/api/session")).status == 204
        async with asyncio.timeout(3):
            assert (await desk.socket.receive()).type is aiohttp.WSMsgType.CLOSE
        assert (await browser.get("/api/session")).status == 401


async def test_a_supervisor_watches_and_the_command_line_has_no_telephone(centre: Running) -> None:
    async with centre.signed_in("tanaka") as browser, centre.desk(browser) as floor:
        assert {agent["name"] for agent in (await floor.next())["agents"]} == {"sato", "suzuki", "tanaka"}
        centre.floor.ready("sato")
        assert (await floor.next("agent"))["agent"]["name"] == "sato"
    async with centre.cli() as cli, centre.desk(cli) as watcher:
        assert (await watcher.next())["role"] == Role.OPS
        assert (await watcher.ask("state", state="ready"))["code"] == "no-phone"
