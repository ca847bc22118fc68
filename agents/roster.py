"""The living roster: who answers and who signs in, while the centre runs.

Everything is read from memory. A change is checked, written to the database, read back, copied to
``roster.json`` and announced, one after another; without the database it is refused and nothing changes.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog

from agents.checking import check_agent
from agents.errors import NoSuchAgent
from agents.passwords import hash_password, new_password
from agents.people import Person
from agents.ports import Unavailable
from agents.roster_store import RosterFile, RosterTable
from config.schema import Agent, Centre
from telephony.model.ids import AgentName

log = structlog.get_logger(__name__)

RETRY_S = 5.0
"""How often the database is tried again after a start without it."""

Announce = Callable[[tuple[Agent, ...]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody entered or changed, with the passwords that were made new and are shown only now."""

    person: Person
    password: str | None
    sip_password: str | None


class Roster:
    """Everybody, by name.

    Args:
        table: the truth.
        file: its copy.
        plan: returns the ``centre.toml`` that is in force.
        announce: told the whole roster after every change (renders the phones, tells the engine).
    """

    def __init__(
        self, table: RosterTable, file: RosterFile, plan: Callable[[], Centre], announce: Announce
    ) -> None:
        self._table, self._file, self._plan, self._announce = table, file, plan, announce
        self._people: dict[AgentName, Person] = {}
        self._one_change = asyncio.Lock()
        self._stale = True

    @property
    def people(self) -> Mapping[AgentName, Person]:
        """Everybody who is on the roster now."""
        return self._people

    @property
    def agents(self) -> tuple[Agent, ...]:
        """Everybody, as the engine and the phones need them (with SIP passwords)."""
        return tuple(person.agent for person in self._people.values())

    async def load(self) -> tuple[Agent, ...]:
        """Read the database, or else the copy. Raises `Unavailable` when neither can be read."""
        try:
            await self._read_back()
        except Unavailable:
            self._take(self._file.read())
            log.warning("roster.from_copy", agents=len(self._people))
        return self.agents

    async def run(self) -> None:
        """After a start from the copy, read the database as soon as it is there. Ends then."""
        while self._stale:
            await asyncio.sleep(RETRY_S)
            async with self._one_change:
                await self._catch_up()

    async def _catch_up(self) -> None:
        before = self._people
        try:
            await self._read_back()
        except Unavailable:
            return
        log.info("roster.caught_up", agents=len(self._people))
        if self._people != before:
            await self._announce(self.agents)

    async def add(self, wish: Mapping[str, Any]) -> Entered:
        """Enter somebody new with new passwords. Raises `RosterError` or `Unavailable`."""
        async with self._one_change:
            agent = check_agent(wish, self._plan(), self.agents)
            password, sip_password = new_password(), new_password()
            agent = agent.model_copy(update={"sip_password": sip_password})
            person = Person(agent, await hash_password(password))
            await self._table.put(person)
            await self._changed()
            return Entered(person, password, sip_password)

    async def change(
        self, name: AgentName, wish: Mapping[str, Any], *, new_login: bool = False, new_sip: bool = False
    ) -> Entered:
        """Change the fields in *wish*, and make new passwords as asked.

        Raises `RosterError` or `Unavailable`.
        """
        async with self._one_change:
            person = self.person(name)
            others = [agent for agent in self.agents if agent.name != name]
            agent = check_agent(person.agent.model_dump() | dict(wish), self._plan(), others)
            password = new_password() if new_login else None
            sip_password = new_password() if new_sip else None
            if sip_password is not None:
                agent = agent.model_copy(update={"sip_password": sip_password})
            changed = replace(person, agent=agent)
            if password is not None:
                changed = replace(changed, password_hash=await hash_password(password))
            await self._table.change(changed)
            await self._changed()
            return Entered(changed, password, sip_password)

    async def remove(self, name: AgentName) -> None:
        """Take somebody off the roster; a present call is finished first.

        Raises `RosterError` or `Unavailable`.
        """
        async with self._one_change:
            await self._table.remove(name)
            await self._changed()

    def person(self, name: AgentName) -> Person:
        """Return somebody. Raises `NoSuchAgent`."""
        try:
            return self._people[name]
        except KeyError:
            raise NoSuchAgent(f"There is no agent named {name}.") from None

    async def _changed(self) -> None:
        await self._read_back()
        await self._announce(self.agents)

    async def _read_back(self) -> None:
        people = await self._table.everybody()
        self._take(people)
        self._stale = False
        await self._file.write(people)

    def _take(self, people: Sequence[Person]) -> None:
        self._people = {person.name: person for person in people}
