"""An operator dials a target of the outreach list: the own phone, the target, and every race between them."""

import pytest

from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.errors import IllegalEvent
from telephony.model.events import DialStatus
from telephony.model.ids import AgentName, CallId
from telephony.model.outreach.beginning import obstacle
from telephony.model.outreach.shape import PROPOSED, CannotDial, Obstacle
from telephony.model.states import AgentState, CallState
from telephony.model.supervision.events import SupervisionRequested
from telephony.model.supervision.session import Mode
from telephony.model.transferring.events import TransferRequested
from telephony.model.transferring.target import Kind, Target
from tests.unit.model.outreach_stage import ROW, TARGET, OutreachStage
from tests.unit.model.plans import plan
from tests.unit.model.stage import booker

SATO = AgentName("sato")


def dialling() -> OutreachStage:
    """Return a stage on which Sato has dialled and the own phone is about to ring."""
    stage = OutreachStage()
    stage.ready("sato")
    return stage.dials()


def order_of_kinds(stage: OutreachStage) -> list[str]:
    """Return the kinds of facts and the names of commands that the last play led to."""
    return [c.kind if isinstance(c, cmd.Record) else type(c).__name__ for c in stage.said]


def test_the_own_phone_rings_first_and_nothing_else() -> None:
    stage = dialling()
    order = stage.order
    assert order.leg == f"{order.call}~{order.offer}~{booker().extension}"
    assert (order.number, order.asked_for, stage.dialled) == (TARGET, False, [])
    assert [(shown.agent, shown.call) for shown in stage.of(cmd.ShowOffer)] == [(SATO, order.call)]
    assert stage.facts(stage.name, "outreach.requested")[0]["outreach"] == ROW


def test_who_dials_is_offered_no_call_meanwhile() -> None:
    stage = dialling()
    stage.waiting("a")
    assert (stage.call("a").state, stage.operator("sato").state) == (CallState.WAITING, AgentState.OFFERED)
    stage.picks_up()
    assert (stage.call("a").state, stage.operator("sato").state) == (CallState.WAITING, AgentState.TALKING)
    stage.back(DialStatus.BUSY).gone()
    stage.play(ev.AgentReadied(SATO))
    assert stage.call("a").state is CallState.OFFERED


def test_that_the_target_is_dialled_is_written_down_first() -> None:
    stage = dialling().picks_up()
    said = order_of_kinds(stage)
    assert said.index("outreach.dialled") < said.index("CallCitizen")
    (order,) = stage.dialled
    assert order.binding
    assert (order.number, order.trunk, order.shown) == (TARGET, "carrier", "+81120000000")


def test_both_talk_and_the_target_hangs_up_first() -> None:
    stage = dialling().reached()
    assert stage.call(stage.name).state is CallState.TALKING
    stage.back(DialStatus.ANSWER, after=90).gone()
    assert stage.outcome(stage.name) == ("answered", "caller")
    assert stage.facts(stage.name, "call.talk_ended")[0]["talked_s"] == 90
    assert stage.operator("sato").state is AgentState.AFTER_CALL
    assert (stage.over, stage.results) == (True, [])


def test_both_talk_and_the_operator_hangs_up_first() -> None:
    stage = dialling().reached().gone(after=30)
    assert stage.outcome(stage.name) == ("answered", "agent")
    assert stage.operator("sato").state is AgentState.AFTER_CALL


def test_the_operator_hangs_up_at_the_screen() -> None:
    stage = dialling().reached().hangs_up()
    assert [ended.leg for ended in stage.of(cmd.HangUp)] == [stage.order.leg]
    stage.gone()
    assert stage.outcome(stage.name) == ("answered", "agent")


def test_a_conversation_is_recorded_by_the_rule_of_all_others() -> None:
    stage = dialling().reached()
    assert stage.dialled[0].record
    assert str(stage.facts(stage.name, "recording.started")[0]["file"]).endswith(f"{stage.name}.wav")
    quiet = OutreachStage(centre=plan(recording={"enabled": False}))
    quiet.ready("sato")
    quiet.dials().reached()
    assert (quiet.dialled[0].record, quiet.facts(quiet.name, "recording.started")) == (False, [])


