"""Who is listening at the desk, and who is to hear of what: logs per person, the operator of each call.

Knows people and calls by name only; what a message says is not its business.
"""

import time
from collections import deque

from agents.desk.log import MessageLog
from agents.roles import FLOOR, Role
from telephony.model.ids import AgentName, CallId

REMEMBERED_CALLS = 20
"""An operator may still write down how one of the last so many calls went."""


class Audience:
    """The logs of everybody who has a screen open or had one a little while ago."""

    def __init__(self) -> None:
        self._logs: dict[str, MessageLog] = {}
        self._floor: set[str] = set()
        self._idle: set[str] = set()
        self._operators: dict[CallId, AgentName] = {}
        self._served: dict[AgentName, deque[CallId]] = {}

    @property
    def watches_floor(self) -> bool:
        """Whether anybody sees the whole floor."""
        return bool(self._floor)

    def enter(self, user: str, role: Role) -> MessageLog:
        """Return the log of *user*, new or kept from before the connection was lost."""
        if role in FLOOR:
            self._floor.add(user)
        else:
            self._floor.discard(user)
        if user not in self._logs:
            self._logs[user] = MessageLog(start=time.time_ns() // 1_000)
        self._idle.discard(user)
        return self._logs[user]

    def sees_floor(self, user: str) -> bool:
        """Whether *user* sees everybody's calls."""
        return user in self._floor

    def sweep(self) -> None:
        """Forget those who have had no socket open since the last sweep."""
        without = {user for user, log in self._logs.items() if not log.has_readers}
        for user in without & self._idle:
            del self._logs[user]
            self._floor.discard(user)
        self._idle = without

    def listens(self, user: str) -> bool:
        """Whether a message to *user* would be kept or sent at all."""
        return user in self._logs

    def tell(self, user: str, body: bytes) -> None:
        """Add *body* to the log of *user*, if there is one."""
        log = self._logs.get(user)
        if log is not None:
            log.append(body)

    def tell_floor(self, body: bytes) -> None:
        """Add *body* for everybody who sees the whole floor."""
        for user in self._floor:
            self._logs[user].append(body)

    def tell_operators(self, body: bytes) -> None:
        """Add *body* for everybody who does not see the whole floor."""
        for user, log in self._logs.items():
            if user not in self._floor:
                log.append(body)

    def tell_all(self, body: bytes) -> None:
        """Add *body* for everybody."""
        for log in self._logs.values():
            log.append(body)

    # --- which operator a call concerns ----------------------------------------------------------

    def operator_of(self, call: CallId) -> AgentName | None:
        """Return the operator who is offered the call or talks to its caller."""
        return self._operators.get(call)

    def give(self, call: CallId, agent: AgentName) -> None:
        """The call now concerns *agent*."""
        self._operators[call] = agent

    def take(self, call: CallId, agent: AgentName) -> None:
        """The call no longer concerns *agent*."""
        if self._operators.get(call) == agent:
            del self._operators[call]

    def end(self, call: CallId) -> AgentName | None:
        """The call is over. Return whom it concerned."""
        return self._operators.pop(call, None)

    def note_served(self, agent: AgentName, call: CallId) -> None:
        """*agent* answered *call*."""
        self._served.setdefault(agent, deque(maxlen=REMEMBERED_CALLS)).append(call)

    def has_served(self, agent: AgentName, call: CallId) -> bool:
        """Whether *call* is among the last that *agent* answered."""
        return call in self._served.get(agent, ())
