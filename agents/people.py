"""Somebody who signs in, and, for those who answer, the operator that calls are given to."""

from dataclasses import dataclass, field, replace
from typing import Any

from agents.roles import SECOND_FACTOR, Role
from config.schema import Agent
from telephony.model.ids import AgentName


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody signs in with.

    *password_hash* is argon2id; without one the person cannot sign in. *totp_step* is the step of the last
    code that was used (RFC 6238). *recovery* holds SHA-256 hashes of unused recovery codes.
    """

    password_hash: str | None = field(default=None, repr=False)
    must_change: bool = False
    disabled: bool = False
    totp_secret: str | None = field(default=None, repr=False)
    totp_confirmed: bool = False
    totp_step: int = 0
    recovery: tuple[str, ...] = field(default=(), repr=False)

    def without_second_factor(self) -> "Credentials":
        """Return the same with nothing enrolled; used codes stay used."""
        return replace(self, totp_secret=None, totp_confirmed=False, recovery=())


@dataclass(frozen=True, slots=True)
class Person:
    """One account. *agent* holds the phone (with its SIP password) of those who have one."""

    name: AgentName
    title: str
    role: Role
    agent: Agent | None
    credentials: Credentials

    @classmethod
    def answering(cls, agent: Agent, credentials: Credentials) -> "Person":
        """Return somebody who has a phone."""
        return cls(AgentName(agent.name), agent.title, Role(agent.role), agent, credentials)

    @property
    def missing(self) -> tuple[str, ...]:
        """What the person must do after signing in before anything else is allowed."""
        enrol = self.role in SECOND_FACTOR and not self.credentials.totp_confirmed
        change = self.credentials.must_change
        return (*(("change-password",) if change else ()), *(("enrol-totp",) if enrol else ()))

    def public(self) -> dict[str, Any]:
        """What others may read of somebody who answers: no password of any kind."""
        return {} if self.agent is None else self.agent.model_dump(mode="json", exclude={"sip_password"})
