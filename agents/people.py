"""Somebody on the roster: the operator that calls are given to, and the account that signs in."""

from dataclasses import dataclass
from typing import Any

from agents.roles import Role
from config.schema import Agent
from telephony.model.ids import AgentName


@dataclass(frozen=True, slots=True)
class Person:
    """One row of the roster.

    *agent* holds the SIP password. *password_hash* is argon2id; without one the person cannot sign in.
    """

    agent: Agent
    password_hash: str | None

    @property
    def name(self) -> AgentName:
        """The name the person signs in with."""
        return AgentName(self.agent.name)

    @property
    def role(self) -> Role:
        """What the person may do."""
        return Role(self.agent.role)

    def public(self) -> dict[str, Any]:
        """What others may read: no password of any kind."""
        return self.agent.model_dump(mode="json", exclude={"sip_password"})
