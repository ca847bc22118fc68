"""Calls outside hours and in the disaster mode: what they hear, how they end, and who is served still."""

from datetime import UTC, datetime

import pytest

from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.ids import CallId, Instant
from telephony.model.rulings import Override
from telephony.model.states import CallState
from telephony.public_holidays import japanese_holiday
from tests.unit.model.plans import plan
from tests.unit.model.stage import CITY, NUMBER, Stage, booker

HOURS = {
    "weekly": [{"days": ["mon", "tue", "wed", "thu", "fri"], "opens": "09:00", "closes": "17:15"}],
    "public_holidays": True,
    "year_end": {},
}


def at(text: str) -> Instant:
    return Instant(datetime.fromisoformat(f"{text}+09:00").astimezone(UTC).timestamp())


def stage(now: str, *people: str, **hours: object) -> Stage:
    """Return a centre with the city's hours at *now*, and *people* ready for bookings."""
    staged = Stage(
        *(booker(name) for name in people), centre=plan(hours=HOURS | hours), holidays=japanese_holiday
    )
    staged.now = at(now)
    return staged.ready(*people)


def heard(staged: Stage) -> tuple[str, ...]:
    """Return the prompts of the last words said, without what is filled in."""
    return tuple(sound.partition("{")[0] for sound in staged.of(cmd.Play)[-1].sounds)


def left(staged: Stage, call: str, after: float = 0, cause: int = 16) -> None:
    staged.play(ev.CallerLeft(CallId(call), cause), after=after)


@pytest.mark.parametrize(
    ("now", "reason", "opening"),
    [
        ("2026-12-27T10:00:00", "closed-day-off", "next-opening"),
        ("2027-01-11T10:00:00", "closed-holiday", "next-opening"),
        ("2026-12-29T10:00:00", "closed-year-end", "next-opening"),
        ("2027-01-04T08:59:59", "closed-before-hours", "next-opening-today"),
        ("2027-01-04T17:15:00", "closed-after-hours", "next-opening"),
    ],
)
def test_a_call_outside_hours_hears_why_and_when_it_opens(now: str, reason: str, opening: str) -> None:
    staged = stage(now, "sato").dial("a")
    assert [cmd.Answer(CallId("a"))] == staged.of(cmd.Answer)
    assert (reason, opening, "call-again") == heard(staged)
    assert staged.call("a").state is CallState.ENDING


def test_the_words_name_the_holiday_and_the_day_of_the_next_opening() -> None:
    (holiday, opening, _) = stage("2027-01-11T10:00:00").dial("a").of(cmd.Play)[0].sounds
    assert "'name': '成人の日'" in holiday
    assert "datetime.date(2027, 1, 12)" in opening
    assert "datetime.time(9, 0)" in opening


def test_a_caller_who_hears_it_out_is_hung_up_on_and_recorded_as_closed() -> None:
    staged = stage("2026-12-29T10:00:00").dial("a").spoken("a")
    assert [cmd.HangUp(CallId("a"), 16)] == staged.of(cmd.HangUp)
    left(staged, "a")
    assert ("closed", "system") == staged.outcome("a")
    assert staged.facts("a", "call.ended")[0]["reason"] == "年末年始"


def test_a_caller_who_hangs_up_in_the_middle_is_closed_too_by_their_own_hand() -> None:
    staged = stage("2026-12-29T10:00:00").dial("a")
    left(staged, "a", after=2)
    assert ("closed", "caller") == staged.outcome("a")


def test_in_the_last_second_a_caller_comes_in() -> None:
    assert stage("2027-01-04T17:14:59").dial("a").call("a").state is CallState.GREETING


def test_who_came_in_time_is_served_after_the_hours() -> None:
    """17:14:59: the caller arrives. 17:15:10: a key is pressed, and the queue is closed by now."""
    staged = stage("2027-01-04T17:14:59").dial("a").play(after=11)
    assert staged.greeted("a").key("a", "1").call("a").state is CallState.WAITING


