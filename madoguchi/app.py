"""The composition root: puts the real parts of a running centre together, and nothing else.

`controller` and `worker` are the two processes of ours that the supervisor runs (see ``madoguchi.local``).
"""

import asyncio
import json
import random
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
import uvloop

from agents.desk.desk import OperatorDesk
from agents.floor.figures import follow
from agents.roster import Roster
from agents.roster_store import RosterFile, RosterTable
from agents.web.application import make_application, serving
from agents.web.built import Pages
from agents.web.parts import Parts
from agents.web.routes import Route
from booking.cases.overdue import OverdueWatch
from booking.delivery.watching import DeliveryWatch
from booking.keypad import KeypadDesk
from booking.office import Office, open_office
from booking.rooms import open_quality, open_rooms
from booking.searching import Searching
from booking.upkeep import Upkeep
from booking.web.rules import booking_routes
from booking.wording import japanese_time
from config.logs import configure
from config.schema import Agent, Booking, Centre
from config.settings import Settings
from config.trunk_passwords import TrunkPasswords
from dialplan import Finding, Secrets
from madoguchi.alerts.assembly import log_lines, open_posting
from madoguchi.alerts.assembly import start as start_alerts
from madoguchi.alerts.routes import AlertHandlers
from madoguchi.alerts.sources import Sources
from madoguchi.booking_jobs import booking_jobs
from madoguchi.call_notes import CallNotes
from madoguchi.doctor.routes import doctor_routes
from madoguchi.errands import HouseErrands
from madoguchi.figures import CentreFigures
from madoguchi.health import CentreHealth
from madoguchi.hours.book import Book
from madoguchi.hours.emergency import message_in_force
from madoguchi.hours.routes import HoursParts, HoursRoutes
from madoguchi.local.trial import try_out
from madoguchi.publication.assembly import Running, in_force, open_publication
from madoguchi.publication.candidate import Candidate
from madoguchi.publication.publication import Publication
from madoguchi.publishing import InForce, Publisher, voice_of
from madoguchi.reading import Callers, DatabaseRecords
from madoguchi.space import SpaceWatch
from madoguchi.upkeep import Upkeep as UpkeepParts
from madoguchi.upkeep import upkeep
from reports.routes import ReportHandlers
from sounds.errors import PhraseError
from storage import Pool, open_pool
from telephony import elsewhere, measure_recovery, recovery, worker
from telephony.asterisk import api_docs
from telephony.asterisk.client import Ari
from telephony.asterisk.control import Control
from telephony.asterisk.errors import Replaced
from telephony.asterisk.manager import Manager
from telephony.clock import SteadyClock, keep_time
from telephony.engine import Engine
from telephony.heartbeat import beat
from telephony.journal import Journal
from telephony.leadership import Leadership
from telephony.left_numbers import LeftNumbers
from telephony.model import events as ev
from telephony.model.centre import Centre as Model
from telephony.model.commands import AskBooking, ForgetBooking, TakeUpNumber
from telephony.model.rulings import Override
from telephony.public_holidays import japanese_holiday
from telephony.switchboard import Asterisk, Switchboard

LOOPBACK = "127.0.0.1"
USER = "madoguchi"
BOOKING_CONNECTIONS = 8
"""The booking's own, so that a rush of reservations never keeps a call's look-up waiting."""

RESTART_AFTER_S = 0.5

REPLACED_EXIT = 3
"""Another controller has taken over; the supervisor starts this one again and it waits its turn."""

