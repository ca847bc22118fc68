"""One socket that follows a person's messages: in order, none twice, and cut off when it takes nothing."""

import asyncio
from typing import cast

import orjson
import pytest

from agents.desk.follower import BEHIND_BYTES, BEHIND_LIMIT_S, LOOK_AGAIN_S, Follower
from agents.desk.log import KEPT, MessageLog
from tests.unit.agents.pipe import Pipe

START = 1_000


class Clock:
    def __init__(self) -> None:
        self.now = 5.0

    def __call__(self) -> float:
        return self.now


def body(number: int) -> bytes:
    return orjson.dumps({"n": number})


def follower(log: MessageLog, pipe: Pipe, clock: Clock) -> Follower:
    return Follower(log, cast("asyncio.WriteTransport", pipe), "sato", clock)


async def test_messages_are_written_as_they_are_made_and_never_twice() -> None:
    log, pipe = MessageLog(START), Pipe()
    log.append(body(0))
    one = follower(log, pipe, Clock())
    one.begin(START)
    log.append(body(1))
    one.answer(b'{"answer":true}')
    log.append(body(2))
    assert await pipe.next(after=3) == {"seq": START + 3, "n": 2}
    assert pipe.messages == [
        {"seq": START + 1, "n": 0},
        {"seq": START + 2, "n": 1},
        {"seq": START + 2, "answer": True},
        {"seq": START + 3, "n": 2},
    ]
    assert pipe.writes == 1  # one turn of the loop, one system call
    log.append(body(3))
    one.end()  # whoever ends it writes a close next: what was made goes before it, and nothing after
    assert pipe.messages[-1] == {"seq": START + 4, "n": 3}
    log.append(body(4))
    await asyncio.sleep(0)
    assert len(pipe.frames) == 5
    assert not log.has_readers


async def test_a_socket_that_was_behind_gets_what_it_missed_when_it_reads_again() -> None:
    log, pipe, clock = MessageLog(START), Pipe(), Clock()
    one = follower(log, pipe, clock)
    one.begin(START)
    pipe.reads, pipe.unread = False, BEHIND_BYTES + 1
    for number in range(3):
        log.append(body(number))
    one.answer(b'{"answer":true}')
    assert pipe.frames == []
    clock.now += BEHIND_LIMIT_S  # slow, but not longer than allowed
    log.append(body(3))
    pipe.reads, pipe.unread = True, 0
    newest = await pipe.next(after=4)  # nobody says anything new: it looks by itself
    assert newest["n"] == 3
    assert [message.get("n") for message in pipe.messages] == [None, 0, 1, 2, 3]
    assert not pipe.cut


@pytest.mark.parametrize("more", [1, KEPT + 1])
async def test_a_socket_that_takes_nothing_is_cut_off(more: int) -> None:
    log, pipe, clock = MessageLog(START), Pipe(), Clock()
    one = follower(log, pipe, clock)
    one.begin(START)
    pipe.reads, pipe.unread = False, BEHIND_BYTES + 1
    for number in range(more):
        log.append(body(number))
    clock.now += BEHIND_LIMIT_S + LOOK_AGAIN_S
    log.append(body(more))
    assert pipe.cut
    assert pipe.frames == []
    one.end()


async def test_a_socket_that_the_log_has_gone_past_is_cut_off() -> None:
    log, pipe = MessageLog(START), Pipe()
    one = follower(log, pipe, Clock())
    one.begin(START)
    pipe.reads, pipe.unread = False, BEHIND_BYTES + 1
    for number in range(KEPT + 1):
        log.append(body(number))
    pipe.reads, pipe.unread = True, 0
    log.append(body(KEPT + 1))
    assert pipe.cut
