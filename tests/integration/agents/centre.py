"""A centre with a real database, a real HTTP server and the real engine; only Asterisk is not there."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import orjson

from agents.audit.table import AuditTable
from agents.audit.trail import Trail
from agents.passwords import hash_password
from agents.people import Credentials, Person
from agents.ports import CallFilter
from agents.roles import SECOND_FACTOR, Role
from agents.roster import Roster
from agents.roster_store import RosterFile, RosterTable
from agents.second_factor import codes_around
from agents.session_store import SessionTable
from agents.sessions import Sessions
from agents.web.application import make_application, serving
from agents.web.parts import Parts
from agents.web.routes import Route
from booking.wording import japanese_time
from config.layout import Layout
from config.schema import Agent
from madoguchi.figures import CentreFigures
from storage import open_pool
from telephony.model.events import RosterChanged
from telephony.model.ids import AgentName, CallId, QueueName
from tests.unit.agents.floor import Floor

CLI_TOKEN = "token-of-the-command-line"
PASSWORD = "correct horse"
PEOPLE = (("sato", "201", "operator"), ("suzuki", "202", "operator"), ("tanaka", "300", "supervisor"))
OFFICE = (("mori", Role.MANAGER), ("shimizu", Role.CITY), ("okada", Role.OPS))
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""Of everybody who needs a second factor."""


def agent_of(name: str, extension: str, role: str) -> Agent:
    """Return somebody who takes bookings."""
    return Agent.model_validate(
        {
            "name": name,
            "title": name.title(),
            "extension": extension,
            "level": "standard",
            "skills": {"booking": 10},
            "role": role,
            "sip_password": f"sip-password-{name}",
        }
    )


def people(password_hash: str) -> list[Person]:
    """Return everybody, able to sign in."""
    plain = Credentials(password_hash)
    strong = replace(plain, totp_secret=TOTP_SECRET, totp_confirmed=True)
    answering = [
        Person.answering(agent_of(*who), strong if who[2] in SECOND_FACTOR else plain) for who in PEOPLE
    ]
    return answering + [Person(AgentName(name), name.title(), role, None, strong) for name, role in OFFICE]


def login(user: str) -> dict[str, str]:
    """Return what *user* signs in with; good once within half a minute."""
    role = dict([*((name, role) for name, _, role in PEOPLE), *OFFICE]).get(user)
    content = {"user": user, "password": PASSWORD}
    return content | ({"totp": codes_around(TOTP_SECRET, time.time())[1]} if role in SECOND_FACTOR else {})


class Shelf:
    """Records that a test puts there."""

    def __init__(self) -> None:
        self.records: dict[str, dict[str, Any]] = {}
        self.wanted: list[CallFilter] = []

    async def find(self, wanted: CallFilter) -> Sequence[Mapping[str, Any]]:
        """Return all; the filter is kept for the test."""
        self.wanted.append(wanted)
        return [record for record in self.records.values() if wanted.agent in {None, record["agent"]}]

    async def one(self, call: CallId) -> Mapping[str, Any] | None:
        """Return one."""
        return self.records.get(call)

    async def queue_log(
        self, since: datetime, until: datetime, queues_of: Mapping[AgentName, Sequence[QueueName]]
    ) -> Sequence[str]:
        """Return what was asked, as lines."""
        return [f"{since.isoformat()}|{until.isoformat()}", *(f"{a}|{list(q)}" for a, q in queues_of.items())]


class Nurse:
    """Says that all is well, or what the test makes it say."""

    def __init__(self) -> None:
        self.lacks: list[str] = []

    async def missing(self) -> Sequence[str]:
        """Return what the test says."""
        return self.lacks

    async def status(self) -> Mapping[str, Any]:
        """Return a little."""
        return {"role": "leader", "version": "1"}


