"""Guidance without an operator: from the menu, and while waiting without losing the place."""

from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.ids import CallId
from telephony.model.states import CallState
from tests.unit.model.stage import Stage, booker, learner


def from_menu() -> Stage:
    return Stage().dial("a").greeted("a").key("a", "5").key("a", "1")


def in_line(*agents: str) -> Stage:
    """A caller who waits for bookings, has opened the guidance menu and chosen the first guide."""
    stage = Stage(booker("sato"), booker("ito")).ready(*agents).waiting("a").timer("a")
    return stage.key("a", "3").key("a", "1")


def left(stage: Stage, call: str = "a") -> Stage:
    return stage.play(ev.CallerLeft(CallId(call), 16), after=10)


def test_a_guide_is_reached_from_the_menu_without_an_operator() -> None:
    stage = from_menu()
    assert stage.of(cmd.Play)[0].sounds == ("guide-documents",)
    assert stage.call("a").menu_path == ["5", "1"]


def test_who_hears_a_guide_to_its_end_and_hangs_up_was_guided() -> None:
    stage = left(from_menu().spoken("a"))
    assert stage.outcome("a") == ("guided", "caller")


def test_who_hangs_up_in_the_middle_of_a_guide_was_not() -> None:
    assert left(from_menu()).outcome("a") == ("abandoned", "caller")


def test_a_guide_that_could_not_be_played_was_not_heard() -> None:
    stage = from_menu()
    lost = ev.PlaybackEnded(CallId("a"), stage.call("a").playback, heard=False)  # type: ignore[arg-type]
    assert left(stage.play(lost)).outcome("a") == ("abandoned", "caller")


def test_after_a_guide_silence_ends_the_call_with_thanks() -> None:
    stage = from_menu().spoken("a").spoken("a").timer("a")
    assert stage.of(cmd.Play)[0].sounds == ("goodbye",)
    stage.spoken("a")
    assert left(stage).outcome("a") == ("guided", "system")


def test_a_guide_can_be_heard_again_and_back_leads_to_its_menu() -> None:
    stage = from_menu().spoken("a").key("a", "1")
    assert stage.of(cmd.Play)[0].sounds == ("guide-documents",)
    stage.key("a", "*")
    assert stage.of(cmd.Play)[0].sounds == ("menu-guide",)
    assert (stage.call("a").state, stage.call("a").menu_path) == (CallState.MENU, ["5"])


def test_zero_is_an_operator_in_every_guide() -> None:
    stage = from_menu().key("a", "0")
    assert (stage.call("a").queue, stage.call("a").state) == ("general", CallState.WAITING)
    assert stage.call("a").menu_path == ["5", "1", "0"]


def test_who_listens_while_waiting_keeps_the_place() -> None:
    stage = in_line().waiting("b")
    line = stage.model.floor.line
    assert [line.position(CallId(call), stage.now) for call in "ab"] == [1, 2]
    stage.spoken("a").spoken("a").timer("a")
    assert stage.call("a").state is CallState.WAITING
    assert line.position(CallId("a"), stage.now) == 1


def test_an_operator_who_becomes_free_takes_the_caller_out_of_the_guide() -> None:
    stage = in_line()
    stage.ready("sato")
    assert [type(c) for c in stage.said if isinstance(c, cmd.CallCommand)] == [cmd.StopPlaying, cmd.Offer]
    assert stage.call("a").state is CallState.OFFERED
    stage.returned("a", ev.DialStatus.NOANSWER, after=20)
    assert stage.call("a").state is CallState.WAITING
    assert len(stage.of(cmd.StartMusic)) == 1


def test_the_end_of_the_guide_that_crosses_the_offer_is_stale() -> None:
    stage = in_line()
    playing = stage.call("a").playback
    assert playing is not None
    stage.ready("sato").play(ev.PlaybackEnded(CallId("a"), playing, heard=True))
    assert stage.said == []
    assert not stage.call("a").guided


def test_a_key_that_crosses_the_offer_does_nothing() -> None:
    stage = in_line().ready("sato").key("a", "*")
    assert stage.said == []


def test_a_tier_opens_while_somebody_listens() -> None:
    stage = Stage(learner()).ready("mori").waiting("a")
    stage.waiting("b").play(ev.MoveRequested(CallId("a")))
    stage.timer("a").key("a", "3").key("a", "1")
    while stage.call("a").state is not CallState.OFFERED:
        stage.timer("a")
    assert stage.now == 1_020


def test_who_hangs_up_while_listening_in_line_leaves_the_line() -> None:
    stage = left(in_line().spoken("a"))
    assert stage.outcome("a") == ("guided", "caller")
    assert len(stage.model.floor.line) == 0
    assert stage.facts("a", "queue.left")[-1]["reason"] == "guided"


def test_back_from_the_guides_while_waiting_is_the_line() -> None:
    stage = in_line().key("a", "*").key("a", "*")
    assert stage.of(cmd.Play)[0].sounds == ("back-in-line",)
    assert stage.call("a").state is CallState.WAITING


def test_music_fills_the_pause_for_a_key_of_somebody_who_waits() -> None:
    stage = Stage(booker()).waiting("a").timer("a").key("a", "3").spoken("a")
    assert len(stage.of(cmd.StartMusic)) == 1


def test_a_supervisor_can_move_somebody_who_listens() -> None:
    stage = in_line().play(ev.MoveRequested(CallId("a"), to_front=True))
    assert stage.call("a").state is CallState.WAITING
    assert stage.spoken("a").of(cmd.StartMusic)


def test_the_word_on_coming_back_is_not_cut_short_by_the_announcement_that_came_due_meanwhile() -> None:
    stage = in_line().play(after=100).timer("a").key("a", "*").key("a", "*")
    (armed,) = stage.of(cmd.ArmTimer)
    assert armed.due == stage.now + 15


def test_who_listens_when_a_disaster_begins_hears_of_it() -> None:
    for stage in (from_menu(), in_line()):
        stage.play(ev.EmergencyChanged("emergency"))
        assert stage.of(cmd.Play)[0].sounds == ("emergency",)
        assert stage.call("a").state is CallState.ENDING
        assert left(stage.spoken("a")).outcome("a") == ("emergency", "system")
        assert "a" not in stage.model.floor.line
