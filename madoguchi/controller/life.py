"""A controller's life while it leads: open everything, let all parts run, close."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from zoneinfo import ZoneInfo

from agents.floor.figures import follow
from agents.web.application import serving
from booking.cases.overdue import OverdueWatch
from booking.delivery.watching import DeliveryWatch
from booking.upkeep import Upkeep
from booking.wording import japanese_time
from config.settings import Settings
from madoguchi.alerts.assembly import log_lines, open_posting
from madoguchi.alerts.assembly import start as start_alerts
from madoguchi.alerts.sources import Sources
from madoguchi.controller.calls import Calls, open_calls
from madoguchi.controller.connections import LOOPBACK, open_connections
from madoguchi.controller.in_force import PlanInForce
from madoguchi.controller.passwords import Passwords
from madoguchi.controller.site import House, Site, open_site
from madoguchi.controller.taking_up import see_emergency, take_up_hours, take_up_people
from madoguchi.figures import CentreFigures
from madoguchi.publication.publication import Publication
from madoguchi.space import SpaceWatch
from telephony.clock import SteadyClock, keep_time
from telephony.heartbeat import beat
from telephony.leadership import Leadership


class Controller:
    """One controller process, while it leads. *stop* asks the process to end gently."""

    def __init__(self, settings: Settings, stop: Callable[[], None]) -> None:
        self._settings = settings
        self._passwords = Passwords.read(settings)
        self._clock = SteadyClock(settings.layout.clock_file)
        self._plan = PlanInForce(settings, stop)

    @asynccontextmanager
    async def running(self, leadership: Leadership) -> AsyncIterator[None]:
        """Run all parts while the block runs; the first that fails ends them all."""
        async with AsyncExitStack() as stack:
            house = await self._open(leadership, stack)
            site = await open_site(house)
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(leadership.keep(), name="leadership"),
                    *self._start_calls(group, house, site),
                    *self._start_booking(group, house),
                    *house.found.keep.start(group, site.parts),
                    *start_alerts(group, self._sources(house), house.posting),
                ]
                # Requests under way may take seconds to end; calls are driven until then.
                async with serving(site.application, LOOPBACK, self._settings.http_port):
                    see_emergency(self._settings.layout, house.calls)
                    yield
                for task in tasks:
                    task.cancel()

    async def _open(self, leadership: Leadership, stack: AsyncExitStack) -> House:
        settings, plan = self._settings, self._plan
        secrets = self._passwords.of_asterisk(settings)
        found = await open_connections(settings, self._passwords, leadership, stack)
        calls = await open_calls(settings, found, plan, self._clock, secrets)
        stack.callback(calls.engine.close)
        await take_up_people(found, calls)
        book = take_up_hours(settings.layout, found, calls)
        figures = CentreFigures(found.pool, plan.plan, japanese_time)
        posting = open_posting(settings, calls.desk.alerts, plan.plan)
        return House(settings, secrets, self._passwords.cli, plan, found, calls, book, figures, posting)

    def _start_calls(self, group: asyncio.TaskGroup, house: House, site: Site) -> list[asyncio.Task[None]]:
        calls, settings = house.calls, self._settings
        space = SpaceWatch.of(settings.home, calls.engine.submit, calls.desk.alerts)
        named = {
            "switchboard": calls.board.run(),
            "desk": calls.desk.run(),
            "roster": calls.roster.run(),
            "hours": house.book.run(),
            "figures": follow(calls.desk.floor, house.figures, self._plan.plan),
            "left numbers": _take_up_numbers(calls),
            "publication": _publish(calls, site.publication),
            "heartbeat": _live(calls, settings),
            "clock": _keep_time(calls, self._clock),
            "space": space.run(),
        }
        return [group.create_task(work, name=name) for name, work in named.items()]

    def _start_booking(self, group: asyncio.TaskGroup, house: House) -> list[asyncio.Task[None]]:
        bookings, calls, plan = house.found.bookings, house.calls, self._plan
        alerts = calls.desk.alerts
        zone = ZoneInfo(plan.plan().timezone)
        named = {
            "booking": Upkeep(bookings, calls.office, japanese_time, zone).run(),
            "deliveries": DeliveryWatch(bookings, plan.booking, japanese_time, alerts, calls.desk).run(),
            "overdue": OverdueWatch(bookings, alerts, japanese_time).run(),
        }
        return [group.create_task(work, name=name) for name, work in named.items()]

    def _sources(self, house: House) -> Sources:
        keep = house.found.keep
        return Sources(
            engine=house.calls.engine,
            journal=house.found.journal,
            trail=keep.trail,
            pool=keep.pool,
            plan=self._plan.plan,
            clock=japanese_time,
            home=self._settings.home,
            lines=log_lines(self._settings),
            public_url=self._settings.public_url,
        )


async def _live(calls: Calls, settings: Settings) -> None:
    """Give a sign of life from the moment on in which calls are driven (``telephony.rescue``)."""
    await calls.board.driving.wait()
    await beat(settings.layout.heartbeat_file, calls.board.driver)


async def _keep_time(calls: Calls, clock: SteadyClock) -> None:
    """Follow the machine's clock when nobody is up; before the connection nobody knows who is."""
    await calls.board.connected.wait()
    await keep_time(clock, lambda: calls.are_quiet)


async def _take_up_numbers(calls: Calls) -> None:
    """Take up what the rescue took, once callers and promises of the journal are in their places."""
    await calls.board.connected.wait()
    await calls.left.run()


async def _publish(calls: Calls, publication: Publication) -> None:
    """Finish what was left half published, once Asterisk can be asked what it has."""
    await calls.board.driving.wait()
    await publication.run()
