"""Where the roster is kept: the table ``agents`` in PostgreSQL, and ``roster.json``, its last copy.

The table is the truth. The copy is for a start, and for signing in, while the database is down; it holds
passwords and hashes and is readable by its owner only. Nothing here checks whether a change makes sense.
"""

import asyncio
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import orjson
from pydantic import ValidationError

from agents.errors import AlreadyThere, NoSuchAgent
from agents.people import Credentials, Person
from agents.ports import Unavailable
from agents.roles import DESK, Role
from config.schema import Agent
from storage import PASSING, Pool, read_statements
from telephony.model.ids import AgentName

_SQL = read_statements(Path(__file__).parent / "sql" / "roster.sql")
_OWNER_ONLY = 0o600
_NONE_AFFECTED = " 0"


class RosterTable:
    """The table. Every method raises `Unavailable` when the database cannot be reached."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def everybody(self) -> tuple[Person, ...]:
        """Return everybody who is active, by extension."""
        with _reached():
            rows = await self._pool.fetch(_SQL["everybody"])
        return tuple(_person(dict(row)) for row in rows)

    async def is_empty(self) -> bool:
        """Return whether nobody was ever entered."""
        with _reached():
            return bool(await self._pool.fetchval(_SQL["is_empty"]))

    async def put_all(self, people: Sequence[Person]) -> None:
        """Enter *people* in one transaction: all or none."""
        with _reached():
            await self._pool.executemany(_SQL["put"], [_values(person) for person in people])

    async def put(self, person: Person) -> None:
        """Enter one person. Raises `AlreadyThere`."""
        with _reached(), _unique(person):
            done = await self._pool.execute(_SQL["put"], *_values(person))
        if done.endswith(_NONE_AFFECTED):
            raise AlreadyThere(f"There is an agent named {person.name} already.")

    async def change(self, person: Person) -> None:
        """Replace what is known of *person*. Raises `NoSuchAgent` or `AlreadyThere`."""
        with _reached(), _unique(person):
            done = await self._pool.execute(_SQL["change"], *_values(person))
        if done.endswith(_NONE_AFFECTED):
            raise NoSuchAgent(f"There is no agent named {person.name}.")

    async def remove(self, name: str) -> None:
        """Take somebody off the roster. Raises `NoSuchAgent`."""
        with _reached():
            done = await self._pool.execute(_SQL["remove"], name)
        if done.endswith(_NONE_AFFECTED):
            raise NoSuchAgent(f"There is no agent named {name}.")

    async def use_step(self, name: str, step: int) -> bool:
        """Mark the code of *step* as used; False when it was, or a later one."""
        with _reached():
            return await self._pool.fetchval(_SQL["use_step"], name, step) is not None

    async def use_recovery_code(self, name: str, digest: str) -> bool:
        """Mark a recovery code as used; False when it was."""
        with _reached():
            return await self._pool.fetchval(_SQL["use_recovery_code"], name, digest) is not None


class RosterFile:
    """``roster.json``."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def write(self, people: Sequence[Person]) -> None:
        """Replace the copy; a reader sees the old one or the new one, whole."""
        await asyncio.to_thread(self._write, people)

    def _write(self, people: Sequence[Person]) -> None:
        draft = self._path.with_suffix(".new")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
        with os.fdopen(descriptor, "wb") as file:
            file.write(orjson.dumps([_fields(person) for person in people], option=orjson.OPT_INDENT_2))
        draft.replace(self._path)

    def read(self) -> tuple[Person, ...]:
        """Return the copy. Raises `Unavailable` when there is none, or none that can be read."""
        try:
            return tuple(_person(fields) for fields in orjson.loads(self._path.read_bytes()))
        except FileNotFoundError as error:
            raise Unavailable(
                f"The roster is not known: the database cannot be reached and there is no {self._path}."
            ) from error
        except (OSError, ValueError, TypeError, KeyError, ValidationError) as error:
            raise Unavailable(
                f"The roster is not known: the database cannot be reached and {self._path} is damaged."
            ) from error


def _person(fields: dict[str, Any]) -> Person:
    credentials = Credentials(
        password_hash=fields["password_hash"],
        must_change=fields["must_change_password"],
        disabled=fields["disabled"],
        totp_secret=fields["totp_secret"],
        totp_confirmed=fields["totp_confirmed"],
        totp_step=fields["totp_step"],
        recovery=tuple(fields["recovery_codes"]),
    )
    name, title, role = AgentName(fields["name"]), str(fields["title"]), Role(fields["role"])
    if role not in DESK:
        return Person(name, title, role, None, credentials)
    return Person.answering(Agent.model_validate({part: fields[part] for part in _PHONE}), credentials)


_PHONE = ("name", "title", "extension", "sip_password", "level", "role", "skills")


def _fields(person: Person) -> dict[str, Any]:
    """Return the columns, in the order in which the statements take them."""
    agent, credentials = person.agent, person.credentials
    return {
        "name": person.name,
        "title": person.title,
        "extension": None if agent is None else agent.extension,
        "sip_password": None if agent is None else agent.sip_password,
        "level": None if agent is None else agent.level,
        "role": person.role.value,
        "skills": {} if agent is None else agent.skills,
        "password_hash": credentials.password_hash,
        "must_change_password": credentials.must_change,
        "disabled": credentials.disabled,
        "totp_secret": credentials.totp_secret,
        "totp_confirmed": credentials.totp_confirmed,
        "totp_step": credentials.totp_step,
        "recovery_codes": list(credentials.recovery),
    }


def _values(person: Person) -> tuple[Any, ...]:
    return tuple(_fields(person).values())


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except PASSING as error:
        raise Unavailable("The database cannot be reached; nothing was changed. Try again later.") from error


@contextmanager
def _unique(person: Person) -> Iterator[None]:
    try:
        yield
    except asyncpg.UniqueViolationError as error:
        extension = None if person.agent is None else person.agent.extension
        raise AlreadyThere(f"Extension {extension} belongs to somebody else.") from error
