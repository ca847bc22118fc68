"""What supervisors change about a queue for a while: what callers and operators notice, and how it ends."""

import pytest

from config.schema.queues import Tier
from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.errors import IllegalEvent, UnknownQueue
from telephony.model.ids import Instant, QueueName
from telephony.model.measures.events import MeasureLifted, MeasuresRecovered, MeasureTaken, MeasureTimerFired
from telephony.model.measures.measure import Measure, MeasureKind
from telephony.model.states import AgentState, CallState
from tests.unit.model.plans import plan
from tests.unit.model.stage import Stage, booker, learner

BOOKING = QueueName("booking")
FOR_S = 600


def measure(stage: Stage, kind: MeasureKind, queue: QueueName = BOOKING, **more: object) -> Measure:
    until = Instant(stage.now + FOR_S)
    return Measure(queue, kind, stage.now, until, "chief", **more)  # type: ignore[arg-type]


def pause(stage: Stage) -> Stage:
    return stage.play(MeasureTaken(measure(stage, MeasureKind.PAUSE)))


def limit(stage: Stage, waiting: int) -> Stage:
    return stage.play(MeasureTaken(measure(stage, MeasureKind.LIMIT, waiting=waiting)))


def tiers(stage: Stage, *found: tuple[float, int]) -> Stage:
    these = tuple(Tier(after_s=after_s, min_weight=weight) for after_s, weight in found)
    return stage.play(MeasureTaken(measure(stage, MeasureKind.TIERS, tiers=these)))


def resume(stage: Stage, kind: MeasureKind = MeasureKind.PAUSE) -> Stage:
    return stage.play(MeasureLifted(BOOKING, kind, "chief"))


def ends(stage: Stage) -> Stage:
    """Let the measure's timer fire when it is due."""
    armed = [c for c in stage.all if isinstance(c, cmd.ArmTimer) and c.timer is ev.Timer.MEASURE][-1]
    return stage.play(
        MeasureTimerFired(measure(stage, MeasureKind.PAUSE).id, armed.serial), after=armed.due - stage.now
    )


def test_a_caller_of_a_paused_queue_waits_although_somebody_is_free() -> None:
    stage = pause(Stage(booker()).ready("sato")).waiting("c1")

    assert stage.call("c1").state is CallState.WAITING
    assert stage.operator("sato").state is AgentState.READY


def test_an_operator_who_becomes_ready_takes_nothing_from_a_paused_queue_but_from_others() -> None:
    stage = pause(Stage(booker())).waiting("c1").waiting("c2", key="0")

    stage.ready("sato")

    assert stage.call("c1").state is CallState.WAITING
    assert stage.call("c2").state is CallState.OFFERED


def test_resuming_serves_who_waits_at_once() -> None:
    stage = resume(pause(Stage(booker()).ready("sato")).waiting("c1"))

    assert stage.offer("c1").agent == "sato"


def test_a_pause_ends_by_itself() -> None:
    stage = ends(pause(Stage(booker()).ready("sato")).waiting("c1"))

    assert stage.offer("c1").agent == "sato"


def test_the_timer_of_a_pause_that_was_replaced_means_nothing() -> None:
    stage = pause(Stage(booker()).ready("sato")).waiting("c1")
    pause(stage)

    stage.play(MeasureTimerFired(measure(stage, MeasureKind.PAUSE).id, serial=1))

    assert stage.call("c1").state is CallState.WAITING


def test_an_offer_in_flight_when_the_pause_comes_goes_through() -> None:
    stage = Stage(booker()).ready("sato").waiting("c1").rings("c1")

    pause(stage).play(ev.OfferAnswered(stage.call("c1").id, stage.offer("c1").offer))

    assert stage.call("c1").state is CallState.TALKING


def test_a_call_that_comes_back_from_a_missed_offer_waits_while_the_queue_is_paused() -> None:
    stage = pause(Stage(booker("sato"), booker("mori")).ready("sato", "mori").waiting("c1"))

    stage.returned("c1", ev.DialStatus.NOANSWER)

    assert stage.call("c1").state is CallState.WAITING


def test_nobody_is_told_an_expected_wait_while_the_queue_is_paused() -> None:
    stage = pause(Stage(booker(), learner()).ready("sato").waiting("c1").answered("c1")).waiting("c2")

    stage.timer("c2")

    assert not stage.facts("c2", "wait.announced")


