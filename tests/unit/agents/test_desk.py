"""What reaches whose screen, on the real engine."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest

from agents.desk.log import KEPT, MessageLog, numbered
from agents.roles import Role
from telephony.model import events as ev
from telephony.model.ids import AgentName
from tests.unit.agents.floor import Floor


class Screen:
    """Reads one person's log as a socket would."""

    def __init__(self, floor: Floor, user: str, role: Role = Role.OPERATOR) -> None:
        self._log = floor.desk.audience.enter(user, role)
        self._wake = asyncio.Event()
        self._log.join(self._wake.set)
        self._place = self._log.last_seq

    def news(self) -> list[dict[str, Any]]:
        """Return what came since the last time."""
        texts = self._log.after(self._place)
        assert texts is not None
        self._place = self._log.last_seq
        return [orjson.loads(text) for text in texts]

    def of(self, *kinds: str) -> list[dict[str, Any]]:
        """Return what came since the last time, of these types."""
        return [message for message in self.news() if message["type"] in kinds]

    async def until(self, kind: str) -> list[dict[str, Any]]:
        """Wait for messages of this type, reading over others; return them."""
        seen: list[dict[str, Any]] = []
        async with asyncio.timeout(2):
            while all(message["type"] != kind for message in seen):
                await self._wake.wait()
                self._wake.clear()
                seen += self.news()
        return [message for message in seen if message["type"] == kind]


@pytest.fixture
async def floor() -> AsyncIterator[Floor]:
    made = Floor()
    background = asyncio.create_task(made.desk.run())
    yield made
    background.cancel()
    await asyncio.wait({background})
    made.engine.close()


async def test_an_offer_carries_everything_the_screen_pop_shows(floor: Floor) -> None:
    earlier = {"id": "old-1", "outcome": "answered", "agent": "suzuki"}
    floor.archive.calls["+819012345678"] = [earlier]
    screen = Screen(floor, "sato")
    floor.ready("sato")
    call = floor.arrive("c1")
    await floor.choose(call)
    (offer,) = screen.of("offer")
    assert offer["call"] == "c1"
    assert offer["offer"] == floor.offer_of(call)
    assert offer["caller"] == "+819012345678"
    assert offer["caller_written"] == "090-1234-5678"
    assert offer["withheld"] is False
    assert offer["queue"] == "booking"
    assert offer["queue_title"] == "予約"
    assert offer["script"] is None
    assert offer["menu_path"]
    assert offer["waited_s"] >= 0
    assert offer["history"] == {"calls": [earlier], "reservations": None}
    assert offer["history_state"] == "ready"
    assert offer["at"].endswith("+09:00")


async def test_the_history_is_asked_for_once_when_the_call_arrives(floor: Floor) -> None:
    floor.ready("sato")
    call = floor.arrive("c1")
    await floor.choose(call)
    floor.answer(call)
    await floor.engine.drain()
    assert floor.archive.asked == ["+819012345678"]


async def test_a_late_history_follows_in_a_call_message(floor: Floor) -> None:
    floor.archive.calls["+819012345678"] = [{"id": "old-1"}]
    floor.archive.answers.clear()
    screen = Screen(floor, "sato")
    floor.ready("sato")
    await floor.choose(floor.arrive("c1"))
    (offer,) = screen.of("offer")
    assert (offer["history"], offer["history_state"]) == (None, "pending")
    floor.archive.answers.set()
    (late,) = await screen.until("call")
    assert late["call"]["id"] == "c1"
    assert late["history"]["calls"] == [{"id": "old-1"}]
    assert late["history_state"] == "ready"


async def test_without_the_database_the_offer_says_so(floor: Floor) -> None:
    floor.archive.away = True
    screen = Screen(floor, "sato")
    floor.ready("sato")
    await floor.choose(floor.arrive("c1"))
    (offer,) = screen.of("offer")
    assert (offer["history"], offer["history_state"]) == (None, "unavailable")


async def test_a_withheld_number_is_shown_as_such(floor: Floor) -> None:
    screen = Screen(floor, "sato")
    floor.ready("sato")
    await floor.choose(floor.arrive("c1", caller=None))
    (offer,) = screen.of("offer")
    assert (offer["caller"], offer["caller_written"], offer["withheld"]) == (None, "番号非通知", True)
    assert offer["history_state"] == "withheld"
    assert floor.archive.asked == []


async def test_an_answered_offer_ends_once_and_the_call_follows(floor: Floor) -> None:
    screen = Screen(floor, "sato")
    floor.ready("sato")
    call = floor.arrive("c1")
    await floor.choose(call)
    floor.answer(call)
    messages = screen.news()
    assert [m["result"] for m in messages if m["type"] == "offer_ended"] == ["answered"]
    assert messages[-1]["type"] == "call"
    assert messages[-1]["call"]["state"] == "talking"
    floor.leave(call)
    ended = screen.of("call", "offer_ended")
    assert [m["call"] for m in ended] == [{"id": "c1", "state": "ended"}]


