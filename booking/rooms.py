"""The rooms of the booking beside reservations, put together: cases, answers, referrals, outreach."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from agents.web.routes import Route
from booking.cases.desk import Cases
from booking.cases.routes import case_routes
from booking.cases.web import CaseHandlers
from booking.knowledge.library import Library
from booking.knowledge.web import KnowledgeHandlers, knowledge_routes
from booking.outreach.calling import Calling
from booking.outreach.gate import Gate
from booking.outreach.placing import Telephones
from booking.outreach.web import OutreachHandlers, outreach_routes
from booking.ports import Calls
from booking.quality.desk import QualityDesk
from booking.quality.web import QualityHandlers, quality_routes
from booking.referrals.directory import Directory
from booking.referrals.web import ReferralHandlers, referral_routes
from booking.shapes import CentrePlan, Clock
from booking.web.problems import telling
from storage import Pool


@dataclass(frozen=True, slots=True)
class Rooms:
    """The rooms."""

    cases: Cases
    library: Library
    directory: Directory
    outreach: Calling
    calls: Calls

    def routes(self) -> Sequence[Route]:
        """Return the addresses of all rooms."""
        routes = (
            *case_routes(CaseHandlers(self.cases, self.calls)),
            *knowledge_routes(KnowledgeHandlers(self.library, self.calls)),
            *referral_routes(ReferralHandlers(self.directory, self.calls)),
            *outreach_routes(OutreachHandlers(self.outreach)),
        )
        return [replace(route, handler=telling(route.handler)) for route in routes]


def open_quality(pool: Pool, plan: CentrePlan, clock: Clock, recordings: Path) -> Sequence[Route]:
    """Return the addresses of the room where calls are judged; *recordings* is the folder they lie in."""
    routes = quality_routes(QualityHandlers(QualityDesk(pool, plan, clock, recordings)))
    return [replace(route, handler=telling(route.handler)) for route in routes]


def open_rooms(  # noqa: PLR0913 - what it joins, one by one
    pool: Pool,
    plan: CentrePlan,
    clock: Clock,
    calls: Calls,
    *,
    telephones: Telephones,
    open_now: Callable[[], bool],
) -> Rooms:
    """Return the rooms on *pool*; *plan* returns what is in force, *clock* the aware time.

    *telephones* place calls. *open_now* says whether the centre takes calls at this moment: only then does it
    place any.
    """
    outreach = Calling(pool, plan, clock, Gate(pool, plan, clock, open_now), telephones)
    return Rooms(
        Cases(pool, plan, clock), Library(pool, clock), Directory(pool, plan, clock), outreach, calls
    )
