"""A supervisor takes a call out of the line: for an operator by name, or to let it go with a word (R3)."""

from telephony.model import promised
from telephony.model.call import Call, Verdict
from telephony.model.ending import abandonment, end_with_words, leave_line
from telephony.model.errors import IllegalEvent
from telephony.model.events import GiveRequested, RemoveRequested
from telephony.model.facts import EndedBy
from telephony.model.floor import Floor
from telephony.model.matching import make_offer
from telephony.model.roster import Operator, Pending
from telephony.model.states import AWAY, AgentState


def on_give_requested(floor: Floor, call: Call, event: GiveRequested) -> None:
    """Offer the call to this operator now, whoever's turn it is, and though the queue may be paused.

    Unanswered, it comes back to its place. Whoever was away for it is away again afterwards.
    """
    operator = floor.roster[event.agent]
    _refuse_unless_free(operator, even_away=event.even_away)
    if call.promise is None:
        if call.id not in floor.line:
            raise IllegalEvent(f"Call {call.id} stands in no line.")
    else:
        promised.call_now(floor, call)
    if operator.state in AWAY:
        borrow(floor, operator)
    call.refused_by.discard(operator.name)
    make_offer(floor, call, operator)


def _refuse_unless_free(operator: Operator, *, even_away: bool) -> None:
    name, state = operator.name, operator.state
    if operator.leaving:
        raise IllegalEvent(f"{name} is no longer on the roster.")
    if not operator.registered:
        raise IllegalEvent(f"The telephone of {name} is not registered.")
    if not operator.phone_is_free:
        raise IllegalEvent(f"The telephone of {name} is in use.")
    if state is not AgentState.READY and not (even_away and state in AWAY):
        raise IllegalEvent(f"{name} is not ready ({state.value}).")


def borrow(floor: Floor, operator: Operator) -> None:
    """Let somebody who is away have this one call; it earns neither credit nor debt (ADR 5)."""
    was = AgentState.PAUSED if operator.state is AgentState.PAUSED else AgentState.LOGGED_OUT
    level = floor.ready.floor(operator.seats)
    if operator.state is AgentState.LOGGED_OUT:
        floor.loads.signed_in(operator.name, level)
    else:
        floor.loads.returned(operator.name, level)
    operator.pending = Pending(was, operator.reason)


def on_remove_requested(floor: Floor, call: Call, event: RemoveRequested) -> None:
    """Take the call out of the line, tell the caller, and end it."""
    outcome = abandonment(floor, call)
    leave_line(floor, call, "removed")
    verdict = Verdict(outcome, EndedBy.SUPERVISOR, "taken out of the line")
    end_with_words(floor, call, verdict, [event.message])
