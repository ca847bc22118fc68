"""A promise and its keeping: the place, the operator, the citizen, and every race between them."""

import pytest

from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.errors import IllegalEvent
from telephony.model.events import DialStatus
from telephony.model.ids import AgentName, CallId, Instant
from telephony.model.states import AgentState, CallState
from tests.unit.model.callback_stage import ASK, CALLER, CallbackStage, closed
from tests.unit.model.stage import booker

SATO = AgentName("sato")


def summoned() -> tuple[CallbackStage, str]:
    """Return a stage on which Sato's phone is about to ring for a callback."""
    stage = CallbackStage(booker())
    callback = stage.promised("a")
    stage.ready("sato")
    return stage, callback


def calling() -> tuple[CallbackStage, str]:
    """Return a stage on which Sato has accepted and the citizen's phone is about to ring."""
    stage, callback = summoned()
    return stage.accepted(callback), callback


def talking() -> tuple[CallbackStage, str]:
    """Return a stage on which Sato talks to the citizen."""
    stage, callback = summoned()
    return stage.reached(callback), callback


def test_the_promise_stands_where_it_was_asked_for() -> None:
    stage = CallbackStage(booker())
    stage.asks("a").play(after=30).waiting("b", "+819000000001")
    stage.play(after=30).key("a", "1")
    callback = stage.heard("a")
    assert [str(call) for call in stage.model.floor.line.waiting(stage.now)] == [callback, "b"]
    stage.ready("sato")
    assert [order.call for order in stage.of(cmd.CallOperator)] == [callback]


def test_nobody_rings_while_the_last_words_are_still_said() -> None:
    """Race: an operator is free at once, but the citizen's line is busy with our own announcement."""
    stage = CallbackStage(booker()).asks("a").key("a", "1").ready("sato")
    assert stage.of(cmd.CallOperator) == []
    stage.spoken("a").play(ev.CallerLeft(CallId("a"), 16))
    assert len(stage.of(cmd.CallOperator)) == 1


def test_the_operator_sees_it_and_is_rung_first_on_a_leg_with_our_own_name() -> None:
    stage, callback = summoned()
    order = stage.summons(callback)
    assert order.leg == f"{callback}~{order.offer}~{booker().extension}"
    assert [(shown.call, shown.agent) for shown in stage.of(cmd.ShowOffer)] == [(callback, SATO)]
    assert stage.rung(callback) == []


def test_the_attempt_is_written_down_before_the_citizen_can_be_rung() -> None:
    stage, callback = calling()
    said = [c.kind if isinstance(c, cmd.Record) else type(c).__name__ for c in stage.said]
    assert said.index("callback.attempted") < said.index("CallCitizen")
    (order,) = stage.rung(callback)
    assert order.binding
    assert (order.number, order.trunk, order.shown) == (CALLER, "carrier", "+81120000000")


def test_both_talk_and_the_citizen_hangs_up_first() -> None:
    stage, callback = talking()
    assert stage.operator("sato").state is AgentState.TALKING
    stage.back(callback, DialStatus.ANSWER, after=90)
    assert stage.outcome(callback) == ("answered", "caller")
    assert stage.facts(callback, "call.talk_ended")[0]["talked_s"] == 90
    assert stage.operator("sato").state is AgentState.AFTER_CALL
    assert stage.done(callback) == "reached"
    assert stage.model.floor.promises == {}


def test_the_operator_hangs_up_first() -> None:
    stage, callback = talking()
    stage.gone(callback, after=30)
    assert stage.outcome(callback) == ("answered", "agent")
    assert stage.operator("sato").state is AgentState.AFTER_CALL


def test_both_hang_up_at_once() -> None:
    """Race: the operator's leg is gone before ``Dial()`` tells that the citizen has left."""
    stage, callback = talking()
    stage.gone(callback, after=30).back(callback, DialStatus.ANSWER)
    assert stage.outcome(callback) == ("answered", "agent")


