"""``GET /api/doctor``: what ``madoguchi doctor`` says, for the page of operations staff."""

import asyncio
from typing import Literal

from aiohttp import web

from agents.roles import Role
from agents.web.answers import answer
from agents.web.routes import Route
from agents.web.shapes import Shape
from config.settings import Settings
from madoguchi.doctor.examination import examine
from madoguchi.doctor.finding import Health


class SaidShape(Shape):
    """What was found, and what to do about it (empty: nothing), in another language."""

    said: str
    mend: str


class FindingShape(Shape):
    """*what* was looked at, what was found, and what to do about it (empty: nothing)."""

    what: str
    health: Literal["ok", "warning", "red"]
    said: str
    mend: str
    japanese: SaidShape


class Examination(Shape):
    """*healthy*: nothing is red."""

    healthy: bool
    findings: list[FindingShape]


def doctor_routes(settings: Settings) -> list[Route]:
    """Return the address, for the copy of *settings*."""
    one_at_a_time = asyncio.Lock()

    async def doctor(request: web.Request) -> web.Response:
        """Everything that the centre needs, in a thread: it waits for programs and the network."""
        del request
        async with one_at_a_time:
            findings = await asyncio.to_thread(examine, settings)
        healthy = all(finding.health is not Health.RED for finding in findings)
        return answer({"healthy": healthy, "findings": [finding.as_json() for finding in findings]})

    return [
        Route(
            *("GET", "/api/doctor", doctor, frozenset({Role.OPS}), "What is wrong and how to mend it"),
            answer=Examination,
            personal=False,
        )
    ]
