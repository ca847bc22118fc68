"""A voice message: recorded, heard again, kept; never lost by a hang-up, and never in an operator's way."""

import pytest

from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.ids import CallId, Instant
from telephony.model.states import CallState
from tests.unit.model.stage import Stage, booker

A = CallId("a")
NAME = "a-message"


def invited() -> Stage:
    """A caller who waits while nobody is signed in, and has asked to leave a message."""
    return Stage(booker("sato")).waiting("a").timer("a").key("a", "2")


def recording() -> Stage:
    return invited().spoken("a")


def recorded(stage: Stage, *, spoken: bool = True, seconds: float = 12.0) -> Stage:
    return stage.play(ev.MessageRecorded(A, NAME, seconds, seconds if spoken else 0.0), after=seconds)


def left(stage: Stage, cause: int = 16) -> Stage:
    return stage.play(ev.CallerLeft(A, cause))


def case(stage: Stage) -> dict[str, object]:
    (opened,) = stage.facts("a", "case.opened")
    return opened


def test_instructions_and_a_beep_come_before_the_recording() -> None:
    stage = invited()
    assert stage.of(cmd.Play)[0].sounds == ("message-instructions", "beep")
    assert stage.spoken("a").of(cmd.RecordMessage) == [cmd.RecordMessage(A, NAME, 120, 5)]


def test_whoever_leaves_a_message_has_left_the_line_and_is_not_rung_for() -> None:
    stage = recording().waiting("b").ready("sato")
    assert stage.offer("b").call == "b"
    assert stage.call("a").state is CallState.MESSAGE


def test_a_kept_message_is_a_case_and_ends_the_call_with_thanks() -> None:
    stage = recorded(recording()).key("a", "1")
    assert stage.of(cmd.Play)[0].sounds == ("message-kept",)
    opened = case(stage)
    assert (opened["case"], opened["caller"], opened["summary"]) == ("message", "+819012345678", "伝言 12秒")
    assert opened["details"] == {"file": "1970/01/01/a-message.wav", "seconds": 12.0, "queue": "booking"}
    assert opened["due_at"] == stage.now + 86_400
    assert left(stage.spoken("a")).outcome("a") == ("message_left", "system")


def test_a_message_can_be_heard_again() -> None:
    stage = recorded(recording()).key("a", "2")
    (played,) = stage.of(cmd.Play)
    assert (played.recorded, played.sounds) == (NAME, ("message-review",))


def test_a_message_can_be_said_again() -> None:
    stage = recorded(recording()).key("a", "3")
    assert stage.of(cmd.Play)[0].sounds == ("message-instructions", "beep")
    recorded(stage.spoken("a"), seconds=30).key("a", "1")
    assert case(stage)["summary"] == "伝言 30秒"


@pytest.mark.parametrize("key", ["#", "1", "*"])
def test_any_key_ends_the_recording(key: str) -> None:
    assert recording().key("a", key).of(cmd.StopMessage) == [cmd.StopMessage(A, NAME)]


def test_a_discarded_message_leads_back_to_the_same_place() -> None:
    stage = recording().play(after=1).waiting("b")
    recorded(stage).key("a", "*")
    assert stage.of(cmd.DiscardMessage) == [cmd.DiscardMessage(A, NAME)]
    assert stage.of(cmd.Play)[0].sounds == ("back-in-line",)
    assert [stage.model.floor.line.position(CallId(call), stage.now) for call in "ab"] == [1, 2]
    assert stage.facts("a", "case.opened") == []


def test_who_comes_back_while_somebody_is_free_is_offered_at_once() -> None:
    stage = recorded(recording()).ready("sato").key("a", "*")
    assert stage.call("a").state is CallState.OFFERED


def test_silence_is_no_message_and_after_the_second_the_caller_is_back_in_line() -> None:
    stage = recorded(recording(), spoken=False)
    assert stage.of(cmd.Play)[0].sounds == ("message-empty", "message-instructions", "beep")
    recorded(stage.spoken("a"), spoken=False)
    assert stage.of(cmd.Play)[0].sounds == ("message-empty", "back-in-line")
    assert stage.call("a").state is CallState.WAITING


def test_silence_that_asterisk_takes_for_a_second_of_speech_is_no_message() -> None:
    stage = recording().play(after=5.1).play(ev.MessageRecorded(A, NAME, 1.0, 1.0))
    assert stage.of(cmd.Play)[0].sounds[0] == "message-empty"


