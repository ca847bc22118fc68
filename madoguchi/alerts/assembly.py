"""Puts the alerts of a controller together: what is watched, and who is told."""

import asyncio
import time

from agents.desk.alerts import Alerts
from agents.mail import Smtp
from booking.shapes import CentrePlan
from config.settings import Settings
from madoguchi.alerts.log_lines import LogLines
from madoguchi.alerts.posting import Posting
from madoguchi.alerts.sources import Sources
from madoguchi.alerts.watching import Watching


def open_posting(settings: Settings, alerts: Alerts, plan: CentrePlan) -> Posting:
    """Return what tells people of *alerts*; what was open before a restart is open again."""
    layout = settings.layout
    post = Smtp(lambda: plan().mail, settings.smtp_password)
    return Posting(alerts, post, plan, layout.alerts_file, layout.alerts_secret)


def log_lines(settings: Settings) -> LogLines:
    """Return what counts the lines that Asterisk writes from now on."""
    return LogLines(settings.layout.asterisk_log, time.monotonic)


def start(group: asyncio.TaskGroup, sources: Sources, posting: Posting) -> list[asyncio.Task[None]]:
    """Start watching and telling, and return the tasks."""
    watching = Watching(posting.alerts, posting.plan)
    return [
        group.create_task(watching.run(sources), name="alerts"),
        group.create_task(posting.run(), name="alerts told"),
    ]
