"""What the worker does for booking and city: tells what changed and what is left to do, keeps reports."""

import asyncio
from collections.abc import Mapping
from functools import wraps

import structlog

from agents.mail import Smtp
from agents.ports import Unavailable
from agents.roster_store import RosterTable
from booking.cases import mailing
from booking.cases.mailing import CaseMails
from booking.delivery import delivering
from booking.delivery.cases import CaseTable
from booking.delivery.delivering import Delivering
from booking.delivery.store import Store
from booking.messages import sending
from booking.messages.folder import FolderSink
from booking.messages.mail import MailSink
from booking.messages.message import EMAIL, SMS
from booking.messages.ports import Sink
from booking.messages.sending import Sending
from booking.messages.webhook import WebhookSink
from booking.outgoing.surroundings import Surroundings
from config.schema import Booking
from config.schema.messages import EmailSink, Messages, SmsSink
from config.settings import Settings
from madoguchi.publishing import PublishedPlan
from reports import keeping
from reports.keeping import Keeping
from storage import PASSING, Pool
from telephony.worker import Job, Jobs

log = structlog.get_logger(__name__)


def booking_jobs(settings: Settings, pool: Pool, stop: asyncio.Event) -> Jobs:
    """Return the jobs; they begin nothing more once *stop* is set."""
    plan, layout = PublishedPlan(settings), settings.layout
    around = Surroundings(stopping=stop.is_set)

    def booking() -> Booking:
        return plan().booking

    def sinks(rules: Messages) -> Mapping[str, Sink]:
        found: dict[str, Sink] = {}
        match rules.sms:
            case SmsSink.FILE:
                found[SMS] = FolderSink(layout.citizen_messages, SMS)
            case SmsSink.WEBHOOK:
                found[SMS] = WebhookSink(str(rules.sms_url), layout.sms_secret)
        match rules.email:
            case EmailSink.FILE:
                found[EMAIL] = FolderSink(layout.citizen_messages, EMAIL)
            case EmailSink.SMTP:
                found[EMAIL] = MailSink(lambda: plan().mail, settings.smtp_password, lambda: plan().title)
        return found

    deliver = Delivering(Store(pool, CaseTable()), booking, layout.delivery_secret, around)
    tell = Sending(pool, booking, sinks, around)
    post = Smtp(lambda: plan().mail, settings.smtp_password)
    mails = CaseMails(pool, post, plan, around.clock, around.stopping)

    async def people() -> Mapping[str, str]:
        return {person.name: person.title for person in await RosterTable(pool).everybody()}

    kept = Keeping(pool, plan, people, around.clock, layout.reports)
    return {
        "deliveries": (_alone(deliver.once), delivering.EVERY_S),
        "messages": (_alone(tell.once), sending.EVERY_S),
        "case-mails": (_alone(mails.once), mailing.EVERY_S),
        "reports": (_alone(kept.once), keeping.EVERY_S),
    }


def _alone(job: Job) -> Job:
    """Return *job*, whose faults end this turn of its own and not the worker, which carries the journal."""

    @wraps(job)
    async def turn() -> None:
        try:
            await job()
        except PASSING:
            raise
        except Unavailable:
            log.debug("booking.job_waits", job=job.__qualname__)
        except Exception:
            log.exception("booking.job_failed", job=job.__qualname__)

    return turn
