"""Joins Asterisk and the engine: events in order, phones' states, and what was missed after each connect.

It keeps no state of calls of its own. When another controller takes over, `run` ends with `Replaced`.
"""

import asyncio
import secrets
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

import structlog

from telephony import callback_recovery, outreach_recovery, recovery, supervision_recovery
from telephony.asterisk.answers import Channel
from telephony.asterisk.client import Ari
from telephony.asterisk.control import Control
from telephony.asterisk.decode import Heard, LegMade, decode
from telephony.asterisk.errors import AsteriskError, DecodeError, NotFound
from telephony.asterisk.feed import Connected, Feed, Lost, Received
from telephony.asterisk.manager import Manager, ManagerConnected, ManagerEvent, ManagerItem, ManagerLost
from telephony.asterisk.noted import noted_dials
from telephony.asterisk.phones import Phones, hold_changed
from telephony.asterisk.retry import waits, worth_retrying
from telephony.clock import SET_S
from telephony.engine import Engine
from telephony.entries import Entry
from telephony.heartbeat import DRIVER_VARIABLE
from telephony.model import events as ev
from telephony.model.ending import NORMAL_CLEARING
from telephony.model.ids import AgentName, CallId, Instant, LegId, OfferId, SupervisionId
from telephony.model.outreach.shape import is_outreach
from telephony.model.promise import is_callback
from telephony.model.states import BUSY_WITH_CALL
from telephony.model.transferring.events import CallerTransferred
from telephony.ports import Journal

_DEVICE_STATE = "DeviceStateChange"

FETCH_LIMIT_S = 1.0
FETCH_POLL_S = 0.1
"""The event stream says who has come in, but it is read only after the snapshot. So Asterisk is asked."""

OLDEST_S = 15.0
"""Longer than any event waits in our socket: a controller that stands still is killed sooner (ADR 9)."""

