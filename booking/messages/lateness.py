"""Messages to citizens that should have gone out long ago, for whoever watches."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.database import MESSAGES, connected
from booking.messages.message import EMAIL, SMS, may_send_sms
from config.schema.messages import EmailSink, Messages, SmsSink
from storage import Pool


@dataclass(frozen=True, slots=True)
class LateMessages:
    """How many wait for too long, and since when the first of them."""

    count: int
    oldest: datetime | None


async def late_messages(pool: Pool, rules: Messages, after: timedelta, now: datetime) -> LateMessages:
    """Return what has waited for longer than *after*. Raises `Unavailable`.

    At night no SMS is late: none is sent then. A way that is not used leaves nothing behind that matters.
    """
    channels = [EMAIL] if rules.email is not EmailSink.NONE else []
    if rules.sms is not SmsSink.NONE and may_send_sms(rules.sms_opens, rules.sms_closes, now):
        channels.append(SMS)
    async with connected(pool) as connection:
        row = await connection.fetchrow(MESSAGES["late"], channels, now - after)
    return LateMessages(0, None) if row is None else LateMessages(row["count"], row["oldest"])
