"""The composition root of the worker process: apart from ``app``, so that it loads no pages and no calls."""

import asyncio
from dataclasses import replace
from functools import partial

from config.logs import configure
from config.settings import Settings
from madoguchi.booking_jobs import booking_jobs
from madoguchi.controller.connections import database_of
from telephony import worker


def work(settings: Settings) -> None:
    """Run the worker until SIGTERM."""
    configure()
    found = worker.Work.of(settings.layout, database_of(settings))
    if settings.asterisk_is_elsewhere:
        asyncio.run(worker.main(replace(found, only_carries=True)))
    else:
        asyncio.run(worker.main(found, partial(booking_jobs, settings)))
