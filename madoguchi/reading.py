"""What the desk and the HTTP interface read from PostgreSQL, in the shapes they ask for.

Joins ``telephony.history`` to the ports of ``agents``; a database that is away is one sentence for whoever
asked.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from agents.ports import CallerHistory, CallFilter, Reservations, Unavailable
from config.schema import Centre
from storage import PASSING, Pool
from telephony import history
from telephony.model.events import CallArrived, CallerRemembered, CallEvent
from telephony.model.ids import AgentName, CallId, QueueName
from telephony.record import chain, iso


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except PASSING as error:
        raise Unavailable("The database cannot be reached; calls go on. Try again later.") from error


class Callers:
    """What the records know of callers: for the desk (`agents.ports.History`), and for the sticky operator.

    Both ask when a call arrives; who asks second gets the answer to the same question.
    """

    def __init__(self, pool: Pool, plan: Callable[[], Centre], reservations: Reservations) -> None:
        self._pool, self._reservations = pool, reservations
        self._plan = plan
        self._asked: dict[str, asyncio.Task[history.KnownCaller]] = {}

    async def of_caller(self, caller: str) -> CallerHistory:
        """Return the latest calls and reservations of *caller*, newest first. Raises `Unavailable`."""
        with _answering():
            known = await self._known(caller)
        booked = await self._reservations.of_phone(caller)
        return CallerHistory([earlier.as_json() for earlier in known.calls], booked)

    async def remember(self, arrived: CallArrived, submit: Callable[[CallEvent], None]) -> None:
        """Tell who served this caller last; the call does not wait for it (the sticky operator)."""
        if arrived.caller is None:
            return
        try:
            agent = (await self._known(arrived.caller)).last_agent
        except PASSING:
            return
        if agent is not None:
            submit(CallerRemembered(arrived.call, agent))

    async def _known(self, caller: str) -> history.KnownCaller:
        if caller not in self._asked:
            not_before = datetime.now(UTC) - timedelta(days=self._plan().calling.sticky_days)
            question = history.of_caller(self._pool, caller, not_before)
            task = self._asked[caller] = asyncio.create_task(question, name="caller-known")
            task.add_done_callback(lambda _: self._asked.pop(caller))
        return await asyncio.shield(self._asked[caller])


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
        legs = [leg.as_json() for leg in chain(entries)]
        known = {"id": call} if record is None else record.as_json()
        return {**known, "legs": legs, "timeline": timeline}

    async def queue_log(
        self, since: datetime, until: datetime, queues_of: Mapping[AgentName, Sequence[QueueName]]
    ) -> Sequence[str]:
        """Return Asterisk's ``queue_log`` of that time, line by line. Raises `Unavailable`."""
        with _answering():
            return await history.queue_log(self._pool, since, until, queues_of)