def test_a_conversation_seen_only_at_its_end_was_a_conversation() -> None:
    stage, callback = calling()
    stage.back(callback, DialStatus.ANSWER, after=60)
    assert stage.outcome(callback) == ("answered", "caller")
    assert stage.done(callback) == "reached"


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (DialStatus.BUSY, "busy"),
        (DialStatus.NOANSWER, "no-answer"),
        (DialStatus.CHANUNAVAIL, "unreachable"),
        (DialStatus.CONGESTION, "unreachable"),
    ],
)
def test_a_citizen_who_is_not_reached_is_tried_again_by_rule_and_only_then(
    status: DialStatus, result: str
) -> None:
    stage, callback = calling()
    stage.back(callback, status)
    assert stage.results(callback) == [result]
    assert stage.operator("sato").state is AgentState.READY
    stage.play(after=899)
    assert len(stage.rung(callback)) == 1
    stage.timer(callback).accepted(callback)
    assert len(stage.rung(callback)) == 2


def test_after_the_last_attempt_it_is_over_and_says_how_each_ended() -> None:
    stage, callback = calling()
    for _ in range(2):
        stage.back(callback, DialStatus.BUSY).timer(callback).accepted(callback)
    stage.back(callback, DialStatus.NOANSWER)
    assert stage.outcome(callback) == ("failed", "system")
    assert stage.facts(callback, "call.ended")[0]["reason"] == "not reached: busy, busy, no-answer"
    assert stage.done(callback) == "not-reached"
    assert stage.facts(callback, "callback.failed")[-1]["retry_at"] is None


def test_an_answering_machine_is_marked_and_counts_as_an_attempt() -> None:
    stage, callback = talking()
    stage.play(ev.MachineHeard(CallId(callback)), after=5).gone(callback)
    assert stage.results(callback) == ["machine"]
    assert stage.call(callback).state is CallState.PROMISED
    assert stage.operator("sato").state is AgentState.AFTER_CALL


def test_an_own_call_cannot_be_marked_as_a_machine() -> None:
    stage = CallbackStage(booker()).ready("sato")
    stage.waiting("a").answered("a")
    with pytest.raises(IllegalEvent, match="not a callback"):
        stage.play(ev.MachineHeard(CallId("a")))


@pytest.mark.parametrize(
    ("cause", "result"), [(17, "busy"), (19, "rna"), (21, "rejected"), (20, "unreachable")]
)
def test_an_operator_who_does_not_accept_costs_no_attempt_and_no_place(cause: int, result: str) -> None:
    stage, callback = summoned()
    stage.gone(callback, cause)
    assert stage.facts(callback, "offer.ended")[0]["result"] == result
    assert stage.call(callback).state is CallState.PROMISED
    assert CallId(callback) in stage.model.floor.line
    assert stage.rung(callback) == []


def test_who_missed_it_is_asked_again_only_after_a_while() -> None:
    stage, callback = summoned()
    stage.gone(callback, 19)
    assert stage.of(cmd.CallOperator) == []
    assert [order.agent for order in stage.timer(callback).of(cmd.CallOperator)] == [SATO]


def test_an_operator_who_hangs_up_before_the_citizen_answers() -> None:
    stage, callback = calling()
    stage.gone(callback, after=10)
    assert stage.results(callback) == ["operator-left"]
    assert stage.operator("sato").state is AgentState.READY


def test_hanging_up_at_the_screen_while_it_rings_ends_the_attempt_and_not_the_promise() -> None:
    stage, callback = calling()
    stage.play(ev.HangupRequested(CallId(callback), "agent")).gone(callback)
    assert stage.results(callback) == ["operator-left"]
    assert stage.call(callback).state is CallState.PROMISED


def test_rejecting_on_the_screen_stops_the_ringing_and_a_late_answer_rings_nobody() -> None:
    """Race: the operator picks up in the instant in which the offer is withdrawn."""
    stage, callback = summoned()
    order = stage.summons(callback)
    stage.play(ev.OfferRejected(SATO, order.offer))
    assert [ended.leg for ended in stage.of(cmd.HangUp)] == [order.leg]
    stage.play(ev.OfferAnswered(order.call, order.offer)).gone(callback)
    assert stage.rung(callback) == []
    assert stage.facts(callback, "offer.ended")[0]["result"] == "rejected"


