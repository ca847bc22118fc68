"""Self-service by keypad: every way through the dialogue, and every way out of it."""

from dataclasses import replace
from datetime import date

import pytest

from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model import self_booking as sb
from telephony.model.ids import CallId, QueueName
from telephony.model.self_steps import TRIES
from telephony.model.states import CallState
from tests.unit.model.callback_stage import CALLER
from tests.unit.model.self_stage import BIRTH, BOOKED, LATER, NOTICE, SLOT, SelfStage


def test_a_notice_number_a_slot_and_one_key_make_a_reservation() -> None:
    stage = SelfStage()
    stage.begins()
    assert stage.hears() == ("self-service-notice",)
    stage.keys(f"{NOTICE}#")
    assert stage.question() == sb.LookUp(sb.Identity(NOTICE, CALLER, None))
    stage.answer(sb.Known(None))
    assert stage.question() == sb.Keep("collection")
    stage.answer(sb.Kept(SLOT))
    when = "self-service-when{'day': datetime.date(2026, 12, 7), 'at': datetime.time(9, 0)}"
    assert stage.hears() == (
        "self-service-new",
        "self-service-slot",
        "venue-koseki",
        when,
        "self-service-slot-keys",
        "self-service-operator",
    )
    stage.key("a", "1")
    assert stage.question() == sb.Book(sb.Identity(NOTICE, CALLER, None), SLOT, CALLER)
    stage.answer(sb.Done(BOOKED))
    assert stage.hears() == (
        "self-service-booked",
        "venue-koseki",
        when,
        "self-service-number{'number': '123456782'}",
        "self-service-number-again",
        "bring-collection",
        "goodbye",
    )
    stage.spoken("a").play(ev.CallerLeft(CallId("a"), 16))
    assert stage.outcome("a") == ("self_service", "system")
    assert stage.facts("a", "self_service.done") == [{"does": "booked", "reservation": "123456782"}]


def test_phone_and_birth_date_instead_of_a_notice_number() -> None:
    stage = SelfStage()
    stage.begins().key("a", "#")
    assert stage.hears() == ("self-service-phone-own",)
    stage.keys("0598531234#")
    assert stage.hears() == ("self-service-birth",)
    stage.keys(f"{BIRTH}#")
    assert stage.question() == sb.LookUp(sb.Identity(None, "0598531234", date(1980, 4, 5)))


def test_the_number_that_the_call_comes_from_is_one_key() -> None:
    stage = SelfStage()
    stage.begins().keys(f"##{BIRTH}#")
    assert stage.question() == sb.LookUp(sb.Identity(None, CALLER, date(1980, 4, 5)))


def test_a_withheld_number_is_asked_for_before_a_slot_is_offered() -> None:
    stage = SelfStage()
    stage.begins(caller=None).keys(f"{NOTICE}#").answer(sb.Known(None))
    assert stage.hears() == ("self-service-new", "self-service-phone")
    stage.key("a", "#")
    assert stage.hears() == ("self-service-not-understood", "self-service-phone")
    stage.keys("09012345678#")
    assert stage.question() == sb.Keep("collection")
    stage.answer(sb.Kept(SLOT)).key("a", "1")
    assert stage.question() == sb.Book(sb.Identity(NOTICE, "09012345678", None), SLOT, None)


def test_a_reservation_is_moved_to_a_later_slot_with_all_its_people() -> None:
    stage = SelfStage()
    stage.begins().keys(f"{NOTICE}#").answer(sb.Known(replace(BOOKED, people=3)))
    assert stage.hears()[0] == "self-service-found"
    stage.key("a", "1")
    assert stage.question() == sb.Keep("collection", 3)
    stage.answer(sb.Kept(SLOT)).key("a", "2")
    assert stage.question() == sb.Keep("collection", 3, SLOT, sb.Next.TIME)
    stage.answer(sb.Kept(LATER)).key("a", "1")
    assert stage.question() == sb.Move(replace(BOOKED, people=3), LATER)
    stage.answer(sb.Done(BOOKED))
    assert stage.hears()[0] == "self-service-moved"


def test_a_reservation_is_cancelled_after_a_second_key() -> None:
    stage = SelfStage()
    stage.found().key("a", "2")
    assert stage.hears() == ("self-service-cancel",)
    stage.key("a", "1")
    assert stage.question() == sb.Cancel(BOOKED)
    stage.answer(sb.Done(BOOKED))
    assert stage.hears() == ("self-service-cancelled", "goodbye")
    stage.play(ev.CallerLeft(CallId("a"), 16))
    assert stage.outcome("a") == ("self_service", "caller")