def test_what_is_recorded_can_be_paused() -> None:
    stage = dialling().reached()
    stage.play(ev.RecordingPaused(CallId(stage.name)))
    assert [paused.call for paused in stage.of(cmd.PauseRecording)] == [stage.name]


@pytest.mark.parametrize(
    ("status", "result", "proposed"),
    [
        (DialStatus.BUSY, "busy", "busy"),
        (DialStatus.NOANSWER, "no-answer", "no-answer"),
        (DialStatus.CHANUNAVAIL, "unreachable", None),
        (DialStatus.CONGESTION, "unreachable", None),
    ],
)
def test_a_target_that_is_not_reached_is_told_to_the_screen_and_written_up(
    status: DialStatus, result: str, proposed: str | None
) -> None:
    stage = dialling().picks_up().back(status)
    (shown,) = stage.of(cmd.ShowOutreach)
    assert (shown.agent, shown.row, shown.result.value) == (SATO, ROW, result)
    assert PROPOSED.get(shown.result) == proposed
    assert [ended.leg for ended in stage.of(cmd.HangUp)] == [stage.order.leg]
    assert stage.operator("sato").state is AgentState.AFTER_CALL
    stage.gone()
    assert stage.outcome(stage.name) == ("failed", "system")
    assert len(stage.dialled) == 1


def test_a_lost_hangup_is_made_again() -> None:
    stage = dialling().picks_up().back(DialStatus.BUSY)
    stage.timer(stage.name)
    assert [ended.leg for ended in stage.of(cmd.HangUp)] == [stage.order.leg]
    assert stage.gone().over


def test_a_target_whose_ringing_never_ends_is_given_up() -> None:
    stage = dialling().picks_up()
    stage.timer(stage.name)
    assert stage.results == ["no-answer"]


def test_an_own_phone_that_is_not_picked_up_dials_nobody_and_is_no_missed_offer() -> None:
    stage = dialling().gone(cause=19)
    assert (stage.results, stage.dialled, stage.over) == (["not-dialled"], [], True)
    assert (stage.operator("sato").state, stage.operator("sato").missed) == (AgentState.READY, 0)


def test_an_own_phone_whose_end_nobody_tells_is_withdrawn_and_then_forgotten() -> None:
    stage = dialling()
    stage.timer(stage.name)
    assert [ended.leg for ended in stage.of(cmd.HangUp)] == [stage.order.leg]
    stage.timer(stage.name)
    assert (stage.over, stage.operator("sato").state) == (True, AgentState.READY)


def test_asterisk_refuses_to_ring_the_own_phone() -> None:
    stage = dialling()
    stage.play(ev.CommandRefused(CallId(stage.name), "CallOperator", "no contact"))
    assert (stage.results, stage.over, stage.operator("sato").state) == (
        ["not-dialled"],
        True,
        AgentState.READY,
    )


def test_asterisk_refuses_to_ring_the_target() -> None:
    stage = dialling().picks_up()
    stage.play(ev.CommandRefused(CallId(stage.name), "CallCitizen", "the journal cannot write"))
    assert stage.results == ["unreachable"]
    assert stage.gone().over


# --- races -----------------------------------------------------------------------------------------------


def test_the_operator_hangs_up_while_the_target_rings() -> None:
    stage = dialling().picks_up().gone(after=5)
    assert (stage.results, stage.outcome(stage.name)) == (["operator-left"], ("failed", "agent"))
    assert stage.operator("sato").state is AgentState.AFTER_CALL


def test_the_operator_hangs_up_at_the_screen_while_the_target_rings() -> None:
    stage = dialling().picks_up().hangs_up()
    assert (stage.call(stage.name).state, stage.results) == (CallState.ENDING, ["operator-left"])
    stage.gone()
    assert stage.outcome(stage.name) == ("failed", "agent")


