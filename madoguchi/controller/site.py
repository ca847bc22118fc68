"""What a controller serves over HTTP: every room's addresses, on one site."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from agents.web.application import make_application
from agents.web.built import Pages
from agents.web.parts import Parts
from booking.rooms import open_quality, open_rooms
from booking.web.rules import booking_routes
from booking.wording import japanese_time
from config.settings import Settings
from dialplan import Secrets
from madoguchi.alerts.posting import Posting
from madoguchi.alerts.routes import AlertHandlers
from madoguchi.controller.calls import Calls
from madoguchi.controller.connections import Connections
from madoguchi.controller.in_force import PlanInForce
from madoguchi.doctor.routes import doctor_routes
from madoguchi.figures import CentreFigures
from madoguchi.health import CentreHealth
from madoguchi.hours.book import Book
from madoguchi.hours.routes import HoursParts, HoursRoutes
from madoguchi.publication.assembly import open_publication
from madoguchi.publication.publication import Publication
from madoguchi.reading import DatabaseRecords
from reports.routes import ReportHandlers
from telephony.model.events import EmergencyChanged

BUILT_CONSOLE = Path(__file__).parents[2] / "console" / "dist"
"""Where `make console` leaves the pages."""


@dataclass(frozen=True, slots=True)
class House:
    """Everything that addresses are served from; *cli_token* is the command line's."""

    settings: Settings
    secrets: Secrets
    cli_token: str
    plan: PlanInForce
    found: Connections
    calls: Calls
    book: Book
    figures: CentreFigures
    posting: Posting


@dataclass(frozen=True, slots=True)
class Site:
    """The application, the parts of the desk's rooms, and what publishes the configuration."""

    application: web.Application
    parts: Parts
    publication: Publication


async def open_site(house: House) -> Site:
    """Put all addresses together; nothing is served yet."""
    plan, found, calls = house.plan, house.found, house.calls
    parts = await _parts(house)
    running = plan.running(house.secrets, calls.publisher, calls.engine, lambda: calls.roster.agents)
    publication, config = open_publication(house.settings, house.secrets, found.pool, running)

    def people() -> Mapping[str, str]:
        return {agent.name: agent.title for agent in calls.roster.agents}

    rooms = open_rooms(
        found.bookings,
        plan.plan,
        japanese_time,
        calls.notes,
        telephones=calls.engine,
        open_now=calls.are_taken,
    )
    recordings = house.settings.layout.recordings
    routes = [
        *config.routes(),
        *HoursRoutes(_hours(house)).routes(),
        *AlertHandlers(house.posting).routes(),
        *doctor_routes(house.settings),
        *booking_routes(calls.office),
        *rooms.routes(),
        *ReportHandlers(found.pool, plan.plan, people, japanese_time).routes(),
        *open_quality(found.bookings, plan.plan, japanese_time, recordings),
    ]
    return Site(make_application(parts, routes), parts, publication)


async def _parts(house: House) -> Parts:
    found, calls, settings = house.found, house.calls, house.settings
    return Parts(
        centre=calls.engine,
        desk=calls.desk,
        roster=calls.roster,
        records=DatabaseRecords(found.pool),
        health=CentreHealth(settings, calls.board, found.journal, found.version),
        figures=house.figures,
        plan=house.plan.plan,
        cli_token=house.cli_token,
        sessions=found.keep.sessions,
        trail=found.keep.trail,
        public_url=settings.public_url,
        pages=await asyncio.to_thread(Pages.read, BUILT_CONSOLE),
        sip_websocket=settings.websocket_sip,
    )


def _hours(house: House) -> HoursParts:
    engine = house.calls.engine
    return HoursParts(
        layout=house.settings.layout,
        plan=house.plan.plan,
        calendar=lambda: engine.centre.floor.calendar,
        now=engine.now,
        book=house.book,
        sayable=house.plan.sayable,
        emergency_changed=lambda message: engine.submit(EmergencyChanged(message)),
        refusal=house.settings.refusal("Switch the disaster mode"),
    )
