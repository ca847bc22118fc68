"""A measure is taken, lifted or over: what becomes of the callers in that queue."""

from telephony.model.commands import ArmTimer, CancelTimer, Record
from telephony.model.errors import IllegalEvent
from telephony.model.events import Event, Timer
from telephony.model.floor import Floor
from telephony.model.ids import QueueName
from telephony.model.matching import serve_agent, serve_call
from telephony.model.measures.events import MeasureLifted, MeasuresRecovered, MeasureTaken, MeasureTimerFired
from telephony.model.measures.measure import Measure, MeasureKind, measure_id
from telephony.model.people import seat_everybody
from telephony.model.states import CallState
from telephony.model.waiting import arm_wait, open_due_tiers

SYSTEM = "system"

_NONE_STANDS = {
    MeasureKind.PAUSE: "is not paused",
    MeasureKind.LIMIT: "has no limit for now",
    MeasureKind.TIERS: "has the tiers of centre.toml",
}


def handle(floor: Floor, event: Event) -> None:
    """Let *event* happen if it is about measures.

    Raises:
        IllegalEvent, UnknownQueue: it is impossible now; nothing has changed.
    """
    match event:
        case MeasureTaken(measure):
            _take(floor, measure)
        case MeasureLifted(queue, kind, by):
            _lift(floor, queue, kind, by)
        case MeasureTimerFired(name, serial):
            standing = floor.measures.get(name)
            if standing is not None and standing.serial == serial:
                _end(floor, standing.measure, SYSTEM, "over")
        case MeasuresRecovered(measures):
            _recover(floor, measures)


def _take(floor: Floor, measure: Measure) -> None:
    floor.queue(measure.queue)
    if measure.until <= floor.now:
        raise IllegalEvent("The end lies in the past; say a later one.")
    _let_stand(floor, measure)
    _note(floor, measure.queue, measure.by, measure.kind.value)
    _take_effect(floor, measure.queue, measure.kind)


def _lift(floor: Floor, queue: QueueName, kind: MeasureKind, by: str) -> None:
    floor.queue(queue)
    standing = floor.measures.get(measure_id(queue, kind))
    if standing is None:
        raise IllegalEvent(f"Queue {queue} {_NONE_STANDS[kind]}.")
    floor.do(CancelTimer(standing.measure.id))
    _end(floor, standing.measure, by, f"no-{kind.value}")


def _end(floor: Floor, measure: Measure, by: str, does: str) -> None:
    del floor.measures[measure.id]
    _note(floor, measure.queue, by, does)
    if measure.queue in floor.queues:
        _take_effect(floor, measure.queue, measure.kind)


def _recover(floor: Floor, measures: tuple[Measure, ...]) -> None:
    for measure in measures:
        if measure.until > floor.now and measure.queue in floor.queues:
            _let_stand(floor, measure)
            _take_effect(floor, measure.queue, measure.kind)
        else:
            _note(floor, measure.queue, SYSTEM, "over")


def _let_stand(floor: Floor, measure: Measure) -> None:
    serial = floor.stand(measure)
    floor.do(ArmTimer(measure.id, Timer.MEASURE, serial, measure.until))


def _note(floor: Floor, queue: QueueName, by: str, does: str) -> None:
    """Write down all that stands: the last entry of the queue is enough for whoever comes after us."""
    standing = [each.measure for each in floor.measures.values() if each.measure.queue == queue]
    data = {"does": does, "by": by, "measures": [_written(measure) for measure in standing]}
    floor.do(Record(f"queue:{queue}", floor.now, "queue.measures", data))


def _written(measure: Measure) -> dict[str, object]:
    return {
        "kind": measure.kind.value,
        "since": measure.since,
        "until": measure.until,
        "by": measure.by,
        "waiting": measure.waiting,
        "tiers": [tier.model_dump() for tier in measure.tiers],
    }


def _take_effect(floor: Floor, queue: QueueName, kind: MeasureKind) -> None:
    steps_before = len(floor.queues[queue].overflow)
    floor.adopt_measures()
    if kind is MeasureKind.LIMIT:
        _keep_steps(floor, queue, steps_before)
    if kind is MeasureKind.TIERS:
        seat_everybody(floor)
    _look_again(floor, queue)
    floor.show_queue(queue)


def _keep_steps(floor: Floor, queue: QueueName, before: int) -> None:
    """Let keys go on doing what each caller was told last, now that the steps have other numbers."""
    steps = len(floor.queues[queue].overflow)
    moved = steps - before
    for call in floor.calls.values():
        if call.queue == queue and call.step is not None:
            call.step = steps - 1 if call.step + moved < 0 else call.step + moved


def _look_again(floor: Floor, queue: QueueName) -> None:
    """Who waits may be served now, or hear something else; in the order of the line."""
    for call in [floor.calls[name] for name in floor.line.waiting(floor.now, queue)]:
        if call.state is CallState.WAITING:
            open_due_tiers(floor, call)
            if not serve_call(floor, call):
                arm_wait(floor, call)
    for operator in list(floor.roster):
        serve_agent(floor, operator)