def test_the_target_answers_in_the_instant_in_which_the_operator_hangs_up() -> None:
    """Race: Asterisk tells of the answer, and then of the operator's end."""
    stage = dialling().picks_up()
    order = stage.order
    stage.play(ev.CitizenAnswered(order.call, order.offer), ev.OperatorLeft(order.call, order.offer, 16))
    assert stage.outcome(stage.name) == ("answered", "agent")


def test_an_answer_that_is_told_after_the_operators_end_changes_nothing() -> None:
    """Race: the other way round."""
    stage = dialling().picks_up()
    order = stage.order
    stage.play(ev.OperatorLeft(order.call, order.offer, 16), ev.CitizenAnswered(order.call, order.offer))
    assert (stage.outcome(stage.name), stage.results) == (("failed", "agent"), ["operator-left"])


def test_an_answer_that_is_told_after_the_hangup_was_ordered_changes_nothing() -> None:
    """Race: the hang-up is on its way when the target picks up."""
    stage = dialling().picks_up().hangs_up()
    order = stage.order
    stage.play(ev.CitizenAnswered(order.call, order.offer))
    stage.gone()
    assert (stage.outcome(stage.name), stage.results) == (("failed", "agent"), ["operator-left"])


def test_both_hang_up_at_once() -> None:
    """Race: the operator's leg is gone before ``Dial()`` tells that the target has left."""
    stage = dialling().reached().gone(after=30).back(DialStatus.ANSWER)
    assert stage.outcome(stage.name) == ("answered", "agent")


def test_a_conversation_seen_only_at_its_end_was_one() -> None:
    stage = dialling().picks_up().back(DialStatus.ANSWER, after=60).gone()
    assert stage.outcome(stage.name) == ("answered", "caller")
    assert stage.results == []


def test_the_own_phone_is_picked_up_in_the_instant_in_which_the_call_is_given_up() -> None:
    """Race: nobody outside is rung for a call that was given up."""
    stage = dialling().hangs_up()
    order = stage.order
    stage.play(ev.OfferAnswered(order.call, order.offer))
    assert stage.dialled == []
    stage.gone()
    assert (stage.over, stage.operator("sato").state) == (True, AgentState.READY)


def test_the_offer_of_the_own_phone_can_be_turned_down() -> None:
    stage = dialling()
    stage.play(ev.OfferRejected(SATO, stage.order.offer))
    assert [ended.leg for ended in stage.of(cmd.HangUp)] == [stage.order.leg]
    assert stage.gone().over


def test_the_same_row_is_never_dialled_twice_at_once() -> None:
    stage = OutreachStage(booker(), booker("ueda"))
    stage.ready("sato", "ueda")
    stage.dials("sato")
    with pytest.raises(CannotDial) as refused:
        stage.dials("ueda")
    assert refused.value.obstacle is Obstacle.TWICE


def test_a_disaster_lets_nobody_dial_and_leaves_conversations_alone() -> None:
    stage = dialling()
    stage.play(ev.EmergencyChanged("emergency"))
    assert [ended.leg for ended in stage.of(cmd.HangUp)] == [stage.order.leg]
    talking = dialling().reached()
    talking.play(ev.EmergencyChanged("emergency"))
    assert talking.call(talking.name).state is CallState.TALKING


# --- who may dial ------------------------------------------------------------------------------------------


def test_whoever_is_away_may_dial_and_is_away_again_afterwards() -> None:
    stage = OutreachStage()
    stage.ready("sato").play(ev.AgentPaused(SATO, "lunch"))
    stage.dials().picks_up().back(DialStatus.BUSY).gone()
    stage.play(ev.AgentTimerFired(SATO, ev.Timer.AFTER_CALL, stage.operator("sato").timer_serial))
    assert (stage.operator("sato").state, stage.operator("sato").reason) == (AgentState.PAUSED, "lunch")


