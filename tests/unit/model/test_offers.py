"""Offers and their races, each written down as the sequence of events that it is."""

import pytest

from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.errors import IllegalEvent
from telephony.model.events import DialStatus
from telephony.model.ids import AgentName, CallId, Instant
from telephony.model.states import AgentState, CallState
from tests.unit.model.stage import Stage, booker, learner

A, SATO = CallId("a"), AgentName("sato")


def offered() -> Stage:
    """Return a stage on which call a rings at Sato's phone."""
    return Stage(booker()).ready("sato").waiting("a").rings("a")


def talking() -> Stage:
    """Return a stage on which call a talks with Sato."""
    return Stage(booker()).ready("sato").waiting("a").answered("a")


def test_ready_operator_is_offered_the_call_and_sees_it() -> None:
    stage = Stage(booker()).ready("sato").waiting("a")
    assert [offer.agent for offer in stage.of(cmd.Offer)] == ["sato"]
    assert [shown.offer for shown in stage.of(cmd.ShowOffer)] == [stage.offer("a").offer]


def test_phone_that_is_not_registered_is_never_offered_a_call() -> None:
    stage = Stage(booker()).play(ev.AgentReadied(SATO)).waiting("a")
    assert stage.of(cmd.Offer) == []
    stage.play(ev.PhoneChanged(SATO, registered=True))
    assert [offer.call for offer in stage.of(cmd.Offer)] == ["a"]


def test_who_could_not_be_followed_is_followed_before_the_call_leaves_our_hands() -> None:
    refusal = ev.CommandRefused(A, "Follow", "TimeoutError", unsure=True)
    stage = Stage(booker()).dial("a").play(refusal).greeted("a").key("a", "1")
    assert stage.of(cmd.Follow) == [], "in our hands we hear of it anyway"
    stage.ready("sato")
    orders = [type(order) for order in stage.said if isinstance(order, cmd.Follow | cmd.Offer)]
    assert orders == [cmd.Follow, cmd.Offer]
    stage.rings("a").returned("a", DialStatus.NOANSWER, after=20).timer("a")
    assert (len(stage.of(cmd.Follow)), len(stage.of(cmd.Offer))) == (0, 1), "once is enough"


def test_who_could_not_be_followed_on_the_way_to_a_phone_is_tried_once_more() -> None:
    refusal = ev.CommandRefused(A, "Follow", "TimeoutError", unsure=True)
    stage = offered().play(refusal)
    assert stage.of(cmd.Follow) == [cmd.Follow(A)]
    assert stage.play(refusal).of(cmd.Follow) == []


def test_caller_who_leaves_while_it_rings_frees_the_operator() -> None:
    stage = offered().play(ev.CallerLeft(A, 16), after=10)
    assert [over.result for over in stage.of(cmd.EndOffer)] == ["caller-left"]
    assert stage.operator("sato").state is AgentState.READY
    assert stage.outcome("a") == ("abandoned", "caller")


def test_no_answer_goes_to_another_and_never_back_to_the_same() -> None:
    stage = Stage(booker(), booker("ito")).ready("sato", "ito").waiting("a")
    first = stage.offer("a").agent
    stage.rings("a").returned("a", DialStatus.NOANSWER, after=20)
    assert stage.offer("a").agent != first
    stage.rings("a").returned("a", DialStatus.NOANSWER, after=20)
    assert stage.of(cmd.Offer) == []
    assert stage.call("a").state is CallState.WAITING


def test_call_that_everybody_missed_is_offered_again_at_the_next_announcement() -> None:
    stage = offered().returned("a", DialStatus.NOANSWER, after=20)
    assert stage.of(cmd.Offer) == []
    assert stage.timer("a").of(cmd.Offer) != []