BUILT_CONSOLE = Path(__file__).parents[1] / "console" / "dist"
"""Where `make console` leaves the pages."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Passwords:
    """What ``secrets.json`` holds for the controller."""

    ari: str
    ami: str
    cli: str

    @classmethod
    def read(cls, settings: Settings) -> "Passwords":
        """Read them. Raises OSError, ValueError or KeyError."""
        kept = json.loads(settings.layout.secrets_file.read_text(encoding="utf-8"))
        return cls(kept["ari_password"], kept["ami_password"], kept["cli_token"])

    def of_asterisk(self, settings: Settings) -> Secrets:
        """Return what Asterisk's files hold; trunks' passwords are read when those are rendered."""
        return Secrets(self.ari, self.ami, TrunkPasswords(settings.layout.trunk_passwords))


def controller(settings: Settings) -> int:
    """Run the controller until SIGTERM; return its exit status."""
    configure()
    return uvloop.run(_until_stopped(settings))


def work(settings: Settings) -> None:
    """Run the worker until SIGTERM."""
    configure()
    found = worker.Work.of(settings.layout, _database(settings))
    asyncio.run(worker.main(found, partial(booking_jobs, settings)))


def _database(settings: Settings) -> str:
    if settings.database_url is None:
        raise SystemExit("DATABASE_URL is not set; start the centre with make up, which sets it.")
    return settings.database_url


async def _until_stopped(settings: Settings) -> int:
    status, stop = 0, asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    leadership = Leadership(settings.layout.leader_lock, _database(settings))
    try:
        if not await _unless(stop, leadership.take()):
            return status
        async with _Controller(settings, stop.set).running(leadership):
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


class _Controller:
    """One controller process, while it leads."""

    def __init__(self, settings: Settings, stop: Callable[[], None]) -> None:
        self._settings, self._stop = settings, stop
        self._passwords = Passwords.read(settings)
        self._clock = SteadyClock(settings.layout.clock_file)
        self._in_force = in_force(settings)
        self._voice = voice_of(self.plan())

    @asynccontextmanager
    async def running(self, leadership: Leadership) -> AsyncIterator[None]:
        """Run all parts while the block runs; the first that fails ends them all."""
        settings = self._settings
        async with AsyncExitStack() as stack:
            pool = await open_pool(_database(settings), name="controller")
            stack.callback(pool.terminate)
            ari = await stack.enter_async_context(self._ari())
            version = (await ari.info()).version
            await api_docs.check(ari)
            journal = Journal(settings.layout.journal_file)
            stack.push_async_callback(journal.close)
            manager = Manager((LOOPBACK, settings.ami_port), USER, self._passwords.ami)
            control = Control(ari, manager)
            bookings = await open_pool(
                _database(settings), name="booking", size=BOOKING_CONNECTIONS, lean=True
            )
            stack.callback(bookings.terminate)
            callers = Callers(pool, self.plan, Searching(bookings, self.booking))
            keep = await stack.enter_async_context(upkeep(settings, _database(settings)))
            desk = OperatorDesk(callers, self.plan, keep.shown)
            errands = HouseErrands()
            engine = self._engine(control, journal, desk, errands)
            stack.callback(engine.close)
            calls = CallNotes(engine, journal, DatabaseRecords(pool))
            office = open_office(bookings, self.booking, japanese_time, calls)
            sticky = _Sticky(callers, engine)
            unfinished = {
                **await elsewhere.open_calls(_reached(pool, leadership), journal),
                **await journal.unfinished(),
            }
            board = Switchboard(Asterisk(ari, manager, control), engine, journal, unfinished, sticky)
            left = LeftNumbers(settings.layout.rescue_file, journal, unfinished, engine.submit, engine.now)
            errands.give(TakeUpNumber, left.taken)
            keypad = KeypadDesk(office, bookings, japanese_time, engine.submit)
            errands.give(AskBooking, keypad.ask)
            errands.give(ForgetBooking, keypad.forget)
            secrets = self._passwords.of_asterisk(settings)
            publisher = Publisher(settings, secrets, (ari, manager), self._in_force)
            roster = self._roster(pool, publisher, engine, board)
            engine.submit(measure_recovery.recovered(await journal.latest_of_queues()))
            await self._take_up_duty(roster, engine, journal, _reached(pool, leadership))
            book = self._take_up_hours(pool, engine)
            figures = CentreFigures(pool, self.plan, japanese_time)
            health = CentreHealth(settings, board, journal, version)
            parts = Parts(
                centre=engine,
                desk=desk,
                roster=roster,
                records=DatabaseRecords(pool),
                health=health,
                figures=figures,
                plan=self.plan,
                cli_token=self._passwords.cli,
                sessions=keep.sessions,
                trail=keep.trail,
                public_url=settings.public_url,
                pages=await asyncio.to_thread(Pages.read, BUILT_CONSOLE),
                sip_websocket=settings.websocket_sip,
            )
            hours = HoursRoutes(self._hours_parts(engine, book))
            rooms = open_rooms(bookings, self.plan, japanese_time, calls, partial(_takes_calls, engine))
            publication, config = open_publication(
                settings, secrets, pool, self._publishing(secrets, publisher, roster, engine)
            )
            posting = open_posting(settings, desk.alerts, self.plan)
            own = [
                *config.routes(),
                *hours.routes(),
                *AlertHandlers(posting).routes(),
                *doctor_routes(settings),
            ]
            site = make_application(
                parts,
                [*own, *booking_routes(office), *rooms.routes(), *self._judged(pool, bookings, roster)],
            )
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(board.run(), name="switchboard"),
                    group.create_task(desk.run(), name="desk"),
                    group.create_task(roster.run(), name="roster"),
                    group.create_task(self._upkeep(bookings, office).run(), name="booking"),
                    group.create_task(self._watch_deliveries(bookings, desk).run(), name="deliveries"),
                    group.create_task(
                        OverdueWatch(bookings, desk.alerts, japanese_time).run(), name="overdue"
                    ),
                    *keep.start(group, parts),
                    group.create_task(follow(desk.floor, figures, self.plan), name="figures"),
                    *start_alerts(group, self._watched(engine, journal, keep), posting),
                    group.create_task(book.run(), name="hours"),
                    group.create_task(self._take_up_numbers(board, left), name="left numbers"),
                    group.create_task(self._publish(board, publication), name="publication"),
                    group.create_task(self._live(board), name="heartbeat"),
                    group.create_task(leadership.keep(), name="leadership"),
                    group.create_task(self._keep_time(board, engine), name="clock"),
                    group.create_task(
                        SpaceWatch.of(settings.home, engine.submit, desk.alerts).run(), name="space"
                    ),
                ]
                # Requests under way may take seconds to end; calls are driven until then.
                async with serving(site, LOOPBACK, settings.http_port):
                    yield
                for task in tasks:
                    task.cancel()

    async def _live(self, board: Switchboard) -> None:
        """Give a sign of life from the moment on in which calls are driven (``telephony.rescue``)."""
        await board.driving.wait()
        await beat(self._settings.layout.heartbeat_file)

    async def _keep_time(self, board: Switchboard, engine: Engine) -> None:
        """Follow the machine's clock when nobody is up; before the connection nobody knows who is."""
        await board.connected.wait()
        await keep_time(self._clock, lambda: board.connected.is_set() and engine.is_quiet)

    async def _take_up_numbers(self, board: Switchboard, left: LeftNumbers) -> None:
        """Take up what the rescue took, once callers and promises of the journal are in their places."""
        await board.connected.wait()
        await left.run()

    def plan(self) -> Centre:
        """Return the ``centre.toml`` that is in force."""
        return self._in_force.plan

    def booking(self) -> Booking:
        """Return what the ``centre.toml`` in force says about reservations."""
        return self.plan().booking

    def _upkeep(self, pool: Pool, office: Office) -> Upkeep:
        return Upkeep(pool, office, japanese_time, ZoneInfo(self.plan().timezone))

    def _watch_deliveries(self, pool: Pool, desk: OperatorDesk) -> DeliveryWatch:
        return DeliveryWatch(pool, self.booking, japanese_time, desk.alerts, desk)

    def _judged(self, pool: Pool, bookings: Pool, roster: Roster) -> Sequence[Route]:
        """Return the addresses of reports and of the quality of calls."""

        def people() -> Mapping[str, str]:
            return {agent.name: agent.title for agent in roster.agents}

        reports = ReportHandlers(pool, self.plan, people, japanese_time).routes()
        recordings = self._settings.layout.recordings
        return [*reports, *open_quality(bookings, self.plan, japanese_time, recordings)]

    def _watched(self, engine: Engine, journal: Journal, keep: UpkeepParts) -> Sources:
        return Sources(
            engine=engine,
            journal=journal,
            trail=keep.trail,
            pool=keep.pool,
            plan=self.plan,
            clock=japanese_time,
            home=self._settings.home,
            lines=log_lines(self._settings),
            public_url=self._settings.public_url,
        )

    def _ari(self) -> Ari:
        url = f"http://{LOOPBACK}:{self._settings.asterisk_http_port}/ari"
        return Ari(url, USER, self._passwords.ari)

    def _engine(
        self, control: Control, journal: Journal, desk: OperatorDesk, errands: HouseErrands
    ) -> Engine:
        # Offer and playback numbers start above every number that an earlier controller can have used.
        first_id = round(self._clock.now() * 1_000)
        chance = random.Random()  # noqa: S311 - chooses operators, guards nothing
        model = Model(self.plan(), self._voice, chance, first_id, japanese_holiday)
        engine = Engine(model, control, journal, desk, self._clock.now, errands=errands)
        desk.connect(engine)
        return engine

    def _roster(self, pool: Pool, publisher: Publisher, engine: Engine, board: Switchboard) -> Roster:
        async def announce(agents: tuple[Agent, ...]) -> None:
            await publisher.publish(agents)
            engine.submit(ev.RosterChanged(agents))
            board.people_changed()

        file = RosterFile(self._settings.layout.roster_file)
        return Roster(RosterTable(pool), file, self.plan, announce)

    def _publishing(self, secrets: Secrets, publisher: Publisher, roster: Roster, engine: Engine) -> Running:
        async def trial(found: Candidate) -> Sequence[Finding]:
            return await try_out(found, self._settings, secrets)

        async def adopt(new: InForce) -> None:
            """Put it in force for the model, and say prompts with its catalogue."""
            self._voice = await asyncio.to_thread(voice_of, new.plan)
            self._in_force = new
            engine.centre.use_voice(self._voice)
            engine.submit(ev.PlanChanged(new.plan))

        def restart() -> None:
            """End gently, a moment after the answer has gone out; the supervisor starts it again."""
            asyncio.get_running_loop().call_later(RESTART_AFTER_S, self._stop)

        return Running(publisher, lambda: roster.agents, lambda: self._in_force, adopt, restart, trial)

    async def _publish(self, board: Switchboard, publication: Publication) -> None:
        """Finish what was left half published, once Asterisk can be asked what it has."""
        await board.driving.wait()
        await publication.run()

    def _take_up_hours(self, pool: Pool, engine: Engine) -> Book:
        """Let what was open or closed ad hoc, and the disaster mode, hold from the first call on."""

        def announce(standing: tuple[Override, ...]) -> None:
            engine.submit(ev.OverridesChanged(standing))

        book = Book(self._settings.layout.overrides_file, pool, announce)
        book.load()
        engine.submit(ev.EmergencyChanged(message_in_force(self._settings.layout)))
        return book

    def _hours_parts(self, engine: Engine, book: Book) -> HoursParts:
        def sayable(prompt: str) -> bool:
            try:
                return bool(self._voice.phrase(prompt))
            except (KeyError, PhraseError):
                return False

        return HoursParts(
            layout=self._settings.layout,
            plan=self.plan,
            calendar=lambda: engine.centre.floor.calendar,
            now=engine.now,
            book=book,
            sayable=sayable,
            emergency_changed=lambda message: engine.submit(ev.EmergencyChanged(message)),
        )

    async def _take_up_duty(
        self, roster: Roster, engine: Engine, journal: Journal, reached: "Pool | None"
    ) -> None:
        """Put everybody back to what they were doing when the last controller ended."""
        engine.submit(ev.RosterChanged(await roster.load()))
        known = {agent.name for agent in engine.agents()}
        for event in recovery.duties(await elsewhere.latest_of_agents(reached, journal)):
            if event.agent in known:
                engine.submit(event)


def _reached(pool: Pool, leadership: Leadership) -> "Pool | None":
    """Return *pool* if its database was reached a moment ago; callers do not wait for one that is away."""
    return pool if leadership.has_database else None


def _takes_calls(engine: Engine) -> bool:
    """Return whether the centre is open now, with all that is ad hoc, and not in the disaster mode."""
    floor = engine.centre.floor
    return floor.emergency is None and floor.calendar.is_open(engine.now())


class _Sticky:
    """Looks up, beside the call, who served this caller last."""

    def __init__(self, callers: Callers, engine: Engine) -> None:
        self._callers, self._engine = callers, engine
        self._lookups: set[asyncio.Task[None]] = set()

    def __call__(self, arrived: ev.CallArrived) -> None:
        lookup = self._callers.remember(arrived, self._engine.submit)
        task = asyncio.create_task(lookup, name=f"remember {arrived.call}")
        self._lookups.add(task)
        task.add_done_callback(self._lookups.discard)
