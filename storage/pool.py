"""The way into PostgreSQL: one pool per process, with limits, and JSON as Python values."""

from typing import Any, TypeAlias

import asyncpg
import orjson

CONNECT_TIMEOUT_S = 5.0
COMMAND_TIMEOUT_S = 30.0
"""No statement of ours takes this long on a healthy server; one that does is given up and tried again."""

JSONB_VERSION = b"\x01"
"""First byte of jsonb on the wire (PostgreSQL: ``jsonb_recv``)."""

# In quotes: generic in the type stubs, not at run time.
Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Connection: TypeAlias = (
    "asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"
)


def _to_jsonb(value: Any) -> bytes:
    return JSONB_VERSION + orjson.dumps(value)


def _from_jsonb(wire: bytes) -> Any:
    return orjson.loads(wire[1:])


async def _speak_json(connection: Connection) -> None:
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", format="binary", encoder=_to_jsonb, decoder=_from_jsonb
    )


async def _leave_as_it_is(_: Connection) -> None:
    """Give a connection back without a question of its own; asyncpg has rolled back what was left open.

    Its default resets the session with a further round trip after every single statement. Nothing of ours
    changes a session for longer than a transaction, apart from locks, which have connections of their own.
    """


async def open_pool(url: str, *, name: str, size: int = 4, lean: bool = False) -> Pool:
    """Return a pool of at most *size* connections, shown as *name* in ``pg_stat_activity``.

    It connects when first needed, so it can be opened while the database is down. *lean* is for
    statements whose planning costs more than running them: each is planned once for a connection.
    """
    settings = {"application_name": f"madoguchi-{name}"}
    return await asyncpg.create_pool(
        url,
        min_size=0,
        max_size=size,
        init=_speak_json,
        reset=_leave_as_it_is,
        timeout=CONNECT_TIMEOUT_S,
        command_timeout=COMMAND_TIMEOUT_S,
        server_settings=settings | ({"plan_cache_mode": "force_generic_plan"} if lean else {}),
    )
