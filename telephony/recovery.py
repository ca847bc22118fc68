"""What Asterisk has against what the model knows: the difference, as events.

Used after every connect, at start as well as after a lost websocket: whatever was missed meanwhile is put
into events that the model understands. Pure: the snapshot and the journal's entries are handed in.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from telephony.asterisk import numbers, offer_extension, transfers
from telephony.asterisk.answers import Bridge, Channel
from telephony.entries import Entry, stream_of
from telephony.model import events as ev
from telephony.model.call import Call, Told
from telephony.model.commands import Record
from telephony.model.ending import UNSEEN_REASON
from telephony.model.facts import EndedBy, Outcome
from telephony.model.ids import AgentName, CallId, Instant, LegId, OfferId, QueueName
from telephony.model.message import message_case
from telephony.model.outreach.shape import is_outreach
from telephony.model.promise import is_callback
from telephony.model.states import CallState
from telephony.model.transferring.events import CallerTransferred
from telephony.record import fold

STASIS, DIAL = "Stasis", "Dial"
"""What ``app_name`` of a caller's leg says while we hold it, and while it is with an operator."""
UNATTENDED = "unattended"
"""The dialplan's context for callers who wait because nobody drives the calls."""
CALL_VARIABLE = "MADOGUCHI_CALL"
"""Set by the dialplan on the caller's leg, inherited by the operator's, shown through ``channelvars``."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What Asterisk has at one moment, and what its dialplan *noted* of calls that we place, by offer."""

    channels: Sequence[Channel]
    bridges: Sequence[Bridge]
    noted: Mapping[OfferId, ev.NotedDial] = field(default_factory=dict)

    def callers(self) -> dict[CallId, Channel]:
        """Return the callers' legs: those that carry their own id as the call's."""
        return {
            CallId(channel.id): channel
            for channel in self.channels
            if channel.variables.get(CALL_VARIABLE) == channel.id
        }

    def peers(self) -> dict[CallId, LegId]:
        """Return the operators' legs by call."""
        return {
            CallId(channel.variables[CALL_VARIABLE]): channel.id
            for channel in self.channels
            if channel.variables.get(CALL_VARIABLE) not in (None, "", channel.id)
        }

    def bridged(self) -> frozenset[LegId]:
        """Return all legs that are in a bridge with somebody."""
        return frozenset(
            leg for bridge in self.bridges if len(bridge.channels) > 1 for leg in bridge.channels
        )


def missed(
    snapshot: Snapshot, calls: Mapping[CallId, Call], settled: Mapping[CallId, OfferId | None]
) -> Iterable[ev.CallEvent]:
    """Yield what happened to the model's *calls* while nobody listened.

    *settled* are the calls for which nothing was under way when the snapshot was asked for, each with its
    offer then; of the others it says nothing that can be relied on, except that they are gone.
    """
    callers, peers, bridged = snapshot.callers(), snapshot.peers(), snapshot.bridged()
    for call in [call for call in calls.values() if not call.is_placed]:
        channel = callers.get(call.id)
        if channel is None:
            yield ev.CallerLeft(call.id, ev.UNSEEN)
        elif channel.application == STASIS and channel.context == transfers.CONTEXT:
            yield from _missed_transfer(call, channel, settled)
        elif call.last_offer is not None and settled.get(call.id) == call.last_offer:
            yield from _missed_of_offer(call, call.last_offer, channel, peers.get(call.id), bridged)


def _missed_transfer(
    call: Call, channel: Channel, settled: Mapping[CallId, OfferId | None]
) -> Iterable[ev.CallEvent]:
    """Yield the transfer of a caller whom the model believes with an operator still."""
    known = call.state in (CallState.TALKING, CallState.PARTING, CallState.OFFERED) and call.id in settled
    if known and call.last_offer is not None:
        yield CallerTransferred(call.id, call.last_offer, transfers.dialled(channel.extension))


def _missed_of_offer(
    call: Call, offer: OfferId, channel: Channel, leg: LegId | None, bridged: frozenset[LegId]
) -> Iterable[ev.CallEvent]:
    rings = call.state in (CallState.OFFERED, CallState.REFERRING)
    talks = call.state in (CallState.TALKING, CallState.REFERRED)
    if rings and channel.id in bridged:
        yield ev.OfferAnswered(call.id, offer)
    elif rings and channel.application == STASIS:
        yield ev.OfferReturned(call.id, offer, ev.DialStatus.NOANSWER)
    elif rings and leg is not None:
        yield ev.OfferRang(call.id, offer, leg)
    elif talks and channel.application == STASIS:
        yield ev.OfferReturned(call.id, offer, ev.DialStatus.ANSWER)


