"""What operators ask for, and what their phones do. One handler per event; `table` says when."""

from telephony.model import promised
from telephony.model.duty import extend_after_call, finish_after_call, settle
from telephony.model.events import (
    AfterCallRequested,
    AgentEvent,
    AgentLoggedOut,
    AgentPaused,
    AgentReadied,
    AgentTimerFired,
    Disposed,
    MoveRequested,
    OfferRejected,
    PhoneChanged,
    PlanChanged,
    RosterChanged,
)
from telephony.model.floor import Floor
from telephony.model.ids import QueueName
from telephony.model.matching import serve_agent, withdraw
from telephony.model.roster import Operator, Pending
from telephony.model.states import BUSY_WITH_CALL, AgentState
from telephony.model.waiting import on_move_requested


def on_signed_in(floor: Floor, operator: Operator, event: AgentReadied) -> None:
    """Signs in and is ready. Starts level with the others: yesterday is neither credit nor debt."""
    del event
    floor.loads.signed_in(operator.name, floor.ready.floor(operator.seats))
    _be_ready(floor, operator)


def on_back(floor: Floor, operator: Operator, event: AgentReadied) -> None:
    """Back from a break or from not responding: it earned neither credit nor debt (ADR 5)."""
    del event
    floor.loads.returned(operator.name, floor.ready.floor(operator.seats))
    _be_ready(floor, operator)


def _be_ready(floor: Floor, operator: Operator) -> None:
    operator.missed = 0
    operator.pending = None
    for call in floor.calls.values():
        call.refused_by.discard(operator.name)
    floor.set_agent(operator, AgentState.READY)
    serve_agent(floor, operator)


def on_ready_after_call(floor: Floor, operator: Operator, event: AgentReadied) -> None:
    """Ends after-call work with one key; a break asked for earlier is forgotten."""
    del event
    operator.pending = None
    finish_after_call(floor, operator)
    settle(floor, operator)


def on_stay(floor: Floor, operator: Operator, event: AgentReadied) -> None:
    """Wants to stay after all: what was asked for during the call is forgotten."""
    del event
    operator.pending = None
    floor.show_agent(operator)


def on_paused(floor: Floor, operator: Operator, event: AgentPaused) -> None:
    """Away at once; signing in with a break counts as signing in."""
    if operator.state is AgentState.LOGGED_OUT:
        floor.loads.signed_in(operator.name, floor.ready.floor(operator.seats))
    finish_after_call(floor, operator)
    floor.set_agent(operator, AgentState.PAUSED, event.reason)


def on_pause_later(floor: Floor, operator: Operator, event: AgentPaused) -> None:
    """Away when the present call and its after-call work are over."""
    operator.pending = Pending(AgentState.PAUSED, event.reason)
    floor.show_agent(operator)


def on_logged_out(floor: Floor, operator: Operator, event: AgentLoggedOut) -> None:
    """Signs out now."""
    del event
    finish_after_call(floor, operator)
    floor.set_agent(operator, AgentState.LOGGED_OUT)


def on_log_out_later(floor: Floor, operator: Operator, event: AgentLoggedOut) -> None:
    """Signs out when the present call is over. A phone that only rings stops ringing."""
    del event
    operator.pending = Pending(AgentState.LOGGED_OUT)
    if operator.state is AgentState.OFFERED and operator.call is not None:
        withdraw(floor, floor.calls[operator.call], "withdrawn")
    floor.show_agent(operator)


def on_after_call_wanted(floor: Floor, operator: Operator, event: AfterCallRequested) -> None:
    """After-call work after this call, whatever the setting."""
    del event
    operator.after_call_wanted = True
    floor.show_agent(operator)


def on_more_after_call(floor: Floor, operator: Operator, event: AfterCallRequested) -> None:
    """More after-call work."""
    del event
    extend_after_call(floor, operator)


def on_after_call_over(floor: Floor, operator: Operator, event: AgentTimerFired) -> None:
    """The limit of after-call work is reached."""
    del event
    finish_after_call(floor, operator)
    settle(floor, operator)


def on_rejected(floor: Floor, operator: Operator, event: OfferRejected) -> None:
    """Turns down this one offer."""
    del event
    if operator.call is not None:
        withdraw(floor, floor.calls[operator.call], "rejected")


def on_disposed(floor: Floor, operator: Operator, event: Disposed) -> None:
    """Writes down how the call went; allowed during the call and as long as it is the last one."""
    floor.note_for(event.call, "call.disposed", agent=operator.name, disposition=event.disposition)


def on_phone_changed(floor: Floor, operator: Operator, event: PhoneChanged) -> None:
    """The phone registered or went away. A phone that comes back may be what a caller waits for."""
    if (operator.registered, operator.in_use) == (event.registered, event.in_use):
        return
    operator.registered, operator.in_use = event.registered, event.in_use
    floor.show_agent(operator)
    floor.index(operator)
    serve_agent(floor, operator)


def on_roster_changed(floor: Floor, event: RosterChanged) -> None:
    """Operators were added, changed or removed. Who is on a call finishes it first."""
    touched, removed = floor.roster.replace(event.agents, floor.queues.values(), floor.shares)
    for operator in removed:
        operator.leaving = True
        if operator.state not in BUSY_WITH_CALL:
            finish_after_call(floor, operator)
            settle(floor, operator)
    for operator in touched:
        floor.loads.set_share(operator.name, operator.share)
        operator.state_since = operator.state_since or floor.now
        floor.show_agent(operator)
    floor.rebuild_index()
    for operator in touched:
        serve_agent(floor, operator)


def seat_everybody(floor: Floor) -> None:
    """Find out anew which queues everybody serves, and when."""
    profiles = [operator.profile for operator in floor.roster if not operator.leaving]
    on_roster_changed(floor, RosterChanged(tuple(profiles)))


def on_plan_changed(floor: Floor, event: PlanChanged) -> None:
    """Another ``centre.toml``. Calls keep their place; a line that is gone joins the plan's first one."""
    floor.adopt_plan(event.plan)
    seat_everybody(floor)
    first = QueueName(event.plan.queues[0].name)
    for call in [call for call in floor.calls.values() if call.queue is not None]:
        if call.queue in floor.queues:
            continue
        if call.id in floor.line:
            move = on_move_requested if call.promise is None else promised.on_move_requested
            move(floor, call, MoveRequested(call.id, first))
        else:
            call.queue = first


def on_nothing(floor: Floor, operator: Operator, event: AgentEvent) -> None:
    """The event is possible here and means nothing."""
    del floor, operator, event
