"""What citizens book: services, venues with their counters and hours, and who may book how much (R5, R6).

Times of day are the centre's own (``timezone``). Data only: which slots follow from it is worked out in
``booking.timetable``.
"""

from datetime import date, time
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from config.schema.base import Part, Seconds, Slug
from config.schema.delivery import Delivery
from config.schema.hours import Weekday, YearlyDay
from config.schema.messages import Messages

Minutes = Annotated[int, Field(ge=5, le=480)]


class Channel(StrEnum):
    """Through whom a reservation comes in."""

    OPERATOR = "operator"
    KEYPAD = "keypad"
    CITY = "city"
    WEB = "web"


class ChannelRule(Part):
    """What one channel may book: at most *share* of each slot, from *lead_s* to *horizon_days* ahead."""

    name: Channel
    share: Annotated[float, Field(gt=0, le=1)] = 1
    lead_s: Annotated[float, Field(ge=0, le=2_592_000)] = 0
    horizon_days: Annotated[int, Field(ge=1, le=400)] = 60


class Service(Part):
    """What somebody comes for. *bring* is read back to the citizen, line by line."""

    name: Slug
    title: str
    minutes: Minutes = 30
    bring: tuple[str, ...] = ()
    note: str | None = None


class Hours(Part):
    """When a venue takes reservations on these days of the week."""

    days: Annotated[tuple[Weekday, ...], Field(min_length=1)]
    opens: time
    closes: time

    @model_validator(mode="after")
    def _opens_first(self) -> Self:
        _in_order(self.opens, self.closes)
        return self


class OpeningException(Part):
    """One date that is not as its day of the week says: other hours, or closed when none are given."""

    on: date
    opens: time | None = None
    closes: time | None = None
    why: str | None = None

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.opens is None) != (self.closes is None):
            raise ValueError("needs both opens and closes, or neither for a day that is closed")
        _in_order(self.opens, self.closes)
        return self


class Counter(Part):
    """Desks that serve the same services side by side.

    *minutes* is the length of a slot; without it, that of the longest service.
    """

    name: Slug
    title: str
    desks: Annotated[int, Field(ge=1, le=100)] = 1
    services: Annotated[tuple[Slug, ...], Field(min_length=1)]
    minutes: Minutes | None = None


class Venue(Part):
    """A place to come to. *walk_ins*: whether people may come without a reservation."""

    name: Slug
    title: str
    address: str
    walk_ins: bool = False
    note: str | None = None
    open_on_holidays: bool = False
    hours: Annotated[tuple[Hours, ...], Field(min_length=1)]
    exceptions: tuple[OpeningException, ...] = ()
    counters: Annotated[tuple[Counter, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _nothing_twice(self) -> Self:
        _once([counter.name for counter in self.counters], "counters")
        _once([str(exception.on) for exception in self.exceptions], "exceptions")
        return self


class Booking(Part):
    """The whole of ``[booking]``.

    *year_end* closes every venue from the first to the second day, both included (R4). A seat that somebody
    gave back can be booked again after *return_after_s*. *offer_s*: how long a place is kept for somebody on
    the waiting list.
    """

    hold_s: Annotated[Seconds, Field(gt=0)] = 300
    return_after_s: Seconds = 0
    offer_s: Annotated[Seconds, Field(gt=0)] = 86_400
    most_people: Annotated[int, Field(ge=1, le=20)] = 6
    year_end: tuple[YearlyDay, YearlyDay] | None = ("12-29", "01-03")
    channels: tuple[ChannelRule, ...] = (ChannelRule(name=Channel.OPERATOR),)
    services: tuple[Service, ...] = ()
    venues: tuple[Venue, ...] = ()
    delivery: Delivery = Delivery()
    messages: Messages = Messages()

    @model_validator(mode="after")
    def _services_fit(self) -> Self:
        minutes = {service.name: service.minutes for service in self.services}
        for venue in self.venues:
            for counter in venue.counters:
                longest = max((minutes.get(name, 0) for name in counter.services), default=0)
                if counter.minutes is not None and counter.minutes < longest:
                    raise ValueError(
                        f"has slots of {counter.minutes} minutes at {venue.name}/{counter.name}, too short "
                        f"for a service of {longest}"
                    )
        return self

    def rule(self, channel: Channel) -> ChannelRule | None:
        """Return what *channel* may book, or None when it may book nothing."""
        return next((rule for rule in self.channels if rule.name is channel), None)

    def service(self, name: str) -> Service | None:
        """Return the service of this name, or None."""
        return next((service for service in self.services if service.name == name), None)

    def venue(self, name: str) -> Venue | None:
        """Return the venue of this name, or None."""
        return next((venue for venue in self.venues if venue.name == name), None)


def _in_order(opens: time | None, closes: time | None) -> None:
    if opens is not None and closes is not None and opens >= closes:
        raise ValueError(f"opens at {opens:%H:%M}, which is not before {closes:%H:%M}")


def _once(names: list[str], table: str) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"has {', '.join(twice)} twice among its {table}; each needs its own")