def test_who_waited_for_a_controller_in_time_is_served_after_the_hours() -> None:
    staged = stage("2027-01-04T17:15:20")
    staged.play(ev.CallArrived(CallId("a"), None, NUMBER, "a@carrier", at("2027-01-04T17:14:50")))
    assert staged.call("a").state is CallState.GREETING


def test_who_waits_at_closing_time_waits_on() -> None:
    staged = stage("2027-01-04T17:14:00").waiting("a").play(after=3600).timer("a")
    assert staged.call("a").state is CallState.WAITING
    staged.play(ev.RosterChanged((booker(),))).ready("sato")
    assert staged.call("a").state is CallState.OFFERED


def test_who_waits_at_closing_time_is_sent_away_if_the_plan_says_so() -> None:
    staged = stage("2027-01-04T17:14:00", at_closing="dismiss").waiting("a")
    while staged.call("a").state is CallState.WAITING:
        staged.timer("a")
    assert at("2027-01-04T17:15:00") == staged.now
    assert ("closed-after-hours", "next-opening", "call-again") == heard(staged)
    assert "a" not in staged.model.floor.line
    left(staged.spoken("a"), "a")
    assert ("closed", "system") == staged.outcome("a")
    assert staged.facts("a", "queue.left")[0]["reason"] == "closed"


def test_a_phone_that_rings_at_closing_time_may_still_be_answered() -> None:
    """17:14:55 the phone rings; 17:15:05 the operator picks up; the plan dismisses who waits."""
    staged = stage("2027-01-04T17:14:55", "sato", at_closing="dismiss").waiting("a").play(after=10)
    assert staged.answered("a").call("a").state is CallState.TALKING


def test_a_phone_that_is_not_answered_after_closing_time_ends_the_waiting() -> None:
    staged = stage("2027-01-04T17:14:55", "sato", at_closing="dismiss").waiting("a").rings("a")
    staged.returned("a", ev.DialStatus.NOANSWER, after=20).timer("a")
    assert staged.call("a").state is CallState.ENDING


def test_a_recovered_caller_outside_hours_hears_the_announcement_again() -> None:
    """The controller died while it was said; nobody may come into the menu through that door."""
    staged = stage("2026-12-29T10:00:05")
    staged.play(
        ev.CallRecovered(
            CallId("a"),
            caller=None,
            dialled=NUMBER,
            sip_call_id=None,
            arrived_at=at("2026-12-29T10:00:00"),
            queue=None,
            priority=0,
            waiting_since=None,
            menu_path=(),
            agent=None,
            offer=None,
            leg=None,
            talking_since=None,
            connected_known=False,
            greeted=True,
        )
    )
    assert heard(staged)[0] == "closed-year-end"


# --- ad hoc ------------------------------------------------------------------------------------------


def override(since: str, until: str, *, opens: bool, **more: object) -> ev.OverridesChanged:
    return ev.OverridesChanged((Override("1", opens, at(since), at(until), **more),))  # type: ignore[arg-type]


def test_an_ad_hoc_opening_lets_callers_in_at_once_and_until_it_ends() -> None:
    staged = stage("2026-12-30T10:00:00")
    staged.play(override("2026-12-30T10:00:00", "2026-12-30T11:00:00", opens=True)).dial("a")
    assert staged.call("a").state is CallState.GREETING
    assert staged.play(after=3600).dial("b").call("b").state is CallState.ENDING


def test_an_ad_hoc_closing_says_its_own_message() -> None:
    staged = stage("2027-01-04T10:00:00", "sato")
    closing = override("2027-01-04T10:00:00", "2027-01-04T13:00:00", opens=False, message="typhoon")
    assert ("typhoon", "next-opening-today", "call-again") == heard(staged.play(closing).dial("a"))


