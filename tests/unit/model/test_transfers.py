"""A call goes from an operator to somebody else: every way it may fail, and every race, written down."""

import math

import pytest

from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.errors import IllegalEvent, ModelError
from telephony.model.ids import AgentName, CallId, LegId, OfferId
from telephony.model.states import AgentState, CallState
from telephony.model.transferring.commands import CallReferral, TakeFromOperator
from telephony.model.transferring.events import CallerTransferred, TransferRequested
from telephony.model.transferring.target import Kind, Target
from tests.unit.model.plans import REFERRALS, agent, plan
from tests.unit.model.stage import Stage, booker

CALL = CallId("c1")
MORI = Target(Kind.OPERATOR, "mori")
CARD = Target(Kind.QUEUE, "card")
KOSEKI = Target(Kind.REFERRAL, "koseki")


def stage(*others: str, signed_in: bool = True) -> Stage:
    """Return a floor where sato talks on c1; mori has a phone, and is ready if *signed_in*."""
    people = (booker(), agent("mori", card=9), agent("kato", booking=9))
    made = Stage(*people, centre=plan(referrals=REFERRALS)).ready("sato")
    made.waiting("c1").answered("c1")
    made.play(ev.PhoneChanged(AgentName("mori"), registered=True))
    if signed_in:
        made.ready("mori")
    return made.ready(*others)


def taken(made: Stage, dialled: str | None = None) -> Stage:
    """Let Asterisk take the caller from the operator."""
    offer = made.call("c1").last_offer
    assert offer is not None
    return made.play(CallerTransferred(CALL, offer, dialled))


def sent(made: Stage, target: Target = MORI, by: str = "agent") -> Stage:
    return taken(made.play(TransferRequested(CALL, target, by)))


def last_offer(made: Stage) -> OfferId:
    offer = made.call("c1").last_offer
    assert offer is not None
    return offer


def test_a_caller_goes_to_another_operator_and_the_first_to_after_call_work() -> None:
    made = stage().play(TransferRequested(CALL, MORI, "agent"))
    assert ([TakeFromOperator(CALL)], "parting") == (made.of(TakeFromOperator), made.call("c1").state)
    assert AgentState.TALKING is made.operator("sato").state, "nothing has changed until Asterisk says so"
    taken(made)
    assert ["mori"] == [offer.agent for offer in made.of(cmd.Offer)]
    assert AgentState.AFTER_CALL is made.operator("sato").state
    made.play(after=4).answered("c1")
    assert ("mori", AgentState.TALKING) == (made.call("c1").agent, made.operator("mori").state)
    made.play(ev.CallerLeft(CALL, 16, last_offer(made)))
    assert ("answered", "agent") == made.outcome("c1")
    assert [0, 4] == [fact["waited_s"] for fact in made.facts("c1", "call.connected")]
    (fact,) = made.facts("c1", "call.transferred")
    assert ("sato", "operator", "mori") == (fact["from_agent"], fact["target"], fact["name"])


@pytest.mark.parametrize("status", [ev.DialStatus.BUSY, ev.DialStatus.NOANSWER, ev.DialStatus.CHANUNAVAIL])
def test_whom_nobody_takes_comes_back_to_the_operator(status: ev.DialStatus) -> None:
    made = sent(stage()).rings("c1").returned("c1", status)
    assert ["sato"] == [offer.agent for offer in made.of(cmd.Offer)]
    made.answered("c1")
    assert "sato" == made.call("c1").agent
    made.play(ev.CallerLeft(CALL, 16))
    assert ("answered", "caller") == made.outcome("c1")


def test_the_front_of_the_line_is_left_when_the_operator_does_not_answer_either() -> None:
    made = sent(stage()).waiting("c2")
    made.rings("c1").returned("c1", ev.DialStatus.NOANSWER, after=20)
    made.rings("c1").returned("c1", ev.DialStatus.NOANSWER, after=20)
    assert (CallState.WAITING, math.inf) == (made.call("c1").state, made.call("c1").priority)
    made.ready("kato")
    assert [CALL] == [offer.call for offer in made.of(cmd.Offer)], "before everybody who waits"


def test_the_front_of_the_line_is_left_when_the_operator_is_gone() -> None:
    made = sent(stage()).play(ev.AgentPaused(AgentName("sato"), "lunch"))
    made.rings("c1").returned("c1", ev.DialStatus.BUSY)
    assert (CallState.WAITING, math.inf) == (made.call("c1").state, made.call("c1").priority)