@dataclass
class Running:
    """Everything that a test may want to touch."""

    url: str
    floor: Floor
    parts: Parts
    shelf: Shelf
    nurse: Nurse
    announced: list[list[str]]
    routes: frozenset[str]
    """Everything that the application serves: ``GET /api/calls/{id}`` …"""

    def client(self) -> aiohttp.ClientSession:
        """Return a browser that has not signed in. Cookies of an IP address are kept too."""
        return aiohttp.ClientSession(self.url, cookie_jar=aiohttp.CookieJar(unsafe=True))

    def cli(self) -> aiohttp.ClientSession:
        """Return the command line."""
        return aiohttp.ClientSession(self.url, headers={"Authorization": f"Bearer {CLI_TOKEN}"})

    @asynccontextmanager
    async def signed_in(self, user: str) -> AsyncIterator[aiohttp.ClientSession]:
        """Give a browser of somebody who signed in; it sends the CSRF token with everything."""
        async with self.client() as client:
            answer = await client.post("/api/session", json=login(user))
            assert answer.status == 201, await answer.text()
            client.headers["X-CSRF-Token"] = (await answer.json())["csrf_token"]
            yield client

    @asynccontextmanager
    async def desk(
        self,
        client: aiohttp.ClientSession,
        seq: int | None = None,
        path: str = "/api/desk",
        **options: Any,
    ) -> AsyncIterator["Desk"]:
        """Open a desk (or the floor) with a fresh ticket."""
        answer = await client.post("/api/desk/ticket")
        assert answer.status == 201, await answer.text()
        query = {"ticket": (await answer.json())["ticket"]} | ({} if seq is None else {"seq": str(seq)})
        async with client.ws_connect(path, params=query, **options) as socket:
            yield Desk(socket)


class Desk:
    """An operator's page."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.seq = 0

    async def next(self, kind: str | None = None) -> dict[str, Any]:
        """Return the next message, or the next of this type."""
        async with asyncio.timeout(3):
            while True:
                message: dict[str, Any] = orjson.loads(await self.socket.receive_str())
                self.seq = message["seq"]
                if kind in {None, message["type"]}:
                    return message

    async def say(self, kind: str, **fields: object) -> None:
        """Send a request."""
        await self.socket.send_json({"type": kind, **fields})

    async def ask(self, kind: str, **fields: object) -> dict[str, Any]:
        """Send a request and return the notice that answers it."""
        await self.say(kind, ref="ask", **fields)
        while True:
            notice = await self.next("notice")
            if notice["ref"] == "ask":
                return notice


@asynccontextmanager
async def running_centre(
    database: str, home: Path, more: Sequence[Route] = (), port: int = 0, **settings: Any
) -> AsyncIterator[Running]:
    """Run one, with the roster of `PEOPLE`; *port* 0 lets the system choose."""
    floor = Floor([])
    announced: list[list[str]] = []

    async def announce(agents: tuple[Agent, ...]) -> None:
        announced.append([agent.name for agent in agents])
        floor.engine.submit(RosterChanged(agents))

    pool = await open_pool(database, name="test")
    table = RosterTable(pool)
    password_hash = await hash_password(PASSWORD)
    await table.put_all(people(password_hash))
    roster = Roster(table, RosterFile(home / "roster.json"), lambda: floor.plan, announce)
    floor.engine.submit(RosterChanged(await roster.load()))
    shelf, nurse = Shelf(), Nurse()
    sessions = Sessions(SessionTable(pool))
    await sessions.load()
    trail = Trail(Layout(home).audit_spool, AuditTable(pool))
    parts = Parts(
        centre=floor.engine,
        desk=floor.desk,
        roster=roster,
        records=shelf,
        health=nurse,
        figures=CentreFigures(pool, lambda: floor.plan, japanese_time),
        plan=lambda: floor.plan,
        cli_token=CLI_TOKEN,
        sessions=sessions,
        trail=trail,
        **{"sip_websocket": "ws://127.0.0.1:8088/ws"} | settings,
    )
    background = {asyncio.create_task(work) for work in (floor.desk.run(), sessions.run())}
    app = make_application(parts, more)
    served = ((r.method, r.resource.canonical) for r in app.router.routes() if r.resource is not None)
    routes = frozenset(f"{method} {path}" for method, path in served)
    async with serving(app, "127.0.0.1", port) as open_port:
        yield Running(f"http://127.0.0.1:{open_port}", floor, parts, shelf, nurse, announced, routes)
    for task in background:
        task.cancel()
    await asyncio.wait(background)
    await trail.close()
    floor.engine.close()
    await pool.close()
