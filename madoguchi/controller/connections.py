"""What a controller talks to: Asterisk, PostgreSQL and its own disk, opened in order and closed again."""

from contextlib import AsyncExitStack
from dataclasses import dataclass

from config.settings import Settings
from madoguchi.controller.passwords import Passwords
from madoguchi.upkeep import Upkeep, upkeep
from storage import Pool, open_pool
from telephony.asterisk import api_docs
from telephony.asterisk.client import Ari
from telephony.asterisk.control import Control
from telephony.asterisk.manager import Manager
from telephony.journal import Journal
from telephony.leadership import Leadership
from telephony.switchboard import Asterisk

LOOPBACK = "127.0.0.1"
USER = "madoguchi"
BOOKING_CONNECTIONS = 8
"""The booking's own, so that a rush of reservations never keeps a call's look-up waiting."""


@dataclass(frozen=True, slots=True)
class Connections:
    """*pool* is for look-ups, *bookings* for reservations, *keep* for sessions and the audit trail."""

    pool: Pool
    bookings: Pool
    asterisk: Asterisk
    version: str
    journal: Journal
    keep: Upkeep
    leadership: Leadership

    @property
    def reached(self) -> "Pool | None":
        """The pool, if its database was reached a moment ago; callers do not wait for one that is away."""
        return self.pool if self.leadership.has_database else None


async def open_connections(
    settings: Settings, passwords: Passwords, leadership: Leadership, stack: AsyncExitStack
) -> Connections:
    """Open everything; *stack* closes it. Raises what the parts raise when Asterisk is not what we expect."""
    database = database_of(settings)
    pool = await open_pool(database, name="controller")
    stack.callback(pool.terminate)
    ari = await stack.enter_async_context(Ari(settings.ari_url, USER, passwords.ari))
    version = (await ari.info()).version
    await api_docs.check(ari)
    journal = Journal(settings.layout.journal_file)
    stack.push_async_callback(journal.close)
    manager = Manager(settings.manager_address, USER, passwords.ami)
    bookings = await open_pool(database, name="booking", size=BOOKING_CONNECTIONS, lean=True)
    stack.callback(bookings.terminate)
    keep = await stack.enter_async_context(upkeep(settings, database))
    asterisk = Asterisk(ari, manager, Control(ari, manager))
    return Connections(pool, bookings, asterisk, version, journal, keep, leadership)


def database_of(settings: Settings) -> str:
    """Return the database's address. Raises SystemExit with a sentence when none is set."""
    if settings.database_url is None:
        if settings.asterisk_is_elsewhere:
            raise SystemExit("DATABASE_URL is not set; give the database of the machine that has Asterisk.")
        raise SystemExit("DATABASE_URL is not set; start the centre with make up, which sets it.")
    return settings.database_url