@pytest.mark.parametrize("lasted", [3.0, 5.3, 9.0])
def test_who_hangs_up_leaves_what_was_said_however_the_seconds_fall(lasted: float) -> None:
    stage = recording().play(after=lasted).play(ev.MessageRecorded(A, NAME, lasted, int(lasted)))
    assert left(stage).outcome("a") == ("message_left", "caller")


def test_a_short_word_ended_by_a_key_is_a_message() -> None:
    stage = recording().play(after=1.2).key("a", "#").play(ev.MessageRecorded(A, NAME, 1.0, 1.0))
    assert stage.of(cmd.Play)[0].sounds == ("message-review",)


def test_who_hangs_up_while_speaking_has_left_a_message() -> None:
    stage = left(recording().play(after=8))
    assert stage.outcome("a") == ("message_left", "caller")
    assert case(stage)["summary"] == "伝言 8秒"


def test_who_hangs_up_at_the_beep_has_not() -> None:
    stage = left(recording())
    assert stage.outcome("a") == ("short_abandoned", "caller")
    assert stage.facts("a", "case.opened") == []


def test_the_end_of_the_recording_may_come_before_the_hang_up() -> None:
    stage = left(recorded(recording()))
    assert (stage.outcome("a"), case(stage)["summary"]) == (("message_left", "caller"), "伝言 12秒")


def test_the_end_of_the_recording_may_come_after_the_hang_up() -> None:
    stage = left(recording().play(after=8))
    assert recorded(stage).said == []


def test_who_answers_nothing_has_left_it() -> None:
    stage = recorded(recording()).spoken("a").timer("a").spoken("a").timer("a").spoken("a").timer("a")
    assert stage.of(cmd.Play)[0].sounds == ("message-kept",)


def test_a_recorder_that_says_nothing_is_not_waited_for() -> None:
    stage = recording().timer("a")
    assert stage.now == 1_125
    assert case(stage)["summary"] == "伝言 120秒"


def test_a_disk_that_is_full_leads_back_into_the_line() -> None:
    stage = recording().play(ev.CommandRefused(A, "RecordMessage", "500"))
    assert stage.of(cmd.Play)[0].sounds == ("message-failed", "back-in-line")
    assert stage.call("a").state is CallState.WAITING


def test_who_could_not_be_followed_while_speaking_is_followed_before_a_phone_rings() -> None:
    full = ev.CommandRefused(A, "RecordMessage", "500")
    stage = recording().play(ev.CommandRefused(A, "Follow", "TimeoutError", unsure=True)).play(full)
    stage.ready("sato")
    orders = [type(order) for order in stage.said if isinstance(order, cmd.Follow | cmd.Offer)]
    assert orders == [cmd.Follow, cmd.Offer]


def test_a_supervisor_who_ends_the_call_keeps_what_was_said() -> None:
    stage = recording().play(after=8).play(ev.HangupRequested(A, "supervisor"))
    assert left(stage).outcome("a") == ("message_left", "supervisor")


def test_who_falls_out_of_our_hands_while_speaking_has_left_a_message() -> None:
    stage = recording().play(after=8).play(ev.CallArrived(A, None, "", "x"))
    assert stage.of(cmd.Play)[0].sounds == ("message-kept",)


def test_a_caller_whom_a_dead_controller_left_speaking_reviews_the_message() -> None:
    stage = Stage(booker())
    stage.play(recovered(stage, message_since=stage.now))
    assert stage.of(cmd.StopMessage) == [cmd.StopMessage(A, NAME)]
    assert recorded(stage).of(cmd.Play)[0].sounds == ("message-review",)
    assert left(stage).outcome("a") == ("message_left", "caller")


def recovered(stage: Stage, message_since: Instant) -> ev.CallRecovered:
    return ev.CallRecovered(
        A,
        caller=None,
        dialled="+81120000000",
        sip_call_id=None,
        arrived_at=stage.now,
        queue=stage.model.floor.plan.queues[0].name,  # type: ignore[arg-type]
        priority=0,
        waiting_since=stage.now,
        menu_path=("1",),
        agent=None,
        offer=None,
        leg=None,
        talking_since=None,
        connected_known=False,
        greeted=True,
        message_since=message_since,
    )
