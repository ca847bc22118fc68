"""What happens to accounts: made, disabled, a new password, a second factor enrolled or taken away.

The roster carries each change out; ending sessions is up to whoever asked (`agents.web`).
"""

from dataclasses import dataclass, replace
from typing import Any

from agents.errors import AlreadyThere, Fault, Invalid, RosterError
from agents.password_rules import check_choice
from agents.passwords import hash_password, new_password
from agents.people import Credentials, Person
from agents.roles import OFFICE, Role
from agents.roster import Roster
from agents.second_factor import (
    enrolment_uri,
    new_recovery_codes,
    new_secret,
    recovery_digest,
    step_of,
)
from agents.signing_in import Door, WrongCode
from telephony.model.ids import AgentName


class NotEnrolling(RosterError):
    """There is no enrolment that a code could confirm."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator needs; it counts only when a code of it was entered."""

    secret: str
    uri: str


class Accounts:
    """Changes accounts of *roster*; *door* checks codes. Each method may raise `Unavailable`."""

    def __init__(self, roster: Roster, door: Door) -> None:
        self._roster, self._door = roster, door
        self._enrolling: dict[AgentName, str] = {}

    async def enter(self, name: str, title: str, role: Role) -> tuple[Person, str]:
        """Make an account without a phone; return it with its first password. Raises `RosterError`."""
        if role not in OFFICE:
            raise Invalid(Fault("role", f"must be one of {', '.join(sorted(OFFICE))}; others have a phone"))
        if name in self._roster.people:
            raise AlreadyThere(f"There is an account named {name} already.")
        password = new_password()
        credentials = Credentials(await hash_password(password), must_change=True)
        person = Person(AgentName(name), title, role, None, credentials)
        await self._roster.enter(person)
        return person, password

    async def describe(self, name: AgentName, title: str | None, role: Role | None) -> Person:
        """Change title or role of an account without a phone. Raises `RosterError`."""

        def change(person: Person) -> Person:
            if person.agent is not None:
                raise Invalid(Fault("role", f"of {name} is changed with the agent, who has a phone"))
            if role is not None and role not in OFFICE:
                raise Invalid(Fault("role", f"must be one of {', '.join(sorted(OFFICE))}"))
            return replace(person, title=title or person.title, role=role or person.role)

        return await self._roster.update(name, change)

    async def disable(self, name: AgentName, *, disabled: bool) -> Person:
        """Let somebody sign in no more, or again. Raises `RosterError`."""
        return await self._changed(name, disabled=disabled)

    async def renew_password(self, name: AgentName) -> str:
        """Return a new password, which must be changed at the next sign-in. Raises `RosterError`."""
        password = new_password()
        await self._changed(name, password_hash=await hash_password(password), must_change=True)
        return password

    async def choose_password(self, name: AgentName, present: str, wanted: str) -> None:
        """Change one's own password. Raises `WrongPassword`, `TooManyTries` or `Invalid`."""
        person = self._roster.person(name)
        await self._door.prove_password(person, present)
        if wanted == present:
            raise Invalid(Fault("new", "is the present password"))
        await check_choice("new", wanted, name, person.title)
        await self._changed(name, password_hash=await hash_password(wanted), must_change=False)

    # --- second factor ---------------------------------------------------------------------------

    async def begin_enrolment(self, name: AgentName, password: str, code: str | None) -> Enrolment:
        """Make a new secret. Whoever has a second factor already shows it. Raises `SignInRefused`."""
        person = self._roster.person(name)
        await self._door.prove_password(person, password)
        if person.credentials.totp_confirmed:
            await self._door.check_code(person, code)
        self._enrolling[name] = new_secret()
        return Enrolment(self._enrolling[name], enrolment_uri(self._enrolling[name], name))

    async def confirm_enrolment(self, name: AgentName, code: str) -> tuple[str, ...]:
        """Take the first code of the new secret; return recovery codes. Raises `WrongCode`."""
        secret = self._enrolling.get(name)
        if secret is None:
            raise NotEnrolling("No enrolment was begun, or the centre was restarted; begin again.")
        step = step_of(secret, code, self._door.now())
        if step is None or not await self._roster.use_code(name, step):
            raise WrongCode("The code is wrong, too old or already used; wait for the next one.")
        codes = new_recovery_codes()
        digests = tuple(map(recovery_digest, codes))
        await self._changed(name, totp_secret=secret, totp_confirmed=True, recovery=digests)
        self._enrolling.pop(name, None)
        return codes

    async def reset_second_factor(self, name: AgentName) -> None:
        """Take the second factor away: the next sign-in enrols again. Raises `RosterError`."""
        await self._roster.update(
            name, lambda person: replace(person, credentials=person.credentials.without_second_factor())
        )

    async def _changed(self, name: AgentName, **credentials: Any) -> Person:
        return await self._roster.update(
            name, lambda person: replace(person, credentials=replace(person.credentials, **credentials))
        )
