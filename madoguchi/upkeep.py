"""What the controller does beside the calls: sessions and audit trail to PostgreSQL, ended desks.

A pool of its own, so that a call's look-ups never wait for any of this.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from agents.audit.entry import Entry
from agents.audit.table import AuditTable
from agents.audit.trail import Trail
from agents.ports import Unavailable
from agents.roles import Role
from agents.session_store import SessionTable
from agents.sessions import Sessions
from agents.web.desk import close_ended_desks
from agents.web.parts import Parts
from config.settings import Settings
from storage import Pool, open_pool
from telephony.model.ids import AgentName, CallId

CONNECTIONS = 3
"""Sessions, the trail, and whoever watches for alerts."""


class Upkeep:
    """The sessions and the audit trail of one controller, their connections and tasks."""

    def __init__(self, pool: Pool, sessions: Sessions, trail: Trail) -> None:
        self.pool, self.sessions, self.trail = pool, sessions, trail
        self._parts: Parts | None = None

    def shown(self, agent: AgentName, call: CallId) -> None:
        """Note that a screen showed somebody a caller."""
        person = None if self._parts is None else self._parts.roster.people.get(agent)
        role = Role.OPERATOR if person is None else person.role
        self.trail.note(Entry(agent, role, "desk.offer", call, "desk", "ok"))

    def start(self, group: asyncio.TaskGroup, parts: Parts) -> list[asyncio.Task[None]]:
        """Start what must run beside the calls, and return it."""
        self._parts = parts
        return [
            group.create_task(self.sessions.run(), name="sessions"),
            group.create_task(self.trail.run(), name="audit"),
            group.create_task(close_ended_desks(parts), name="ended-desks"),
        ]


@asynccontextmanager
async def upkeep(settings: Settings, database: str) -> AsyncIterator[Upkeep]:
    """Open the parts, read the sessions from before the restart, and close everything afterwards."""
    pool = await open_pool(database, name="controller-upkeep", size=CONNECTIONS)
    sessions = Sessions(SessionTable(pool))
    trail = Trail(settings.layout.audit_spool, AuditTable(pool))
    try:
        with suppress(Unavailable):
            await sessions.load()
        yield Upkeep(pool, sessions, trail)
        with suppress(Unavailable):
            await sessions.write()
    finally:
        await trail.close()
        pool.terminate()
