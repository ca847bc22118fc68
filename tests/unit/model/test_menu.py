"""Greeting and menu: barge-in, time-out, repeat limit, and an operator always within one key."""

from telephony.model import commands as cmd
from telephony.model.events import CallArrived, CallerLeft, CommandRefused
from telephony.model.ids import CallId, Instant
from telephony.model.states import CallState
from tests.unit.model.stage import CITY, NUMBER, Stage, booker


def test_known_number_is_answered_and_hears_greeting_and_recording_notice() -> None:
    stage = Stage().dial("a")
    assert stage.of(cmd.Answer) == [cmd.Answer(stage.call("a").id)]
    assert stage.of(cmd.Play)[0].sounds == ("greeting", "recording-notice")


def test_nobody_is_sent_away_because_asterisk_stood_still_while_it_was_to_answer() -> None:
    unsure = CommandRefused(CallId("a"), "Answer", "TimeoutError", unsure=True)
    stage = Stage().dial("a").play(unsure)
    assert (stage.of(cmd.HangUp), stage.call("a").state) == ([], CallState.GREETING)
    stage.greeted("a")
    assert stage.of(cmd.Answer) == [cmd.Answer(CallId("a"))]
    assert stage.key("a", "1").of(cmd.Answer) == [], "once is enough"


def test_a_call_that_asterisk_will_not_answer_has_failed() -> None:
    stage = Stage().dial("a").play(CommandRefused(CallId("a"), "Answer", "Allocation failed"))
    assert len(stage.of(cmd.HangUp)) == 1
    left(stage, "a")
    assert stage.outcome("a") == ("failed", "system")


def test_unknown_number_is_refused_unanswered_with_one_record() -> None:
    stage = Stage().dial("a", number="+81120999999")
    assert stage.of(cmd.Answer) == []
    assert stage.of(cmd.HangUp)[0].cause == 1
    left(stage, "a")
    assert stage.outcome("a") == ("refused", "system")


def test_call_that_waited_for_a_controller_began_when_it_was_made() -> None:
    stage = Stage()
    created = Instant(stage.now - 25)
    stage.play(CallArrived(CallId("a"), None, NUMBER, "x@carrier", created))
    assert stage.call("a").arrived_at == created
    assert [fact.at for fact in stage.of(cmd.Record) if fact.kind == "call.arrived"] == [created]


def test_key_during_the_greeting_counts_when_the_menu_begins() -> None:
    stage = Stage().dial("a").key("a", "1")
    assert stage.of(cmd.StopPlaying) == []
    assert stage.greeted("a").call("a").queue == "booking"
    assert stage.of(cmd.Play) == []


def test_key_stops_the_question() -> None:
    stage = Stage().dial("a").greeted("a").key("a", "1")
    assert len(stage.of(cmd.StopPlaying)) == 1
    assert stage.call("a").queue == "booking"
    assert stage.call("a").menu_path == ["1"]


def test_zero_is_an_operator_everywhere() -> None:
    stage = Stage().dial("a").greeted("a").key("a", "3").key("a", "0")
    assert stage.call("a").queue == "general"
    assert stage.call("a").menu_path == ["3", "0"]


def test_star_goes_back() -> None:
    stage = Stage().dial("a").greeted("a").key("a", "3").key("a", "*")
    assert stage.of(cmd.Play)[0].sounds == ("menu-main",)
    assert stage.call("a").menu_path == []


def test_star_in_the_first_menu_asks_again() -> None:
    stage = Stage().dial("a").greeted("a").key("a", "*")
    assert stage.of(cmd.Play)[0].sounds == ("menu-main",)


def test_wrong_key_is_told_so_and_then_put_through() -> None:
    stage = Stage().dial("a").greeted("a").key("a", "9")
    assert stage.of(cmd.Play)[0].sounds == ("invalid-key", "menu-main")
    assert stage.key("a", "9").call("a").queue == "general"


def test_silent_caller_is_asked_again_and_then_put_through() -> None:
    stage = Stage().dial("a").greeted("a").spoken("a").timer("a")
    assert stage.of(cmd.Play)[0].sounds == ("no-key", "menu-main")
    assert stage.spoken("a").timer("a").call("a").queue == "general"


def test_time_out_counts_from_the_end_of_the_question() -> None:
    stage = Stage().dial("a").greeted("a")
    assert stage.of(cmd.ArmTimer)[0].due - stage.now > 5
    stage.spoken("a")
    assert stage.of(cmd.ArmTimer)[0].due - stage.now == 5


def test_city_line_skips_greeting_and_menu_but_hears_the_notice() -> None:
    stage = Stage(booker()).dial("a", CITY)
    assert stage.of(cmd.Play)[0].sounds == ("recording-notice",)
    assert stage.greeted("a").call("a").queue == "general"
    assert stage.call("a").priority == 100_000


def test_city_line_passes_everybody() -> None:
    stage = Stage(booker()).waiting("a").waiting("b", key="0").dial("c", CITY).greeted("c").ready("sato")
    assert stage.of(cmd.Offer)[0].call == "c"


def test_anonymous_caller_is_a_caller() -> None:
    assert Stage().waiting("a", caller=None).call("a").queue == "booking"


def test_caller_who_leaves_in_the_menu_is_recorded_once() -> None:
    stage = Stage().dial("a").greeted("a")
    left(stage, "a", after=30)
    assert stage.outcome("a") == ("abandoned", "caller")


def left(stage: Stage, call: str, after: float = 0) -> None:
    stage.play(CallerLeft(stage.call(call).id, 16), after=after)