def test_a_callback_of_a_paused_queue_is_not_made() -> None:
    stage = Stage(booker()).waiting("c1").timer("c1").key("c1", "4").key("c1", "1")
    stage.spoken("c1").play(ev.CallerLeft(stage.call("c1").id, 16))

    pause(stage).ready("sato")

    (promised,) = stage.model.floor.promises.values()
    assert stage.call(promised).state is CallState.PROMISED
    assert resume(stage).call(promised).state is CallState.SUMMONING


def test_who_finds_the_line_full_is_offered_the_last_steps_choices_at_once() -> None:
    overflow = plan().model_dump()["queues"]
    overflow[0]["overflow"] = overflow[0]["overflow"][3:]  # only: after 50 seconds
    stage = limit(Stage(booker(), centre=plan(queues=overflow)), 1).waiting("c1").waiting("c2")

    assert (stage.call("c1").step, stage.timer("c1").call("c1").step) == (None, None)
    stage.timer("c2").spoken("c2")
    assert stage.call("c2").step == 0
    assert stage.key("c2", "2").call("c2").state is CallState.MESSAGE


def test_a_limit_does_not_change_what_keys_do_for_who_was_told_already() -> None:
    stage = Stage(booker()).waiting("c1").timer("c1")
    told = stage.call("c1").step

    assert told is not None
    assert limit(stage, 50).call("c1").step == told + 1
    assert resume(stage, MeasureKind.LIMIT).call("c1").step == told


def test_who_was_told_by_the_limit_keeps_the_keys_when_it_ends() -> None:
    stage = limit(Stage(booker()).ready("sato").waiting("c0"), 1).waiting("c1").waiting("c2").timer("c2")
    assert stage.call("c2").step == 0

    resume(stage, MeasureKind.LIMIT).key("c2", "2")

    assert stage.call("c2").state is CallState.MESSAGE


def test_other_tiers_let_others_answer_now() -> None:
    stage = Stage(learner()).ready("mori").waiting("c1")
    assert stage.call("c1").state is CallState.WAITING

    tiers(stage, (0, 1))

    assert stage.offer("c1").agent == "mori"


def test_the_plans_tiers_come_back_when_the_measure_is_lifted() -> None:
    stage = tiers(Stage(learner()).ready("mori"), (0, 1))

    resume(stage, MeasureKind.TIERS).waiting("c1")

    assert stage.call("c1").state is CallState.WAITING


def test_a_call_whose_tier_is_no_more_is_still_served() -> None:
    stage = Stage(booker("sato"), learner("mori")).waiting("c1").timer("c1")
    while stage.call("c1").tier == 0:
        stage.timer("c1")

    tiers(stage, (0, 5)).ready("mori", "sato")

    assert stage.offer("c1").agent == "sato"


def test_measures_outlive_a_publication() -> None:
    stage = pause(Stage(booker()).ready("sato"))

    stage.play(ev.PlanChanged(plan())).waiting("c1")

    assert stage.call("c1").state is CallState.WAITING


def test_what_stood_stands_again_after_a_restart_and_what_is_over_does_not() -> None:
    before = Stage()
    stood = measure(before, MeasureKind.PAUSE)
    over = Measure(QueueName("card"), MeasureKind.PAUSE, Instant(0.0), Instant(1.0), "chief")
    stage = Stage(booker()).play(MeasuresRecovered((stood, over))).ready("sato").waiting("c1")

    assert stage.call("c1").state is CallState.WAITING
    assert not stage.model.floor.is_paused(QueueName("card"))
    assert ends(stage).offer("c1").agent == "sato"


def test_each_change_leaves_all_that_stands_in_the_queues_journal() -> None:
    stage = limit(pause(Stage()), 5)

    records = [c for c in stage.all if isinstance(c, cmd.Record) and c.stream == "queue:booking"]
    assert [record.data["does"] for record in records] == ["pause", "limit"]
    assert [each["kind"] for each in records[-1].data["measures"]] == ["pause", "limit"]


def test_a_measure_for_no_queue_an_end_in_the_past_and_a_needless_resume_are_refused() -> None:
    stage = Stage()

    with pytest.raises(UnknownQueue, match="no queue named nowhere"):
        stage.play(MeasureTaken(measure(stage, MeasureKind.PAUSE, QueueName("nowhere"))))
    with pytest.raises(IllegalEvent, match="in the past"):
        stage.play(MeasureTaken(Measure(BOOKING, MeasureKind.PAUSE, stage.now, stage.now, "chief")))
    with pytest.raises(IllegalEvent, match="is not paused"):
        resume(stage)
    assert not stage.model.floor.measures
