"""The composition root of the rescue process: apart from ``app``, so that it loads and needs very little."""

import asyncio
import json
import signal
from functools import partial

from config.layout import Layout
from config.logs import configure
from config.settings import Settings
from madoguchi.local import processes
from telephony.asterisk.client import Ari
from telephony.asterisk.manager import Manager
from telephony.journal import Journal
from telephony.rescue.process import Plan, Rescue

USER = "madoguchi"


def rescue(settings: Settings) -> None:
    """Run the rescue until SIGTERM."""
    configure()
    asyncio.run(_until_stopped(settings))


async def _until_stopped(settings: Settings) -> None:
    work = asyncio.create_task(_run(settings), name="rescue")
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, work.cancel)
    await asyncio.wait({work})
    if not work.cancelled():
        work.result()


async def _run(settings: Settings) -> None:
    layout = settings.layout
    secrets = json.loads(layout.secrets_file.read_text(encoding="utf-8"))
    manager = Manager(settings.manager_address, USER, secrets["ami_password"], events=())
    journal = Journal(layout.rescue_file)
    try:
        async with Ari(settings.ari_url, USER, secrets["ari_password"]) as ari:
            plan = Plan(layout.published_plan)
            kill = partial(_kill, layout)
            logs = layout.asterisk / "log"
            rescue = Rescue(plan, ari, manager, journal, layout.heartbeat_file, logs, kill)
            await (rescue.watch() if settings.asterisk_is_elsewhere else rescue.run())
    finally:
        await journal.close()


def _kill(layout: Layout, pid: int) -> None:
    """End the process with *pid* if it is one of ours that still runs; supervisord starts it again."""
    for process in processes.living(layout.supervisor):
        if process.pid == pid:
            process.send(signal.SIGKILL)
