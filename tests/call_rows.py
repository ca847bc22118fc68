"""Rows of the table ``calls``, for tests of everything that counts them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage import Pool
from telephony.record import JST

INSERT = """
INSERT INTO calls (
    id, started_at, connected_at, ended_at, outcome, ended_by, reason, queue, menu_path, agent, waited_s,
    talked_s, offers, reservations, recovered, direction, callback_of, attempts, outreach
)
VALUES ($1, $2, $3, $4, $5, 'caller', 'test', $6, '{}', $7, $8, $9, '[]', '{}', false, $10, $11, $12, $13)
"""

AFTER_HOURS = """
INSERT INTO journal (stream, spool, seq, at, kind, data)
VALUES ('call:' || $1, 1, 1, $2, 'self_service.started', '{"after_hours": true}')
"""

TEN = datetime(2026, 12, 28, 10, tzinfo=JST)


@dataclass(frozen=True, slots=True)
class Row:
    """A call that ended. *waited_s* None: it never stood in line."""

    outcome: str
    waited_s: float | None = None
    at: datetime = TEN
    queue: str | None = None
    agent: str | None = None
    callback_of: str | None = None
    after_hours: bool = False
    outreach: int | None = None


async def insert(pool: Pool, rows: Sequence[Row]) -> None:
    """Put *rows* into the database; their ids are their places."""
    for place, row in enumerate(rows):
        name = f"row-{place}"
        connected = row.at if row.agent else None
        ours = row.callback_of is not None or row.outreach is not None
        await pool.execute(
            INSERT,
            name,
            row.at,
            connected,
            row.at + timedelta(seconds=300),
            row.outcome,
            row.queue,
            row.agent,
            row.waited_s,
            60.0 if row.agent else None,
            "outbound" if ours else "inbound",
            row.callback_of,
            1 if ours else 0,
            row.outreach,
        )
        if row.after_hours:
            await pool.execute(AFTER_HOURS, name, row.at)
