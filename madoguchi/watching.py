"""The first sources of alerts: the spool grows, PostgreSQL is away, the audit trail cannot be written."""

import asyncio

from agents.audit.trail import Trail
from agents.desk.alerts import Alerts, Severity
from storage import PASSING, Pool
from telephony.journal import Journal

LOOK_EVERY_S = 2.0
PATIENCE_S = 2.0

SPOOL_DEEP, SPOOL_SHALLOW = 1_000, 100
"""Entries that wait for PostgreSQL: 1,000 are some 60 calls, which the worker carries over in a second when
all is well. The alert closes far below, so that it does not come and go."""

MISSES = 2
"""Looks in a row that PostgreSQL must fail; one alone may be a restart of a second."""


async def watch(alerts: Alerts, journal: Journal, trail: Trail, pool: Pool) -> None:
    """Look again and again, until cancelled."""
    misses = 0
    while True:
        misses = 0 if await _answers(pool) else misses + 1
        _look_at_database(alerts, misses)
        _look_at_spool(alerts, await journal.depth())
        _look_at_trail(alerts, trail)
        await asyncio.sleep(LOOK_EVERY_S)


async def _answers(pool: Pool) -> bool:
    try:
        async with asyncio.timeout(PATIENCE_S):
            await pool.fetchval("SELECT 1")
    except PASSING:
        return False
    return True


def _look_at_database(alerts: Alerts, misses: int) -> None:
    if misses >= MISSES:
        text = (
            "データベースに接続できません。通話は続けられます。予約と記録の検索は、復旧するまで使えません。"
        )
        alerts.raise_alert("database.unreachable", Severity.CRITICAL, text, "database-unreachable")
    elif misses == 0:
        alerts.close("database.unreachable")


def _look_at_spool(alerts: Alerts, depth: int) -> None:
    if depth >= SPOOL_DEEP:
        text = "通話の記録がデータベースに届いていません。記録は失われず、届くまでこの機械に保管されます。"
        alerts.raise_alert("spool.deep", Severity.WARNING, text, "spool-deep")
    elif depth <= SPOOL_SHALLOW:
        alerts.close("spool.deep")


def _look_at_trail(alerts: Alerts, trail: Trail) -> None:
    if trail.stuck:
        text = "監査記録を書き込めません。ディスクの空きを確かめてください。閲覧と変更は止まっています。"
        alerts.raise_alert("audit.stuck", Severity.CRITICAL, text, "audit-stuck")
    else:
        alerts.close("audit.stuck")
