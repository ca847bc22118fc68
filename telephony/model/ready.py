"""A ready operator, and what a strategy must answer about those of its queue.

This file must never know how any strategy chooses.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from telephony.model.ids import AgentName, Instant
from telephony.model.line import Seat
from telephony.model.ordered import Entry, SortedLine

Refused = Callable[[AgentName], bool]


class Crew:
    """Ready operators with the same seats, by V and then by who has been idle longest.

    They stand in one line however many queues they serve, so becoming ready costs the same with one skill
    and with ten. *others* are the queues that miss them, by the queue that takes one.
    """

    __slots__ = ("line", "others", "seats")

    def __init__(self, seats: Sequence[Seat]) -> None:
        self.seats = dict(seats)
        self.others = {queue: tuple(q for q in self.seats if q != queue) for queue in self.seats}
        self.line: SortedLine[AgentName] = SortedLine()


class Ready:
    """One operator from becoming ready to being taken. V cannot change meanwhile."""

    __slots__ = ("agent", "crew", "entry", "since")

    def __init__(self, agent: AgentName, crew: Crew, since: Instant, load: float, serial: int) -> None:
        self.agent = agent
        self.crew = crew
        self.since = since
        self.entry: Entry[AgentName] = (load, since, serial, agent)

    def placed(self, key: float, second: float) -> Entry[AgentName]:
        """Return an entry for a line with another order; equals stand by who became ready first."""
        return key, second, self.entry[2], self.agent


class Policy(Protocol):
    """The ready operators of one queue, by tier (0 = best).

    *keeps* says whether it keeps each one by itself, beside the crew's line, and so must be told who leaves.
    """

    keeps: bool

    def enter(self, ready: Ready, tier: int) -> None:
        """Let *ready* be chosen in *tier*."""
        ...

    def leave(self, ready: Ready, tier: int) -> None:
        """Forget *ready*."""
        ...

    def choose(self, tiers_open: int, refused: Refused) -> AgentName | None:
        """Pick somebody who is not refused from the tiers below *tiers_open*."""
        ...
