"""What the worker does for the booking: tells the city's system each change."""

from functools import wraps

import structlog

from booking.delivery import delivering
from booking.delivery.cases import CaseTable
from booking.delivery.delivering import Delivering
from booking.delivery.store import Store
from booking.outgoing.surroundings import Surroundings
from config.schema import Booking
from config.settings import Settings
from madoguchi.publishing import PublishedPlan
from storage import PASSING, Pool
from telephony.worker import Job, Jobs

log = structlog.get_logger(__name__)


def booking_jobs(settings: Settings, pool: Pool) -> Jobs:
    """Return the jobs."""
    plan, around, layout = PublishedPlan(settings), Surroundings(), settings.layout

    def booking() -> Booking:
        return plan().booking

    deliver = Delivering(Store(pool, CaseTable()), booking, layout.delivery_secret, around)
    return {"deliveries": (_alone(deliver.once), delivering.EVERY_S)}


def _alone(job: Job) -> Job:
    """Return *job*, whose faults end this turn of its own and not the worker, which carries the journal."""

    @wraps(job)
    async def turn() -> None:
        try:
            await job()
        except PASSING:
            raise
        except Exception:
            log.exception("booking.job_failed", job=job.__qualname__)

    return turn
