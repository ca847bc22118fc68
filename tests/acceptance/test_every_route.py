"""Whatever the whole centre serves stands in a hand-written matrix: a new route without an entry fails."""

import aiohttp

from tests.acceptance.copy import Copy
from tests.integration.agents.test_matrix import MATRIX as BASE
from tests.integration.alerts.test_routes import MATRIX as ALERTS
from tests.integration.booking.test_booking_matrix import MATRIX as BOOKING
from tests.integration.booking.test_rooms_matrix import MATRIX as ROOMS
from tests.integration.hours.test_matrix import MATRIX as HOURS
from tests.integration.quality.test_quality import MATRIX as QUALITY
from tests.integration.reports.test_routes import MATRIX as REPORTS

WRITTEN = BASE | ALERTS | BOOKING | ROOMS | HOURS | QUALITY | REPORTS


async def test_every_route_of_the_whole_centre_is_judged_for_every_role(sample_copy: Copy) -> None:
    async with aiohttp.ClientSession(sample_copy.running["http"]) as stranger:
        document = await (await stranger.get("/api/openapi.json")).json()
    paths = document["paths"].items()
    assert {f"{method.upper()} {path}" for path, methods in paths for method in methods} == set(WRITTEN)
