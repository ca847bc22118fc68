"""The stream of the floor: gathered, numbered, the same bytes for all, bounded for who reads slowly."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any, cast

import pytest

from agents.floor.feed import KEPT, FloorFeed
from agents.floor.frames import LONGEST_MEDIUM, LONGEST_SHORT, text_frame
from agents.floor.listener import BEHIND_BYTES, STUCK_S, Listener
from tests.unit.agents.floor import Floor
from tests.unit.agents.pipe import Pipe


def listener(pipe: Pipe, clock: Any = None) -> Listener:
    transport = cast("asyncio.WriteTransport", pipe)
    return Listener(transport) if clock is None else Listener(transport, clock)


@pytest.fixture
async def floor() -> AsyncIterator[Floor]:
    floor = Floor()
    running = asyncio.create_task(floor.desk.run())
    yield floor
    running.cancel()
    floor.engine.close()


@pytest.fixture
def feed(floor: Floor) -> FloorFeed:
    return floor.desk.floor


@pytest.mark.parametrize(
    ("size", "head"),
    [
        (LONGEST_SHORT, bytes([0x81, 125])),
        (LONGEST_SHORT + 1, bytes([0x81, 126, 0, 126])),
        (LONGEST_MEDIUM, bytes([0x81, 126, 255, 255])),
        (LONGEST_MEDIUM + 1, bytes([0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0])),
    ],
)
def test_a_frame_says_its_length_as_rfc_6455_wants_it(size: int, head: bytes) -> None:
    assert head + bytes(size) == text_frame(bytes(size))


async def test_a_burst_is_one_message_with_only_what_changed(floor: Floor, feed: FloorFeed) -> None:
    pipe = Pipe()
    feed.join(listener(pipe), None)
    floor.ready("sato", "suzuki")
    call = floor.arrive("c1")
    await floor.choose(call)
    delta = await pipe.next(after=1)
    assert (delta["type"], delta["seq"]) == ("delta", pipe.messages[0]["seq"] + 1)
    assert {"sato", "suzuki"} == {agent["name"] for agent in delta["agents"]}
    assert [("c1", "offered")] == [(call["id"], call["state"]) for call in delta["calls"]]
    assert {"alerts", "notices", "figures"}.isdisjoint(delta)


async def test_everybody_gets_the_very_same_bytes(floor: Floor, feed: FloorFeed) -> None:
    pipes = [Pipe() for _ in range(100)]
    for pipe in pipes:
        feed.join(listener(pipe), None)
    floor.ready("sato")
    await pipes[-1].next(after=1)
    assert all(len(pipe.frames) == 2 for pipe in pipes)
    for one, other in pairwise(pipes):
        assert all(mine is theirs for mine, theirs in zip(one.frames, other.frames, strict=True))


async def test_who_waits_says_how_far_in_line_and_who_left_says_it_once(
    floor: Floor, feed: FloorFeed
) -> None:
    call = floor.arrive("c1")
    await floor.choose(call)
    pipe = Pipe()
    feed.join(listener(pipe), None)
    waiting = pipe.messages[0]["calls"][0]
    assert (waiting["state"], waiting["queue"], waiting["line"]["tier"]) == ("waiting", "booking", 0)
    floor.leave(call)
    assert [{"id": "c1", "state": "ended"}] == (await pipe.next(after=1))["calls"]


async def test_who_comes_back_misses_nothing(floor: Floor, feed: FloorFeed) -> None:
    first, stays = Pipe(), Pipe()
    gone = listener(first)
    feed.join(gone, None)
    feed.join(listener(stays), None)
    feed.leave(gone)
    floor.ready("sato")
    await stays.next(after=1)
    floor.ready("suzuki")
    await stays.next(after=2)
    again = Pipe()
    feed.join(listener(again), first.messages[0]["seq"])
    assert stays.frames[1:] == again.frames


async def test_who_comes_back_to_a_floor_that_stood_still_hears_just_that(feed: FloorFeed) -> None:
    first, again = Pipe(), Pipe()
    feed.join(listener(first), None)
    feed.join(listener(again), first.messages[0]["seq"])
    (message,) = again.messages
    assert {"type", "at", "seq"} == set(message)


@pytest.mark.parametrize("away", [-1, 1, KEPT + 1])
async def test_a_number_that_is_not_known_gets_a_snapshot(feed: FloorFeed, away: int) -> None:
    first, again = Pipe(), Pipe()
    feed.join(listener(first), None)
    feed.join(listener(again), first.messages[0]["seq"] + away)
    assert again.messages[0]["type"] == "snapshot"


async def test_what_changed_while_nobody_watched_is_not_resumed(floor: Floor, feed: FloorFeed) -> None:
    first, again = Pipe(), Pipe()
    gone = listener(first)
    feed.join(gone, None)
    feed.leave(gone)
    floor.ready("sato")
    feed.join(listener(again), first.messages[0]["seq"])
    (message,) = again.messages
    assert message["type"] == "snapshot"
    assert message["agents"][0]["state"] == "ready"


async def test_a_slow_reader_is_sent_nothing_until_it_has_read_and_then_everything(
    floor: Floor, feed: FloorFeed
) -> None:
    slow, fast = Pipe(), Pipe()
    feed.join(listener(slow), None)
    feed.join(listener(fast), None)
    slow.reads, slow.unread = False, BEHIND_BYTES + 1
    floor.ready("sato")
    await fast.next(after=1)
    floor.ready("suzuki")
    await fast.next(after=2)
    assert len(slow.frames) == 1
    slow.reads, slow.unread = True, 0
    fresh = await slow.next(after=1)
    assert (fresh["type"], fresh["seq"]) == ("snapshot", fast.messages[-1]["seq"])


def test_a_reader_that_is_stuck_is_cut() -> None:
    now = 0.0
    pipe = Pipe()
    stuck = listener(pipe, lambda: now)
    pipe.unread = BEHIND_BYTES + 1
    stuck.take(b"one")
    now = STUCK_S
    stuck.catch_up(lambda: b"all")
    assert not pipe.cut
    now = STUCK_S + 1
    stuck.catch_up(lambda: b"all")
    assert (True, []) == (pipe.cut, pipe.frames)


async def test_a_notice_and_an_alert_reach_the_floor(floor: Floor, feed: FloorFeed) -> None:
    pipe = Pipe()
    feed.join(listener(pipe), None)
    floor.desk.announce("tanaka", "避難訓練です。")
    delta = await pipe.next(after=1)
    assert [("tanaka", "避難訓練です。")] == [(notice["by"], notice["text"]) for notice in delta["notices"]]


async def test_figures_are_told_when_they_are_new(feed: FloorFeed) -> None:
    pipe = Pipe()
    feed.join(listener(pipe), None)
    feed.show_figures({"goal": 90})
    assert {"goal": 90} == (await pipe.next(after=1))["figures"]
    feed.show_figures({"goal": 90})
    feed.show_figures({"goal": 91})
    assert {"goal": 91} == (await pipe.next(after=2))["figures"]
    assert len(pipe.frames) == 3
