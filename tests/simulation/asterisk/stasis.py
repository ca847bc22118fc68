"""`Stasis()`: a leg waits for commands and does them one after another, each behind the one before.

Source: ``res/res_stasis.c`` (stasis_app_exec), ``res/stasis/control.c``, ``res/res_stasis_playback.c``.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.simulation.asterisk.application import Application
from tests.simulation.asterisk.channel import Channel, HungUp, Redirected
from tests.simulation.network import Network

Deed = Callable[[Channel], Awaitable[bool]]
DONE, FAILED = True, False


@dataclass(eq=False)
class Playback:
    """A run of sounds on one leg."""

    id: str
    channel: str
    media: tuple[str, ...]
    state: str = "queued"
    stopped: "asyncio.Future[bool]" = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    def json(self) -> dict[str, Any]:
        """Return it as ARI shows it."""
        state = "done" if self.state == "cancelled" else self.state
        return {
            "id": self.id,
            "media_uri": self.media[0],
            "target_uri": f"channel:{self.channel}",
            "language": "ja",
            "state": state,
        }


@dataclass(eq=False)
class Command:
    """Something to be done on a leg; *answered* gets whether it was."""

    deed: Deed
    answered: "asyncio.Future[bool] | None" = None

    def complete(self, result: bool) -> None:  # noqa: FBT001 - what the deed returned
        """Tell whoever waits."""
        if self.answered is not None and not self.answered.done():
            self.answered.set_result(result)


class Control:
    """The commands of one leg in `Stasis()`."""

    def __init__(self) -> None:
        self.finished = False
        self._queue: deque[Command] = deque()
        self._more: asyncio.Future[None] | None = None

    def put(self, command: Command) -> None:
        """Queue *command*; a leg on its way out fails it at once."""
        if self.finished:
            command.complete(FAILED)
            return
        self._queue.append(command)
        if self._more is not None and not self._more.done():
            self._more.set_result(None)

    async def next(self, channel: Channel) -> Command:
        """Return the next command. Raises `HungUp`."""
        while not self._queue:
            self._more = asyncio.get_running_loop().create_future()
            await channel.wait_for(self._more)
        return self._queue.popleft()

    def flush(self) -> None:
        """Fail everything that waits."""
        while self._queue:
            self._queue.popleft().complete(FAILED)


class Stasis:
    """The dialplan application. *sounds* maps each existing sound to its seconds."""

    def __init__(self, application: Application, network: Network, sounds: Mapping[str, float]) -> None:
        self._application = application
        self._network = network
        self._sounds = sounds
        self.playbacks: defaultdict[str, list[Playback]] = defaultdict(list)
        self.twice: list[str] = []

    async def run(self, channel: Channel, *args: str) -> None:
        """Hand *channel* to the application. Sets STASISSTATUS; raises `HungUp` if the leg ended in here."""
        channel.app = "Stasis"
        if not self._application.active:
            channel.variables["STASISSTATUS"] = "FAILED"
            return
        control = channel.control = Control()
        self._application.follow(channel.id)
        self._application.publish(channel, "StasisStart", args=list(args), channel=channel.json())
        try:
            while not control.finished:
                command = await control.next(channel)
                command.complete(await command.deed(channel))
        except (HungUp, Redirected):
            control.finished = True
        self._application.unfollow(channel.id)
        await asyncio.sleep(self._network.step())
        control.flush()
        channel.control = None
        channel.variables["STASISSTATUS"] = "SUCCESS"
        if channel.hung_up:
            raise HungUp
        if channel.redirected is not None:
            raise Redirected

    # --- what commands do ------------------------------------------------------------------------------

    async def answer(self, channel: Channel) -> bool:
        """Answer, unless the leg is up already."""
        if channel.state != "Up":
            channel.state = "Up"
            channel.party.picked_up()
        return DONE

    def going_to(self, context: str, exten: str) -> Deed:
        """Return what sends a leg into the dialplan."""

        async def go(channel: Channel) -> bool:
            channel.at(context, exten)
            channel.sent_on = True
            if channel.control is not None:
                channel.control.finished = True
            return DONE

        return go

    def music(self, *, on: bool) -> Deed:
        """Return what starts or stops music."""

        async def change(channel: Channel) -> bool:
            channel.music = on
            return DONE

        return change

    # --- playbacks -------------------------------------------------------------------------------------

    def add(self, playback: Playback) -> Deed:
        """Register *playback* and return what plays it. An id may be taken twice: then it plays twice."""
        self.twice += [playback.id] if self.find(playback.id) else []
        self.playbacks[playback.id].append(playback)

        async def play(channel: Channel) -> bool:
            try:
                await self._play(channel, playback)
            finally:
                self._remove(playback)
            return DONE

        return play

    def find(self, identity: str) -> Playback | None:
        """Return the playback of this id that waits or plays."""
        found = self.playbacks.get(identity)
        return found[0] if found else None

    def stop(self, playback: Playback) -> None:
        """Stop it: at once when it plays; when its turn comes, if it waits."""
        if playback.state == "queued":
            playback.state = "cancelled"
        elif not playback.stopped.done():
            playback.stopped.set_result(True)

    def forget(self, channel: Channel) -> None:
        """Drop what never came to its turn, without a word."""
        for waiting in [p for found in self.playbacks.values() for p in found if p.channel == channel.id]:
            self._remove(waiting)

    def _remove(self, playback: Playback) -> None:
        found = self.playbacks[playback.id]
        if playback in found:
            found.remove(playback)
        if not found:
            del self.playbacks[playback.id]

    async def _play(self, channel: Channel, playback: Playback) -> None:
        for place, media in enumerate(playback.media, start=1):
            if playback.state == "cancelled":
                self._finished(channel, playback)
                return
            playback.state = "playing"
            heard = await self._play_one(channel, playback, media)
            if playback.stopped.done() or place == len(playback.media):
                playback.state = "done" if heard else "failed"
                self._finished(channel, playback)
                return
            playback.state = "continuing"

    async def _play_one(self, channel: Channel, playback: Playback, media: str) -> bool:
        seconds = self._sounds.get(media.rpartition("/")[2])
        try:
            if seconds is None:
                await channel.wait(self._network.step())
                return False
            await channel.wait_for(playback.stopped, seconds)
        except HungUp:
            playback.state = "failed"
            self._finished(channel, playback)
            raise
        return True

    def _finished(self, channel: Channel, playback: Playback) -> None:
        self._application.publish(channel, "PlaybackFinished", playback=playback.json())
