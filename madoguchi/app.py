"""The controller as the process that the supervisor runs (see ``madoguchi.local``)."""

import asyncio
import signal
from collections.abc import Coroutine

import structlog
import uvloop

from config.logs import configure
from config.settings import Settings
from madoguchi.controller.afar import require_copied
from madoguchi.controller.connections import database_of
from madoguchi.controller.life import Controller
from telephony.asterisk.errors import Replaced
from telephony.leadership import HEAD_START_S, Leadership

REPLACED_EXIT = 3
"""Another controller has taken over; the supervisor starts this one again and it waits its turn."""

log = structlog.get_logger(__name__)


def controller(settings: Settings) -> int:
    """Run the controller until SIGTERM; return its exit status."""
    configure()
    return uvloop.run(_until_stopped(settings))


async def _until_stopped(settings: Settings) -> int:
    status, stop = 0, asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    if settings.asterisk_is_elsewhere:
        require_copied(settings)
    leadership = Leadership(
        settings.layout.leader_lock,
        database_of(settings),
        head_start_s=HEAD_START_S if settings.asterisk_is_elsewhere else None,
    )
    try:
        if not await _unless(stop, leadership.take()):
            return status
        async with Controller(settings, stop.set).running(leadership):
            log.info("controller.runs")
            await stop.wait()
    except* Replaced as replaced:
        log.error("controller.replaced", reason=str(replaced.exceptions[0]))
        status = REPLACED_EXIT
    finally:
        leadership.give_back()
    return status


async def _unless(stop: asyncio.Event, work: Coroutine[None, None, None]) -> bool:
    """Do *work*; return False if *stop* came first."""
    doing = {asyncio.create_task(work, name="work"), asyncio.create_task(stop.wait(), name="stop")}
    done, left = await asyncio.wait(doing, return_when=asyncio.FIRST_COMPLETED)
    for task in left:
        task.cancel()
    for task in done:
        task.result()
    return not stop.is_set()
