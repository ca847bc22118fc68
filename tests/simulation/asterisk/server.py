"""The simulated Asterisk as a whole: its legs, bridges, telephones and connections; and how it dies."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Protocol

from tests.simulation.asterisk.application import Application, Session
from tests.simulation.asterisk.channel import Channel, Party
from tests.simulation.asterisk.dial import Endpoint
from tests.simulation.asterisk.dialplan import Dialplan
from tests.simulation.asterisk.manager import Manager
from tests.simulation.asterisk.rest import Rest
from tests.simulation.asterisk.stasis import Stasis
from tests.simulation.network import Network

TRUNK = "PJSIP/trunk-carrier"
NOTICE_S = 0.002
"""From the end of a connection to Asterisk's notice of it."""


class Telephone(Endpoint, Protocol):
    """An operator's telephone with the state that Asterisk sees."""

    @property
    def device_state(self) -> str:
        """``UNAVAILABLE``, ``NOT_INUSE``, ``RINGING``, ``INUSE`` or ``ONHOLD``."""


@dataclass(eq=False)
class Talk:
    """Two people who were really connected. *until* is None while they are; *cut* if a command ended it."""

    call: str
    extension: str
    since: float
    until: float | None = None
    cut: bool = False


class SimulatedAsterisk:
    """One Asterisk. *wall* is its clock, *sounds* are the sounds that exist, in seconds."""

    def __init__(self, network: Network, wall: Callable[[], float], sounds: Mapping[str, float]) -> None:
        self.network = network
        self.wall = wall
        self.phones: dict[str, Telephone] = {}
        self.unserved: list[str] = []
        self.talks: list[Talk] = []
        self.faults: list[str] = []
        self.up = False
        self._sounds = sounds
        self._ids = count()
        self._threads: dict[str, asyncio.Task[None]] = {}
        self.channels: dict[str, Channel] = {}
        self.start()

    def start(self) -> None:
        """Begin with nothing but the list of unserved calls, which is on disk."""
        self.up, self.started = True, self.wall()
        self.channels.clear()
        self.bridges: dict[str, tuple[str, ...]] = {}
        self.globals: dict[str, str] = {}
        self.sessions: list[Session] = []
        self.application = Application(self.network, self.wall)
        self.stasis = Stasis(self.application, self.network, self._sounds)
        self.manager = Manager(self)
        self.rest = Rest(self)

    def die(self) -> list[Channel]:
        """End at once, as ``kill -9`` does, and return the legs that died with it."""
        self.up = False
        for thread in self._threads.values():
            thread.cancel()
        self._threads.clear()
        for session in self.sessions:
            session.close()
        self.manager.drop()
        legs = list(self.channels.values())
        self.channels.clear()
        self.bridges.clear()
        for talk in self.talks:
            talk.until = self.wall() if talk.until is None else talk.until
        return legs

    def new_id(self) -> str:
        """Return the unique id of a new leg."""
        return f"madoguchi-{self.wall():.0f}.{next(self._ids)}"

    # --- connections -----------------------------------------------------------------------------------

    def connect(self) -> Session:
        """Open our application's websocket."""
        session = Session(self.network)
        self.sessions.append(session)
        self.application.register(session)
        return session

    def lose(self, session: Session) -> None:
        """Notice a little later that a websocket is broken."""
        late = self.network.ends_late()
        asyncio.get_running_loop().call_later(
            NOTICE_S + self.network.delay(), partial(self.application.unregister, session, late=late)
        )
        if session in self.sessions:
            self.sessions.remove(session)

    # --- legs ------------------------------------------------------------------------------------------

    def invite(self, party: Party, caller: str, dialled: str, sip_call_id: str) -> Channel:
        """Take an INVITE from the carrier."""
        channel = Channel(
            id=self.new_id(),
            name=f"{TRUNK}-{next(self._ids):08x}",
            party=party,
            caller=caller,
            created=self.wall(),
            context="from-trunk",
            exten=dialled,
            sip_call_id=sip_call_id,
        )
        self.channels[channel.id] = channel
        thread = asyncio.get_running_loop().create_task(
            Dialplan(self, channel).run(), name=f"thread {channel.id}"
        )
        thread.add_done_callback(self._thread_ended)
        self._threads[channel.id] = thread
        return channel

    def _thread_ended(self, thread: asyncio.Task[None]) -> None:
        if not thread.cancelled() and (error := thread.exception()) is not None:
            self.faults.append(f"{thread.get_name()}: {error!r}")

    def hang_up(self, channel: Channel, cause: int) -> None:
        """Ask a leg to end; it does when its thread comes to it."""
        asyncio.get_running_loop().call_later(self.network.step(), channel.hang_up, cause)

    def press(self, channel: Channel, key: str) -> None:
        """Take a key from the caller."""
        if channel.id in self.channels and not channel.hung_up:
            self.application.publish(
                channel, "ChannelDtmfReceived", digit=key, duration_ms=100, channel=channel.json()
            )

    def end(self, channel: Channel) -> None:
        """The caller's leg is over."""
        self.stasis.forget(channel)
        self.channels.pop(channel.id, None)
        self._threads.pop(channel.id, None)
        self.application.publish(
            channel, "ChannelDestroyed", cause=channel.cause, cause_txt="", channel=channel.json()
        )
        self.application.forget(channel.id)
        channel.party.ended()

    def talks_in_dial(self, leg: Channel) -> bool:
        """Whether this is a caller's leg that is connected by ``Dial()`` and stays so for now."""
        connected = any(legs[0] == leg.id for legs in self.bridges.values())
        return connected and not leg.hung_up and leg.redirected is None

    @contextmanager
    def bridged(self, caller: Channel, peer: Channel, extension: str) -> Iterator[None]:
        """Connect two legs while the block runs."""
        name = f"bridge-{peer.id}"
        self.bridges[name] = (caller.id, peer.id)
        talk = Talk(caller.id, extension, self.wall())
        self.talks.append(talk)
        try:
            yield
        finally:
            self.bridges.pop(name, None)
            talk.until = self.wall() if talk.until is None else talk.until
            talk.cut = caller.deleted or peer.deleted