@pytest.mark.parametrize(("key", "by"), [("3", sb.Next.DAY), ("4", sb.Next.VENUE)])
def test_another_day_and_another_venue(key: str, by: sb.Next) -> None:
    stage = SelfStage()
    stage.offered().key("a", key)
    assert stage.question() == sb.Keep("collection", 1, SLOT, by)
    stage.answer(sb.Kept(None))
    assert stage.hears()[:2] == ("self-service-no-more", "self-service-slot")
    stage.key("a", "1")
    assert stage.question() == sb.Book(sb.Identity(NOTICE, CALLER, None), SLOT, CALLER)


def test_who_books_stands_in_no_line_and_comes_back_to_the_same_place() -> None:
    stage = SelfStage()
    stage.begins()
    assert not stage.in_line()
    since = stage.call("a").waiting_since
    stage.play(after=5)
    stage.waiting("b", "+819011110000")
    stage.key("a", "*")
    assert stage.hears() == ("back-in-line",)
    assert stage.call("a").waiting_since == since
    assert stage.model.floor.line.waiting(stage.now, QueueName("booking")) == ["a", "b"]


def test_nobody_rings_an_operator_for_somebody_who_books() -> None:
    stage = SelfStage()
    stage.begins().ready("sato")
    assert stage.of(cmd.Offer) == []
    stage.key("a", "*")
    assert [offer.call for offer in stage.of(cmd.Offer)] == ["a"]


def test_zero_leads_to_an_operator_and_the_seat_is_given_back() -> None:
    stage = SelfStage()
    stage.offered().key("a", "0")
    assert stage.of(cmd.ForgetBooking) == [cmd.ForgetBooking(CallId("a"))]
    assert stage.call("a").state is CallState.WAITING


@pytest.mark.parametrize("typed", ["123#", "12345*12#", "111#", "*#"])
def test_three_mistakes_lead_to_an_operator(typed: str) -> None:
    stage = SelfStage()
    stage.begins()
    if typed == "*#":
        stage.key("a", "#")
        typed = "1#"
    for _ in range(TRIES):
        stage.keys(typed)
    assert stage.call("a").state is CallState.WAITING
    assert stage.hears()[0] == "self-service-help"


def test_silence_asks_again_and_then_leads_on() -> None:
    stage = SelfStage()
    stage.begins()
    for _ in range(TRIES - 1):
        stage.spoken("a").timer("a")
        assert stage.hears() == ("no-key", "self-service-notice")
    stage.spoken("a").timer("a")
    assert stage.hears() == ("self-service-help", "back-in-line")


def test_what_was_typed_counts_without_the_last_key() -> None:
    stage = SelfStage()
    stage.begins().keys(NOTICE).timer("a")
    assert stage.question() == sb.LookUp(sb.Identity(NOTICE, CALLER, None))


def test_three_people_may_be_asked_for_and_no_more() -> None:
    """Nobody tries numbers until one fits."""
    stage = SelfStage()
    stage.begins()
    for _ in range(TRIES):
        stage.keys(f"{NOTICE}#").answer(sb.Known(BOOKED))
        stage.key("a", "*")
    assert stage.call("a").state is CallState.WAITING
    assert len(stage.facts("a", "self_service.failed")) == 1


@pytest.mark.parametrize("born", ["19801332", "18991231", "20991231", "1980", "198004051"])
def test_a_day_on_which_nobody_was_born(born: str) -> None:
    stage = SelfStage()
    stage.begins().keys(f"##{born}#")
    assert stage.hears() == ("self-service-not-understood", "self-service-birth")


def test_a_my_number_is_not_taken() -> None:
    stage = SelfStage()
    stage.begins().keys("123456789018#").answer(sb.MyNumber())
    assert stage.hears() == ("self-service-my-number", "self-service-notice")


def test_a_star_takes_digits_back_and_then_the_question() -> None:
    stage = SelfStage()
    stage.begins().keys("#0598*")
    assert stage.hears() == ("self-service-phone-own",)
    stage.key("a", "*")
    assert stage.hears() == ("self-service-notice",)


def test_nothing_free_at_all_leads_on() -> None:
    stage = SelfStage()
    stage.begins().keys(f"{NOTICE}#").answer(sb.Known(None)).answer(sb.Kept(None))
    assert stage.hears() == ("self-service-nothing-free", "back-in-line")