def test_place_in_line_survives_a_missed_offer() -> None:
    stage = Stage(booker()).ready("sato").waiting("a")
    stage.play(after=5).waiting("b", "+819000000001")
    stage.rings("a").returned("a", DialStatus.NOANSWER, after=20)
    floor = stage.model.floor
    assert floor.line.position(A, stage.now) == 1


def test_two_misses_in_a_row_mean_not_responding_and_one_key_mends_it() -> None:
    stage = offered().returned("a", DialStatus.NOANSWER, after=20)
    assert stage.operator("sato").state is AgentState.READY
    stage.waiting("b", "+819000000001").rings("b").returned("b", DialStatus.NOANSWER, after=20)
    assert stage.operator("sato").state is AgentState.NOT_RESPONDING
    stage.play(ev.AgentReadied(SATO))
    assert [offer.call for offer in stage.of(cmd.Offer)] == ["a"]


def test_rejecting_on_the_screen_stops_the_ringing() -> None:
    stage = offered()
    stage.play(ev.OfferRejected(SATO, stage.offer("a").offer))
    assert [order.leg for order in stage.of(cmd.WithdrawOffer)] == ["leg-a"]
    stage.returned("a", DialStatus.NOANSWER)
    assert stage.facts("a", "offer.ended")[0]["result"] == "rejected"


def test_rejecting_before_the_leg_is_known_stops_it_when_it_appears() -> None:
    stage = Stage(booker()).ready("sato").waiting("a")
    stage.play(ev.OfferRejected(SATO, stage.offer("a").offer))
    assert [order.leg for order in stage.of(cmd.WithdrawOffer)] == [None]
    assert [order.leg for order in stage.rings("a").of(cmd.WithdrawOffer)] == ["leg-a"]


def test_rejecting_an_offer_that_is_over_is_told_so() -> None:
    stage = offered()
    old = stage.offer("a").offer
    stage.returned("a", DialStatus.NOANSWER, after=20)
    with pytest.raises(IllegalEvent, match="over"):
        stage.play(ev.OfferRejected(SATO, old))


def test_answer_in_the_instant_of_withdrawal_keeps_the_caller_in_line() -> None:
    stage = offered()
    offer = stage.offer("a").offer
    stage.play(ev.OfferRejected(SATO, offer)).play(ev.OfferAnswered(A, offer))
    stage.returned("a", DialStatus.ANSWER, after=0.01)
    assert stage.of(cmd.HangUp) == []
    assert stage.call("a").state is CallState.WAITING


def test_withdrawal_that_came_too_late_lets_them_talk() -> None:
    stage = offered()
    offer = stage.offer("a").offer
    stage.play(ev.OfferRejected(SATO, offer)).play(ev.OfferAnswered(A, offer))
    stage.play(ev.CommandRefused(A, "WithdrawOffer", "The operator has already answered."))
    assert stage.call("a").state is CallState.TALKING
    assert stage.operator("sato").state is AgentState.TALKING


def test_answer_seen_only_when_dial_is_back_counts_as_a_conversation() -> None:
    stage = offered().returned("a", DialStatus.ANSWER, after=60)
    assert [order.call for order in stage.of(cmd.HangUp)] == ["a"]
    stage.play(ev.CallerLeft(A, 16))
    assert stage.outcome("a") == ("answered", "agent")


@pytest.mark.parametrize("status", [DialStatus.CONGESTION, DialStatus.CHANUNAVAIL])
def test_phone_that_rang_and_then_declined_has_rejected(status: DialStatus) -> None:
    stage = offered().returned("a", status)
    assert stage.facts("a", "offer.ended")[0]["result"] == "rejected"


def test_phone_that_never_rang_was_not_reached() -> None:
    stage = Stage(booker()).ready("sato").waiting("a").returned("a", DialStatus.CHANUNAVAIL)
    assert stage.facts("a", "offer.ended")[0]["result"] == "unreachable"


def test_overdue_dial_is_withdrawn() -> None:
    assert [order.leg for order in offered().timer("a").of(cmd.WithdrawOffer)] == ["leg-a"]