def test_a_dial_that_never_comes_back_is_ended() -> None:
    stage, callback = calling()
    order = stage.summons(callback)
    assert [ended.leg for ended in stage.timer(callback).of(cmd.HangUp)] == [order.leg]
    assert stage.results(callback) == ["no-answer"]


def test_an_attempt_that_could_not_be_written_down_rings_nobody_and_is_tried_later() -> None:
    stage, callback = calling()
    stage.play(ev.CommandRefused(CallId(callback), "CallCitizen", "the journal cannot write"))
    assert stage.results(callback) == ["unreachable"]
    stage.gone(callback)
    assert stage.call(callback).state is CallState.PROMISED


# --- the citizen calls himself -----------------------------------------------------------------------------


def test_a_citizen_served_by_an_own_call_is_not_called() -> None:
    stage = CallbackStage(booker())
    callback = stage.promised("a")
    stage.waiting("c").ready("sato").answered("c")
    assert stage.done(callback) == "cancelled"
    assert "own call" in str(stage.facts(callback, "call.ended")[0]["reason"])
    stage.play(ev.CallerLeft(CallId("c"), 16), ev.AgentReadied(SATO))
    assert [c for c in stage.all if isinstance(c, cmd.CallOperator)] == []


def test_the_operator_who_is_rung_for_it_as_the_citizen_calls_in_is_let_go() -> None:
    """Race: the own call arrives while the operator's phone rings; the operator picks up all the same."""
    stage, callback = summoned()
    order = stage.summons(callback)
    stage.dial("c")
    assert [ended.leg for ended in stage.of(cmd.HangUp)] == [order.leg]
    stage.play(ev.OfferAnswered(order.call, order.offer)).gone(callback)
    assert stage.rung(callback) == []
    assert stage.call(callback).state is CallState.PROMISED
    assert CallId(callback) not in stage.model.floor.line


def test_a_citizen_who_hangs_up_unserved_is_called_after_all() -> None:
    stage = CallbackStage(booker())
    callback = stage.promised("a")
    stage.dial("c").ready("sato")
    assert stage.of(cmd.CallOperator) == []
    stage.play(ev.CallerLeft(CallId("c"), 16))
    assert [order.call for order in stage.of(cmd.CallOperator)] == [callback]


def test_an_own_call_that_is_answered_while_the_citizens_phone_rings_stops_the_ringing() -> None:
    stage, callback = calling()
    stage.play(ev.RosterChanged((booker(), booker("ito")))).ready("ito")
    stage.waiting("c").answered("c")
    assert [ended.call for ended in stage.of(cmd.HangUp)] == [callback]
    stage.gone(callback)
    assert stage.done(callback) == "cancelled"
    assert stage.operator("sato").state is AgentState.READY


def test_it_can_be_taken_back_in_every_phase_but_not_out_of_a_conversation() -> None:
    for phase in (summoned, calling):
        stage, callback = phase()
        stage.play(ev.CancelRequested(CallId(callback), "supervisor")).gone(callback)
        assert stage.outcome(callback) == ("failed", "supervisor")
        assert stage.operator("sato").state is AgentState.READY
    stage = CallbackStage()
    callback = stage.promised("a")
    stage.play(ev.CancelRequested(CallId(callback), "supervisor"))
    assert stage.done(callback) == "cancelled"
    stage, callback = talking()
    with pytest.raises(IllegalEvent):
        stage.play(ev.CancelRequested(CallId(callback), "supervisor"))


# --- hours and the window -----------------------------------------------------------------------------------


