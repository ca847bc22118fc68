"""Whether outreach calls may be placed today, with the figures that decide it (R18).

The figures of a day are worked out once, at the first question, from the days before: a decision that changed
during the day could be neither explained nor enforced. The database counts the calls and decides; this code
brings the open days, which follow from ``centre.toml``.
"""

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from booking.database import OUTREACH, transaction
from booking.shapes import CentrePlan, Clock
from config.schema import Centre
from storage import Connection, Pool
from telephony.model.calendar import Calendar
from telephony.public_holidays import japanese_holiday
from telephony.record import iso

FROM_DAY = 15
"""Mid-month, as the database has it (``outreach_days.allowed``)."""

DEFINITION = (
    "見込み＝今月1日から前日までに開庁時間内に届いた着信（時間外・緊急・拒否を除く）÷過ぎた開庁日数×今月の開庁日数。"
    "15日以降で、見込みが想定件数の半分を下回る日に限り、1日の上限まで発信できます。"
)


@dataclass(frozen=True, slots=True)
class Gate:
    """The gate of the centre. *open_now*: whether calls are taken at this moment, with all that is ad hoc."""

    pool: Pool
    plan: CentrePlan
    clock: Clock
    open_now: Callable[[], bool]

    async def today(self) -> dict[str, Any]:
        """Return today's decision with its figures."""
        async with transaction(self.pool) as connection:
            return await self.decided(connection)

    async def decided(self, connection: Connection) -> dict[str, Any]:
        """Return today's decision, made now if nobody has asked before."""
        plan, now = self.plan(), self.clock()
        calendar = calendar_of(plan)
        day = now.astimezone(calendar.zone).date()
        gone, whole = open_days(calendar, day)
        rule = plan.outreach
        await connection.execute(
            OUTREACH["decide"], day, gone, whole, rule.expected_calls, rule.daily_cap, now
        )
        row = await connection.fetchrow(OUTREACH["day"], day)
        return _content(dict(row or {}), open_now=self.open_now())


def calendar_of(plan: Centre) -> Calendar:
    """Return the centre's calendar, without what is ad hoc."""
    return Calendar(plan.hours, ZoneInfo(plan.timezone), japanese_holiday)


def open_days(calendar: Calendar, day: date) -> tuple[int, int]:
    """Return how many days of *day*'s month the centre is open before *day*, and in all."""
    month = [day.replace(day=number) for number in range(1, monthrange(day.year, day.month)[1] + 1)]
    opened = [each for each in month if calendar.day(each).spans]
    return sum(each < day for each in opened), len(opened)


def _content(row: Mapping[str, Any], *, open_now: bool) -> dict[str, Any]:
    forecast = None if row["forecast"] is None else float(row["forecast"])
    left = max(0, row["cap"] - row["made"]) if row["allowed"] else 0
    return {
        "day": str(row["day"]),
        "allowed": row["allowed"],
        "open_now": open_now,
        "why_not": _why_not(row, open_now=open_now),
        **{name: row[name] for name in ("calls", "open_days_gone", "open_days", "expected", "cap", "made")},
        "forecast": forecast,
        "half": row["expected"] / 2,
        "from_day": FROM_DAY,
        "left": left,
        "decided_at": iso(row["decided_at"]),
        "definition": DEFINITION,
    }


def _why_not(row: Mapping[str, Any], *, open_now: bool) -> str | None:
    if row["day"].day < FROM_DAY:
        return f"勧奨の電話は、毎月{FROM_DAY}日からです。"
    if row["forecast"] is None:
        return "今月はまだ開庁日がなく、見込みを出せません。"
    if not row["allowed"]:
        half = f"{row['expected']}件の半分（{row['expected'] / 2:g}件）"
        return (
            f"今月の着信の見込みが{row['forecast']}件で、{half}を下回らないため、勧奨の電話はかけられません。"
        )
    if row["made"] >= row["cap"]:
        return f"本日の上限（{row['cap']}件）に達しました。続きは次の開庁日にかけてください。"
    return None if open_now else "受付時間外か、緊急の案内中です。受付している間にかけてください。"
