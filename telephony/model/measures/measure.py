"""A measure as data, and the queue that comes of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from config.schema import Queue
from config.schema.queues import Tier
from telephony.model.ids import Instant, MeasureId, QueueName


class MeasureKind(StrEnum):
    """What can be changed; a queue has at most one measure of each kind."""

    PAUSE = "pause"
    """Nobody is offered its calls. Who waits keeps the place and hears what all hear who wait long."""

    LIMIT = "limit"
    """Whoever finds *waiting* callers in the line is told the last overflow step's choices at once."""

    TIERS = "tiers"
    """Other operators may answer, or sooner."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One change, from *since* to before *until*. *waiting* belongs to a limit, *tiers* to tiers."""

    queue: QueueName
    kind: MeasureKind
    since: Instant
    until: Instant
    by: str
    waiting: int | None = None
    tiers: tuple[Tier, ...] = ()

    @property
    def id(self) -> MeasureId:
        """What tells it from all others that stand."""
        return measure_id(self.queue, self.kind)


def measure_id(queue: QueueName, kind: MeasureKind) -> MeasureId:
    """Return the id of the measure of this kind. No call and no operator has a name like it."""
    return MeasureId(f"queue:{queue}:{kind.value}")


def changed(queue: Queue, measures: Iterable[Measure]) -> Queue:
    """Return *queue* as its *measures* make it; a pause changes nothing that stands in a plan."""
    for measure in measures:
        if measure.kind is MeasureKind.TIERS:
            queue = queue.model_copy(update={"tiers": measure.tiers})
        elif measure.kind is MeasureKind.LIMIT:
            full = queue.overflow[-1].model_copy(update={"after_s": 0, "ahead": measure.waiting})
            queue = queue.model_copy(update={"overflow": (full, *queue.overflow)})
    return queue
