"""What Asterisk and the journal have of callbacks against what the model knows: the difference, as events.

The sister of `telephony.recovery`, with the same use: after every connect. A callback outlives its legs and
the controller, so the journal says which are open; Asterisk says what the legs made for them are doing.
Pure: the snapshot and the journal's entries are handed in.
"""

import math
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from telephony.asterisk.answers import Channel
from telephony.asterisk.callback_legs import CONTEXT
from telephony.entries import Entry
from telephony.model import events as ev
from telephony.model.call import Call
from telephony.model.ending import NORMAL_CLEARING
from telephony.model.ids import AgentName, CallId, Instant, LegId, OfferId, QueueName
from telephony.model.operator_leg import InFlight, OperatorLeg, Phase, read_operator_leg
from telephony.model.outreach.events import OutreachRecovered
from telephony.model.promise import is_callback
from telephony.model.states import CallState
from telephony.recovery import DIAL, Snapshot

_UP = "Up"
_DOWN = "Down"


@dataclass(frozen=True, slots=True)
class _Seen:
    """An operator's leg that we made, as Asterisk has it."""

    leg: LegId
    named: OperatorLeg
    phase: Phase


def _legs(snapshot: Snapshot) -> dict[CallId, _Seen]:
    """Return the operator's leg of each call that we place: of two, the one that was made last."""
    found = dict[CallId, _Seen]()
    for channel in snapshot.channels:
        named = read_operator_leg(channel.id)
        if named is None:
            continue
        known = found.get(named.call)
        if known is None or int(known.named.offer) < int(named.offer):
            found[named.call] = _Seen(channel.id, named, _phase(snapshot, channel, named.offer))
    return found


def _phase(snapshot: Snapshot, channel: Channel, offer: OfferId) -> Phase:
    if channel.state != _UP:
        return Phase.MADE if channel.state == _DOWN else Phase.RINGS
    if not channel.context.startswith(CONTEXT):
        return Phase.ANSWERED
    if channel.id in snapshot.bridged():
        return Phase.TALKING
    if channel.application != DIAL:
        return Phase.BACK
    # Whoever has picked up hears greeting and notice first; of the bridge after that we are not told.
    noted = snapshot.noted.get(offer)
    return Phase.CALLING if noted is None or noted.answered_at is None else Phase.TALKING


def in_flight(snapshot: Snapshot, extensions: Mapping[str, AgentName]) -> dict[CallId, InFlight]:
    """Return the operator's leg of each call that we place; *extensions* say whose each is."""
    return {
        call: InFlight(extensions.get(seen.named.extension), seen.named.offer, seen.leg, seen.phase)
        for call, seen in _legs(snapshot).items()
    }


def missed(
    snapshot: Snapshot, calls: Mapping[CallId, Call], settled: Mapping[CallId, OfferId | None]
) -> Iterable[ev.CallEvent]:
    """Yield what happened to the legs of the calls that we place while nobody listened.

    *settled* as in `telephony.recovery.missed`: of the others it is believed only that a leg is gone, and not
    even that of one that was just being made.
    """
    legs = _legs(snapshot)
    for call in [call for call in calls.values() if call.is_placed and call.leg is not None]:
        seen, offer = legs.get(call.id), call.last_offer
        if offer is None:
            continue
        steady = settled.get(call.id) == offer
        noted = snapshot.noted.get(offer, ev.NotedDial())
        if seen is None or seen.leg != call.leg:
            if steady or call.state not in _OPERATOR_RINGS:
                yield from _gone(call, offer, noted)
        elif steady:
            yield from _news(call, seen, offer, noted)


_OPERATOR_RINGS = (CallState.SUMMONING, CallState.DIALLING)
_OTHER_RINGS = (CallState.CALLING, CallState.REACHING)


def _gone(call: Call, offer: OfferId, noted: ev.NotedDial) -> Iterable[ev.CallEvent]:
    """Yield how a leg ended that is gone, as far as the dialplan has noted it."""
    talked = noted.talk_began_at is not None
    if call.state in _OTHER_RINGS and talked:
        yield ev.CitizenAnswered(call.id, offer, noted.talk_began_at)
    returned = noted.status is not None and not noted.by_operator
    if returned and (call.state in _OTHER_RINGS or (call.state is CallState.TALKING and talked)):
        yield ev.CitizenReturned(call.id, offer, noted.status or ev.DialStatus.NOANSWER)
    yield ev.OperatorLeft(call.id, offer, ev.UNSEEN if noted.status is None else NORMAL_CLEARING)