def adopted(
    snapshot: Snapshot,
    known: Collection[CallId],
    journal: Mapping[CallId, Sequence[Entry]],
    extensions: Mapping[str, AgentName],
) -> Iterable[ev.CallRecovered]:
    """Yield the callers that Asterisk has and who are not *known*, with what the journal says of them.

    Only those in ``Stasis`` or in ``Dial()``: who waits elsewhere in the dialplan comes in by itself; and who
    is in ``Stasis`` without an entry has only just come (see `strangers`). In the order in which they are to
    be served, conversations first, so that nobody overtakes anybody while they are taken over one by one.
    """
    yield from sorted(_adopted(snapshot, known, journal, extensions), key=_turn)


def _turn(found: ev.CallRecovered) -> tuple[bool, float, float]:
    since = found.arrived_at if found.waiting_since is None else found.waiting_since
    return found.offer is None, -found.priority, since


def _adopted(
    snapshot: Snapshot,
    known: Collection[CallId],
    journal: Mapping[CallId, Sequence[Entry]],
    extensions: Mapping[str, AgentName],
) -> Iterable[ev.CallRecovered]:
    peers, bridged = snapshot.peers(), snapshot.bridged()
    for call, channel in snapshot.callers().items():
        if call in known:
            continue
        entries = journal.get(call, ())
        offer = offer_extension.read_whole(channel.context, channel.extension)
        if channel.application == STASIS and entries:
            yield returning(call, channel, entries)
        elif channel.application == DIAL and offer is not None:
            yield replace(
                returning(call, channel, entries),
                agent=_read(entries).taken_over_by or extensions.get(offer.extension),
                offer=offer.offer,
                leg=peers.get(call),
                talking_since=_talking_since(entries, channel, offer.offer, bridged),
                connected_known=_connection_known(entries, offer.offer),
                recording_paused=_read(entries).recording_paused,
            )
        elif channel.application == DIAL and (outside := transfers.read(channel.context, channel.extension)):
            yield replace(
                returning(call, channel, entries),
                referral=_read(entries).referral or "",
                offer=outside,
                leg=peers.get(call),
                talking_since=channel.created if channel.id in bridged else None,
            )


def strangers(
    snapshot: Snapshot, known: Collection[CallId], journal: Collection[CallId]
) -> dict[CallId, Channel]:
    """Return the callers in ``Stasis`` whom neither the model (*known*) nor the *journal* knows.

    As a rule they entered a moment ago, and the event that says so is on its way.
    """
    return {
        call: leg
        for call, leg in snapshot.callers().items()
        if leg.application == STASIS and call not in known and call not in journal
    }


def arrival(leg: Channel) -> ev.CallArrived:
    """Return the arrival of a stranger of whom no event came: an earlier controller had taken it."""
    return ev.CallArrived(
        CallId(leg.id),
        caller=numbers.caller(leg.caller),
        dialled=numbers.number(leg.extension),
        sip_call_id=numbers.clean(leg.sip_call_id, numbers.LONGEST_CALL_ID),
        created=leg.created,
    )


def unattended(channels: Iterable[Channel]) -> frozenset[LegId]:
    """Return the callers who wait in the dialplan because nobody drives the calls."""
    return frozenset(leg.id for leg in channels if leg.context == UNATTENDED)


def returning(call: CallId, channel: Channel | None, entries: Sequence[Entry]) -> ev.CallRecovered:
    """Return a caller who is in ``Stasis`` now, and of whom the journal has *entries*."""
    known = _read(entries)
    created = Instant(0.0) if channel is None else channel.created
    return ev.CallRecovered(
        call,
        caller=known.caller if entries or channel is None else numbers.caller(channel.caller),
        dialled=known.dialled or ("" if channel is None else numbers.number(channel.extension)),
        sip_call_id=None if entries or channel is None else channel.sip_call_id,
        arrived_at=known.arrived_at or created,
        queue=known.queue,
        priority=known.priority,
        waiting_since=known.waiting_since,
        menu_path=known.menu_path,
        agent=None,
        offer=None,
        leg=None,
        talking_since=None,
        connected_known=known.connected_at is not None,
        served=known.connected_at is not None,
        greeted=known.greeted,
        told=known.told,
        message_since=known.message_since,
        promised=known.promised,
        taken_from=known.talks_with if channel is not None and channel.context == transfers.CONTEXT else None,
    )


