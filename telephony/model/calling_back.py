"""An operator has accepted a callback: the citizen's phone rings, then both talk (R3).

The operator's leg is made over ARI. When the operator has accepted, it is continued to where ``Dial()`` rings
the citizen; from then on Asterisk connects and cleans up, also without us. An attempt is a fact before the
citizen's phone can ring, so none is ever made twice.
"""

from collections.abc import Iterable

from telephony.model.call import Call, OfferInFlight, Verdict
from telephony.model.commands import CallCitizen, HangUp
from telephony.model.duty import settle
from telephony.model.ending import close_book, verdict_of_leaving
from telephony.model.errors import IllegalEvent
from telephony.model.events import (
    CallerLeft,
    CallTimerFired,
    CitizenAnswered,
    CitizenRang,
    CitizenReturned,
    CommandRefused,
    DialStatus,
    HangupRequested,
    MachineHeard,
    OperatorLeft,
    Timer,
)
from telephony.model.facts import EndedBy, Outcome
from telephony.model.floor import Floor
from telephony.model.ids import Instant
from telephony.model.promise import Promise
from telephony.model.promised import REACHED, finish, promise_of, release, stand_by
from telephony.model.recording import recording_file
from telephony.model.states import AgentState, CallState
from telephony.model.talking import finish_talk

NOTICE_S = 30
"""After the citizen has picked up, greeting and recording notice are heard before ``Dial()`` connects."""

FAILOVER_S = 10
"""So much sooner a carrier that says nothing is given up, and the trunk behind it tried."""

RESULTS = {
    DialStatus.BUSY: "busy",
    DialStatus.NOANSWER: "no-answer",
    DialStatus.CONGESTION: "unreachable",
    DialStatus.CHANUNAVAIL: "unreachable",
    DialStatus.CANCEL: "no-answer",
}
"""What the journal calls each way in which ``Dial()`` to somebody outside comes back without an answer."""


# --- the citizen's phone rings ---------------------------------------------------------------------------


def hold_operator(floor: Floor, call: Call, offer: OfferInFlight) -> None:
    """The operator is on the line and belongs to this callback."""
    promise = promise_of(call)
    promise.picked_up_at, promise.ringing = floor.now, False
    give_operator(floor, call, offer)


def give_operator(floor: Floor, call: Call, offer: OfferInFlight) -> None:
    """The operator of *offer* has picked up for a call that the centre places."""
    operator = floor.roster[offer.agent]
    call.agent = offer.agent
    operator.missed, operator.call = 0, call.id
    floor.set_agent(operator, AgentState.TALKING)


def ring_citizen(floor: Floor, call: Call) -> None:
    """Let the citizen's phone ring; the attempt is written down already."""
    floor.move(call, CallState.CALLING)
    ring_number(floor, call, promise_of(call).number, int(floor.plan.callbacks.ring_s))


def ring_number(floor: Floor, call: Call, number: str, ring_s: int) -> None:
    """Let *number* ring for *ring_s* seconds, on the leg of the operator who has picked up."""
    trunk = floor.trunk_of(call.dialled)
    in_between = FAILOVER_S if trunk.outbound and trunk.outbound.backup else 0
    floor.arm(call, Timer.RING, ring_s + NOTICE_S + in_between)
    if call.last_offer is None or call.leg is None:
        raise RuntimeError(f"call {call.id} has no operator")
    floor.do(
        CallCitizen(
            call.id,
            call.last_offer,
            call.leg,
            number=number,
            trunk=trunk.name,
            shown=(trunk.outbound and trunk.outbound.caller_number) or call.dialled,
            ring_s=ring_s,
            record=floor.to_be_recorded(call),
        )
    )


def on_citizen_rang(floor: Floor, call: Call, event: CitizenRang) -> None:
    """The citizen's phone rings, or at least its leg exists; another leg if another trunk took the call."""
    promise = promise_of(call)
    if promise.citizen_leg != event.leg:
        promise.ringing, promise.citizen_leg = True, event.leg
        floor.note(
            call, "callback.rang", attempt=promise.attempts, leg=event.leg, sip_call_id=event.sip_call_id
        )


def on_citizen_answered(floor: Floor, call: Call, event: CitizenAnswered) -> None:
    """The citizen picked up: they talk."""
    begin_conversation(floor, call, event.at)
    floor.move(call, CallState.TALKING)
    floor.arm(call, Timer.TALK, floor.plan.calling.max_talk_s)


def begin_conversation(floor: Floor, call: Call, at: Instant | None = None) -> None:
    """Note that the citizen was reached (*at* that instant, else now), and who talks."""
    promise, since = promise_of(call), call.waiting_since
    began = floor.now if at is None else at
    call.talking_since, promise.ringing = began, False
    waited_s = round(began - (began if since is None else since), 3)
    floor.note_at(at, call, "callback.reached", attempt=promise.attempts)
    note_talk(floor, call, at, waited_s)


def note_talk(floor: Floor, call: Call, at: Instant | None, waited_s: float | None) -> None:
    """Write down who talks on a call that the centre has placed, and where it is recorded."""
    floor.note_at(
        at,
        call,
        "call.connected",
        offer=call.last_offer,
        agent=call.agent,
        queue=call.queue,
        waited_s=waited_s,
    )
    if floor.plan.recording.enabled and call.recorded:
        floor.note_at(at, call, "recording.started", file=recording_file(floor, call))


def on_citizen_returned(floor: Floor, call: Call, event: CitizenReturned) -> None:
    """``Dial()`` is over. ANSWER without our having seen the answer means: they have talked."""
    if event.status is DialStatus.ANSWER:
        begin_conversation(floor, call)
        on_citizen_hung_up(floor, call, event)
    else:
        failed(floor, call, RESULTS[event.status])
        release(floor, call)


