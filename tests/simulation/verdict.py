"""Holds what was written down against what really happened: every call one record, and a true one.

*Really* is what callers, telephones and bridges of the simulated Asterisk did. Where two things cross within
`SAME_S`, either is true; where no controller could see it, the record may say so.
"""

from collections.abc import Iterator

import orjson

from telephony.entries import Entry, call_of
from telephony.ledger import entry_row, parse
from telephony.model.ending import UNSEEN_REASON
from telephony.model.ids import CallId, Instant
from telephony.model.states import BUSY_WITH_CALL
from telephony.record import CallRecord, fold
from tests.simulation.asterisk.server import Talk
from tests.simulation.callers import Caller
from tests.simulation.world import World

SAME_S = 0.1
RUNG_TOO_LATE_S = 0.1
LEFT_BEFORE = ("left before the booking had answered", UNSEEN_REASON)
"""Why a call that booked may say something else than what became of it: nobody saw its end."""


def violations(world: World) -> Iterator[str]:
    """Yield one sentence for every broken promise."""
    yield from _leftovers(world)
    records = _records(world)
    for caller in world.callers:
        if caller.channel is None:
            continue
        record = records.get(CallId(caller.channel.id))
        yield from _rings_of(world, caller)
        if record is None or record.outcome is None:
            if not _excused(world, caller):
                yield f"{caller.channel.id} has no record: {record}"
            continue
        yield from _record_of(world, caller, record)
    yield from _bookings(world, records)
    known = {caller.channel.id for caller in world.callers if caller.channel is not None}
    yield from (f"{call} has a record and no call" for call in records if call not in known)


def _leftovers(world: World) -> Iterator[str]:
    if world.server.channels:
        yield f"legs left: {sorted(world.server.channels)}"
    if world.server.bridges:
        yield f"bridges left: {sorted(world.server.bridges)}"
    if world.server.stasis.twice:
        yield f"said twice: {world.server.stasis.twice}"
    if world.life is None:
        return
    floor = world.life.model.floor
    if floor.calls:
        yield f"calls left: {[(call.id, call.state.value) for call in floor.calls.values()]}"
    for operator in floor.roster:
        if operator.state in BUSY_WITH_CALL or operator.call is not None:
            yield f"{operator.name} is stuck: {operator.state.value}, {operator.call}"


def _bookings(world: World, records: dict[CallId, CallRecord]) -> Iterator[str]:
    """Yield what is wrong between the booking and what was written down about it."""
    booking = world.booking
    slots = [slot for _, slot in booking.reservations.values()]
    if len(set(slots)) < len(slots):
        yield f"one seat, two reservations: {booking.reservations}"
    for call, record in records.items():
        done = any(entry.kind == "self_service.done" for entry in world.disk.streams[f"call:{call}"])
        if done and call not in booking.written:
            yield f"{call} was told of a reservation that nobody has"
        # A controller that dies while it says goodbye leaves a caller, whom an operator then takes.
        served_twice = record.recovered and record.outcome in {"answered", "abandoned"}
        if (record.outcome == "self_service") is not done and not (
            record.reason in LEFT_BEFORE or (done and served_twice)
        ):
            yield f"{call}: {record.outcome} ({record.reason}), done: {done}"
    if booking.held and not world.killed:
        yield f"seats are kept for {sorted(booking.held)}, who are gone"


def _records(world: World) -> dict[CallId, CallRecord]:
    streams = {
        call: list(entries) for stream, entries in world.disk.streams.items() if (call := call_of(stream))
    }
    for line in world.server.unserved:
        stream, seq, at_us, kind, data = entry_row(parse(line))
        call = call_of(stream)
        if call is not None:
            entry = Entry(stream, seq, Instant(at_us / 1e6), kind, orjson.loads(data))
            streams.setdefault(call, []).append(entry)
    return {call: fold(entries) for call, entries in streams.items()}


def _rings_of(world: World, caller: Caller) -> Iterator[str]:
    for phone in world.phones.values():
        for ring in phone.rings:
            if ring.call != _id(caller) or ring.invited is None or caller.gone is None:
                continue
            if ring.invited > caller.gone + RUNG_TOO_LATE_S:
                yield f"{phone.extension} rang {ring.invited - caller.gone:.3f} s after {ring.call} had left"


def _record_of(world: World, caller: Caller, record: CallRecord) -> Iterator[str]:
    who = f"{record.id} ({caller.gone_by})"
    if record.sip_call_id != caller.sip_call_id:
        yield f"{who}: SIP Call-ID {record.sip_call_id}"
    entries = world.disk.streams[f"call:{record.id}"]
    for kind in ("call.arrived", "call.ended"):
        if sum(entry.kind == kind for entry in entries) > 1:
            yield f"{who}: more than one {kind}"
    talks = [talk for talk in world.server.talks if talk.call == record.id]
    agents = {_agent(world, talk) for talk in talks if _seconds(talk) > SAME_S}
    if len(agents) > 1 and all(entry.kind != "call.transferred" for entry in entries):
        yield f"{who}: answered by {sorted(agents)}"
    if record.outcome == "answered":
        if record.agent not in {_agent(world, talk) for talk in talks}:
            yield f"{who}: nobody called {record.agent} talked, the record says so"
    elif agents and not _unseen(world, record, talks):
        yield f"{who}: {sorted(agents)} talked, the record says {record.outcome} ({record.reason})"
    if any(talk.cut and _seconds(talk) > SAME_S for talk in talks) and record.ended_by != "supervisor":
        yield f"{who}: a conversation was cut, the record says {record.outcome} by {record.ended_by}"
    yield from _end_of(caller, record, talks)


def _end_of(caller: Caller, record: CallRecord, talks: list[Talk]) -> Iterator[str]:
    if record.reason == UNSEEN_REASON or caller.gone is None or record.recovered:
        return
    crossing = any(abs((talk.until or 0.0) - caller.gone) < SAME_S for talk in talks)
    if caller.gone_by == "caller" and record.ended_by == "agent" and not crossing:
        yield f"{record.id}: the caller hung up, the record says {record.ended_by}"
    if caller.gone_by == "system" and record.ended_by == "caller":
        yield f"{record.id}: the centre hung up, the record says {record.ended_by} ({record.outcome})"


def _unseen(world: World, record: CallRecord, talks: list[Talk]) -> bool:
    """Whether no controller can have seen anybody talk."""
    if record.reason == UNSEEN_REASON or record.recovered:
        return not any(world.seen(talk.since, talk.until or talk.since) for talk in talks)
    return False


def _excused(world: World, caller: Caller) -> bool:
    """Whether nobody could write it down: those who knew of the call died before it was on a disk.

    The dialplan writes its list when a call ends, which Asterisk's death prevents.
    """
    return caller.gone_by == "crash" and CallId(_id(caller)) not in world.known


def _seconds(talk: Talk) -> float:
    return (talk.until or talk.since) - talk.since


def _agent(world: World, talk: Talk) -> str:
    return next(name for name, phone in world.phones.items() if phone.extension == talk.extension)


def _id(caller: Caller) -> str:
    return "" if caller.channel is None else caller.channel.id
