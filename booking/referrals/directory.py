"""The directory of ``centre.toml`` as it is searched: what is open now, and what was referred on a call."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agents.writing import phone_number
from booking.database import KNOWLEDGE, connected
from booking.errors import FieldFault, Invalid, NotThere
from booking.search_keys import text_key
from booking.shapes import CentrePlan, Clock
from config.schema import Centre, Referral, ReferralDay, transferable
from config.schema.hours import YearEnd
from storage import Pool
from telephony.public_holidays import japanese_holiday

_DAYS = dict(zip(ReferralDay, ("月", "火", "水", "木", "金", "土", "日", "祝"), strict=True))


@dataclass(frozen=True, slots=True)
class Directory:
    """The directory of the centre."""

    pool: Pool
    plan: CentrePlan
    clock: Clock

    def find(self, words: str | None, topic: str | None) -> list[dict[str, Any]]:
        """Return the entries of *topic* in which all *words* stand; in the order of ``centre.toml``."""
        plan, now = self.plan(), self.clock()
        wanted = text_key(words or "").split()
        return [
            _content(referral, plan, now)
            for referral in plan.referrals
            if topic is None or topic in referral.topics
            if all(word in _key(referral) for word in wanted)
        ]

    async def use(self, name: str, call: str, how: str, user: str) -> None:
        """Note that a caller was told the number, or put through. Raises `BookingError`."""
        referral = next((each for each in self.plan().referrals if each.name == name), None)
        if referral is None:
            raise NotThere("この案内先は設定にありません。")
        if how == "transferred" and referral.number not in transferable(self.plan().referrals):
            raise Invalid(FieldFault("how", "この案内先には転送できません。番号をお伝えしてください。"))
        async with connected(self.pool) as connection:
            await connection.execute(KNOWLEDGE["refer"], call, name, how, self.clock(), user)


def is_open(referral: Referral, at: datetime, year_end: YearEnd) -> bool:
    """Return whether somebody answers there at *at* (the centre's local time)."""
    if referral.year_end and year_end.covers(at.date()):
        return False
    holiday = japanese_holiday(at.date()) is not None
    today = ReferralDay.HOLIDAY if holiday else tuple(ReferralDay)[at.weekday()]
    rows = [row for row in referral.hours if today in row.days]
    return not referral.hours or any(row.opens <= at.time() < row.closes for row in rows)


def _key(referral: Referral) -> str:
    return text_key(" ".join((referral.title, *referral.topics, referral.when, referral.note or "")))


def _content(referral: Referral, plan: Centre, now: datetime) -> dict[str, Any]:
    return {
        "name": referral.name,
        "title": referral.title,
        "number": referral.number,
        "number_written": referral.written or phone_number(referral.number),
        "topics": list(referral.topics),
        "when": referral.when,
        "hours_written": _hours(referral),
        "open_now": is_open(referral, now, plan.hours.year_end or YearEnd()),
        "transfer": referral.number in transferable(plan.referrals),
        "note": referral.note,
    }


def _hours(referral: Referral) -> str:
    if not referral.hours:
        return "24時間" if referral.year_end else "24時間、年中無休"
    rows = (
        f"{''.join(_DAYS[day] for day in row.days)} {row.opens:%H:%M}〜{row.closes:%H:%M}"
        for row in referral.hours
    )
    return "、".join(rows) + ("（年末年始を除く）" if referral.year_end else "")
