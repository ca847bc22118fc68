"""The audit trail over HTTP: its rows, and a check of the whole chain."""

from typing import Annotated
from zoneinfo import ZoneInfo

from aiohttp import web
from pydantic import BaseModel, ConfigDict, StringConstraints

from agents.audit.table import AuditFilter
from agents.web.answers import answer
from agents.web.parts import parts_of
from agents.web.reading import Limit, Moment, in_zone, query_of

Text = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class AuditQuery(BaseModel):
    """Which rows; a bound that is left out does not limit, *until* is exclusive."""

    model_config = ConfigDict(extra="forbid")

    since: Moment | None = None
    until: Moment | None = None
    who: Text | None = None
    what: Text | None = None
    object: Text | None = None
    limit: Limit = 1_000


async def list_audit(request: web.Request) -> web.Response:
    """Rows of the trail, newest first, up to this very question."""
    parts = parts_of(request)
    await parts.trail.carry_all()
    query = query_of(request, AuditQuery)
    zone = ZoneInfo(parts.plan().timezone)
    wanted = AuditFilter(
        in_zone(query.since, zone),
        in_zone(query.until, zone),
        query.who,
        query.what,
        query.object,
        query.limit,
    )
    return answer({"entries": await parts.trail.table.find(wanted)})


async def verify_audit(request: web.Request) -> web.Response:
    """Compute the whole chain again and name the first link that is broken."""
    trail = parts_of(request).trail
    await trail.carry_all()
    verdict = await trail.table.verify(await trail.head())
    return answer(
        {
            "whole": verdict.problem is None,
            "rows": verdict.rows,
            "broken_at": verdict.broken_at,
            "problem": verdict.problem,
            "head": verdict.head,
            "waiting": await trail.depth(),
        }
    )
