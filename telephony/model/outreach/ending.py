"""How an outreach call that reached nobody ends. One that was a conversation ends as every other does."""

from telephony.model.call import Call, Verdict
from telephony.model.commands import HangUp, ShowOutreach
from telephony.model.duty import begin_after_call
from telephony.model.ending import UNSEEN_REASON, close_book
from telephony.model.events import UNSEEN, OperatorLeft, Timer
from telephony.model.facts import EndedBy, Outcome
from telephony.model.floor import Floor
from telephony.model.outreach.shape import Outreach, Result
from telephony.model.states import CallState


def outreach_of(call: Call) -> Outreach:
    """Return what an outreach call carries along."""
    if call.outreach is None:
        raise RuntimeError(f"call {call.id} is no outreach call")  # the table allows no such event
    return call.outreach


def fail(floor: Floor, call: Call, result: Result, by: EndedBy = EndedBy.SYSTEM) -> None:
    """Decide that nobody was reached, write down why, and tell the operator's screen."""
    outreach, unseen = outreach_of(call), result is Result.UNKNOWN
    reason = UNSEEN_REASON if unseen else f"not reached: {result}"
    call.verdict = Verdict(Outcome.FAILED, by, reason)
    floor.note(call, "outreach.failed", result=result.value)
    floor.do(ShowOutreach(outreach.agent, call.id, outreach.row, result))


def close(floor: Floor, call: Call) -> None:
    """There is no leg any more: write the last fact."""
    close_book(floor, call, call.verdict or Verdict(Outcome.FAILED, EndedBy.SYSTEM, UNSEEN_REASON))


def let_go(floor: Floor, call: Call) -> None:
    """Hang the operator's leg up; the last fact is written when it is gone."""
    floor.do(HangUp(call.id, leg=call.leg))
    floor.move(call, CallState.ENDING)
    floor.arm(call, Timer.CLOSING, floor.plan.calling.closing_limit_s)


def free_operator(floor: Floor, call: Call) -> None:
    """The ringing was work, and what came of it is to be written up."""
    operator, since = floor.operator(call.agent), outreach_of(call).picked_up_at
    if operator is not None:
        floor.loads.worked(operator.name, floor.now - (floor.now if since is None else since))
        begin_after_call(floor, operator)


def result_of_leaving(event: OperatorLeft) -> Result:
    """Return how a call ends whose operator's leg is gone before anybody answered."""
    return Result.UNKNOWN if event.cause == UNSEEN else Result.OPERATOR_LEFT