def test_outside_hours_it_moves_to_the_next_opening_at_its_old_place() -> None:
    stage = CallbackStage(booker())
    callback = stage.promised("a")
    opening = Instant(stage.now + 50_000)
    stage.play(ev.OverridesChanged((closed(stage.now, opening),)))
    stage.ready("sato")
    assert stage.of(cmd.CallOperator) == []
    assert stage.facts(callback, "callback.moved")[0]["until"] == opening
    assert CallId(callback) not in stage.model.floor.line
    stage.timer(callback)
    assert stage.now == opening
    assert [order.call for order in stage.of(cmd.CallOperator)] == [callback]


def test_at_the_end_of_its_window_it_goes_to_the_head_of_its_queue() -> None:
    stage = CallbackStage(booker())
    stage.waiting("first", "+819000000001")
    callback = stage.promised("a")
    while stage.now < stage.call(callback).promise.due_by:  # type: ignore[union-attr]
        stage.timer(callback)
    assert len(stage.facts(callback, "callback.overdue")) == 1
    assert [str(call) for call in stage.model.floor.line.waiting(stage.now)] == [callback, "first"]


def test_a_supervisor_moves_it_like_a_call() -> None:
    stage = CallbackStage(booker())
    stage.waiting("first", "+819000000001")
    callback = stage.promised("a")
    stage.play(ev.MoveRequested(CallId(callback), to_front=True))
    assert [str(call) for call in stage.model.floor.line.waiting(stage.now)] == [callback, "first"]
    stage.ready("sato")
    assert [order.call for order in stage.of(cmd.CallOperator)] == [callback]


def test_nobody_is_called_back_during_a_disaster_and_everybody_after_it() -> None:
    """Race: the operator accepts in the instant in which the disaster is declared."""
    stage, callback = summoned()
    offer = stage.summons(callback).offer
    stage.play(ev.EmergencyChanged("emergency"))
    assert [order.leg for order in stage.of(cmd.HangUp)] == [stage.summons(callback).leg]
    stage.play(ev.OfferAnswered(CallId(callback), offer)).gone(callback)
    for _ in range(3):
        stage.timer(callback)
    assert stage.rung(callback) == []
    assert stage.model.floor.line.position(CallId(callback), stage.now) == 1
    stage.play(ev.EmergencyChanged(None))
    assert [order.call for order in stage.of(cmd.CallOperator)] == [callback]


def test_a_centre_that_opens_again_early_calls_in_order_and_not_who_was_told_a_later_time() -> None:
    stage = CallbackStage(booker())
    first, second = stage.promised("a"), stage.promised("b", "+819000000001")
    stage.waiting("c", "+819000000002").timer("c").play(after=5)
    stage.play(ev.OverridesChanged((closed(stage.now, 90_000),))).key("c", ASK).key("c", "1")
    told = stage.heard("c")
    stage.ready("sato")
    assert not stage.model.floor.line.waiting(stage.now)
    stage.play(ev.OverridesChanged(()), after=60)
    assert [order.call for order in stage.of(cmd.CallOperator)] == [first]
    assert [str(call) for call in stage.model.floor.line.waiting(stage.now)] == [second]
    assert stage.call(told).promise.rests_until == 90_000  # type: ignore[union-attr]


def test_one_whose_attempts_are_used_up_becomes_a_case_for_a_person() -> None:
    stage, callback = calling()
    stage.back(callback, ev.DialStatus.BUSY)
    while stage.model.floor.promises:
        assert stage.facts(callback, "case.opened") == []
        stage.timer(callback).accepted(callback).back(callback, ev.DialStatus.BUSY)
    (case,) = stage.facts(callback, "case.opened")
    assert (case["case"], case["caller"]) == ("callback_failed", CALLER)
    assert case["details"] == {"queue": "booking", "asked_by": "a", "results": ["busy"] * 3}
    assert case["due_at"] == stage.now + 86_400


def test_one_that_is_taken_back_is_no_case_and_no_redial() -> None:
    stage, callback = calling()
    stage.play(ev.CancelRequested(CallId(callback), "supervisor")).gone(callback)
    assert stage.facts(callback, "case.opened") == []
    assert stage.model.floor.redials.tries(CALLER, stage.now, 3_600) == 0
