"""What a waiting caller is told and offered: steps, keys, place and expected wait."""

import pytest

from config.schema import OverflowStep
from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.ids import AgentName, CallId, Instant
from telephony.model.overflow import Wait, next_by_time, step_in_force
from telephony.model.states import CallState
from tests.unit.model.stage import Stage, booker, learner

OPTIONS = "options-all"
STEPS = (
    OverflowStep(nobody_signed_in=True),
    OverflowStep(ahead=3),
    OverflowStep(after_s=300, expected_over_s=600),
    OverflowStep(expected_over_s=900),
    OverflowStep(after_s=60),
)


@pytest.mark.parametrize(
    ("waited", "ahead", "expected", "signed_in", "place"),
    [
        (0, 0, 60, 1, None),
        (0, 0, 60, 0, 0),
        (300, 9, 9_999, 0, 0),
        (0, 2, 60, 1, None),
        (0, 3, 60, 1, 1),
        (0, 0, 901, 1, 3),
        (0, 0, None, 1, 3),
        (0, 0, 900, 1, None),
        (59.9, 0, 60, 1, None),
        (60, 0, 60, 1, 4),
        (300, 0, 600, 1, 4),
        (300, 0, 601, 1, 2),
    ],
)
def test_the_first_step_whose_conditions_hold_is_in_force(
    waited: float, ahead: int, expected: float | None, signed_in: int, place: int | None
) -> None:
    wait = Wait(Instant(1000), Instant(1000 + waited), ahead, lambda: expected, lambda: bool(signed_in))
    assert step_in_force(STEPS, wait) == place


def test_the_next_step_by_time_is_the_nearest_one_to_come() -> None:
    assert next_by_time(STEPS, Instant(1000), Instant(1000)) == 1060
    assert next_by_time(STEPS, Instant(1000), Instant(1060)) == 1300
    assert next_by_time(STEPS, Instant(1000), Instant(1300)) is None


def told(stage: Stage) -> tuple[str, ...]:
    return stage.of(cmd.Play)[0].sounds


def announced(stage: Stage, call: str) -> Stage:
    """Let time pass until *call* is told the expected wait (again), and has heard it."""
    before = len(stage.facts(call, "wait.announced"))
    while len(stage.facts(call, "wait.announced")) == before:
        stage.timer(call)
    return stage


def busy(*more: str) -> Stage:
    """A centre whose only booker is on a call with "z"; *more* callers wait in this order."""
    stage = Stage(booker()).ready("sato").waiting("z").answered("z")
    for call in more:
        stage.waiting(call)
    return stage


def test_who_calls_while_nobody_is_signed_in_hears_so_at_once_and_is_offered_a_message() -> None:
    stage = Stage(booker()).waiting("a").timer("a")
    assert stage.now == 1_000
    assert told(stage) == ("nobody-here", "position{'position': 1}", OPTIONS)


def test_an_operator_without_a_telephone_is_nobody() -> None:
    stage = Stage(booker()).play(ev.AgentReadied(AgentName("sato"))).waiting("a").timer("a")
    assert told(stage)[0] == "nobody-here"


def test_waiting_callers_hear_their_place_and_the_expected_wait() -> None:
    stage = busy("a", "b").timer("b")
    assert told(stage) == ("please-wait", "position{'position': 2}", "expected-wait{'minutes': 8}", OPTIONS)


def test_a_step_comes_by_waiting_alone_although_no_announcement_is_due() -> None:
    stage = Stage(booker()).ready("sato")
    stage.model.floor.pace.expect(dict.fromkeys(stage.model.floor.queues, 60.0))
    stage.waiting("z").answered("z").waiting("a")
    announced(stage, "a").spoken("a")
    assert (stage.now, stage.call("a").step) == (1_015, None)
    announced(stage, "a")
    assert (stage.now, stage.call("a").step) == (1_050, 3)


def test_a_key_counts_only_once_it_was_offered() -> None:
    stage = busy("a").key("a", "2")
    assert stage.call("a").state is CallState.WAITING
    assert stage.said == []


def test_stay_is_acknowledged_and_music_goes_on() -> None:
    stage = Stage(booker()).waiting("a").timer("a").key("a", "1")
    assert told(stage) == ("stay-in-line",)
    assert stage.of(cmd.StartMusic) == [cmd.StartMusic(CallId("a"), after_words=True)]
    assert stage.facts("a", "overflow.key") == [{"key": "1", "does": "stay"}]


def test_other_keys_do_nothing_and_the_words_go_on() -> None:
    stage = Stage(booker()).waiting("a").timer("a").key("a", "9")
    assert stage.said == []


def test_the_announced_wait_does_not_rise_when_calls_merely_take_longer() -> None:
    stage = announced(busy("a"), "a").spoken("a")
    first = stage.call("a").told
    assert first is not None
    stage.model.floor.pace.expect(dict.fromkeys(stage.model.floor.queues, 3_000.0))
    announced(stage, "a")
    assert stage.call("a").told.minutes == first.minutes  # type: ignore[union-attr]
    assert [fact["cause"] for fact in stage.facts("a", "wait.announced")] == [None, None]


def test_the_announced_wait_may_rise_when_an_operator_leaves_and_the_cause_is_written_down() -> None:
    stage = Stage(booker("sato"), booker("ito")).ready("sato", "ito")
    stage.waiting("y").answered("y").waiting("z").answered("z").waiting("a")
    announced(stage, "a").spoken("a").play(ev.CallerLeft(CallId("y"), 16))
    (writing,) = (operator for operator in stage.model.floor.roster if operator.call is None)
    announced(stage.play(ev.AgentLoggedOut(writing.name)), "a")
    facts = stage.facts("a", "wait.announced")
    assert [fact["minutes"] for fact in facts] == [2, 3]
    assert facts[-1]["cause"] == "fewer-operators"


def test_the_announced_wait_may_rise_when_somebody_is_put_in_front() -> None:
    stage = announced(busy("a", "b"), "a").spoken("a")
    announced(stage.play(ev.MoveRequested(CallId("b"), to_front=True)), "a")
    assert stage.facts("a", "wait.announced")[-1]["cause"] == "passed"


def test_after_an_operator_who_did_not_answer_the_caller_stands_where_he_stood() -> None:
    stage = busy("a", "b").timer("a").spoken("a")
    assert stage.model.floor.line.position(CallId("a"), stage.now) == 1
    stage.key("a", "3")
    stage.play(ev.OfferReturned(CallId("z"), stage.offer("z").offer, ev.DialStatus.ANSWER))
    stage.play(ev.AgentReadied(stage.operator("sato").name))
    assert stage.offer("a").call == "a"
    stage.returned("a", ev.DialStatus.NOANSWER, after=20)
    assert stage.model.floor.line.position(CallId("a"), stage.now) == 1


def test_a_learner_who_may_answer_later_counts_as_at_work() -> None:
    stage = Stage(learner()).ready("mori").waiting("a").timer("a")
    assert told(stage) == ("please-wait", "position{'position': 1}", "expected-wait{'minutes': 3}", OPTIONS)
