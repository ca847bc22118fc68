"""Reaches the database while a copy starts: is it there, is it new enough, does our database exist."""

import asyncio
from urllib.parse import urlsplit

import asyncpg

from madoguchi.local import postgres
from madoguchi.local.errors import LocalError

_CONNECT_S = 5.0
_UNREACHABLE = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


def accepts_connections(url: str) -> bool:
    """Return whether somebody can sign in at *url* now."""
    try:
        asyncio.run(_server_version(url))
    except (OSError, TimeoutError, asyncpg.CannotConnectNowError, asyncpg.ConnectionDoesNotExistError):
        return False
    except asyncpg.InvalidPasswordError as error:
        raise LocalError(
            "The private database does not know the password in secrets.json; restore that file, or move the "
            "directory postgres beside it away to begin with an empty database."
        ) from error
    return True


def require_usable(url: str) -> None:
    """Raise `LocalError` unless the server that ``DATABASE_URL`` names answers and is new enough."""
    where = without_password(url)
    try:
        version = asyncio.run(_server_version(url))
    except ValueError as error:
        raise LocalError(f"DATABASE_URL is not an address of PostgreSQL ({error}).") from error
    except _UNREACHABLE as error:
        raise LocalError(
            f"The database at {where} cannot be used ({error or type(error).__name__}); start it, or unset "
            "DATABASE_URL to use a private one."
        ) from error
    postgres.require_new_enough(version, where)


def create(cluster: postgres.Cluster) -> None:
    """Create our database in *cluster* unless it exists."""
    asyncio.run(_create(cluster.url("postgres")))


def without_password(url: str) -> str:
    """Return *url* as it may be shown."""
    parts = urlsplit(url)
    return f"{parts.hostname or 'localhost'}:{parts.port or 5432}{parts.path}"


async def _server_version(url: str) -> int:
    connection = await asyncpg.connect(url, timeout=_CONNECT_S)
    try:
        return int(await connection.fetchval("SHOW server_version_num"))
    finally:
        await connection.close(timeout=_CONNECT_S)


async def _create(url: str) -> None:
    connection = await asyncpg.connect(url, timeout=_CONNECT_S)
    try:
        if not await connection.fetchval(
            "SELECT true FROM pg_database WHERE datname = $1", postgres.DATABASE
        ):
            await connection.execute(f"CREATE DATABASE {postgres.DATABASE}")
    finally:
        await connection.close(timeout=_CONNECT_S)
