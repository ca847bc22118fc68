"""Who answers: the operators and what each is doing. Moves between states are in ``people``."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from config.schema import Agent, Queue
from telephony.model.errors import UnknownAgent
from telephony.model.ids import AgentName, CallId, Instant, OfferId, QueueName, SupervisionId
from telephony.model.states import AgentState


@dataclass(slots=True)
class Pending:
    """What the operator asked for while busy: to be done when call and after-call work are over."""

    state: AgentState
    reason: str | None = None


@dataclass(slots=True)
class Operator:
    """One operator. *seats* are the queues this operator serves, each with the tier at which it opens."""

    profile: Agent
    seats: tuple[tuple[QueueName, int], ...]
    share: float
    state: AgentState = AgentState.LOGGED_OUT
    state_since: Instant | None = None
    reason: str | None = None
    registered: bool = False
    in_use: bool = False
    call: CallId | None = None
    offer: OfferId | None = None
    last_call: CallId | None = None
    pending: Pending | None = None
    missed: int = 0
    after_call_wanted: bool = False
    after_call_until: Instant | None = None
    after_call_began: Instant | None = None
    timer_serial: int = 0
    supervision: SupervisionId | None = None
    """The phone is taken by this: the supervisor is on somebody else's call."""

    leaving: bool = field(default=False)
    """Taken off the roster while busy; disappears when the call is over."""

    @property
    def name(self) -> AgentName:
        """The name this operator signs in with."""
        return AgentName(self.profile.name)

    @property
    def can_be_offered(self) -> bool:
        """Ready, and with a phone that would ring (R2): an unregistered phone is never offered a call."""
        return self.state is AgentState.READY and self.phone_is_free

    @property
    def phone_is_free(self) -> bool:
        """Registered, and in no call that is none of the distribution's."""
        return self.registered and not self.in_use and self.supervision is None


def seats_of(agent: Agent, queues: Iterable[Queue]) -> tuple[tuple[QueueName, int], ...]:
    """Return the queues *agent* may answer, each with the first tier that the agent's weight reaches."""
    seats = []
    for queue in queues:
        weight = agent.skills.get(queue.skill, 0)
        opens = (index for index, tier in enumerate(queue.tiers) if weight >= tier.min_weight)
        tier = next(opens, None)
        if tier is not None:
            seats.append((QueueName(queue.name), tier))
    return tuple(seats)


class Roster:
    """All operators by name."""

    def __init__(self) -> None:
        self._operators: dict[AgentName, Operator] = {}

    def __getitem__(self, name: AgentName) -> Operator:
        try:
            return self._operators[name]
        except KeyError:
            raise UnknownAgent(f"There is no operator named {name}.") from None

    def __iter__(self) -> Iterator[Operator]:
        return iter(self._operators.values())

    def __len__(self) -> int:
        return len(self._operators)

    def get(self, name: AgentName) -> Operator | None:
        """Return the operator, or None."""
        return self._operators.get(name)

    def replace(
        self, agents: Iterable[Agent], queues: Iterable[Queue], shares: Mapping[str, float]
    ) -> tuple[list[Operator], list[Operator]]:
        """Take over a whole new roster. Return (changed or new operators, removed operators).

        A removed operator stays in the roster, marked *leaving*, as long as a call belongs to them.
        """
        queues = tuple(queues)
        kept: set[AgentName] = set()
        touched: list[Operator] = []
        for agent in agents:
            name = AgentName(agent.name)
            kept.add(name)
            seats, share = seats_of(agent, queues), shares[agent.level]
            known = self._operators.get(name)
            if known is None:
                known = self._operators[name] = Operator(agent, seats, share)
            known.profile, known.seats, known.share, known.leaving = agent, seats, share, False
            touched.append(known)
        removed = [operator for name, operator in self._operators.items() if name not in kept]
        return touched, removed

    def drop(self, name: AgentName) -> None:
        """Forget an operator."""
        self._operators.pop(name, None)
