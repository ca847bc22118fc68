"""Works out the slots that follow from the plan (R6): every counter, every open time, seat by seat. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from booking.opening import hours_on
from config.schema.booking import Booking, Channel, Counter


@dataclass(frozen=True, slots=True)
class PlannedSlot:
    """One slot; *seats* has for each seat, from number 1 on, the channels that may take it."""

    venue: str
    counter: str
    services: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    seats: tuple[tuple[Channel, ...], ...]


def slots_between(plan: Booking, first: date, last: date, zone: ZoneInfo) -> Iterator[PlannedSlot]:
    """Yield every slot from *first* to *last*, both included. Slots of a counter do not overlap."""
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        for venue in plan.venues:
            for opens, closes in hours_on(day, venue, plan.year_end):
                until = datetime.combine(day, closes, zone)
                for counter in venue.counters:
                    start = datetime.combine(day, opens, zone)
                    for starts_at, ends_at in _grid(start, until, slot_length(plan, counter)):
                        yield PlannedSlot(
                            venue.name,
                            counter.name,
                            counter.services,
                            starts_at,
                            ends_at,
                            seats_of(plan, counter.desks),
                        )


def slot_length(plan: Booking, counter: Counter) -> timedelta:
    """Return how long a slot of *counter* is: as its longest service, if the plan does not say."""
    longest = max(service.minutes for service in plan.services if service.name in counter.services)
    return timedelta(minutes=counter.minutes or longest)


def seats_of(plan: Booking, desks: int) -> tuple[tuple[Channel, ...], ...]:
    """Return for each of *desks* seats who may take it.

    A channel may take its share of the seats, rounded down, but at least one: those with the highest numbers.
    Seats are given out from the lowest number on, so those that are open to few go first.
    """
    quotas = {rule.name: max(1, int(rule.share * desks)) for rule in plan.channels}
    return tuple(
        tuple(name for name, quota in quotas.items() if number > desks - quota)
        for number in range(1, desks + 1)
    )


def _grid(start: datetime, until: datetime, length: timedelta) -> Iterator[tuple[datetime, datetime]]:
    while start + length <= until:
        yield start, start + length
        start += length
