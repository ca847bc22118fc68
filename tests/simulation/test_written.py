"""Races between a connect and what goes on meanwhile, written down: random stories meet them too seldom."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from telephony.asterisk import answers
from telephony.asterisk.errors import Unanswered, Unavailable
from telephony.model.ids import LegId, PlaybackId
from tests.scenarios.plan import SHORT_S
from tests.scenarios.simulated import SimulatedTown
from tests.scenarios.stage import OneCall, Stage
from tests.scenarios.written import chooses
from tests.simulation.phones import Answer
from tests.simulation.virtual_loop import run
from tests.simulation.wire import SimulatedAri, Wire

Play = Callable[[Stage, SimulatedTown], Coroutine[Any, Any, list[str]]]
LONG_S = 30


class HeldAri(SimulatedAri):
    """A client with gates: before websocket, first subscription and playbacks, after looking at legs."""

    def __init__(self, wire: Wire) -> None:
        super().__init__(wire)
        self.opens, self.follows, self.legs = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.sounds = asyncio.Event()
        for gate in (self.opens, self.follows, self.legs, self.sounds):
            gate.set()
        self._asked = False
        self.looked = asyncio.Event()
        self.lost, self.unfollowed = 0, 0

    async def open_events(self, heartbeat_s: float) -> Any:
        """Wait, then connect."""
        await self.opens.wait()
        return await super().open_events(heartbeat_s)

    async def subscribe(self, *legs: LegId) -> None:
        """Wait, the first time; then follow, unless Asterisk is too slow to."""
        if self.unfollowed:
            self.unfollowed -= 1
            raise Unanswered("no answer in time")
        if not self._asked:
            self._asked = True
            await self.follows.wait()
        await super().subscribe(*legs)

    async def channels(self) -> tuple[answers.Channel, ...]:
        """Look, then wait."""
        if self.lost:
            self.lost -= 1
            raise Unavailable("connection reset")
        found = await super().channels()
        self.looked.set()
        await self.legs.wait()
        return found

    async def playback(self, playback: PlaybackId) -> answers.Playback:
        """Wait, then ask."""
        await self.sounds.wait()
        return await super().playback(playback)


def played(play: Play) -> list[str]:
    """Play it on a virtual loop."""

    async def whole() -> list[str]:
        town = SimulatedTown(asyncio.get_running_loop().time, HeldAri)
        return await play(Stage(town), town)

    return run(whole())


def ari(town: SimulatedTown) -> HeldAri:
    """Return the controller's client."""
    assert isinstance(town.ari, HeldAri)
    return town.ari


async def written(call: OneCall) -> list[str]:
    """Wait long enough for anything else to happen; return the kinds of all facts of the call."""
    await asyncio.sleep(LONG_S)
    stream = f"call:{call.id}"
    return [record.kind for record in call.stage.facts.all if record.stream == stream]


def test_a_caller_who_leaves_while_the_snapshot_is_on_its_way_is_not_taken_for_a_new_one() -> None:
    async def play(stage: Stage, town: SimulatedTown) -> list[str]:
        async with stage.running():
            held = ari(town)
            held.follows.clear()
            call = await stage.call()
            held.legs.clear()
            held.looked.clear()
            town.wire.drop_events()
            await held.looked.wait()
            call.person.leave()
            await asyncio.sleep(1)
            held.follows.set()
            await call.wrote("call.ended")
            held.legs.set()
            return await written(call)

    assert played(play) == ["call.arrived", "call.answered", "call.ended"]


def test_a_snapshot_that_is_lost_is_asked_for_again() -> None:
    async def play(stage: Stage, town: SimulatedTown) -> list[str]:
        async with stage.running():
            call = await stage.call()
            await call.wrote("menu.entered")
            held = ari(town)
            held.lost = 1
            held.opens.clear()
            town.wire.drop_events()
            call.person.leave()
            await asyncio.sleep(1)
            held.opens.set()
            return await written(call)

    assert played(play)[-1] == "call.ended"


def test_a_conversation_of_somebody_who_could_not_be_followed_at_first_is_heard_of() -> None:
    """All of it happens in the dialplan: the ringing, the answer, and who hangs up."""

    async def play(stage: Stage, town: SimulatedTown) -> list[str]:
        async with stage.running():
            ari(town).unfollowed = 2
            await stage.operator("sato", Answer(talk_s=0.5))
            return await written(await chooses(stage))

    assert played(play)[-3:] == ["recording.started", "call.talk_ended", "call.ended"]


def test_a_prompt_that_ends_while_nobody_listens_is_followed_by_music_at_once() -> None:
    async def play(stage: Stage, town: SimulatedTown) -> list[str]:
        async with stage.running():
            call = await chooses(stage)
            await call.wrote("queue.entered")
            await asyncio.sleep(1.1)
            ari(town).opens.clear()
            town.wire.drop_events()
            await asyncio.sleep(1)
            ari(town).opens.set()
            await asyncio.sleep(0.5)
            hears = "music" if town.server.channels[call.id].music else "silence"
            call.person.leave()
            return [hears]

    assert played(play) == ["music"]


def test_an_arrival_that_is_read_late_does_not_cut_the_greeting_short() -> None:
    """Who came while nobody listened is taken over from the snapshot; the event waits in the socket."""

    async def play(stage: Stage, town: SimulatedTown) -> list[str]:
        async with stage.running():
            first = await stage.call()
            await first.wrote("call.answered")
            held = ari(town)
            held.opens.clear()
            town.wire.drop_events()
            await asyncio.sleep(0.1)
            person = stage.dial("09033334444")
            await asyncio.sleep(0.1)
            held.sounds.clear()
            held.opens.set()
            second = await stage.arrival(person, "09033334444")
            await asyncio.sleep(SHORT_S / 4)
            held.sounds.set()
            answered, entered = await second.wrote("call.answered"), await second.wrote("menu.entered")
            heard_s = entered.at - answered.at
            person.leave()
            first.person.leave()
            return ["heard" if heard_s >= SHORT_S else f"cut off after {heard_s:.2f} s"]

    assert played(play) == ["heard"]