def test_who_waits_when_it_is_closed_ad_hoc_is_sent_away_at_once_if_the_plan_says_so() -> None:
    staged = stage("2027-01-04T10:00:00", at_closing="dismiss").waiting("a")
    staged.play(override("2027-01-04T10:00:00", "2027-01-04T13:00:00", opens=False))
    assert staged.call("a").state is CallState.ENDING


def test_a_queue_that_is_closed_says_so_when_the_menu_leads_there() -> None:
    staged = stage("2027-01-04T10:00:00", "sato")
    staged.play(override("2027-01-04T09:00:00", "2027-01-04T13:00:00", opens=False, queues=("booking",)))
    assert staged.dial("a").call("a").state is CallState.GREETING
    assert heard(staged.greeted("a").key("a", "1"))[0] == "closed-exception"
    left(staged.spoken("a"), "a")
    assert ("closed", "system") == staged.outcome("a")
    assert staged.facts("a", "call.ended")[0]["queue"] == "booking"


def test_a_queue_that_is_opened_opens_the_door() -> None:
    staged = stage("2027-01-09T10:00:00", "sato")
    staged.play(override("2027-01-09T09:00:00", "2027-01-09T13:00:00", opens=True, queues=("booking",)))
    assert staged.waiting("a").call("a").state is CallState.OFFERED
    assert staged.waiting("b", key="0").call("b").state is CallState.ENDING


def test_another_plan_with_other_hours_holds_at_once() -> None:
    staged = stage("2026-12-30T10:00:00").play(ev.PlanChanged(plan())).dial("a")
    assert staged.call("a").state is CallState.GREETING


# --- the disaster mode -----------------------------------------------------------------------------------


def test_in_the_disaster_mode_every_call_hears_its_announcement() -> None:
    staged = stage("2027-01-04T10:00:00", "sato").play(ev.EmergencyChanged("emergency"))
    assert ("emergency",) == heard(staged.dial("a"))
    left(staged.spoken("a"), "a")
    assert ("emergency", "system") == staged.outcome("a")
    assert ("emergency",) == heard(staged.dial("b", CITY))


def test_who_is_on_the_way_to_an_operator_hears_it_and_who_talks_talks_on() -> None:
    staged = stage("2027-01-04T10:00:00", "sato").waiting("talks").answered("talks")
    staged.waiting("waits").dial("greeted").dial("asked").greeted("asked")
    staged.play(ev.EmergencyChanged("emergency"))
    ending = {call for call, live in staged.model.floor.calls.items() if live.state is CallState.ENDING}
    assert {"waits", "greeted", "asked"} == ending
    assert staged.call("talks").state is CallState.TALKING


def test_a_phone_that_rings_when_the_disaster_comes_may_be_answered() -> None:
    """The announcement cannot reach a caller in ``Dial()``: either somebody answers, or they hear it then."""
    staged = stage("2027-01-04T10:00:00", "sato").waiting("a").rings("a")
    staged.play(ev.EmergencyChanged("emergency"))
    assert staged.call("a").state is CallState.OFFERED
    staged.returned("a", ev.DialStatus.NOANSWER, after=20).timer("a")
    assert ("emergency",) == heard(staged)
    left(staged.spoken("a"), "a")
    assert ("emergency", "system") == staged.outcome("a")


def test_an_operator_who_is_free_at_the_very_end_of_the_hours_gets_nobody_who_was_sent_away() -> None:
    """17:15:00.000: the closing and the operator's sign-in come in the same instant, the closing first."""
    staged = stage("2027-01-04T17:14:00", at_closing="dismiss").waiting("a")
    staged.play(ev.RosterChanged((booker(),)))
    while staged.call("a").state is CallState.WAITING:
        staged.timer("a")
    staged.ready("sato")
    assert staged.of(cmd.Offer) == []
    assert staged.call("a").state is CallState.ENDING


def test_after_the_disaster_mode_calls_come_in_again() -> None:
    staged = stage("2027-01-04T10:00:00").play(ev.EmergencyChanged("emergency"), ev.EmergencyChanged(None))
    assert staged.dial("a").call("a").state is CallState.GREETING
