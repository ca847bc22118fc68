"""A stand-in for the controller with the real one's locks, sign of life and gentle end, and without calls.

``python small_controller.py HOME PORT VERSION``; a version named ``broken`` cannot start, one named ``deaf``
takes over and serves nobody.
"""

import asyncio
import signal
import sys
from pathlib import Path

from aiohttp import web

from config.layout import Layout
from telephony.heartbeat import beat
from telephony.leadership import Leadership

NO_DATABASE = "postgresql://127.0.0.1:9/none"


async def main(home: Path, port: int, version: str) -> None:
    """Stand by, lead, serve; end on SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    layout = Layout(home)
    leadership = Leadership(layout.leader_lock, NO_DATABASE)
    leading = asyncio.create_task(leadership.take())
    waiting = asyncio.create_task(stop.wait())
    await asyncio.wait({leading, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if stop.is_set():
        leading.cancel()
        return

    async def ready(_: web.Request) -> web.Response:
        return web.Response(text=version)

    app = web.Application()
    if version != "deaf":
        app.router.add_get("/readyz", ready)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    beating = asyncio.create_task(beat(layout.heartbeat_file))
    await waiting
    beating.cancel()
    await asyncio.wait({beating})
    await runner.cleanup()
    leadership.give_back()


if __name__ == "__main__":
    if sys.argv[3] == "broken":
        sys.exit("this version is broken")
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
