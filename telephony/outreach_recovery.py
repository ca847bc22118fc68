"""The outreach calls of an earlier controller, as events: what the journal says and what their legs do.

The sister of `telephony.callback_recovery`, which also tells of legs that the model knows. Pure.
"""

from collections.abc import Container, Iterable, Mapping, Sequence

from telephony.callback_recovery import in_flight
from telephony.entries import Entry
from telephony.model.events import NotedDial
from telephony.model.ids import AgentName, CallId, Instant, OfferId
from telephony.model.operator_leg import InFlight
from telephony.model.outreach.events import OutreachRecovered
from telephony.model.outreach.shape import is_outreach
from telephony.recovery import Snapshot


def adopted(
    snapshot: Snapshot,
    calls: Container[CallId],
    journal: Mapping[CallId, Sequence[Entry]],
    extensions: Mapping[str, AgentName],
) -> Iterable[OutreachRecovered]:
    """Yield the open outreach calls that the model does not know."""
    legs = in_flight(snapshot, extensions)
    for call, entries in journal.items():
        if is_outreach(call) and call not in calls:
            recovered = _read(call, entries, legs.get(call), snapshot.noted)
            if recovered is not None:
                yield recovered


def _read(
    call: CallId,
    entries: Sequence[Entry],
    flight: InFlight | None,
    noted: Mapping[OfferId, NotedDial],
) -> OutreachRecovered | None:
    """Return the call that *entries* tell of; None for one that lacks its request."""
    if not entries or entries[0].kind != "outreach.requested":
        return None
    asked = entries[0].data
    later = {entry.kind: entry for entry in entries[1:]}
    reached, failed = later.get("outreach.reached"), later.get("outreach.failed")
    dialled = later.get("outreach.dialled")
    offer = None if dialled is None else OfferId(dialled.data["offer"])
    return OutreachRecovered(
        call,
        row=int(asked["outreach"]),
        number=asked["number"],
        agent=AgentName(asked["agent"]),
        dialled=asked["dialled"],
        requested_at=Instant(entries[0].at),
        attempted=dialled is not None,
        reached_at=None if reached is None else Instant(reached.at),
        failed=None if failed is None else str(failed.data["result"]),
        in_flight=flight,
        offer=offer,
        noted=None if offer is None or "call.talk_ended" in later else noted.get(offer),
    )
