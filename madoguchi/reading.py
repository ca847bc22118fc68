"""What the desk and the HTTP interface read from PostgreSQL, in the shapes they ask for.

Joins ``telephony.history`` to the ports of ``agents``; a database that is away is one sentence for whoever
asked.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from agents.ports import CallerHistory, CallFilter, Unavailable
from config.schema import Centre
from storage import PASSING, Pool
from telephony import history
from telephony.model.events import CallArrived, CallerRemembered, CallEvent
from telephony.model.ids import AgentName, CallId, QueueName
from telephony.record import iso


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except PASSING as error:
        raise Unavailable("The database cannot be reached; calls go on. Try again later.") from error


class DatabaseHistory:
    """Fills `agents.ports.History`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def of_caller(self, caller: str) -> CallerHistory:
        """Return the latest calls of *caller*, newest first. Raises `Unavailable`."""
        with _answering():
            found = await history.earlier_calls(self._pool, caller)
        return CallerHistory([earlier.as_json() for earlier in found])


class DatabaseRecords:
    """Fills `agents.ports.Records`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def find(self, wanted: CallFilter) -> Sequence[Mapping[str, Any]]:
        """Return matching records, newest first. Raises `Unavailable`."""
        with _answering():
            found = await history.calls(
                self._pool,
                since=wanted.since,
                until=wanted.until,
                agent=wanted.agent,
                outcome=wanted.outcome,
                most=wanted.limit,
            )
        return [record.as_json() for record in found]

    async def one(self, call: CallId) -> Mapping[str, Any] | None:
        """Return one record with its ``timeline``, or None. Raises `Unavailable`."""
        with _answering():
            record = await history.call(self._pool, call)
            entries = await history.timeline(self._pool, call)
        if record is None and not entries:
            return None
        timeline = [
            {"at": iso(datetime.fromtimestamp(entry.at, UTC)), "kind": entry.kind, **entry.data}
            for entry in entries
        ]
        return {**({"id": call} if record is None else record.as_json()), "timeline": timeline}

    async def queue_log(
        self, since: datetime, until: datetime, queues_of: Mapping[AgentName, Sequence[QueueName]]
    ) -> Sequence[str]:
        """Return Asterisk's ``queue_log`` of that time, line by line. Raises `Unavailable`."""
        with _answering():
            return await history.queue_log(self._pool, since, until, queues_of)


async def remember(
    pool: Pool, plan: Callable[[], Centre], arrived: CallArrived, submit: Callable[[CallEvent], None]
) -> None:
    """Look up who served this caller last; the call does not wait for it (the sticky operator)."""
    days = plan().calling.sticky_days
    if arrived.caller is None or not days:
        return
    not_before = datetime.now(UTC) - timedelta(days=days)
    try:
        agent = await history.last_agent(pool, arrived.caller, not_before)
    except PASSING:
        return
    if agent is not None:
        submit(CallerRemembered(arrived.call, agent))
