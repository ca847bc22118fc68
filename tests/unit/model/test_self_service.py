"""Self-service by keypad: every way through the dialogue, every way out of it, and its races."""

from dataclasses import replace
from datetime import date

import pytest

from config.schema import Centre
from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model import self_booking as sb
from telephony.model.ids import CallId, Instant, QueueName
from telephony.model.self_steps import ANSWER_S, QUICK_S, TRIES
from telephony.model.states import CallState
from tests.unit.model.callback_stage import CALLER, closed
from tests.unit.model.plans import plan
from tests.unit.model.stage import Stage, booker

KEY = "5"
"""The overflow key that begins it."""

MONDAY = Instant(1_796_601_600.0)  # 2026-12-07 00:00 UTC, which is 09:00 in Japan
NOW = Instant(MONDAY - 864_000)
OPENS = Instant(NOW + 8_000)
SLOT = sb.FreeSlot("12-collection", "koseki", MONDAY)
LATER = replace(SLOT, slot="13-collection", starts_at=Instant(MONDAY + 1_800))
BOOKED = sb.Reservation("123456782", "koseki", "collection", MONDAY)
NOTICE, BIRTH = "12345678", "19800405"


def after_hours_plan(**changes: object) -> Centre:
    return plan(self_service={"service": "collection", "after_hours": True}, **changes)


class SelfStage(Stage):
    """`Stage`, and a booking whose answers a test writes."""

    def __init__(self, *people: str, centre: Centre | None = None) -> None:
        super().__init__(*(booker(name) for name in people or ("sato",)), centre=centre)
        self.now = NOW
        self.play(ev.PhoneChanged(self.operator("sato").name, registered=True))

    def begins(self, call: str = "a", caller: str | None = CALLER) -> "SelfStage":
        """Let *call* wait and begin the dialogue."""
        self.waiting(call, caller)
        self.timer(call)
        self.key(call, KEY)
        return self

    def keys(self, keys: str, call: str = "a") -> "SelfStage":
        for key in keys:
            self.key(call, key)
        return self

    def question(self, call: str = "a") -> sb.Question:
        """Return what the booking is asked last."""
        return self._asked(call).question

    def answer(self, answer: sb.Answer, call: str = "a", after: float = 0.1) -> "SelfStage":
        """Let the booking answer its last question."""
        self.play(ev.BookingAnswered(CallId(call), self._asked(call).number, answer), after=after)
        return self

    def _asked(self, call: str) -> cmd.AskBooking:
        return [c for c in self.all if isinstance(c, cmd.AskBooking) and c.call == call][-1]

    def hears(self) -> tuple[str, ...]:
        """Return what the last event let be said."""
        return tuple(sound for said in self.of(cmd.Play) for sound in said.sounds)

    def offered(self, call: str = "a") -> "SelfStage":
        """Let the caller tell a notice number that nobody knows, and hear a slot."""
        self.begins(call).keys(f"{NOTICE}#", call)
        return self.answer(sb.Known(None), call).answer(sb.Kept(SLOT), call)

    def found(self, call: str = "a") -> "SelfStage":
        """Let the caller tell a notice number with a reservation."""
        return self.begins(call).keys(f"{NOTICE}#", call).answer(sb.Known(BOOKED), call)


# --- the ways through --------------------------------------------------------------------------------------


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


# --- the ways out ------------------------------------------------------------------------------------------


def in_line(stage: Stage, call: str = "a") -> bool:
    return CallId(call) in stage.model.floor.line


def test_who_books_stands_in_no_line_and_comes_back_to_the_same_place() -> None:
    stage = SelfStage()
    stage.begins()
    assert not in_line(stage)
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


# --- the booking is slow, gone or full ---------------------------------------------------------------------


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


# --- outside hours -----------------------------------------------------------------------------------------


def shut(centre: Centre | None = None) -> SelfStage:
    """Return a centre that is closed until `OPENS`, and a caller who hears so."""
    stage = SelfStage(centre=centre or after_hours_plan())
    stage.play(ev.OverridesChanged((closed(0, OPENS),)))
    stage.dial("a")
    return stage


