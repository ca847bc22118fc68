"""The dialogue that ends in a promise: read back, confirmed, refused with a reason; no place is lost."""

import pytest

from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.dialable import Refusal, checked
from telephony.model.ids import AgentName, CallId, Instant
from telephony.model.states import CallState
from tests.unit.model.callback_stage import ASK, CALLER, CallbackStage, callback_plan, closed
from tests.unit.model.stage import NUMBER, booker

A = CallId("a")


def words(stage: CallbackStage) -> list[str]:
    """Return what the last play let callers hear."""
    return [sound for played in stage.of(cmd.Play) for sound in played.sounds]


def test_the_callers_number_is_read_back_and_one_key_promises_the_call() -> None:
    stage = CallbackStage().asks("a")
    assert words(stage) == [f"callback-confirm{{'number': '{CALLER}'}}"]
    stage.key("a", "1")
    assert words(stage) == ["callback-promised"]
    assert [played.binding for played in stage.of(cmd.Play)] == [True]
    callback = stage.heard("a")
    assert stage.outcome("a") == ("callback_requested", "system")
    request = stage.facts(callback, "callback.requested")[0]
    assert (request["number"], request["asked_by"]) == (CALLER, "a")


def test_the_promise_is_written_before_the_caller_leaves_the_line() -> None:
    stage = CallbackStage().asks("a").key("a", "1")
    kinds = [record.kind for record in stage.of(cmd.Record)]
    assert kinds.index("callback.requested") < kinds.index("queue.left") < kinds.index("callback.promised")


def test_another_number_is_typed_read_back_and_confirmed() -> None:
    stage = CallbackStage().asks("a").key("a", "2")
    for key in "0598531111#":
        stage.key("a", key)
    assert words(stage) == ["callback-confirm{'number': '+81598531111'}"]
    stage.key("a", "1")
    assert stage.call(stage.heard("a")).caller == "+81598531111"


def test_a_withheld_number_must_be_typed() -> None:
    assert words(CallbackStage().asks("a", None)) == ["callback-enter"]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("110", Refusal.SPECIAL),
        ("171", Refusal.SPECIAL),
        ("0120000598", Refusal.SPECIAL),
        ("02041234567", Refusal.SPECIAL),
        ("0990512345", Refusal.COSTLY),
        ("0570012345", Refusal.COSTLY),
        ("0180991234", Refusal.COSTLY),
        ("0012025550123", Refusal.ABROAD),
        ("0101202555012", Refusal.ABROAD),
        ("+12025550123", Refusal.ABROAD),
        ("0120000000", Refusal.OWN),
        ("031234", Refusal.INVALID),
        ("09012345678901", Refusal.INVALID),
        ("Anonymous", Refusal.INVALID),
        ("0312345678;x", Refusal.INVALID),
        ("٠٣١٢٣٤٥٦٧٨", Refusal.INVALID),
        ("", Refusal.INVALID),
        (None, Refusal.INVALID),
    ],
)
def test_what_is_not_an_ordinary_line_is_not_called(typed: str | None, why: Refusal) -> None:
    assert checked(typed, {NUMBER}) is why


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("09012345678", "+819012345678"),
        ("06012345678", "+816012345678"),
        ("05012345678", "+815012345678"),
        ("0598531111", "+81598531111"),
        ("+81312345678", "+81312345678"),
    ],
)
def test_ordinary_lines_are_called(typed: str, number: str) -> None:
    assert checked(typed, {NUMBER}) == number


def test_a_refused_number_says_why_and_asks_again() -> None:
    stage = CallbackStage().asks("a").key("a", "2")
    for key in "110#":
        stage.key("a", key)
    assert words(stage) == ["callback-refused-special", "callback-enter"]
    assert stage.call("a").state is CallState.ASKING


def test_silence_after_digits_ends_the_number() -> None:
    stage = CallbackStage().asks("a").key("a", "2")
    for key in "0598531111":
        stage.key("a", key)
    assert words(stage.timer("a")) == ["callback-confirm{'number': '+81598531111'}"]


def test_star_goes_back_to_waiting_at_the_same_place() -> None:
    stage = CallbackStage().asks("a").waiting("b", "+819000000001").key("a", "*")
    assert stage.call("a").state is CallState.WAITING
    assert words(stage) == ["back-in-line"]
    assert stage.of(cmd.StartMusic) == [cmd.StartMusic(A, after_words=True)]
    assert stage.model.floor.line.position(A, stage.now) == 1