def on_operator_left_early(floor: Floor, call: Call, event: OperatorLeft) -> None:
    """The operator hung up before the citizen answered; Asterisk has stopped the ringing itself."""
    del event
    failed(floor, call, "operator-left")
    _end_attempt(floor, call)


def on_hung_up_early(floor: Floor, call: Call, event: HangupRequested) -> None:
    """The operator hangs up at the screen before the citizen answers: the promise still stands."""
    del event
    failed(floor, call, "operator-left")
    release(floor, call)


def on_call_overdue(floor: Floor, call: Call, event: CallTimerFired) -> None:
    """``Dial()`` should be back by now."""
    del event
    failed(floor, call, "no-answer")
    release(floor, call)


def on_call_refused(floor: Floor, call: Call, event: CommandRefused) -> None:
    """Asterisk would not ring the citizen, or the journal could not write the attempt down."""
    if event.command == "CallCitizen":
        failed(floor, call, "unreachable")
        release(floor, call)


def on_machine(floor: Floor, call: Call, event: MachineHeard) -> None:
    """An answering machine took the call: nobody was reached. Raises IllegalEvent for a caller's own call."""
    del event
    if call.promise is None:
        raise IllegalEvent("This is not a callback.")
    finish_talk(floor, call)
    call.agent = None
    failed(floor, call, "machine")
    release(floor, call)


def failed(floor: Floor, call: Call, result: str) -> None:
    """Write down how the attempt ended, and decide whether there will be another one."""
    promise, rule = promise_of(call), floor.plan.callbacks
    promise.results.append(result)
    promise.ringing = False
    call.talking_since = None
    again = promise.attempts < rule.attempts and call.verdict is None
    promise.rests_until = Instant(floor.now + rule.retry_after_s) if again else None
    given_up = call.verdict is None and not again
    if given_up:
        call.verdict = Verdict(Outcome.FAILED, EndedBy.SYSTEM, not_reached(promise.results))
    floor.note(call, "callback.failed", attempt=promise.attempts, result=result, retry_at=promise.rests_until)
    if given_up:
        _open_case(floor, call, promise)


def _open_case(floor: Floor, call: Call, promise: Promise) -> None:
    """Nobody will be called again by rule: from here on a person decides."""
    floor.note(
        call,
        "case.opened",
        case="callback_failed",
        caller=promise.number,
        due_at=Instant(floor.now + floor.plan.callbacks.due_s),
        summary=f"折り返し 不通 {promise.attempts}回",
        details={"queue": call.queue, "asked_by": promise.asked_by, "results": list(promise.results)},
    )


def not_reached(results: Iterable[str]) -> str:
    """Return the reason of a callback that is given up: how each attempt ended."""
    return f"not reached: {', '.join(results)}"


def on_released(floor: Floor, call: Call, event: OperatorLeft) -> None:
    """The operator's leg is gone: on with what was decided."""
    del event
    _end_attempt(floor, call)


def on_release_overdue(floor: Floor, call: Call, event: CallTimerFired) -> None:
    """The hang-up was lost: hang up again, and do not wait for it any more."""
    del event
    floor.do(HangUp(call.id, leg=call.leg))
    _end_attempt(floor, call)


def _end_attempt(floor: Floor, call: Call) -> None:
    """The promise goes on, and so does the operator, who has reached nobody and has nothing to write up."""
    promise, operator = promise_of(call), floor.operator(call.agent)
    call.agent = call.leg = None
    after_attempt(floor, call)
    if operator is not None:
        since = floor.now if promise.picked_up_at is None else promise.picked_up_at
        floor.loads.worked(operator.name, floor.now - since)
        settle(floor, operator)


def after_attempt(floor: Floor, call: Call) -> None:
    """There is no leg now: the promise waits again, or is over."""
    verdict = call.verdict
    if verdict is None:
        stand_by(floor, call)
    elif verdict.reason is not None and verdict.reason.startswith("cancelled"):
        finish(floor, call, verdict, "cancelled")
    else:
        finish(floor, call, verdict, "not-reached")


# --- they talk -------------------------------------------------------------------------------------------


def on_citizen_hung_up(floor: Floor, call: Call, event: CitizenReturned) -> None:
    """The citizen hung up first; the operator's leg is back with us and is let go."""
    del event
    call.verdict = Verdict(Outcome.ANSWERED, EndedBy.CALLER)
    floor.do(HangUp(call.id, leg=call.leg))
    floor.move(call, CallState.ENDING)
    floor.arm(call, Timer.CLOSING, floor.plan.calling.closing_limit_s)
    finish_talk(floor, call)


def on_operator_hung_up(floor: Floor, call: Call, event: OperatorLeft) -> None:
    """The operator hung up first, or nobody saw the end."""
    seen = verdict_of_leaving(CallerLeft(call.id, event.cause), Outcome.ANSWERED)
    verdict = Verdict(Outcome.ANSWERED, EndedBy.AGENT) if seen.ended_by is EndedBy.CALLER else seen
    finish_talk(floor, call)
    _close(floor, call, verdict)


def on_left_at_the_end(floor: Floor, call: Call, event: OperatorLeft) -> None:
    """The leg is gone as decided."""
    del event
    _close(floor, call, call.verdict or Verdict(Outcome.ANSWERED, EndedBy.SYSTEM))


def _close(floor: Floor, call: Call, verdict: Verdict) -> None:
    """A conversation is over, or an outreach call that reached nobody: its leg is gone."""
    if call.promise is None:
        close_book(floor, call, verdict)
    else:
        finish(floor, call, verdict, REACHED)
