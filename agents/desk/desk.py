"""Shows people at their screens what the engine decides (`telephony.ports.Desk`).

`show` is on the call's path: it reads views, encodes one message and appends it to a log, nothing else. What
only informs (queues, and everything on a supervisor's floor) is gathered and sent a moment later.

It never decides anything about a call and never touches the network.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from agents.desk.alerts import Alert, Alerts
from agents.desk.audience import Audience
from agents.desk.gather import FLOOR_S, OPERATORS_S, Gathering
from agents.desk.messages import (
    agent_content,
    alert_content,
    call_content,
    encode,
    ended_call_content,
    for_operator,
    offer_content,
    offer_ended_content,
    outreach_content,
    queue_content,
)
from agents.desk.screenpop import ScreenPop
from agents.floor.feed import FloorFeed
from agents.ports import Centre, History
from agents.writing import iso
from config.schema import Centre as Plan
from config.schema import Queue
from telephony.model.commands import (
    DeskCommand,
    EndOffer,
    ShowAgent,
    ShowCall,
    ShowOffer,
    ShowOutreach,
    ShowQueue,
)
from telephony.model.ids import AgentName, CallId, OfferId

SWEEP_S = 600.0
"""How often those who left are forgotten: a socket may be away this long and still resume."""

BROADCAST = "broadcast"
"""The code of a notice that somebody wrote to everybody."""

ANSWERED = "answered"
"""The result of an offer after which the operator talks (`telephony.model.commands.EndOffer`)."""


class OperatorDesk:
    """The desk of the whole centre. `run` must be running beside it.

    Args:
        history: what is known of callers.
        plan: returns the ``centre.toml`` that is in force.
        shown: told which caller was shown to whom, for the audit trail; must not block.
    """

    def __init__(
        self, history: History, plan: Callable[[], Plan], shown: Callable[[AgentName, CallId], None]
    ) -> None:
        self.audience = Audience()
        self.alerts = Alerts(self._tell_alert)
        self.floor = FloorFeed(lambda: self.centre, plan, lambda: self.alerts.open)
        self._plan, self._shown = plan, shown
        self._screenpop = ScreenPop(history, self._history_arrived)
        self._floor_news = Gathering(self._tell_floor, FLOOR_S)
        self._line_news = Gathering(self._tell_operators, OPERATORS_S)
        self._offers: dict[OfferId, ShowOffer] = {}
        self._centre: Centre | None = None

    def connect(self, centre: Centre) -> None:
        """Hand over the engine, which is made after the desk because it needs one."""
        self._centre = centre

    @property
    def centre(self) -> Centre:
        """The engine. Raises RuntimeError before `connect`."""
        if self._centre is None:
            raise RuntimeError("the desk was not connected to an engine")
        return self._centre

    @property
    def plan(self) -> Plan:
        """The ``centre.toml`` that is in force."""
        return self._plan()

    async def run(self) -> None:
        """Look callers up, publish what was gathered and forget who left, until cancelled."""
        async with asyncio.TaskGroup() as parts:
            parts.create_task(self._screenpop.run(), name="desk-screenpop")
            parts.create_task(self._floor_news.run(), name="desk-floor")
            parts.create_task(self.floor.run(), name="floor-feed")
            parts.create_task(self._line_news.run(), name="desk-line")
            parts.create_task(self._sweep(), name="desk-sweep")

    def show(self, command: DeskCommand) -> None:
        """Publish *command*. Never blocks."""
        match command:
            case ShowCall(call=call):
                self._show_call(call)
            case ShowAgent(agent=agent):
                self._show_agent(agent)
            case ShowQueue(queue=queue):
                self.floor.note_queue(queue)
                self._line_news.note_queue(queue)
                if self.audience.watches_floor:
                    self._floor_news.note_queue(queue)
            case ShowOffer():
                self._show_offer(command)
            case EndOffer():
                self._end_offer(command)
            case ShowOutreach():
                self._tell(command.agent, "outreach", outreach_content(command))
            case _:
                raise TypeError(f"the desk does not know how to show {command!r}")

    # --- what one operator must see at once ------------------------------------------------------

    def _show_offer(self, command: ShowOffer) -> None:
        self._offers[command.offer] = command
        self.audience.give(command.call, command.agent)
        view = self.centre.call_view(command.call)
        if view is not None:
            self._screenpop.prefetch(command.call, view.caller)
        self._tell(command.agent, "offer", self._offer(command))
        if self.audience.listens(command.agent):
            self._shown(command.agent, command.call)

    def _end_offer(self, command: EndOffer) -> None:
        if self._offers.pop(command.offer, None) is None:
            return  # its end was shown already: operators see exactly one
        if command.result == ANSWERED:
            self.audience.note_served(command.agent, command.call)
        else:
            self.audience.take(command.call, command.agent)
        self._tell(command.agent, "offer_ended", offer_ended_content(command))

    def _show_call(self, call: CallId) -> None:
        view = self.centre.call_view(call)
        self.floor.note_call(call)
        if self.audience.watches_floor:
            self._floor_news.note_call(call)
        if view is None:
            self._screenpop.forget(call)
            agent = self.audience.end(call)
        else:
            self._screenpop.prefetch(call, view.caller)
            agent = self._concerns(call, view.agent)
        if agent is not None:
            self._tell(agent, "call", {"call": self._own_call(call)})

    def _concerns(self, call: CallId, talking: AgentName | None) -> AgentName | None:
        if talking is not None:
            self.audience.give(call, talking)
        return self.audience.operator_of(call)

    def _show_agent(self, agent: AgentName) -> None:
        self.floor.note_agent(agent)
        if self.audience.watches_floor:
            self._floor_news.note_agent(agent)
        view = self.centre.agent_view(agent)
        if view is not None:
            self._tell(agent, "agent", {"agent": agent_content(view, self._zone)})

    def _history_arrived(self, call: CallId) -> None:
        agent = self.audience.operator_of(call)
        if agent is not None:
            self._tell(agent, "call", {"call": self._own_call(call), **self._screenpop.known(call)})

    def _tell(self, user: str, kind: str, content: Mapping[str, Any]) -> None:
        if self.audience.listens(user):
            self.audience.tell(user, encode(kind, self._at(), content))

    # --- what only informs -----------------------------------------------------------------------

    def _tell_floor(self, changed: Gathering) -> None:
        audience, at = self.audience, self._at()
        for call in changed.calls:
            audience.tell_floor(encode("call", at, {"call": self._call(call)}))
        for agent in changed.agents:
            view = self.centre.agent_view(agent)
            content = {"name": agent, "state": "removed"} if view is None else agent_content(view, self._zone)
            audience.tell_floor(encode("agent", at, {"agent": content}))
        self._tell_queues(changed, audience.tell_floor)

    def _tell_operators(self, changed: Gathering) -> None:
        self._tell_queues(changed, self.audience.tell_operators)

    def _tell_queues(self, changed: Gathering, tell: Callable[[bytes], None]) -> None:
        for name in changed.queues:
            queue = self.centre.queue_view(name)
            if queue is not None:
                tell(encode("queue", self._at(), {"queue": queue_content(queue, self._zone)}))

    def _tell_alert(self, alert: Alert) -> None:
        self.floor.note_alert(alert)
        tell = self.audience.tell_all if alert.everyone else self.audience.tell_floor
        tell(encode("alert", self._at(), alert_content(alert, self._zone)))

    def announce(self, by: str, text: str) -> None:
        """Show a notice on every screen that is open now."""
        content = {"level": "info", "code": BROADCAST, "text": text, "ref": None, "by": by}
        self.audience.tell_all(encode("notice", self._at(), content))
        self.floor.note_notice(content)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            self.audience.sweep()

    # --- for the sockets -------------------------------------------------------------------------

    def offered(self, agent: AgentName) -> list[ShowOffer]:
        """Return the offers that are open for *agent*: one, or none."""
        return [offer for offer in self._offers.values() if offer.agent == agent]

    def snapshot(self, user: str, role: str) -> bytes:
        """Return everything that *user* may see now, as one message."""
        zone, centre = self._zone, self.centre
        agent = centre.agent_view(AgentName(user))
        floor = self.audience.sees_floor(user)
        call = None if agent is None else agent.call
        content = {
            "user": user,
            "role": role,
            "agent": None if agent is None else agent_content(agent, zone),
            "offers": [self._offer(offer) for offer in self.offered(AgentName(user))],
            "call": None if call is None else self._own_call(call) | self._screenpop.known(call),
            "queues": [queue_content(queue, zone) for queue in centre.queues()],
            "agents": [agent_content(other, zone) for other in centre.agents()] if floor else [],
            "calls": [call_content(other, zone) for other in centre.calls()] if floor else [],
            "alerts": [alert_content(alert, zone) for alert in self.alerts.open if floor or alert.everyone],
            "pause_reasons": [reason.model_dump() for reason in self.plan.pause_reasons],
            "dispositions": [each.model_dump(mode="json") for each in self.plan.dispositions],
        }
        return encode("snapshot", self._at(), content)

    def tell(self, user: str, level: str, code: str, text: str) -> bool:
        """Send *user* a notice that nobody asked for; return False when no desk of theirs would keep it."""
        if not self.audience.listens(user):
            return False
        self.audience.tell(user, self.notice(level, code, text))
        return True

    def notice(self, level: str, code: str, text: str, ref: object = None) -> bytes:
        """Return a notice: an answer to one socket, or news for one person."""
        return encode("notice", self._at(), {"level": level, "code": code, "text": text, "ref": ref})

    # --- contents --------------------------------------------------------------------------------

    def _offer(self, command: ShowOffer) -> dict[str, Any]:
        view = self.centre.call_view(command.call)
        queue = None if view is None or view.queue is None else self._queue_plan(view.queue)
        content = offer_content(command, view, queue, self.centre.now(), self._zone)
        return content | self._screenpop.known(command.call)

    def _call(self, call: CallId) -> dict[str, Any]:
        view = self.centre.call_view(call)
        return ended_call_content(call) if view is None else call_content(view, self._zone)

    def _own_call(self, call: CallId) -> dict[str, Any]:
        return for_operator(self._call(call), self.plan)

    def _queue_plan(self, name: str) -> Queue | None:
        return next((queue for queue in self.plan.queues if queue.name == name), None)

    def _at(self) -> str:
        return iso(self.centre.now(), self._zone)

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.plan.timezone)