def _news(call: Call, seen: _Seen, offer: OfferId, noted: ev.NotedDial) -> Iterable[ev.CallEvent]:
    """Yield what the leg is doing that the model does not know of."""
    match seen.phase:
        case Phase.RINGS if call.state in _OPERATOR_RINGS:
            yield ev.OfferRang(call.id, offer, seen.leg)
        case Phase.ANSWERED if call.state in _OPERATOR_RINGS:
            yield ev.OfferAnswered(call.id, offer)
        case Phase.TALKING if call.state in _OTHER_RINGS:
            yield ev.CitizenAnswered(call.id, offer, noted.talk_began_at)
        case Phase.BACK if call.state in _OTHER_RINGS and noted.talk_began_at is not None:
            yield ev.CitizenAnswered(call.id, offer, noted.talk_began_at)
            yield ev.CitizenReturned(call.id, offer, ev.DialStatus.ANSWER)
        case Phase.BACK if call.state in _OTHER_RINGS:
            yield ev.CitizenReturned(call.id, offer, noted.status or ev.DialStatus.NOANSWER)
        case Phase.BACK if call.state is CallState.TALKING:
            yield ev.CitizenReturned(call.id, offer, ev.DialStatus.ANSWER)
        case _:
            pass


def adopted(
    snapshot: Snapshot,
    calls: Container[CallId],
    journal: Mapping[CallId, Sequence[Entry]],
    extensions: Mapping[str, AgentName],
) -> Iterable[ev.CallbackRecovered]:
    """Yield the open callbacks that the model does not know."""
    legs = in_flight(snapshot, extensions)
    for call, entries in journal.items():
        if is_callback(call) and call not in calls:
            recovered = _read(call, entries, legs.get(call), snapshot.noted)
            if recovered is not None:
                yield recovered


def ownerless(snapshot: Snapshot, calls: Mapping[CallId, Call]) -> Iterable[LegId]:
    """Yield the operators' legs of calls that are over, or that were replaced: nobody will ever use them.

    Those in ``Dial()`` are left to it.
    """
    for channel in snapshot.channels:
        named = read_operator_leg(channel.id)
        if named is None or channel.application == DIAL:
            continue
        call = calls.get(named.call)
        if call is None or call.leg != channel.id:
            yield channel.id


@dataclass(slots=True)
class _Known:
    """What the journal says of one callback after its request."""

    queue: QueueName
    priority: float | None
    due_by: Instant
    attempts: int = 0
    results: tuple[str, ...] = ()
    rests_until: Instant | None = None
    until_opening: bool = False
    open_attempt: bool = False
    agent: AgentName | None = None
    offer: OfferId | None = None
    reached_at: Instant | None = None
    talked: bool = False
    done: str | None = None
    reason: str | None = None


def _read(
    call: CallId,
    entries: Sequence[Entry],
    flight: InFlight | None,
    noted: Mapping[OfferId, ev.NotedDial],
) -> ev.CallbackRecovered | None:
    """Return the callback that *entries* tell of; None for one that lacks its request."""
    if not entries or entries[0].kind != "callback.requested":
        return None
    asked = entries[0].data
    known = _Known(QueueName(asked["queue"]), asked["priority"], Instant(asked["due_by"]))
    for entry in entries[1:]:
        _follow(known, entry)
    return ev.CallbackRecovered(
        call,
        number=asked["number"],
        asked_by=CallId(asked["asked_by"]),
        asked_from=asked["asked_from"],
        asked_at=entries[0].at,
        dialled=asked["dialled"],
        queue=known.queue,
        priority=known.priority,
        since=Instant(asked["since"]),
        due_by=known.due_by,
        attempts=known.attempts,
        results=known.results,
        rests_until=known.rests_until,
        until_opening=known.until_opening,
        open_attempt=known.open_attempt,
        reached_at=known.reached_at,
        done=known.done,
        reason=known.reason,
        in_flight=flight,
        offer=known.offer,
        agent=known.agent,
        noted=None if known.offer is None or known.talked else noted.get(known.offer),
    )


def _follow(known: _Known, entry: Entry) -> None:
    data = entry.data
    match entry.kind:
        case "queue.entered":
            known.queue, known.priority = QueueName(data["queue"]), data["priority"]
        case "callback.overdue":
            known.priority = None
        case "callback.moved":
            known.rests_until, known.due_by = Instant(data["until"]), Instant(data["due_by"])
            known.until_opening = bool(data.get("untold"))
        case "callback.attempted":
            known.attempts, known.open_attempt = int(data["attempt"]), True
            known.agent, known.offer = AgentName(data["agent"]), OfferId(data["offer"])
        case "call.talk_ended":
            known.talked = True
        case "callback.reached":
            known.open_attempt, known.reached_at = False, entry.at
        case "callback.failed":
            known.open_attempt, known.reached_at, known.talked = False, None, False
            known.results = (*known.results, data["result"])
            known.rests_until = None if data["retry_at"] is None else Instant(data["retry_at"])
            known.until_opening = False
        case "callback.done":
            known.done, known.reason = data["result"], data["reason"]


TakenOver = ev.CallRecovered | ev.CallbackRecovered | OutreachRecovered


def turn(event: TakenOver) -> tuple[bool, float, float]:
    """Return what sorts everybody who is taken over into the order in which they were served before.

    Who has a leg with an operator first, so that the operator is not taken for free; then who would be next.
    """
    if isinstance(event, OutreachRecovered):
        return event.in_flight is None, -math.inf, event.requested_at
    if isinstance(event, ev.CallbackRecovered):
        busy = event.in_flight is not None
        return not busy, -math.inf if event.priority is None else -event.priority, event.since
    return event.offer is None, -event.priority, event.waiting_since or event.arrived_at
