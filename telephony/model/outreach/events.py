"""What happens to outreach calls only. What happens to their legs is told as for callbacks."""

from dataclasses import dataclass

from telephony.model.events import CallEvent, Event, NotedDial
from telephony.model.ids import AgentName, Instant, OfferId
from telephony.model.operator_leg import InFlight


@dataclass(frozen=True, slots=True)
class OutreachRequested(Event):
    """*agent* dials *number* (E.164), which was counted as call *row* of the outreach list."""

    row: int
    number: str
    agent: AgentName


@dataclass(frozen=True, slots=True)
class OutreachRecovered(CallEvent):
    """An outreach call of an earlier controller, with what the journal says of it, and its leg if it has one.

    *attempted* says that the target may have been rung, *reached_at* when it was connected, *failed* how the
    call ended if it reached nobody. *offer* is the one that was dialled, *noted* what the dialplan
    knows of it, None once its end is known.
    """

    row: int
    number: str
    agent: AgentName
    dialled: str
    requested_at: Instant
    attempted: bool
    reached_at: Instant | None
    failed: str | None
    in_flight: InFlight | None
    offer: OfferId | None = None
    noted: NotedDial | None = None