def test_three_mistakes_lead_back_to_waiting() -> None:
    stage = CallbackStage().asks("a").key("a", "7").key("a", "8").key("a", "9")
    assert stage.call("a").state is CallState.WAITING


def test_an_operator_who_frees_takes_the_caller_out_of_the_dialogue() -> None:
    """Race: the operator is ready in the instant in which the caller would have confirmed."""
    stage = CallbackStage(booker()).asks("a").ready("sato")
    assert stage.call("a").state is CallState.OFFERED
    stage.key("a", "1")
    assert stage.model.floor.promises == {}


def test_a_caller_who_hangs_up_in_the_dialogue_has_abandoned_and_was_promised_nothing() -> None:
    stage = CallbackStage().asks("a").play(ev.CallerLeft(A, 16), after=30)
    assert stage.outcome("a") == ("abandoned", "caller")
    assert stage.model.floor.promises == {}


def test_a_caller_who_hangs_up_while_the_promise_is_said_keeps_it() -> None:
    stage = CallbackStage().asks("a").key("a", "1").play(ev.CallerLeft(A, 16))
    assert stage.outcome("a") == ("callback_requested", "caller")
    assert list(stage.model.floor.promises) == [CALLER]


def test_a_trunk_that_takes_no_calls_of_ours_promises_none() -> None:
    trunks = [{"name": "carrier", "addresses": ["127.0.0.2"]}]
    stage = CallbackStage(centre=callback_plan(trunks=trunks)).asks("a")
    assert stage.call("a").state is CallState.WAITING


def test_after_closing_time_the_caller_is_told_the_next_opening() -> None:
    stage = CallbackStage()
    opening = Instant(90_000.0)  # 1970-01-02 10:00 JST
    stage.waiting("a").timer("a").play(ev.OverridesChanged((closed(stage.now, opening),)))
    stage.key("a", ASK).key("a", "1")
    (said,) = words(stage)
    assert said.startswith("callback-promised-later")
    assert "1970, 1, 2" in said
    assert "time(10, 0)" in said


def test_a_repeat_call_hears_its_place_and_stands_at_it() -> None:
    stage = CallbackStage()
    stage.promised("a")
    stage.play(after=60).waiting("b", "+819000000001").play(after=60).waiting("c")
    assert words(stage) == ["callback-again{'position': 1}"]
    assert stage.call("c").state is CallState.ASKING


def test_a_repeat_caller_who_waits_instead_drops_the_callback() -> None:
    stage = CallbackStage()
    callback = stage.promised("a")
    stage.waiting("c").key("c", "1")
    assert stage.done(callback) == "cancelled"
    assert stage.call("c").state is CallState.WAITING


def test_a_repeat_caller_who_keeps_it_stands_where_it_was_asked_for() -> None:
    stage = CallbackStage()
    callback = stage.promised("a")
    stage.play(after=60).waiting("b", "+819000000001").waiting("c").key("c", "2")
    stage.spoken("c").play(ev.CallerLeft(CallId("c"), 16))
    assert stage.outcome("c") == ("callback_requested", "system")
    assert stage.model.floor.line.position(CallId(callback), stage.now) == 1


def test_nobody_can_ask_twice_for_one_number() -> None:
    stage = CallbackStage()
    stage.promised("a")
    stage.asks("b", "+819000000001").key("b", "2")
    for key in "09012345678#1":
        stage.key("b", key)
    assert words(stage) == ["callback-already", "callback-enter"]
    assert len(stage.model.floor.promises) == 1


def test_a_second_key_begins_nothing_twice() -> None:
    stage = CallbackStage(booker()).asks("a").key("a", ASK)
    assert stage.call("a").state is CallState.ASKING
    stage.play(ev.CallerRemembered(A, AgentName("sato")))
    assert stage.call("a").last_agent == "sato"


def test_a_disaster_in_the_middle_of_the_dialogue_is_heard_and_nothing_is_promised() -> None:
    stage = CallbackStage().asks("a").play(ev.EmergencyChanged("emergency"))
    assert words(stage) == ["emergency"]
    stage.key("a", "1").spoken("a").play(ev.CallerLeft(A, 16))
    assert stage.outcome("a") == ("emergency", "system")
    assert stage.model.floor.promises == {}