STRANGERS_S = 0.3
"""The event of a caller who entered before the snapshot waits in our socket, and is read far sooner."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Asterisk:
    """The three ways to one Asterisk: HTTP and events, AMI, and the commands of the model."""

    ari: Ari
    manager: Manager
    control: Control


class Switchboard:
    """Listens to one Asterisk and tells the engine.

    Args:
        unfinished: the journal's entries of calls that had not ended when this controller started.
        on_arrival: told of every new call, after the model; must not block.
        wall_clock: the clock that Asterisk's timestamps agree with.

    *driving* is set from the first connection on, *connected* while the model equals Asterisk. *driver* is
    this controller's name at Asterisk, by which the rescue tells it from one on another machine.
    """

    def __init__(  # noqa: PLR0913 - the parts it joins, one by one
        self,
        asterisk: Asterisk,
        engine: Engine,
        journal: Journal,
        unfinished: Mapping[CallId, Sequence[Entry]],
        on_arrival: Callable[[ev.CallArrived], None] = lambda _: None,
        *,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._ari, self._manager, self._control = asterisk.ari, asterisk.manager, asterisk.control
        self._engine, self._journal = engine, journal
        self._unfinished = dict(unfinished)
        self._on_arrival = on_arrival
        self._wall_clock = wall_clock
        self._caught_up_at = 0.0
        self._shown: frozenset[CallId] = frozenset()
        self._strangers: dict[CallId, Channel] = {}
        self._feed = Feed(asterisk.ari, self._legs)
        self._phones = Phones({}, self._is_ours)
        self.driver = secrets.token_hex(4)
        self.driving = asyncio.Event()
        self.connected = asyncio.Event()
        self.phones_known = asyncio.Event()

    async def run(self) -> None:
        """Listen until cancelled. Raises `Replaced` when another controller took over."""
        async with asyncio.TaskGroup() as listeners:
            listeners.create_task(self._listen_to_phones(), name="phones")
            listeners.create_task(self._listen_to_calls(), name="calls")

    def people_changed(self) -> None:
        """The roster changed: tell the model of the phones of those who are new."""
        for changed in self._phones.assign(self._extensions()):
            self._engine.submit(changed)

    # --- calls -----------------------------------------------------------------------------------------

    async def _listen_to_calls(self) -> None:
        await self.phones_known.wait()
        async with aclosing(self._feed.listen()) as items:
            async for item in items:
                match item:
                    case Received(message):
                        self._take(message)
                    case Connected():
                        await self._begin_to_drive()
                        await self._fetch()
                        await self._catch_up()
                        self.connected.set()
                    case Lost(reason):
                        self.connected.clear()
                        log.warning("asterisk.lost", reason=reason)

    def _take(self, message: Mapping[str, object]) -> None:
        try:
            heard = decode(message)
        except DecodeError as error:
            log.error("asterisk.event_unreadable", reason=str(error))
            return
        if heard is None:
            return
        self._control.notice(heard.event)
        if isinstance(heard.event, LegMade) or self._was_in_snapshot(heard):
            return
        if not isinstance(heard.event, ev.CallEvent):
            self._engine.submit(heard.event, age_s=self._age_s(heard))
            return
        self._strangers.pop(heard.event.call, None)
        event = heard.event
        if isinstance(event, ev.CallArrived) and event.created is not None:
            event = replace(event, created=self._in_our_time(event.created))
        if not self._adopted_late(event):
            self._engine.submit(event, age_s=self._age_s(heard))
        if isinstance(event, ev.CallArrived):
            self._on_arrival(event)

    def _in_our_time(self, at: Instant) -> Instant:
        """Return what Asterisk's clock showed as an instant of the engine's: the machine's may have been set.

        Of a leg from before that nobody can tell which it is; it cannot be of the future.
        """
        ahead_s = self._wall_clock() - self._engine.now()
        return at if abs(ahead_s) < SET_S else Instant(min(at - ahead_s, self._engine.now()))

    def _age_s(self, heard: Heard) -> float:
        """How long *heard* has waited for us: what is written down are Asterisk's times, not ours.

        Of every event: one that counted as new would move the model's time past those that waited with it.

        An age that cannot be comes from a machine whose clock was set.
        """
        age_s = self._wall_clock() - heard.at
        return age_s if 0.0 < age_s < OLDEST_S else 0.0

    def _was_in_snapshot(self, heard: Heard) -> bool:
        """Whether this is an arrival that the model was told of from the snapshot: it waited in the socket.

        Of somebody whom the model knows and the snapshot told nothing about, the arrival is news.
        """
        shown = isinstance(heard.event, ev.CallArrived) and heard.event.call in self._shown
        return shown and heard.at < self._caught_up_at

    def _adopted_late(self, event: ev.CallEvent) -> bool:
        """Take over a caller of an earlier controller who was elsewhere in the dialplan until now."""
        entries = self._unfinished.pop(event.call, None)
        returns = ev.CallArrived | ev.OfferReturned | CallerTransferred
        if entries is None or not isinstance(event, returns):
            return False
        found = recovery.returning(event.call, None, entries)
        late = isinstance(event, CallerTransferred)
        self._submit(recovery.transferred(entries, found) if late else found)
        if isinstance(event, ev.OfferReturned) and event.status is ev.DialStatus.ANSWER:
            self._submit(ev.HangupRequested(event.call, "system"))
        return True

    async def _begin_to_drive(self) -> None:
        """Tell Asterisk who drives from now on; whoever waits in the dialplan comes in."""
        try:
            await self._manager.set_global(DRIVER_VARIABLE, f"{time.time_ns()}-{self.driver}")
        except AsteriskError as error:
            log.warning("recovery.nobody_called_in", reason=repr(error))
        self.driving.set()

    async def _fetch(self) -> None:
        """Wait for who comes in, so that the snapshot has everybody and all find their places."""
        try:
            async with asyncio.timeout(FETCH_LIMIT_S):
                while recovery.unattended(await self._ari.channels()):  # noqa: ASYNC110 - see above
                    await asyncio.sleep(FETCH_POLL_S)
        except (AsteriskError, TimeoutError) as error:
            log.warning("recovery.not_all_fetched", reason=repr(error))

    async def _catch_up(self) -> None:
        """Put what happened while nobody listened into events, before any new one is read."""
        floor = self._engine.centre.floor
        before = set(floor.calls)
        # A caller who is sent to an operator while the snapshot is on its way is not back from there.
        settled = {each.id: each.last_offer for each in floor.calls.values() if not self._busy(each.id)}
        supervised = [each for each in floor.supervisions if not self._busy(CallId(each))]
        snapshot = await self._snapshot()
        happened = [
            *recovery.missed(snapshot, floor.calls, settled),
            *callback_recovery.missed(snapshot, floor.calls, settled),
        ]
        for event in happened:
            self._submit(event)
        # Who left while the snapshot was on its way is in it, and must not be taken for new.
        known = (snapshot, before | floor.calls.keys(), self._unfinished, self._extensions())
        taken_over: list[callback_recovery.TakenOver] = [
            *recovery.adopted(*known),
            *callback_recovery.adopted(*known),
            *outreach_recovery.adopted(*known),
        ]
        self._shown = frozenset(event.call for event in (*happened, *taken_over))
        for returning in sorted(taken_over, key=callback_recovery.turn):
            self._submit(returning)
        self._catch_up_supervisors(snapshot, supervised)
        self._strangers = recovery.strangers(snapshot, before | floor.calls.keys(), self._unfinished)
        if self._strangers:
            asyncio.get_running_loop().call_later(STRANGERS_S, self._let_strangers_in)
        for record in recovery.lost(snapshot, self._unfinished, self._engine.now()):
            self._journal.write(record)
        ownerless = callback_recovery.ownerless(snapshot, floor.calls)
        for leg in [*ownerless, *supervision_recovery.ownerless(snapshot, floor.supervisions)]:
            await self._take_away(leg)
        elsewhere = snapshot.callers().keys() - floor.calls.keys()
        self._unfinished = {call: self._unfinished[call] for call in elsewhere & self._unfinished.keys()}
        await self._ask_for_playbacks()

    def _catch_up_supervisors(self, snapshot: recovery.Snapshot, settled: Collection[SupervisionId]) -> None:
        """Supervisors come after the calls that they are on."""
        known = self._engine.centre.floor.supervisions
        for event in [
            *supervision_recovery.missed(snapshot, known, settled),
            *supervision_recovery.adopted(snapshot, known, self._extensions(), self._unfinished),
            *supervision_recovery.outlived(snapshot, self._unfinished),
        ]:
            self._submit(event)

    def _busy(self, call: CallId) -> bool:
        return self._engine.has_orders(call)

    async def _ask_for_playbacks(self) -> None:
        """Tell the model of prompts that ended meanwhile: it would wait for that, and the caller in silence.

        A call for which something is under way is left alone: its prompt may not have begun yet.
        """
        for call in list(self._engine.centre.floor.calls.values()):
            playback = call.playback
            if playback is None or self._busy(call.id):
                continue
            try:
                await self._ari.playback(playback)
            except NotFound:
                self._submit(ev.PlaybackEnded(call.id, playback, heard=True))
            except AsteriskError as error:
                log.warning("recovery.playback_unknown", call=call.id, reason=str(error))

    async def _snapshot(self) -> recovery.Snapshot:
        """Return what Asterisk has. Without it calls would be forgotten, so we ask until it comes."""
        delays = waits()
        while True:
            try:
                # Bridges first: whoever leaves between the two answers is then gone, not ringing.
                bridges = await self._ari.bridges()
                legs = [
                    replace(leg, created=self._in_our_time(leg.created)) for leg in await self._ari.channels()
                ]
                # What was noted last: a leg that is gone by now has its end there.
                snapshot = recovery.Snapshot(legs, bridges, await self._noted())
            except AsteriskError as error:
                if not worth_retrying(error):
                    raise
                log.warning("recovery.no_snapshot", reason=str(error))
                await asyncio.sleep(next(delays))
            else:
                self._caught_up_at = self._wall_clock()
                return snapshot

    async def _noted(self) -> Mapping[OfferId, ev.NotedDial]:
        """Return what the dialplan noted of calls that we place, if there are any."""
        known = (*self._unfinished, *self._engine.centre.floor.calls)
        if not any(is_callback(call) or is_outreach(call) for call in known):
            return {}
        noted = await noted_dials(self._manager.ask)
        return {offer: self._noted_in_our_time(each) for offer, each in noted.items()}

    def _noted_in_our_time(self, noted: ev.NotedDial) -> ev.NotedDial:
        answered, ended = (
            None if at is None else self._in_our_time(at) for at in (noted.answered_at, noted.ended_at)
        )
        return replace(noted, answered_at=answered, ended_at=ended)

    def _let_strangers_in(self) -> None:
        """Take over whose event an earlier controller read. One that comes after all is no second arrival."""
        self._shown |= self._strangers.keys()
        for leg in self._strangers.values():
            self._submit(recovery.arrival(leg))
        self._strangers = {}

    async def _take_away(self, leg: LegId) -> None:
        try:
            await self._ari.hang_up(leg, NORMAL_CLEARING)
        except AsteriskError as error:
            log.warning("recovery.leg_stays", leg=leg, reason=str(error))

    def _submit(self, event: ev.Event) -> None:
        self._control.notice(event)
        self._engine.submit(event)
        log.info("recovery.event", event_type=type(event).__name__, call=getattr(event, "call", None))

    def _legs(self) -> list[LegId]:
        calls = self._engine.centre.floor.calls.values()
        legs = [call.leg if call.is_placed else LegId(call.id) for call in calls]
        supervisors = [each.leg for each in self._engine.centre.floor.supervisions.values()]
        return [*supervisors, *(leg for leg in legs if leg is not None)]

    def _extensions(self) -> dict[str, AgentName]:
        return {operator.profile.extension: operator.name for operator in self._engine.centre.floor.roster}

    # --- phones ----------------------------------------------------------------------------------------

    async def _listen_to_phones(self) -> None:
        async with aclosing(self._manager.listen()) as items:
            async for item in items:
                self._take_from_manager(item)

    def _take_from_manager(self, item: ManagerItem) -> None:
        match item:
            case ManagerConnected(devices):
                self.people_changed()
                for changed in self._phones.snapshot(devices):
                    self._engine.submit(changed)
                self.phones_known.set()
            case ManagerEvent(fields) if fields["Event"] == _DEVICE_STATE:
                told = self._phones.device_changed(fields["Device"], fields["State"])
                if told is not None:
                    self._engine.submit(told)
            case ManagerEvent(fields):
                held = hold_changed(fields)
                if held is not None:
                    self._engine.submit(held)
            case ManagerLost(reason):
                log.warning("asterisk.phones_unknown", reason=reason)

    def _is_ours(self, agent: AgentName) -> bool:
        operator = self._engine.centre.floor.roster.get(agent)
        return operator is not None and operator.state in BUSY_WITH_CALL
