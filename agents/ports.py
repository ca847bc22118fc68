"""What the desk and the HTTP interface need from the running centre, as protocols.

``telephony.engine.Engine`` fulfils `Centre`; ``madoguchi.controller`` plugs the others in. Nothing here knows
Asterisk, PostgreSQL or HTTP.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from telephony.figures import Tally
from telephony.model.events import Event
from telephony.model.ids import AgentName, CallId, Instant, QueueName
from telephony.views import AgentView, CallView, QueueView


class Centre(Protocol):
    """The running call engine."""

    def submit(self, event: Event) -> None:
        """Queue *event* for the model; never blocks."""
        ...

    def ask(self, event: Event) -> None:
        """Take a person's request. Raises `telephony.model.errors.ModelError` when it is impossible now."""
        ...

    def now(self) -> Instant:
        """Return the engine's time."""
        ...

    def call_view(self, call: CallId) -> CallView | None:
        """Return the live call, or None when it is over."""
        ...

    def agent_view(self, agent: AgentName) -> AgentView | None:
        """Return the operator, or None for somebody who is not on the roster."""
        ...

    def queue_view(self, queue: QueueName) -> QueueView | None:
        """Return the queue, or None for one that is not configured."""
        ...

    def calls(self) -> Sequence[CallView]:
        """Return every live call."""
        ...

    def agents(self) -> Sequence[AgentView]:
        """Return the whole roster."""
        ...

    def sayable(self, prompt: str) -> bool:
        """Return whether a prompt can be said as it is."""
        ...

    def queues(self) -> Sequence[QueueView]:
        """Return every configured queue."""
        ...


class Unavailable(Exception):
    """Something that is needed (usually the database) cannot be reached now; the message says what."""


@dataclass(frozen=True, slots=True)
class CallerHistory:
    """What is known of a number. *reservations* is None where no booking system is connected."""

    calls: Sequence[Mapping[str, Any]]
    reservations: Sequence[Mapping[str, Any]] | None = None


class Reservations(Protocol):
    """Looks up reservations. Filled by the floor above (`booking`)."""

    async def of_phone(self, phone: str) -> Sequence[Mapping[str, Any]]:
        """Return the latest reservations of *phone*, newest first. Raises `Unavailable`."""
        ...


class History(Protocol):
    """Looks up what is known of a caller before somebody says hello."""

    async def of_caller(self, caller: str) -> CallerHistory:
        """Return the latest calls and reservations of *caller*, newest first. Raises `Unavailable`."""
        ...


@dataclass(frozen=True, slots=True)
class CallFilter:
    """Which records to return; a bound that is None does not limit. *until* is exclusive."""

    since: datetime | None = None
    until: datetime | None = None
    agent: AgentName | None = None
    outcome: str | None = None
    limit: int = 1_000


class Records(Protocol):
    """Reads call records, in the shapes of docs/interface.md."""

    async def find(self, wanted: CallFilter) -> Sequence[Mapping[str, Any]]:
        """Return matching records, newest first. Raises `Unavailable`."""
        ...

    async def one(self, call: CallId) -> Mapping[str, Any] | None:
        """Return one record with its ``timeline``, or None. Raises `Unavailable`."""
        ...

    async def queue_log(
        self, since: datetime, until: datetime, queues_of: Mapping[AgentName, Sequence[QueueName]]
    ) -> Sequence[str]:
        """Return Asterisk's ``queue_log`` of that time, line by line. Raises `Unavailable`."""
        ...


@dataclass(frozen=True, slots=True)
class FloorFigures:
    """The figures of today and of this month; *undelivered* changes the city's system does not have yet."""

    at: datetime
    today: Tally
    month: Tally
    undelivered: int


class Figures(Protocol):
    """Reads the figures that the centre is judged by."""

    async def read(self) -> FloorFigures:
        """Return them as of now. Raises `Unavailable`."""
        ...


class Health(Protocol):
    """Knows how the parts of this copy are."""

    async def missing(self) -> Sequence[str]:
        """Return one sentence for each thing without which no call can be taken; empty means ready."""
        ...

    async def status(self) -> Mapping[str, Any]:
        """Return what runs, since when, versions, depth of the spool, leader or standby."""
        ...
