"""What the floor looks like, as messages: everything (a snapshot), or what changed (a delta).

Objects are the same as at ``/api/calls/live``, ``/api/agents`` and ``/api/queues``; an object in a delta
replaces the one before, and ``state`` "ended" or "removed", or ``closed_at``, is the last of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from agents.desk.alerts import Alert
from agents.desk.messages import (
    agent_content,
    alert_content,
    call_content,
    encode,
    ended_call_content,
    queue_content,
)
from agents.ports import Centre
from agents.writing import iso
from config.schema import Centre as Plan
from telephony.figures import definitions
from telephony.model.ids import AgentName, CallId, QueueName
from telephony.views import QueueView


@dataclass(slots=True)
class Changes:
    """What is not as it was in the message before."""

    calls: set[CallId] = field(default_factory=set)
    agents: set[AgentName] = field(default_factory=set)
    queues: set[QueueName] = field(default_factory=set)
    alerts: dict[str, Alert] = field(default_factory=dict)
    notices: list[Mapping[str, Any]] = field(default_factory=list)
    figures: bool = False


class Picture:
    """Draws the floor of *centre* by *plan*; *alerts* returns those that are open."""

    def __init__(
        self, centre: Callable[[], Centre], plan: Callable[[], Plan], alerts: Callable[[], tuple[Alert, ...]]
    ) -> None:
        self._centre, self._plan, self._alerts = centre, plan, alerts
        self.figures: Mapping[str, Any] | None = None
        """The newest figures (``agents.floor.figures``); None until they were read."""

    def snapshot(self, seq: int) -> bytes:
        """Return the whole floor as message number *seq*."""
        centre, zone = self._centre(), self._zone
        content = {
            "seq": seq,
            "calls": [call_content(view, zone) for view in centre.calls()],
            "agents": [agent_content(view, zone) for view in centre.agents()],
            "queues": [self._queue(view) for view in centre.queues()],
            "alerts": [alert_content(alert, zone) for alert in self._alerts()],
            "figures": self.figures,
            "definitions": definitions(self._plan()),
            "pause_reasons": [reason.model_dump() for reason in self._plan().pause_reasons],
        }
        return encode("snapshot", self._at, content)

    def delta(self, seq: int, changes: Changes) -> bytes:
        """Return *changes* as message number *seq*; what did not change is left out."""
        parts = {
            "calls": [self._call(call) for call in changes.calls],
            "agents": [self._agent(agent) for agent in changes.agents],
            "queues": [
                self._queue(view) for name in changes.queues if (view := self._centre().queue_view(name))
            ],
            "alerts": [alert_content(alert, self._zone) for alert in changes.alerts.values()],
            "notices": changes.notices,
            "figures": self.figures if changes.figures else None,
        }
        return encode("delta", self._at, {"seq": seq} | {name: part for name, part in parts.items() if part})

    def _call(self, call: CallId) -> dict[str, Any]:
        view = self._centre().call_view(call)
        return ended_call_content(call) if view is None else call_content(view, self._zone)

    def _agent(self, agent: AgentName) -> dict[str, Any]:
        view = self._centre().agent_view(agent)
        return {"name": agent, "state": "removed"} if view is None else agent_content(view, self._zone)

    def _queue(self, view: QueueView) -> dict[str, Any]:
        """Return a queue, with what decides the order in which its callers are served."""
        slope = next((queue.slope for queue in self._plan().queues if queue.name == view.name), 1.0)
        return queue_content(view, self._zone) | {"slope": slope}

    @property
    def _at(self) -> str:
        return iso(self._centre().now(), self._zone)

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self._plan().timezone)
