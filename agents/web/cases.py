"""Cases: what is left to do for citizens."""

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from agents.ports import CaseFilter
from agents.web.answers import answer
from agents.web.parts import parts_of
from agents.web.reading import Limit, query_of
from telephony.cases import CaseKind, CaseState


class CasesQuery(BaseModel):
    """Which cases."""

    model_config = ConfigDict(extra="forbid")

    kind: CaseKind | None = None
    state: CaseState | None = None
    limit: Limit = 1_000


async def list_cases(request: web.Request) -> web.Response:
    """Cases, newest first."""
    query = query_of(request, CasesQuery)
    wanted = CaseFilter(kind=query.kind, state=query.state, limit=query.limit)
    return answer({"cases": list(await parts_of(request).records.cases(wanted))})
