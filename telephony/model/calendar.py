"""When the centre is open: the rules of ``centre.toml``, and what was opened or closed ad hoc (R4).

Pure: the time zone and the public holidays come in when it is made, the time with every question. Of the
rules that hold for a moment the strongest decides, in this order:

1. what was opened or closed ad hoc; of several the one entered last;
2. a dated exception; for this number and queue before one for either, before one for everybody;
3. the days around New Year, then public holidays: closed;
4. the weekly hours.

A question names the number that was dialled and the queue, as far as they are known. A rule for certain
queues says nothing about a call that has not chosen one.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from config.schema import DatedHours, Hours, Weekday
from config.schema.hours import MIDNIGHT
from telephony.model.ids import Instant, QueueName
from telephony.model.rulings import DayPlan, Override, Reason, Ruling

HORIZON_DAYS = 400
"""How far ahead an opening is looked for: a year and the longest holidays."""
HORIZON_S = float(HORIZON_DAYS * MIDNIGHT)

HolidayTable = Callable[[date], str | None]
"""The name of the public holiday on that day, in Japanese, or None."""


def no_holidays(day: date) -> str | None:  # noqa: ARG001 - the shape of a table
    """Return None: the table of a country without public holidays."""
    return None


class Calendar:
    """Answers for one ``centre.toml`` and its overrides. Make a new one when either changes.

    Args:
        hours: the rules.
        zone: the centre's time zone.
        holidays: names public holidays.
        overrides: what is ad hoc, in the order in which it was entered.
    """

    def __init__(
        self,
        hours: Hours,
        zone: ZoneInfo,
        holidays: HolidayTable = no_holidays,
        overrides: Sequence[Override] = (),
    ) -> None:
        self.zone = zone
        self._hours, self._holidays = hours, holidays
        self._overrides = tuple(reversed(overrides))
        self._weekly: dict[int, list[tuple[int, int]]] = {day: [] for day in range(len(Weekday))}
        for row in hours.weekly:
            for place, weekday in enumerate(Weekday):
                if weekday in row.days:
                    self._weekly[place].append((row.opens, row.closes))
        self._days: dict[tuple[date, str | None, str | None], DayPlan] = {}

    # --- now -------------------------------------------------------------------------------------------

    def ruling(self, at: Instant, number: str | None = None, queue: QueueName | None = None) -> Ruling:
        """Return whether it is open at *at* for calls to *number* that want *queue*, and why."""
        for override in self._overrides:
            if override.since <= at < override.until and _concerns(override, number, queue):
                return Ruling(override.opens, Reason.AD_HOC, message=override.message)
        plan = self.day(self.local(at).date(), number, queue)
        if any(opens <= at < closes for opens, closes in plan.spans):
            return Ruling(open=True, reason=plan.reason, name=plan.name)
        if not plan.spans:
            return Ruling(open=False, reason=plan.reason, name=plan.name, message=plan.message)
        return Ruling(open=False, reason=_outside(plan.spans, at), message=plan.message)

    def is_open(self, at: Instant, number: str | None = None, queue: QueueName | None = None) -> bool:
        """Return whether it is open at *at*."""
        return self.ruling(at, number, queue).open

    def local(self, at: Instant) -> datetime:
        """Return *at* as people of the centre read it."""
        return datetime.fromtimestamp(at, self.zone)

    # --- ahead -----------------------------------------------------------------------------------------

    def next_opening(
        self, at: Instant, number: str | None = None, queue: QueueName | None = None
    ) -> Instant | None:
        """Return the first moment from *at* on at which it is open; *at* itself if it is open then.

        None when it does not open within `HORIZON_DAYS`.
        """
        return self._first(at, number, queue, wanted=True)

    def next_closing(
        self,
        at: Instant,
        number: str | None = None,
        queue: QueueName | None = None,
        within_s: float = HORIZON_S,
    ) -> Instant | None:
        """Return the first moment from *at* on at which it is closed; None when it stays open *within_s*."""
        return self._first(at, number, queue, wanted=False, within_s=within_s)

    def spans(
        self, since: Instant, until: Instant, number: str | None = None, queue: QueueName | None = None
    ) -> Iterator[tuple[Instant, Instant]]:
        """Yield, in order, from when to when it is open between *since* and *until*."""
        at = since
        while (opens := self._first(at, number, queue, wanted=True, within_s=until - at)) is not None:
            if opens >= until:
                return
            closes = self._first(opens, number, queue, wanted=False, within_s=until - opens)
            at = until if closes is None else closes
            yield opens, at

    def open_seconds(
        self, since: Instant, until: Instant, number: str | None = None, queue: QueueName | None = None
    ) -> float:
        """Return how much of the time from *since* to *until* it is open."""
        return sum(closes - opens for opens, closes in self.spans(since, until, number, queue))

    def after_open_seconds(
        self, since: Instant, seconds: float, number: str | None = None, queue: QueueName | None = None
    ) -> Instant | None:
        """Return when *seconds* of open hours have passed since *since*; None beyond `HORIZON_DAYS`."""
        for opens, closes in self.spans(since, Instant(since + HORIZON_S), number, queue):
            if seconds <= closes - opens:
                return Instant(opens + seconds)
            seconds -= closes - opens
        return None

    def day(self, day: date, number: str | None = None, queue: QueueName | None = None) -> DayPlan:
        """Return the hours of *day*, without what is ad hoc."""
        key = (day, number, queue)
        plan = self._days.get(key)
        if plan is None:
            plan = self._days[key] = self._plan(day, number, queue)
        return plan

    # --- how it is worked out ----------------------------------------------------------------------------

    def _first(
        self,
        at: Instant,
        number: str | None,
        queue: QueueName | None,
        *,
        wanted: bool,
        within_s: float = HORIZON_S,
    ) -> Instant | None:
        for edge in self._edges(at, number, queue):
            if edge > at + within_s:
                break
            if self.is_open(edge, number, queue) is wanted:
                return edge
        return None

    def _edges(self, at: Instant, number: str | None, queue: QueueName | None) -> Iterator[Instant]:
        """Yield *at* and, in order and without end, every later moment at which something may change."""
        yield at
        ad_hoc = sorted(edge for o in self._overrides for edge in (o.since, o.until) if edge > at)
        day = self.local(at).date() - timedelta(days=1)
        while True:
            day += timedelta(days=1)
            midnight = self._at(day, MIDNIGHT)
            edges = {edge for span in self.day(day, number, queue).spans for edge in span if edge > at}
            while ad_hoc and ad_hoc[0] <= midnight:
                edges.add(ad_hoc.pop(0))
            yield from sorted(edges | {midnight})

    def _plan(self, day: date, number: str | None, queue: QueueName | None) -> DayPlan:
        dated = self._dated(day, number, queue)
        if dated:
            first = dated[0]
            spans = [(e.opens, e.closes) for e in dated if e.opens is not None and e.closes is not None]
            return DayPlan(self._instants(day, spans), Reason.EXCEPTION, first.reason, first.message)
        if self._hours.year_end is not None and self._hours.year_end.covers(day):
            return DayPlan((), Reason.YEAR_END)
        holiday = self._holidays(day) if self._hours.public_holidays else None
        if holiday is not None:
            return DayPlan((), Reason.HOLIDAY, holiday)
        if not self._hours.weekly:
            return DayPlan(self._instants(day, [(0, MIDNIGHT)]), Reason.ALWAYS)
        spans = self._weekly[day.weekday()]
        return DayPlan(self._instants(day, spans), Reason.WITHIN if spans else Reason.DAY_OFF)

    def _dated(self, day: date, number: str | None, queue: QueueName | None) -> list[DatedHours]:
        """Return the exceptions that decide on *day*: the most special ones that concern these calls."""
        found = [e for e in self._hours.exceptions if e.covers(day) and _concerns(e, number, queue)]
        most = max((_special(e) for e in found), default=0)
        return [e for e in found if _special(e) == most]

    def _instants(self, day: date, spans: Sequence[tuple[int, int]]) -> tuple[tuple[Instant, Instant], ...]:
        return tuple((self._at(day, opens), self._at(day, closes)) for opens, closes in sorted(spans))

    def _at(self, day: date, seconds: int) -> Instant:
        days, rest = divmod(seconds, MIDNIGHT)
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.zone) + timedelta(days=days)
        clock = midnight.replace(hour=rest // 3600, minute=rest % 3600 // 60, second=rest % 60)
        return Instant(clock.timestamp())


def _outside(spans: Sequence[tuple[Instant, Instant]], at: Instant) -> Reason:
    if at < spans[0][0]:
        return Reason.BEFORE
    return Reason.AFTER if at >= max(closes for _, closes in spans) else Reason.BREAK


def _concerns(rule: Override | DatedHours, number: str | None, queue: QueueName | None) -> bool:
    wanted = not rule.queues or queue in rule.queues
    return wanted and (not rule.numbers or number in rule.numbers)


def _special(rule: DatedHours) -> int:
    return bool(rule.queues) + bool(rule.numbers)
