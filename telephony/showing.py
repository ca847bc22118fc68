"""Turns the model's state into the plain data of `telephony.views`. Reads only."""

from telephony.model.announcing import expected_of_next
from telephony.model.call import Call
from telephony.model.floor import Floor
from telephony.model.ids import AgentName, CallId, Instant, QueueName
from telephony.model.outreach.beginning import obstacle
from telephony.model.outreach.shape import Obstacle
from telephony.model.overflow import next_by_time
from telephony.model.promise import Promise
from telephony.model.roster import Operator
from telephony.model.states import AgentState
from telephony.model.waiting import tier_due
from telephony.views import (
    AgentView,
    CallbackView,
    CallView,
    ConsultationView,
    QueueView,
    SupervisionView,
    WaitingView,
)


class Showing:
    """What people may look at, read straight from the floor."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def call_view(self, call: CallId) -> CallView | None:
        """Return the live call, or None when it is over."""
        live = self._floor.calls.get(call)
        return None if live is None else self._call(live)

    def agent_view(self, agent: AgentName) -> AgentView | None:
        """Return the operator, or None for somebody who is not on the roster."""
        operator = self._floor.roster.get(agent)
        return None if operator is None else _agent(operator)

    def queue_view(self, queue: QueueName) -> QueueView | None:
        """Return the queue, or None for one that is not configured."""
        return self._queue(queue) if queue in self._floor.queues else None

    def calls(self) -> list[CallView]:
        """Return every live call."""
        return [self._call(call) for call in self._floor.calls.values()]

    def agents(self) -> list[AgentView]:
        """Return the whole roster."""
        return [_agent(operator) for operator in self._floor.roster]

    def queues(self) -> list[QueueView]:
        """Return every configured queue."""
        return [self._queue(name) for name in self._floor.queues]

    def obstacle(self, agent: AgentName) -> Obstacle | None:
        """Return what keeps *agent* from placing an outreach call now, or None."""
        return obstacle(self._floor, agent)

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is being measured: nobody is up or waits to be called, nobody writes a call up."""
        calls = self._floor.calls.values()
        return all(
            call.promise is not None and call.promise.rests_until is not None for call in calls
        ) and all(operator.state is not AgentState.AFTER_CALL for operator in self._floor.roster)

    def sayable(self, prompt: str) -> bool:
        """Return whether *prompt* can be said with nothing to fill in."""
        try:
            return bool(self._floor.voice.phrase(prompt))
        except (KeyError, ValueError):
            return False

    def _call(self, call: Call) -> CallView:
        return CallView(
            id=call.id,
            caller=call.caller,
            dialled=call.dialled,
            state=call.state.value,
            queue=call.queue,
            menu_path=tuple(call.menu_path),
            arrived_at=call.arrived_at,
            waiting_since=call.waiting_since,
            agent=call.agent,
            offer=None if call.offer is None else call.offer.id,
            priority=call.priority,
            connected_at=call.talking_since,
            recording_paused=call.recording_paused,
            callback=None if call.promise is None else self._callback(call, call.promise),
            supervision=self._supervision(call),
            line=self._line(call) if call.id in self._floor.line else None,
            consultation=self._consultation(call),
            outreach=None if call.outreach is None else call.outreach.row,
        )

    def _line(self, call: Call) -> WaitingView:
        queue, now = self._floor.queue_of(call), self._floor.now
        since = now if call.waiting_since is None else call.waiting_since
        step = None if call.step is None else queue.overflow[call.step]
        return WaitingView(
            tier=call.tier,
            tiers=len(queue.tiers),
            tier_opens_at=tier_due(call, queue.tiers),
            step=call.step,
            steps=len(queue.overflow),
            step_comes_at=next_by_time(queue.overflow, since, now),
            choices=() if step is None else tuple(key.title for key in step.keys.values()),
        )

    def _consultation(self, call: Call) -> tuple[ConsultationView, ...]:
        return tuple(
            ConsultationView(each.supervisor, each.mode.value, each.heard_since is not None)
            for each in self._floor.supervisions.values()
            if each.call == call.id and each.invited_by is not None and each.supervisor != call.agent
        )

    def _supervision(self, call: Call) -> tuple[SupervisionView, ...]:
        """Return who hears the call now; whose phone only rings hears nothing."""
        return tuple(
            SupervisionView(each.supervisor, each.mode.value, each.heard_since)
            for each in self._floor.supervisions.values()
            if each.call == call.id and each.heard_since is not None and each.invited_by is None
        )

    def _callback(self, call: Call, promise: Promise) -> CallbackView:
        line = self._floor.line
        return CallbackView(
            number=promise.number,
            asked_by=promise.asked_by,
            asked_from=promise.asked_from,
            asked_at=promise.asked_at,
            due_by=promise.due_by,
            attempts=promise.attempts,
            results=tuple(promise.results),
            rests_until=promise.rests_until,
            position=line.position(call.id, self._floor.now) if call.id in line else None,
        )

    def _queue(self, name: QueueName) -> QueueView:
        floor = self._floor
        line = floor.line.waiting(floor.now, name)
        since = floor.calls[line[0]].waiting_since if line else None
        serving = [operator for operator in floor.roster if any(queue == name for queue, _ in operator.seats)]
        return QueueView(
            name=name,
            title=floor.queues[name].title,
            waiting=len(line),
            longest_wait_since=since,
            ready=sum(operator.can_be_offered for operator in serving),
            talking=sum(operator.state is AgentState.TALKING for operator in serving),
            paused=sum(operator.state is AgentState.PAUSED for operator in serving),
            expected_wait_s=expected_of_next(floor, name),
            measures=tuple(each.measure for each in floor.measures.values() if each.measure.queue == name),
        )


def _agent(operator: Operator) -> AgentView:
    pending = operator.pending
    after_call = operator.state is AgentState.AFTER_CALL
    return AgentView(
        name=operator.name,
        title=operator.profile.title,
        extension=operator.profile.extension,
        state=operator.state.value,
        reason=operator.reason,
        since=operator.state_since or Instant(0.0),
        call=operator.last_call if after_call else operator.call,
        pending_pause=None if pending is None else (pending.reason or pending.state.value),
        registered=operator.registered,
        acw_until=operator.after_call_until,
    )