def test_outside_hours_the_reason_comes_first_and_then_the_offer() -> None:
    stage = shut()
    assert stage.hears()[0] == "closed-exception"
    assert stage.hears()[-1] == "self-service-offer"
    stage.key("a", "1")
    assert stage.facts("a", "self_service.started") == [{"after_hours": True}]
    stage.keys(f"{NOTICE}#").answer(sb.Known(None)).answer(sb.Kept(SLOT))
    assert stage.hears()[-1] == "self-service-callback"
    stage.key("a", "1")
    stage.answer(sb.Done(BOOKED)).spoken("a").play(ev.CallerLeft(CallId("a"), 16))
    assert stage.outcome("a") == ("self_service", "system")


def test_outside_hours_silence_and_a_hang_up_are_closed_calls_as_ever() -> None:
    stage = shut()
    stage.spoken("a").timer("a")
    assert stage.hears() == ("call-again",)
    stage.spoken("a").play(ev.CallerLeft(CallId("a"), 16))
    assert stage.outcome("a") == ("closed", "system")
    stage = shut()
    stage.play(ev.CallerLeft(CallId("a"), 16))
    assert stage.outcome("a") == ("closed", "caller")


def test_outside_hours_the_way_on_is_a_callback_after_the_opening() -> None:
    stage = shut()
    stage.ready("sato").keys(f"1{NOTICE}#")
    stage.answer(sb.NoAnswer())
    assert stage.call("a").state is CallState.ASKING
    assert stage.hears() == ("self-service-unavailable", f"callback-confirm{{'number': '{CALLER}'}}")
    assert not in_line(stage)
    stage.key("a", "1")
    assert stage.hears()[0].startswith("callback-promised-later")
    stage.spoken("a").play(ev.CallerLeft(CallId("a"), 16))
    assert stage.outcome("a") == ("callback_requested", "system")
    (promise,) = stage.model.floor.promises.values()
    rests = stage.call(promise).promise
    assert rests is not None
    assert rests.rests_until == OPENS
    assert stage.of(cmd.Offer) == []


@pytest.mark.parametrize("key", ["*", "999"])
def test_outside_hours_who_wants_no_callback_either_hears_when_to_call(key: str) -> None:
    stage = shut()
    stage.ready("sato").keys(f"1{NOTICE}#")
    stage.answer(sb.NoAnswer()).keys(key)
    assert stage.hears() == ("call-again",)
    stage.spoken("a").play(ev.CallerLeft(CallId("a"), 16))
    assert stage.outcome("a") == ("closed", "system")


def test_outside_hours_without_calls_of_ours_it_ends_with_when_to_call() -> None:
    raw = after_hours_plan().model_dump(mode="json")
    raw["trunks"][0]["outbound"] = None
    stage = shut(Centre.model_validate(raw))
    stage.keys(f"1{NOTICE}#")
    stage.answer(sb.NoAnswer())
    assert stage.hears() == ("self-service-unavailable", "call-again")


def test_outside_hours_who_has_a_callback_keeps_it() -> None:
    stage = shut()
    stage.keys(f"1{NOTICE}#")
    stage.answer(sb.NoAnswer()).key("a", "1")
    stage.spoken("a").play(ev.CallerLeft(CallId("a"), 16))
    stage.dial("b").keys(f"1{NOTICE}#", "b")
    stage.answer(sb.NoAnswer(), "b")
    assert stage.hears() == ("self-service-unavailable", "callback-kept")


def test_a_disaster_ends_it_and_gives_the_seat_back() -> None:
    stage = SelfStage()
    stage.offered().play(ev.EmergencyChanged("emergency"))
    assert stage.hears() == ("emergency",)
    assert stage.of(cmd.ForgetBooking) == [cmd.ForgetBooking(CallId("a"))]
    stage.answer(sb.Kept(LATER))
    assert stage.call("a").state is CallState.ENDING


def test_what_was_published_away_meanwhile_leads_on() -> None:
    stage = SelfStage()
    stage.begins().keys(f"{NOTICE}#")
    stage.play(ev.PlanChanged(plan(self_service=None))).answer(sb.Known(None))
    assert stage.hears() == ("self-service-unavailable", "back-in-line")
