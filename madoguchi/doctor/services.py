"""What runs, and what it answers: programs, database, the controller, the certificate in front of it."""

import asyncio
import json
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import asyncpg

from config.settings import Settings
from madoguchi.doctor.finding import Finding, ok, red, warning
from madoguchi.local import LocalError, run_file
from madoguchi.local.run_file import RunFile
from madoguchi.local.state import status
from storage.errors import PASSING
from storage.migrations import read_migrations

_UNREACHABLE: tuple[type[Exception], ...] = (*PASSING, asyncpg.PostgresError, ValueError)
PATIENCE_S = 5.0
MIGRATIONS = """
SELECT number, sha256, coalesce((to_jsonb(found) ->> 'compatible')::boolean, false) AS compatible
FROM schema_migrations AS found
"""
"""A database that an earlier version made last has no column for it."""

SKEW_S = 2.0
"""Clocks that differ by more make records contradict each other."""

SOON, AT_ONCE = timedelta(days=21), timedelta(days=3)
_MEND_CERTIFICATE = "Renew the certificate of the proxy that stands in front."
_AGAIN = "Start the centre with `make up`; `make logs` says why a program ended."


def programs(settings: Settings) -> Finding:
    """Say whether everything that should run does."""
    try:
        state = status(settings)
    except LocalError as error:
        return red("programs", "{error}", _AGAIN, error=error)
    if not state.programs:
        return red("programs", "Nothing runs in {home}.", _AGAIN, home=settings.home)
    fallen = [
        f"{program.name} ({program.state.lower()})" for program in state.programs if not program.running
    ]
    if fallen:
        return red("programs", "Not running: {names}.", "Look into `make logs`.", names=", ".join(fallen))
    return ok("programs", "Running: {names}.", names=", ".join(program.name for program in state.programs))


def running(settings: Settings) -> RunFile | None:
    """Return ``run.json`` of a centre that was started, None for one that is down."""
    return run_file.read(settings.layout)


def database(url: str) -> list[Finding]:
    """Say whether the database answers, has the right tables, and the same time as this machine."""
    try:
        server, applied, clock = asyncio.run(_ask_database(url))
    except _UNREACHABLE as error:
        mend = "Start the database, or correct DATABASE_URL; calls go on and are carried over later."
        why = str(error) or type(error).__name__
        return [red("database", "It cannot be reached ({why}).", mend, why=why)]
    skew = abs((datetime.now(UTC) - clock).total_seconds())
    mend = "Let both machines take their time from the same server (chrony or systemd-timesyncd)."
    return [
        ok("database", "PostgreSQL {version} answers.", version=server),
        migrations(applied),
        ok("clock", "This machine and the database differ by {skew:.1f} s.", skew=skew)
        if skew < SKEW_S
        else red("clock", "This machine and the database differ by {skew:.1f} s.", mend, skew=skew),
    ]


async def _ask_database(url: str) -> tuple[str, Mapping[int, str] | None, datetime]:
    connection = await asyncpg.connect(url, timeout=PATIENCE_S, command_timeout=PATIENCE_S)
    try:
        server = str(await connection.fetchval("SHOW server_version"))
        clock = await connection.fetchval("SELECT clock_timestamp()")
        try:
            rows = await connection.fetch(MIGRATIONS)
        except asyncpg.UndefinedTableError:
            return server, None, clock
        ours = {migration.number for migration in read_migrations()}
        shown = [row for row in rows if row["number"] in ours or not row["compatible"]]
        return server, {row["number"]: row["sha256"] for row in shown}, clock
    finally:
        await connection.close(timeout=PATIENCE_S)


def migrations(applied: Mapping[int, str] | None) -> Finding:
    """Say whether the tables are those of this version; *applied* is number → checksum."""
    known = {migration.number: migration.sha256 for migration in read_migrations()}
    if applied is None:
        return red(
            "migrations", "The database holds no centre.", "Start it with `make up`, or restore a backup."
        )
    strange = sorted(number for number in applied if applied[number] != known.get(number))
    if strange:
        return red(
            "migrations",
            "The database has migrations that this version does not know: {numbers}.",
            "Start the newer version, or restore the backup that was made before it.",
            numbers=strange,
        )
    missing = sorted(known.keys() - applied.keys())
    if missing:
        mend = "Apply them with `make up`."
        return red("migrations", "Migrations {numbers} are not applied.", mend, numbers=missing)
    return ok("migrations", "All {count} are applied.", count=len(known))


def readiness(url: str) -> Finding:
    """Say whether the controller takes calls (``/readyz``)."""
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=PATIENCE_S):  # noqa: S310 -- an address of our own
            return ok("controller", "It takes calls.")
    except urllib.error.HTTPError as error:
        missing = " ".join(json.loads(error.read()).get("missing", []))
        said = "It takes no calls: {missing}" if missing else "It answers {code}."
        return red("controller", said, "Look at what it names.", missing=missing, code=error.code)
    except (urllib.error.URLError, OSError, ValueError) as error:
        return red("controller", "It does not answer at {url} ({error}).", _AGAIN, url=url, error=error)


def certificate(public_url: str | None, now: datetime | None = None) -> Finding:
    """Say how long the certificate at *public_url* is still good for."""
    if public_url is None or not public_url.startswith("https:"):
        return ok("certificate", "None is in use: MADOGUCHI_PUBLIC_URL names no https address.")
    parts = urlsplit(public_url)
    try:
        ends = not_after(parts.hostname or "", parts.port or 443)
    except (OSError, ValueError) as error:
        said = "{url} cannot be trusted or reached ({error})."
        return red("certificate", said, _MEND_CERTIFICATE, url=public_url, error=error)
    left = ends - (now or datetime.now(UTC))
    said, day = "It is good until {day}.", f"{ends:%Y-%m-%d}"
    if left < AT_ONCE:
        return red("certificate", said, _MEND_CERTIFICATE, day=day)
    if left < SOON:
        return warning("certificate", said, _MEND_CERTIFICATE, day=day)
    return ok("certificate", said, day=day)


def not_after(host: str, port: int) -> datetime:
    """Return when the certificate at *host* ends. Raises OSError or ValueError when it cannot be trusted."""
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=PATIENCE_S) as connection,
        context.wrap_socket(connection, server_hostname=host) as secured,
    ):
        told = secured.getpeercert() or {}
    return parsedate_to_datetime(str(told["notAfter"])).replace(tzinfo=UTC)
