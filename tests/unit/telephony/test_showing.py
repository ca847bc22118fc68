"""What people see of the line: how far somebody has come in it, and how long the next one would wait."""

from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.ids import AgentName, CallId, QueueName
from telephony.showing import Showing
from telephony.views import WaitingView
from tests.unit.model.stage import Stage, booker, learner

BOOKING = QueueName("booking")


def line_of(stage: Stage, call: str) -> WaitingView:
    """Return where *call* stands; it must stand in line."""
    view = Showing(stage.model.floor).call_view(CallId(call))
    assert view is not None
    assert view.line is not None
    return view.line


def expected(stage: Stage) -> float | None:
    """Return how long somebody who came now would wait for a booking."""
    view = Showing(stage.model.floor).queue_view(BOOKING)
    assert view is not None
    return view.expected_wait_s


def test_who_waits_is_shown_with_the_tier_that_opens_next_and_it_is_news_when_it_does() -> None:
    stage = Stage(learner()).waiting("a")
    at = line_of(stage, "a")
    assert (at.tier, at.tier_opens_at) == (0, stage.now + 20)
    while line_of(stage, "a").tier == 0:
        stage.timer("a")
    assert cmd.ShowCall(CallId("a")) in stage.said


def test_what_was_offered_is_shown_once_it_was_told_and_is_news_then() -> None:
    stage = Stage(booker()).waiting("a")
    assert (line_of(stage, "a").step, line_of(stage, "a").choices) == (None, ())
    stage.timer("a")
    at = line_of(stage, "a")
    assert (at.step, at.choices) == (0, ("待つ", "伝言", "案内", "折り返し", "番号で予約"))
    assert cmd.ShowCall(CallId("a")) in stage.said


def test_who_talks_stands_in_no_line() -> None:
    stage = Stage(booker()).ready("sato").waiting("a").answered("a")
    view = Showing(stage.model.floor).call_view(CallId("a"))
    assert view is not None
    assert view.line is None


def test_the_next_caller_s_wait_is_known_as_soon_as_anybody_is_at_work() -> None:
    stage = Stage(booker())
    assert expected(stage) is None
    stage.ready("sato")
    assert expected(stage) == 0
    stage.waiting("a").answered("a")
    alone = expected(stage)
    assert alone is not None
    assert alone > 0
    stage.waiting("b")
    behind = expected(stage)
    assert behind is not None
    assert behind > alone
    stage.play(ev.CallerLeft(CallId("b"), 16))
    assert expected(stage) == alone
    stage.play(ev.AgentLoggedOut(AgentName("sato")))
    assert expected(stage) == alone, "who is on a call finishes it first"