def test_a_caller_who_leaves_while_it_rings_counts_as_answered() -> None:
    made = sent(stage()).rings("c1").play(ev.CallerLeft(CALL, 16))
    assert ("answered", "caller") == made.outcome("c1")
    assert AgentState.READY is made.operator("mori").state


def test_a_queue_takes_the_caller_at_its_front_and_not_to_the_same_operator() -> None:
    made = stage().play(ev.AgentPaused(AgentName("mori"), "lunch"))
    sent(made, CARD)
    assert ("card", CallState.WAITING) == (made.call("c1").queue, made.call("c1").state)
    made.play(ev.AgentReadied(AgentName("mori")))
    assert ["mori"] == [offer.agent for offer in made.of(cmd.Offer)]


def test_a_supervisor_without_part_in_the_distribution_is_as_before_after_the_call() -> None:
    made = sent(stage(signed_in=False)).answered("c1").play(ev.CallerLeft(CALL, 16))
    made.play(ev.AgentTimerFired(AgentName("mori"), ev.Timer.AFTER_CALL, made.operator("mori").timer_serial))
    assert AgentState.LOGGED_OUT is made.operator("mori").state


@pytest.mark.parametrize("result", [ev.DialStatus.BUSY, ev.DialStatus.NOANSWER])
def test_a_supervisor_who_does_not_answer_is_as_before(result: ev.DialStatus) -> None:
    made = sent(stage(signed_in=False)).rings("c1").returned("c1", result)
    assert AgentState.LOGGED_OUT is made.operator("mori").state
    assert ["sato"] == [offer.agent for offer in made.of(cmd.Offer)]


# --- who may not ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        Target(Kind.OPERATOR, "sato"),
        Target(Kind.OPERATOR, "nobody"),
        Target(Kind.OPERATOR, "kato"),
        Target(Kind.QUEUE, "nowhere"),
        Target(Kind.REFERRAL, "nowhere"),
        Target(Kind.REFERRAL, "told-only"),
    ],
)
def test_what_cannot_be_gets_a_sentence_and_changes_nothing(target: Target) -> None:
    made = stage()
    with pytest.raises(ModelError):
        made.play(TransferRequested(CALL, target, "agent"))
    assert (CallState.TALKING, None) == (made.call("c1").state, made.call("c1").transfer)


def test_only_a_talk_can_be_transferred_and_only_once_at_a_time() -> None:
    made = stage().waiting("c2").play(TransferRequested(CALL, MORI, "agent"))
    for call in ("c2", "c1"):
        with pytest.raises(IllegalEvent):
            made.play(TransferRequested(CallId(call), MORI, "agent"))


# --- races ---------------------------------------------------------------------------------------------


def test_the_caller_leaves_in_the_instant_of_the_transfer() -> None:
    made = stage().play(TransferRequested(CALL, MORI, "agent"), ev.CallerLeft(CALL, 16))
    assert ("answered", "caller") == made.outcome("c1")
    assert AgentState.AFTER_CALL is made.operator("sato").state
    made.play(CallerTransferred(CALL, OfferId("1"), None))
    assert [] == made.said


def test_the_operator_hangs_up_in_the_instant_of_the_transfer_and_the_caller_is_gone() -> None:
    made = stage()
    offer = last_offer(made)
    made.play(TransferRequested(CALL, MORI, "agent"), ev.CommandRefused(CALL, "TakeFromOperator", "gone"))
    made.play(ev.CallerLeft(CALL, 16, offer))
    assert ("answered", "agent") == made.outcome("c1")


def test_the_operators_leg_ends_in_the_instant_of_the_transfer_and_the_caller_is_sent_on() -> None:
    made = stage().play(TransferRequested(CALL, MORI, "agent"))
    made.play(ev.OfferReturned(CALL, last_offer(made), ev.DialStatus.ANSWER))
    assert ["mori"] == [offer.agent for offer in made.of(cmd.Offer)]


def test_asterisk_takes_nobody_and_they_talk_on() -> None:
    made = stage().play(TransferRequested(CALL, MORI, "agent")).timer("c1")
    assert (CallState.TALKING, "sato") == (made.call("c1").state, made.call("c1").agent)
    taken(made, None)
    assert ["sato"] == [offer.agent for offer in made.of(cmd.Offer)], "it did, late: back to the operator"


def test_the_target_takes_another_call_in_that_instant() -> None:
    made = stage().play(TransferRequested(CALL, MORI, "agent"))
    made.dial("c2").greeted("c2").key("c2", "3").key("c2", "1")
    assert AgentState.OFFERED is made.operator("mori").state
    taken(made)
    assert ["sato"] == [offer.agent for offer in made.of(cmd.Offer)]


