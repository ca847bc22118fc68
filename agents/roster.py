"""The living roster: who answers and who else signs in, while the centre runs.

Everything is read from memory. A change is checked, written to the database, read back, copied to
``roster.json`` and announced, one after another; without the database it is refused and nothing changes.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

import structlog

from agents.checking import check_agent
from agents.errors import NoSuchAgent
from agents.passwords import hash_password, new_password
from agents.people import Credentials, Person
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
        """Everybody who answers, as the engine and the phones need them (with SIP passwords)."""
        return tuple(person.agent for person in self._people.values() if person.agent is not None)

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
        before = self.agents
        try:
            await self._read_back()
        except Unavailable:
            return
        log.info("roster.caught_up", agents=len(self._people))
        if self.agents != before:
            await self._announce(self.agents)

    async def add(self, wish: Mapping[str, Any]) -> Entered:
        """Enter somebody new who answers, with new passwords. Raises `RosterError` or `Unavailable`."""
        async with self._one_change:
            agent = check_agent(wish, self._plan(), self.agents)
            password, sip_password = new_password(), new_password()
            agent = agent.model_copy(update={"sip_password": sip_password})
            credentials = Credentials(await hash_password(password), must_change=True)
            person = Person.answering(agent, credentials)
            await self._table.put(person)
            await self._changed()
            return Entered(person, password, sip_password)

    async def change(
        self, name: AgentName, wish: Mapping[str, Any], *, new_login: bool = False, new_sip: bool = False
    ) -> Entered:
        """Change the fields in *wish* of somebody who answers, and make new passwords as asked.

        Raises `RosterError` or `Unavailable`.
        """
        async with self._one_change:
            before = self.answering(name)
            others = [agent for agent in self.agents if agent.name != name]
            agent = check_agent(before.model_dump() | dict(wish), self._plan(), others)
            password = new_password() if new_login else None
            sip_password = new_password() if new_sip else None
            if sip_password is not None:
                agent = agent.model_copy(update={"sip_password": sip_password})
            credentials = self.person(name).credentials
            if password is not None:
                hashed = await hash_password(password)
                credentials = replace(credentials, password_hash=hashed, must_change=True)
            changed = Person.answering(agent, credentials)
            await self._table.change(changed)
            await self._changed()
            return Entered(changed, password, sip_password)

    async def enter(self, person: Person) -> None:
        """Enter somebody without a phone. Raises `AlreadyThere` or `Unavailable`."""
        async with self._one_change:
            await self._table.put(person)
            await self._read_back()

    async def update(self, name: AgentName, change: Callable[[Person], Person]) -> Person:
        """Change what somebody signs in with; the phone stays as it is. *change* may refuse by raising.

        Raises `RosterError` or `Unavailable`.
        """
        async with self._one_change:
            changed = change(self.person(name))
            await self._table.change(changed)
            await self._read_back()
            return changed

    async def use_code(self, name: AgentName, step: int) -> bool:
        """Mark the one-time code of *step* as used, once; without the database in memory alone."""
        if step <= self.person(name).credentials.totp_step:
            return False
        self._note(name, totp_step=step)
        try:
            return await self._table.use_step(name, step)
        except Unavailable:
            log.warning("roster.code_used_without_database", user=name)
            return True

    async def use_recovery_code(self, name: AgentName, digest: str) -> bool:
        """Mark a recovery code as used, once. Raises `Unavailable`: it must never work twice."""
        async with self._one_change:  # a change under way would write the used code back
            if digest not in self.person(name).credentials.recovery:
                return False
            first = await self._table.use_recovery_code(name, digest)
            left = tuple(code for code in self.person(name).credentials.recovery if code != digest)
            self._note(name, recovery=left)
            return first

    def _note(self, name: AgentName, **credentials: Any) -> None:
        person = self.person(name)
        self._people[name] = replace(person, credentials=replace(person.credentials, **credentials))

    async def remove(self, name: AgentName) -> None:
        """Take somebody off the roster; a present call is finished first.

        Raises `RosterError` or `Unavailable`.
        """
        async with self._one_change:
            self.answering(name)
            await self._table.remove(name)
            await self._changed()

    def answering(self, name: AgentName) -> Agent:
        """Return the operator of somebody who answers. Raises `NoSuchAgent`."""
        agent = self.person(name).agent
        if agent is None:
            raise NoSuchAgent(f"There is no agent named {name}.")
        return agent

    def person(self, name: AgentName) -> Person:
        """Return somebody. Raises `NoSuchAgent`."""
        try:
            return self._people[name]
        except KeyError:
            near = get_close_matches(name, self._people, n=1)
            hint = f"; did you mean {near[0]}?" if near else "."
            raise NoSuchAgent(f"There is no agent named {name}{hint}") from None

    async def _changed(self) -> None:
        await self._read_back()
        await self._announce(self.agents)

    async def _read_back(self) -> None:
        people = await self._table.everybody()
        self._take(people)
        self._stale = False
        await self._file.write(people)

    def _take(self, people: Sequence[Person]) -> None:
        used = {name: person.credentials.totp_step for name, person in self._people.items()}
        self._people = {person.name: person for person in people}
        for person in people:  # a code that was used while the database was away stays used
            if used.get(person.name, 0) > person.credentials.totp_step:
                self._note(person.name, totp_step=used[person.name])