def test_late_events_of_an_old_offer_change_nothing() -> None:
    stage = Stage(booker(), booker("ito")).ready("sato", "ito").waiting("a")
    old = stage.offer("a").offer
    stage.rings("a").returned("a", DialStatus.BUSY)
    assert stage.offer("a").offer != old
    stage.play(ev.OfferAnswered(A, old), ev.OfferReturned(A, old, DialStatus.ANSWER))
    assert stage.said == []


def test_stale_timer_changes_nothing() -> None:
    stage = Stage().dial("a")
    armed = stage.of(cmd.ArmTimer)[0]
    stage.greeted("a").play(ev.CallTimerFired(A, armed.timer, armed.serial))
    assert stage.said == []


def test_refused_offer_puts_the_caller_back_into_line() -> None:
    stage = Stage(booker()).ready("sato").waiting("a").play(ev.CommandRefused(A, "Offer", "500"))
    assert stage.call("a").state is CallState.WAITING
    assert stage.facts("a", "offer.ended")[0]["result"] == "unreachable"


def test_operator_hangs_up_first() -> None:
    stage = talking()
    stage.play(ev.CallerLeft(A, 16, served=stage.call("a").last_offer), after=90)
    assert stage.operator("sato").state is AgentState.AFTER_CALL
    assert stage.outcome("a") == ("answered", "agent")
    assert stage.facts("a", "call.talk_ended")[0]["talked_s"] == 90


def test_operator_hangs_up_before_the_answer_was_seen() -> None:
    stage = offered()
    stage.play(ev.CallerLeft(A, 16, served=stage.offer("a").offer), after=3)
    assert stage.outcome("a") == ("answered", "agent")
    assert stage.facts("a", "offer.ended")[0]["result"] == "answered"
    assert stage.operator("sato").state is AgentState.AFTER_CALL


def test_whoever_served_an_earlier_offer_did_not_end_this_call() -> None:
    stage = Stage(booker(), booker("ito")).ready("sato", "ito").waiting("a")
    old = stage.offer("a").offer
    stage.rings("a").returned("a", DialStatus.BUSY).rings("a")
    stage.play(ev.CallerLeft(A, 16, served=old), after=10)
    assert stage.outcome("a") == ("abandoned", "caller")


def test_caller_is_let_go_when_dial_came_back_after_a_conversation() -> None:
    stage = talking().returned("a", DialStatus.ANSWER, after=90)
    assert [order.call for order in stage.of(cmd.HangUp)] == ["a"]
    stage.play(ev.CallerLeft(A, 16))
    assert stage.outcome("a") == ("answered", "agent")


def test_caller_hangs_up_first() -> None:
    stage = talking().play(ev.CallerLeft(A, 16), after=30)
    assert stage.outcome("a") == ("answered", "caller")
    assert stage.operator("sato").state is AgentState.AFTER_CALL


def test_next_caller_rings_the_moment_after_call_work_ends() -> None:
    stage = talking().waiting("b", "+819000000001").play(ev.CallerLeft(A, 16))
    assert stage.of(cmd.Offer) == []
    assert [offer.call for offer in stage.play(ev.AgentReadied(SATO), after=9).of(cmd.Offer)] == ["b"]
    assert stage.facts("a", "call.acw_ended")[0]["acw_s"] == 9


def test_lower_tier_opens_with_time_while_nobody_better_is_there() -> None:
    stage = Stage(learner()).ready("mori").waiting("a")
    assert stage.of(cmd.Offer) == []
    stage.timer("a").timer("a")
    assert stage.now == 1_020
    assert [offer.agent for offer in stage.of(cmd.Offer)] == ["mori"]


def test_lower_tier_opens_at_its_instant_however_that_is_rounded() -> None:
    """Here ``since + 20 - since`` is less than 20: the timer fired and found it too early, for ever."""
    stage = Stage(learner()).ready("mori")
    stage.now = Instant(1019.9367933757277)
    stage.waiting("a").timer("a").timer("a")
    assert stage.call("a").state is CallState.OFFERED


