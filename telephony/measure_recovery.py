"""What stood for queues when the last controller ended: the journal's entries, as an event. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from config.schema.queues import Tier
from telephony.entries import Entry
from telephony.model.ids import Instant, QueueName
from telephony.model.measures.events import MeasuresRecovered
from telephony.model.measures.measure import Measure, MeasureKind


def recovered(latest: Mapping[QueueName, Entry]) -> MeasuresRecovered:
    """Return every measure of the *latest* entry of each queue; the model knows which of them are over."""
    return MeasuresRecovered(tuple(_measures(latest)))


def _measures(latest: Mapping[QueueName, Entry]) -> Iterator[Measure]:
    for queue, entry in latest.items():
        for written in entry.data["measures"]:
            yield _measure(queue, written)


def _measure(queue: QueueName, written: Mapping[str, Any]) -> Measure:
    return Measure(
        queue,
        MeasureKind(written["kind"]),
        Instant(written["since"]),
        Instant(written["until"]),
        written["by"],
        written["waiting"],
        tuple(Tier.model_validate(tier) for tier in written["tiers"]),
    )