def test_the_target_turns_it_down_and_picks_up_at_once() -> None:
    made = sent(stage()).rings("c1")
    made.play(ev.OfferRejected(AgentName("mori"), last_offer(made)))
    made.play(ev.OfferAnswered(CALL, last_offer(made)))
    made.play(ev.CommandRefused(CALL, "WithdrawOffer", "already answered"))
    assert ("mori", CallState.TALKING) == (made.call("c1").agent, made.call("c1").state)


def test_no_transfer_is_left_over_after_somebody_has_answered() -> None:
    made = sent(stage()).answered("c1")
    assert made.call("c1").transfer is None
    made.play(ev.CallerLeft(CALL, 16))
    assert ("answered", "caller") == made.outcome("c1")


def test_the_recording_is_not_paused_any_more_with_the_next_operator() -> None:
    made = sent(stage().play(ev.RecordingPaused(CALL))).answered("c1")
    assert not made.call("c1").recording_paused


# --- the operator's own phone ----------------------------------------------------------------------------


def test_a_phone_transfers_to_an_extension() -> None:
    made = stage("kato")
    taken(made, made.operator("kato").profile.extension)
    assert ["kato"] == [offer.agent for offer in made.of(cmd.Offer)]
    assert "phone" == made.facts("c1", "call.transferred")[0]["by"]


def test_a_phone_transfers_to_a_number_of_the_list_and_to_no_other() -> None:
    made = stage()
    taken(made, "0598000001")
    assert ["+81598000001"] == [order.number for order in made.of(CallReferral)]
    other = stage()
    taken(other, "09011112222")
    assert [] == other.of(CallReferral)
    assert ["sato"] == [offer.agent for offer in other.of(cmd.Offer)]


def test_a_phone_transfers_before_we_heard_of_its_answer() -> None:
    made = Stage(booker(), agent("kato", card=9)).ready("sato", "kato").waiting("c1").rings("c1")
    taken(made, made.operator("kato").profile.extension)
    assert ["kato"] == [offer.agent for offer in made.of(cmd.Offer)]
    assert 1 == len(made.facts("c1", "call.connected"))


# --- outside ---------------------------------------------------------------------------------------------


def put_through() -> Stage:
    made = sent(stage(), KOSEKI)
    return made.play(ev.OfferRang(CALL, last_offer(made), LegId("out")))


def test_a_department_is_rung_and_talks() -> None:
    made = sent(stage(), KOSEKI)
    (order,) = made.of(CallReferral)
    assert ("+81598000001", "carrier", "+81120000000") == (order.number, order.trunk, order.shown)
    made.play(ev.OfferAnswered(CALL, order.offer))
    assert CallState.REFERRED is made.call("c1").state
    assert [{"referral": "koseki", "how": "transferred"}] == made.facts("c1", "call.referred")
    made.play(ev.CallerLeft(CALL, 16, order.offer))
    assert ("answered", "agent") == made.outcome("c1")


@pytest.mark.parametrize("status", [ev.DialStatus.BUSY, ev.DialStatus.NOANSWER, ev.DialStatus.CONGESTION])
def test_a_department_that_does_not_answer_gives_the_caller_back(status: ev.DialStatus) -> None:
    made = put_through()
    made.play(ev.OfferReturned(CALL, last_offer(made), status))
    assert ["sato"] == [offer.agent for offer in made.of(cmd.Offer)]


def test_a_trunk_that_will_not_dial_gives_the_caller_back() -> None:
    made = sent(stage(), KOSEKI).play(ev.CommandRefused(CALL, "CallReferral", "no"))
    assert ["sato"] == [offer.agent for offer in made.of(cmd.Offer)]


def test_a_department_that_rings_for_too_long_is_let_go() -> None:
    made = put_through().timer("c1")
    assert [LegId("out")] == [order.leg for order in made.of(cmd.WithdrawOffer)]


@pytest.mark.parametrize("answered", [True, False])
def test_a_caller_who_leaves_outside_counts_as_answered(*, answered: bool) -> None:
    made = put_through()
    if answered:
        made.play(ev.OfferAnswered(CALL, last_offer(made)))
    made.play(ev.CallerLeft(CALL, 16))
    assert ("answered", "caller") == made.outcome("c1")


def test_a_supervisor_ends_a_talk_outside() -> None:
    made = put_through()
    made.play(ev.OfferAnswered(CALL, last_offer(made)), ev.HangupRequested(CALL, "supervisor"))
    assert 1 == len(made.of(cmd.HangUp))
    made.play(ev.CallerLeft(CALL, 16))
    assert ("answered", "supervisor") == made.outcome("c1")