def test_who_is_not_signed_in_may_dial_and_is_not_signed_in_afterwards() -> None:
    stage = OutreachStage()
    stage.play(ev.PhoneChanged(SATO, registered=True))
    stage.dials().gone(cause=19)
    assert stage.operator("sato").state is AgentState.LOGGED_OUT


def test_who_did_not_respond_and_dials_is_back() -> None:
    stage = OutreachStage()
    stage.ready("sato").waiting("a").rings("a").returned("a", DialStatus.NOANSWER)
    stage.waiting("b").rings("b").returned("b", DialStatus.NOANSWER)
    assert stage.operator("sato").state is AgentState.NOT_RESPONDING
    stage.play(ev.CallerLeft(CallId("a"), 16), ev.CallerLeft(CallId("b"), 16))
    stage.dials().gone(cause=19)
    assert (stage.operator("sato").state, stage.operator("sato").missed) == (AgentState.READY, 0)


def test_the_next_call_may_be_dialled_out_of_after_call_work() -> None:
    stage = dialling().reached().gone()
    first = stage.name
    stage.play(after=10)
    stage.dials(row=ROW + 1)
    assert stage.facts(first, "call.acw_ended")[0]["acw_s"] == 10
    assert stage.operator("sato").call == stage.name


@pytest.mark.parametrize("why", [each for each in Obstacle if each is not Obstacle.TWICE])
def test_who_cannot_dial_hears_why_and_nothing_happens(why: Obstacle) -> None:
    trunks = [{"name": "carrier", "addresses": ["127.0.0.2"]}]
    stage = OutreachStage(centre=plan(trunks=trunks) if why is Obstacle.NO_TRUNK else plan())
    stage.ready("sato")
    if why is Obstacle.ON_A_CALL:
        stage.waiting("a")
    changes: dict[Obstacle, ev.Event] = {
        Obstacle.NO_PHONE: ev.PhoneChanged(SATO, registered=False),
        Obstacle.PHONE_IN_USE: ev.PhoneChanged(SATO, registered=True, in_use=True),
        Obstacle.EMERGENCY: ev.EmergencyChanged("emergency"),
    }
    stage.play(*([changes[why]] if why in changes else []))
    name = "nobody" if why is Obstacle.NO_OPERATOR else "sato"
    assert obstacle(stage.model.floor, AgentName(name)) is why
    with pytest.raises(CannotDial) as refused:
        stage.dials(name)
    assert (refused.value.obstacle, stage.model.floor.out) == (why, [])
    assert all(call.outreach is None for call in stage.model.floor.calls.values())


# --- and the rest of the floor ---------------------------------------------------------------------------


def test_what_the_target_has_tried_in_vain_is_remembered_as_before() -> None:
    stage = OutreachStage()
    for call in ("a", "b"):
        stage.waiting(call, TARGET).play(ev.CallerLeft(CallId(call), 16), after=30)
    stage.ready("sato")
    stage.dials().picks_up().back(DialStatus.BUSY).gone()
    stage.dial("c", TARGET)
    assert [fact["tries"] for fact in stage.facts("c", "call.repeated")] == [2]


def test_it_is_neither_transferred_nor_taken_over_but_can_be_listened_to() -> None:
    stage = OutreachStage(booker(), booker("ueda"))
    stage.ready("sato", "ueda").play(ev.AgentPaused(AgentName("ueda"), "lunch"))
    call = CallId(stage.dials().reached().name)
    with pytest.raises(IllegalEvent, match="transferred"):
        stage.play(TransferRequested(call, Target(Kind.QUEUE, "card"), "agent"))
    with pytest.raises(IllegalEvent, match="taken over"):
        stage.play(SupervisionRequested(call, AgentName("ueda"), Mode.TAKEOVER))
    stage.play(SupervisionRequested(call, AgentName("ueda"), Mode.LISTEN))
    assert len(stage.model.floor.supervisions) == 1