def test_lower_tier_opens_although_a_better_operator_is_free_but_does_not_answer() -> None:
    stage = Stage(booker(), learner()).ready("sato", "mori").waiting("a").rings("a")
    stage.returned("a", DialStatus.NOANSWER, after=20)
    assert [offer.agent for offer in stage.of(cmd.Offer)] == ["mori"]


def test_sticky_operator_gets_the_caller_back_when_free() -> None:
    stage = Stage(booker(), booker("ito")).ready("sato", "ito").dial("a").greeted("a")
    stage.play(ev.CallerRemembered(A, AgentName("ito"))).key("a", "1")
    assert stage.offer("a").agent == "ito"


def test_sticky_operator_who_is_busy_costs_no_wait() -> None:
    stage = Stage(booker(), booker("ito")).ready("sato").dial("a").greeted("a")
    stage.play(ev.CallerRemembered(A, AgentName("ito"))).key("a", "1")
    assert stage.offer("a").agent == "sato"


def test_short_abandon_is_told_apart() -> None:
    stage = Stage().waiting("a").play(ev.CallerLeft(A, 16), after=4.9)
    assert stage.outcome("a") == ("short_abandoned", "caller")
    stage = Stage().waiting("a").play(ev.CallerLeft(A, 16), after=5.1)
    assert stage.outcome("a") == ("abandoned", "caller")


def test_waiting_caller_hears_music_then_words_then_music() -> None:
    stage = Stage().waiting("a", key="0")
    assert len(stage.of(cmd.StartMusic)) == 1
    stage.timer("a")
    assert stage.now == 1_015
    assert len(stage.of(cmd.StopMusic)) == 1
    assert stage.of(cmd.Play)[0].sounds == ("please-wait", "position{'position': 1}")
    assert stage.of(cmd.StartMusic) == [cmd.StartMusic(A, after_words=True)]
    assert stage.spoken("a").said == []


def test_music_that_could_not_be_started_is_tried_again() -> None:
    stage = Stage(booker()).waiting("a")
    stage.play(ev.CommandRefused(A, "StartMusic", "no connection")).timer("a")
    assert stage.now == 1_001
    assert len(stage.of(cmd.Play)) == 1, "words, because a step is in force"
    assert stage.of(cmd.StartMusic) == [cmd.StartMusic(A, after_words=True)]


def test_music_that_could_not_be_ordered_with_the_words_starts_after_them() -> None:
    stage = Stage(booker()).waiting("a", key="0").timer("a")
    stage.play(ev.CommandRefused(A, "StartMusic", "no connection"))
    assert stage.spoken("a").of(cmd.StartMusic) == [cmd.StartMusic(A)]


def test_recording_is_paused_and_resumed_on_request() -> None:
    stage = talking().play(ev.RecordingPaused(A))
    assert [order.call for order in stage.of(cmd.PauseRecording)] == ["a"]
    assert stage.play(ev.RecordingPaused(A)).of(cmd.PauseRecording) == []
    assert [order.call for order in stage.play(ev.RecordingResumed(A)).of(cmd.ResumeRecording)] == ["a"]


def test_illegal_event_is_refused_and_changes_nothing() -> None:
    stage = Stage().waiting("a")
    before = repr(stage.call("a"))
    with pytest.raises(IllegalEvent, match="RecordingPaused is not possible in state waiting"):
        stage.play(ev.RecordingPaused(A))
    assert repr(stage.call("a")) == before


def test_caller_who_leaves_without_a_cause_has_left_all_the_same() -> None:
    """Asterisk reports cause 0 of a caller who hangs up while the operator's phone rings."""
    stage = offered().play(ev.CallerLeft(A, 0), after=10)
    assert stage.outcome("a") == ("abandoned", "caller")
