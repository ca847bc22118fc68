"""The time that a report is about: a day or a month of the centre. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from telephony.figures import day_of, month_of

WEEKDAYS = "月火水木金土日"


class Kind(StrEnum):
    """Which reports there are."""

    DAILY = "daily"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Period:
    """From *since* to before *until*, both aware."""

    kind: Kind
    since: datetime
    until: datetime

    @classmethod
    def of(cls, kind: Kind, day: date, zone: ZoneInfo) -> "Period":
        """Return the day or the month of *day*."""
        noon = datetime.combine(day, time(12), zone)
        bounds = day_of(noon, zone) if kind is Kind.DAILY else month_of(noon, zone)
        return cls(kind, *bounds)

    @property
    def has_days(self) -> bool:
        """Whether it is longer than a day."""
        return self.kind is Kind.MONTHLY

    @property
    def title(self) -> str:
        """What it is called on paper."""
        day = self.since
        if self.kind is Kind.DAILY:
            return f"日報 {day.year}年{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"
        return f"月報 {day.year}年{day.month}月"

    @property
    def name(self) -> str:
        """What its files are called."""
        pattern = "%Y-%m-%d" if self.kind is Kind.DAILY else "%Y-%m"
        return f"{self.kind.value}-{self.since:{pattern}}"