def transferred(entries: Sequence[Entry], found: ev.CallRecovered) -> ev.CallRecovered:
    """Return *found* as somebody who came by way of a transfer of which *entries* know nothing."""
    return replace(found, taken_from=_read(entries).talks_with)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a caller stood in line, as far as the journal knows; *since* is the arrival if in no line."""

    dialled: str | None = None
    queue: QueueName | None = None
    priority: float | None = None
    since: Instant | None = None


def place(entries: Sequence[Entry]) -> Place:
    """Return the place in line that *entries* tell of."""
    known = _read(entries)
    priority = None if known.queue is None else known.priority
    return Place(known.dialled, known.queue, priority, known.waiting_since or known.arrived_at)


def _talking_since(
    entries: Sequence[Entry], channel: Channel, offer: OfferId, bridged: frozenset[LegId]
) -> Instant | None:
    """Return since when the caller talks; None while it rings. The journal may know it first."""
    known = _read(entries)
    if _connection_known(entries, offer):
        return known.connected_at
    if channel.id not in bridged:
        return None
    return channel.created if known.connected_at is None else known.offered_at  # after an earlier operator


def _connection_known(entries: Sequence[Entry], offer: OfferId) -> bool:
    """Whether the journal has the talk that this *offer* led to, and not only one before a transfer."""
    known = _read(entries)
    return known.connected_offer == offer or known.taken_over_by is not None


def lost(snapshot: Snapshot, journal: Mapping[CallId, Sequence[Entry]], now: Instant) -> Iterable[Record]:
    """Yield the last fact of every call that ended while nobody listened: its end time is unknown."""
    live = snapshot.callers()
    for call, entries in journal.items():
        if call not in live and not is_callback(call) and not is_outreach(call):
            known = _read(entries)
            outcome = Outcome.ANSWERED if known.connected_at else Outcome.FAILED
            if known.message_since is not None and known.message_file is not None:
                outcome = Outcome.MESSAGE_LEFT
                yield from _left_message(call, known.caller, known.message_file, now)
            yield Record(
                stream_of(call),
                now,
                "call.ended",
                {
                    "outcome": outcome.value,
                    "ended_by": EndedBy.SYSTEM.value,
                    "reason": UNSEEN_REASON,
                    "queue": known.queue,
                    "recovered": True,
                },
            )


def _left_message(call: CallId, caller: str | None, file: str, now: Instant) -> Iterable[Record]:
    """Yield the facts of a message that was being left when the controller died, of unknown length."""
    stream = stream_of(call)
    yield Record(stream, now, "message.kept", {"file": file, "seconds": None})
    yield Record(stream, now, "case.opened", message_case(caller, file, None))


@dataclass(slots=True)
class _Known:
    """What the journal says of one call."""

    menu_path: tuple[str, ...]
    caller: str | None = None
    dialled: str | None = None
    arrived_at: Instant | None = None
    queue: QueueName | None = None
    priority: float = 0
    waiting_since: Instant | None = None
    greeted: bool = False
    connected_at: Instant | None = None
    connected_offer: str | None = None
    offered_at: Instant | None = None
    taken_over_by: AgentName | None = None
    talks_with: AgentName | None = None
    told: Told | None = None
    message_since: Instant | None = None
    message_file: str | None = None
    promised: bool = False
    referral: str | None = None
    recording_paused: bool = False


def _read(entries: Sequence[Entry]) -> _Known:
    known = _Known(menu_path=fold(entries).menu_path if entries else ())
    for entry in entries:
        data = entry.data
        match entry.kind:
            case "call.arrived":
                known.caller, known.dialled = data["caller"], data["dialled"]
                known.arrived_at = entry.at
            case "menu.entered":
                known.greeted = True
            case "queue.entered":
                known.greeted = True
                known.queue = QueueName(data["queue"])
                known.priority = math.inf if data["priority"] is None else data["priority"]
                known.waiting_since = known.waiting_since or Instant(data.get("since") or entry.at)
            case "callback.promised":
                known.promised = True
            case "wait.announced":
                known.told = Told(data["minutes"], data["ahead"], data["operators"])
            case "message.started":
                known.message_since, known.message_file = entry.at, data["file"]
            case "message.kept" | "message.discarded":
                known.message_since = None
            case _:
                _talks(known, entry)
    return known


def _talks(known: _Known, entry: Entry) -> None:
    """Learn since when the caller talks, and with whom if it is not the operator of the offer."""
    match entry.kind:
        case "call.connected":
            known.connected_at, known.connected_offer = entry.at, entry.data.get("offer")
            known.taken_over_by, known.talks_with = None, AgentName(entry.data["agent"])
        case "call.taken_over":
            known.connected_at = entry.at
            known.taken_over_by = known.talks_with = AgentName(entry.data["agent"])
        case "call.transferred":  # not with that operator any more: at the front of the line, if nowhere else
            known.taken_over_by = known.talks_with = None
            known.recording_paused = False
            known.priority, known.waiting_since = math.inf, entry.at
        case "recording.paused" | "recording.resumed":
            known.recording_paused = entry.kind == "recording.paused"
        case "offer.made":
            known.offered_at = entry.at
        case "referral.called":
            known.referral = entry.data["referral"]


def duties(latest: Mapping[AgentName, Entry]) -> Iterable[ev.AgentEvent]:
    """Yield what puts every operator back to what they were doing when the last controller ended.

    Whoever was on a call is ready afterwards; a call that still goes on is adopted first and keeps them.
    """
    for agent, entry in latest.items():
        match entry.data.get("state"):
            case "paused":
                yield ev.AgentPaused(agent, entry.data.get("reason") or "")
            case "ready" | "offered" | "talking" | "after-call" | "not-responding":
                yield ev.AgentReadied(agent)
