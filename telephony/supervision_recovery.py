"""Supervisors' legs in Asterisk against what the model knows of them: the difference, as events.

The sister of `telephony.recovery`, with the same use: after every connect. A leg that hears a call is found
by its name and its place in the dialplan; one that only rings is let go. Pure: the snapshot is handed in.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType

from telephony.asterisk import supervisor_legs
from telephony.entries import Entry
from telephony.model.ids import AgentName, CallId, LegId, SupervisionId
from telephony.model.supervision.events import HoldOutlived, SupervisionRecovered, SupervisorLeft
from telephony.model.supervision.session import Supervision, read_supervisor_leg
from telephony.recovery import Snapshot

NO_JOURNAL: Mapping[CallId, Sequence[Entry]] = MappingProxyType({})


def missed(
    snapshot: Snapshot,
    known: Mapping[SupervisionId, Supervision],
    settled: Collection[SupervisionId],
) -> Iterable[SupervisorLeft]:
    """Yield whose leg is gone. *settled* are those for which nothing was under way before the snapshot."""
    present = {channel.id for channel in snapshot.channels}
    for session in known.values():
        if session.leg not in present and session.id in settled:
            yield SupervisorLeft(session.id)


def adopted(
    snapshot: Snapshot,
    known: Collection[SupervisionId],
    extensions: Mapping[str, AgentName],
    journal: Mapping[CallId, Sequence[Entry]] = NO_JOURNAL,
) -> Iterable[SupervisionRecovered]:
    """Yield the legs that hear a call, or took it over, and that the model does not know.

    The *journal* of the calls says which of them an operator had asked for.
    """
    for channel in snapshot.channels:
        leg = read_supervisor_leg(channel.id)
        mode = supervisor_legs.read(channel.context, channel.extension)
        if leg is None or mode is None or leg.supervision in known or leg.extension not in extensions:
            continue
        supervisor, entries = extensions[leg.extension], journal.get(leg.call, ())
        by, holds = _invited_by(entries, leg.supervision), _holder(entries) == leg.supervision
        yield SupervisionRecovered(leg.supervision, leg.call, supervisor, mode, channel.id, by, holds)


def _invited_by(entries: Sequence[Entry], supervision: SupervisionId) -> AgentName | None:
    for entry in entries:
        if entry.kind == "supervision.started" and entry.data.get("supervision") == supervision:
            by = entry.data.get("invited_by")
            return None if by is None else AgentName(by)
    return None


def outlived(snapshot: Snapshot, journal: Mapping[CallId, Sequence[Entry]]) -> Iterable[HoldOutlived]:
    """Yield the calls that are on hold by the *journal*, for somebody whose leg is gone."""
    present = {leg.supervision for each in snapshot.channels if (leg := read_supervisor_leg(each.id))}
    for call, entries in journal.items():
        holder = _holder(entries)
        if holder is not None and holder not in present:
            yield HoldOutlived(call, holder)


def _holder(entries: Sequence[Entry]) -> SupervisionId | None:
    """Return the consultation for which the caller was on hold last, unless that is over."""
    holder: SupervisionId | None = None
    for entry in entries:
        if entry.kind == "call.held" and "supervision" in entry.data:
            holder = SupervisionId(entry.data["supervision"])
        elif entry.kind == "call.talk_ended" or (
            entry.kind == "call.unheld" and entry.data.get("supervision") == holder
        ):
            holder = None
    return holder


def ownerless(snapshot: Snapshot, known: Collection[SupervisionId]) -> Iterable[LegId]:
    """Yield the legs of supervisions that the model does not know, after `adopted` was told."""
    for channel in snapshot.channels:
        leg = read_supervisor_leg(channel.id)
        if leg is not None and leg.supervision not in known:
            yield channel.id
