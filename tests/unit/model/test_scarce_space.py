"""When the disk is nearly full, recordings are what is given up: calls and their records go on."""

from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.ids import AgentName, CallId
from tests.unit.model.stage import Stage, booker


def stage(*, scarce: bool) -> Stage:
    return Stage(booker()).play(ev.SpaceChanged(scarce=scarce)).ready("sato").waiting("a")


def test_a_call_is_connected_and_not_recorded() -> None:
    scarce = stage(scarce=True)
    assert not scarce.offer("a").record
    scarce.answered("a")
    assert [] == scarce.facts("a", "recording.started")
    assert 1 == len(scarce.facts("a", "recording.shed"))
    assert 1 == len(scarce.facts("a", "call.connected"))


def test_with_room_again_the_next_conversation_is_recorded() -> None:
    roomy = stage(scarce=True).play(ev.CallerLeft(CallId("a"), 16))
    roomy.play(ev.SpaceChanged(scarce=False)).waiting("b")
    assert roomy.offer("b").record
    assert 1 == len(roomy.answered("b").facts("b", "recording.started"))
    assert [] == roomy.facts("b", "recording.shed")


def test_what_its_offer_said_holds_for_a_conversation_whatever_the_disk_does_then() -> None:
    """Asterisk begins to record at the answer, by what the offer said."""
    recorded = stage(scarce=False).play(ev.SpaceChanged(scarce=True)).answered("a")
    assert 1 == len(recorded.facts("a", "recording.started"))
    not_recorded = stage(scarce=True).play(ev.SpaceChanged(scarce=False)).answered("a")
    assert [] == not_recorded.facts("a", "recording.started")


def test_nothing_is_paused_that_does_not_run() -> None:
    talking = stage(scarce=True).answered("a").play(ev.RecordingPaused(CallId("a")))
    assert [] == talking.of(cmd.PauseRecording)
    assert talking.call("a").agent == AgentName("sato")
