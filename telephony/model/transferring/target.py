"""To whom a call is transferred, and what is remembered of it until somebody talks. Knows no call."""

from dataclasses import dataclass
from enum import StrEnum

from telephony.model.ids import AgentName


class Kind(StrEnum):
    """What a call can be transferred to."""

    OPERATOR = "operator"
    """A person of ours with a phone: an operator or a supervisor."""

    QUEUE = "queue"
    REFERRAL = "referral"
    """A place on the referral list, through the trunk."""


@dataclass(frozen=True, slots=True)
class Target:
    """*name* is that of the person, the queue or the referral."""

    kind: Kind
    name: str


def words(target: Target | None) -> dict[str, str | None]:
    """Return how the journal names a target."""
    if target is None:
        return {"target": None, "name": None}
    return {"target": target.kind.value, "name": target.name}


@dataclass(slots=True)
class Transfer:
    """A transfer under way. *target* is None for something dialled at a phone that leads nowhere.

    *by* is ``agent``, ``supervisor`` or ``phone``; *returning*: rings where the caller came from.
    """

    target: Target | None
    from_agent: AgentName | None
    by: str
    returning: bool = False
