"""Self-service by keypad when the booking is slow, gone or full; and its races."""

import pytest

from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model import self_booking as sb
from telephony.model.ids import CallId
from telephony.model.self_steps import ANSWER_S, QUICK_S, TRIES
from telephony.model.states import CallState
from tests.unit.model.self_stage import BOOKED, LATER, NOTICE, SLOT, SelfStage


def test_a_booking_that_takes_its_time_is_announced_and_music_follows() -> None:
    stage = SelfStage()
    stage.begins().keys(f"{NOTICE}#")
    asked_at = stage.now
    stage.timer("a")
    assert (stage.now - asked_at, stage.hears()) == (pytest.approx(QUICK_S), ("self-service-moment",))
    stage.spoken("a")
    assert stage.of(cmd.StartMusic) == [cmd.StartMusic(CallId("a"))]
    stage.answer(sb.Known(BOOKED), after=3)
    assert stage.of(cmd.StopMusic) == [cmd.StopMusic(CallId("a"))]
    assert stage.hears()[0] == "self-service-found"


def test_a_booking_that_never_answers_leads_on() -> None:
    stage = SelfStage()
    stage.begins().keys(f"{NOTICE}#")
    asked_at = stage.now
    stage.timer("a").timer("a")
    assert stage.now - asked_at == pytest.approx(QUICK_S + ANSWER_S)
    assert stage.hears() == ("self-service-unavailable", "back-in-line")
    stage.answer(sb.Known(BOOKED))
    assert stage.call("a").state is CallState.WAITING, "an answer that comes too late means nothing"


def test_of_what_was_to_be_written_nobody_claims_to_know() -> None:
    stage = SelfStage()
    stage.offered().key("a", "1")
    stage.answer(sb.NoAnswer())
    assert stage.hears() == ("self-service-unsure", "back-in-line")


def test_a_seat_that_is_gone_is_looked_for_again_a_few_times() -> None:
    """Race: the hold ran out, or a colleague took it over."""
    stage = SelfStage()
    stage.offered()
    for _ in range(TRIES - 1):
        stage.key("a", "1")
        stage.answer(sb.Gone()).answer(sb.Known(None)).answer(sb.Kept(LATER))
        assert stage.hears()[:2] == ("self-service-gone", "self-service-slot")
    stage.key("a", "1")
    stage.answer(sb.Gone())
    assert stage.hears() == ("self-service-help", "back-in-line")


def test_a_second_key_while_the_booking_writes_changes_nothing() -> None:
    """Race: 1 is pressed twice."""
    stage = SelfStage()
    stage.offered().keys("11")
    books = [c for c in stage.all if isinstance(c, cmd.AskBooking) and isinstance(c.question, sb.Book)]
    assert len(books) == 1


def test_who_leaves_before_the_booking_has_answered_has_confirmed_by_key() -> None:
    """Race: the reservation is made for somebody who has just hung up. It stands: it was wanted."""
    stage = SelfStage()
    stage.offered().key("a", "1")
    stage.play(ev.CallerLeft(CallId("a"), 16))
    assert stage.outcome("a") == ("self_service", "caller")
    assert stage.facts("a", "call.ended")[0]["reason"] == "left before the booking had answered"
    stage.answer(sb.Done(BOOKED))
    assert stage.said == []


def test_who_leaves_in_the_middle_gives_the_seat_back_and_is_abandoned() -> None:
    stage = SelfStage()
    stage.offered().play(ev.CallerLeft(CallId("a"), 16), after=60)
    assert stage.outcome("a") == ("abandoned", "caller")
    assert stage.of(cmd.ForgetBooking) == [cmd.ForgetBooking(CallId("a"))]


def test_an_answer_to_an_earlier_question_is_dropped() -> None:
    """Race: the answer of the second question comes while the third is asked."""
    stage = SelfStage()
    stage.offered().keys("2")
    stage.play(ev.BookingAnswered(CallId("a"), 2, sb.Kept(SLOT)))
    assert stage.said == []


def test_who_falls_out_of_our_hands_hears_the_question_again() -> None:
    stage = SelfStage()
    stage.offered()
    stage.dial("a")
    assert stage.hears()[0] == "self-service-slot"
