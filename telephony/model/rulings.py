"""Open or closed, and why: what the calendar is told and what it answers. Data only."""

from dataclasses import dataclass
from enum import StrEnum

from telephony.model.ids import Instant


class Reason(StrEnum):
    """Why it is open or closed."""

    ALWAYS = "always-open"
    WITHIN = "within-hours"
    BEFORE = "before-hours"
    AFTER = "after-hours"
    BREAK = "between-hours"
    DAY_OFF = "day-off"
    HOLIDAY = "public-holiday"
    YEAR_END = "year-end"
    EXCEPTION = "exception"
    AD_HOC = "ad-hoc"


@dataclass(frozen=True, slots=True)
class Override:
    """Opened or closed ad hoc, from *since* to before *until*; it ends by itself.

    For these *numbers* (E.164) and *queues*, for all when neither is named. *message* is a prompt.
    """

    id: str
    opens: bool
    since: Instant
    until: Instant
    message: str | None = None
    numbers: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()


_WRITTEN = {
    Reason.ALWAYS: "終日受付",
    Reason.WITHIN: "受付時間内",
    Reason.BEFORE: "受付開始前",
    Reason.AFTER: "受付終了後",
    Reason.BREAK: "受付休止の時間",
    Reason.DAY_OFF: "休業日",
    Reason.HOLIDAY: "祝日",
    Reason.YEAR_END: "年末年始",
    Reason.EXCEPTION: "臨時の日程",
}


def written(reason: Reason, name: str | None, *, is_open: bool) -> str:
    """Return the reason as people read it, in Japanese."""
    if reason is Reason.AD_HOC:
        return "臨時の受付" if is_open else "臨時の休止"
    return f"{_WRITTEN[reason]}（{name}）" if name else _WRITTEN[reason]


@dataclass(frozen=True, slots=True)
class Ruling:
    """Open or closed, and why. *name* is a holiday's or an exception's; *message* a prompt of its own."""

    open: bool
    reason: Reason
    name: str | None = None
    message: str | None = None

    @property
    def text(self) -> str:
        """The reason as people read it, in Japanese."""
        return written(self.reason, self.name, is_open=self.open)


@dataclass(frozen=True, slots=True)
class DayPlan:
    """The hours of one day without what is ad hoc: instants, in order; and why they are so."""

    spans: tuple[tuple[Instant, Instant], ...]
    reason: Reason
    name: str | None = None
    message: str | None = None
