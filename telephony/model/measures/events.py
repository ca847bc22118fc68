"""What happens to measures."""

from dataclasses import dataclass

from telephony.model.events import Event
from telephony.model.ids import MeasureId, QueueName
from telephony.model.measures.measure import Measure, MeasureKind


@dataclass(frozen=True, slots=True)
class MeasureTaken(Event):
    """A supervisor changes something about a queue; the measure of that kind before it is replaced."""

    measure: Measure


@dataclass(frozen=True, slots=True)
class MeasureLifted(Event):
    """A supervisor ends a measure before its time."""

    queue: QueueName
    kind: MeasureKind
    by: str


@dataclass(frozen=True, slots=True)
class MeasureTimerFired(Event):
    """The end of a measure is reached. *serial* tells it from one that was replaced."""

    measure: MeasureId
    serial: int


@dataclass(frozen=True, slots=True)
class MeasuresRecovered(Event):
    """What stood when the last controller ended, as its journal says."""

    measures: tuple[Measure, ...]