@pytest.mark.parametrize("how", ["caller leaves", "rejected", "not answered", "hung up by a supervisor"])
async def test_every_offer_is_followed_by_exactly_one_end(floor: Floor, how: str) -> None:
    screen = Screen(floor, "sato")
    floor.ready("sato")
    call = floor.arrive("c1")
    await floor.choose(call)
    offer = floor.offer_of(call)
    match how:
        case "caller leaves":
            floor.leave(call)
        case "rejected":
            floor.engine.submit(ev.OfferRejected(AgentName("sato"), offer))
            floor.engine.submit(ev.OfferReturned(call, offer, ev.DialStatus.NOANSWER))
        case "not answered":
            floor.engine.submit(ev.OfferReturned(call, offer, ev.DialStatus.NOANSWER))
        case _:
            floor.engine.submit(ev.HangupRequested(call, "supervisor"))
    kinds = [(m["type"], m["offer"]) for m in screen.of("offer", "offer_ended")]
    assert kinds == [("offer", offer), ("offer_ended", offer)]


async def test_one_operator_does_not_see_another_ones_call(floor: Floor) -> None:
    other = Screen(floor, "suzuki")
    floor.ready("sato")
    call = floor.arrive("c1")
    await floor.choose(call)
    floor.answer(call)
    assert other.of("offer", "offer_ended", "call", "agent") == []


async def test_a_supervisor_sees_the_floor_gathered(floor: Floor) -> None:
    watcher = Screen(floor, "tanaka", Role.SUPERVISOR)
    floor.ready("sato")
    call = floor.arrive("c1")
    await floor.choose(call)
    floor.answer(call)
    assert watcher.news() == []  # nothing yet: changes are gathered
    (seen,) = await watcher.until("call")
    assert seen["call"]["state"] == "talking"
    floor.leave(call)
    assert [m["call"] for m in await watcher.until("call")] == [{"id": "c1", "state": "ended"}]


async def test_a_snapshot_shows_the_open_offer_and_only_what_the_role_may_see(floor: Floor) -> None:
    floor.desk.audience.enter("sato", Role.OPERATOR)
    floor.desk.audience.enter("tanaka", Role.SUPERVISOR)
    floor.ready("sato")
    call = floor.arrive("c1")
    await floor.choose(call)
    mine = orjson.loads(floor.desk.snapshot("sato", Role.OPERATOR))
    assert [offer["offer"] for offer in mine["offers"]] == [floor.offer_of(call)]
    assert mine["agent"]["state"] == "offered"
    assert mine["call"]["id"] == "c1"
    assert (mine["calls"], mine["agents"]) == ([], [])
    theirs = orjson.loads(floor.desk.snapshot("tanaka", Role.SUPERVISOR))
    assert [call["id"] for call in theirs["calls"]] == ["c1"]
    assert {agent["name"] for agent in theirs["agents"]} == {"sato", "suzuki"}
    assert (theirs["agent"], theirs["offers"]) == (None, [])


async def test_a_hostile_caller_id_reaches_the_screen_as_text(floor: Floor) -> None:
    screen = Screen(floor, "sato")
    floor.ready("sato")
    hostile = "<script>'\"; DROP TABLE calls;--\udcff" + "9" * 5_000
    await floor.choose(floor.arrive("c1", caller=hostile))
    (offer,) = screen.of("offer")
    assert offer["caller"].startswith("<script>'\"; DROP TABLE calls;--")


async def test_who_stays_away_long_is_forgotten_and_numbers_go_on_rising(floor: Floor) -> None:
    audience = floor.desk.audience
    first = audience.enter("sato", Role.OPERATOR)
    audience.sweep()
    assert audience.enter("sato", Role.OPERATOR) is first  # came back in time
    audience.sweep()
    audience.sweep()
    assert not audience.listens("sato")
    assert audience.enter("sato", Role.OPERATOR).last_seq > first.last_seq


# --- the log -------------------------------------------------------------------------------------------


def test_a_log_gives_what_followed_and_says_when_it_cannot() -> None:
    log = MessageLog(start=1_000)
    for number in range(KEPT + 5):
        log.append(orjson.dumps({"n": number}))
    assert log.after(log.last_seq) == []
    assert log.after(log.last_seq - 1) == [b'{"seq":%d,"n":%d}' % (log.last_seq, KEPT + 4)]
    kept = log.after(log.last_seq - KEPT)
    assert kept is not None
    assert len(kept) == KEPT
    assert log.after(log.last_seq - KEPT - 1) is None  # gone
    assert log.after(log.last_seq + 1) is None  # never was
    assert log.after(3) is None  # of an earlier run


def test_a_number_stands_in_front() -> None:
    assert orjson.loads(numbered(7, b'{"type":"notice"}')) == {"seq": 7, "type": "notice"}
