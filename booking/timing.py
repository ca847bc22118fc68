"""Whether a slot may be booked now: not closed, not past, neither too soon nor too far ahead. Pure."""

from datetime import datetime, timedelta

from booking.errors import FieldFault, Invalid, SlotClosed
from booking.shapes import Slot
from booking.wording import day_and_time
from config.schema.booking import Booking, Channel, ChannelRule

_NO_CHANNEL = "この受付方法では予約を受け付けていません。"


def rule_of(plan: Booking, channel: Channel) -> ChannelRule:
    """Return the rule of *channel*. Raises `SlotClosed` when it may book nothing."""
    rule = plan.rule(channel)
    if rule is None:
        raise SlotClosed(_NO_CHANNEL)
    return rule


def bookable(rule: ChannelRule, now: datetime) -> tuple[datetime, datetime]:
    """Return from when to when slots may begin that are booked *now*."""
    return now + timedelta(seconds=rule.lead_s), now + timedelta(days=rule.horizon_days)


def check_bookable(slot: Slot | None, service: str, rule: ChannelRule, now: datetime) -> Slot:
    """Return *slot* if it may be booked for *service*. Raises `Invalid` or `SlotClosed`."""
    if slot is None or service not in slot.services:
        raise Invalid(FieldFault("slot", "この枠はありません。空き枠の一覧から選び直してください。"))
    earliest, latest = bookable(rule, now)
    at = day_and_time(slot.starts_at)
    if slot.closed:
        raise SlotClosed(f"{at} の枠は受付を終えました。ほかの枠を選んでください。")
    if slot.starts_at <= now:
        raise SlotClosed(f"{at} は過ぎています。これからの枠を選んでください。")
    if slot.starts_at < earliest:
        raise SlotClosed(
            f"{at} の枠は、直前のため予約できません。{day_and_time(earliest)} より後の枠を選んでください。"
        )
    if slot.starts_at > latest:
        raise SlotClosed(
            f"{at} の枠は、まだ予約できません。{day_and_time(latest)} までの枠を選んでください。"
        )
    return slot
