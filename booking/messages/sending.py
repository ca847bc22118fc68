"""The worker's part: plans what is to be told, and sends it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog

from booking.messages.message import EMAIL, SMS, may_send_sms, message_of, no_longer_wanted
from booking.messages.ports import Sent, Sink, Unclear
from booking.messages.store import LOCK, MessageStore
from booking.outgoing.alone import alone
from booking.outgoing.answers import Later, Refused, Taken
from booking.outgoing.pauses import pause_s
from booking.outgoing.surroundings import Surroundings
from booking.shapes import Plan
from config.schema.messages import Messages
from storage import Pool

EVERY_S = 5.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 10.0, 1_800.0
MOST_ATTEMPTS = 30
"""With half-hour pauses, most of a day: then it would come too late to be of use."""

AT_A_TIME = 20

Sinks = Callable[[Messages], Mapping[str, Sink]]
"""The ways out that ``[booking.messages]`` names, by channel."""

log = structlog.get_logger(__name__)


class Sending:
    """A job of the worker."""

    def __init__(self, pool: Pool, plan: Plan, sinks: Sinks, around: Surroundings) -> None:
        self._pool, self._plan, self._sinks, self._around = pool, plan, sinks, around
        self._store = MessageStore(pool)
        self._rests: dict[str, datetime] = {}

    async def once(self) -> int:
        """Plan and send, unless another process is at it; return how many went out."""
        rules = self._plan().messages
        sinks = self._sinks(rules)
        if not sinks or self._around.stopping():
            return 0
        async with alone(self._pool, LOCK) as mine:
            if not mine:
                return 0
            now = self._around.clock()
            ahead = timedelta(seconds=rules.reminder_ahead_s)
            await self._store.recover([channel for channel, sink in sinks.items() if sink.repeatable], now)
            await self._store.plan(list(sinks), ahead, now)
            return await self._send_all(rules, sinks)

    async def _send_all(self, rules: Messages, sinks: Mapping[str, Sink]) -> int:
        sent, now = 0, self._around.clock()
        while channels := self._open(rules, sinks, now):
            due = await self._store.due(channels, AT_A_TIME, now)
            if not due:
                break
            for row in due:
                if row["channel"] in self._open(rules, sinks, now):
                    sent += await self._send(row, sinks[row["channel"]], now)
        return sent

    def _open(self, rules: Messages, sinks: Mapping[str, Sink], now: datetime) -> list[str]:
        """Return the channels by which somebody may be told now; none when a send might be cut off."""
        if self._around.stopping():
            return []
        awake = may_send_sms(rules.sms_opens, rules.sms_closes, now)
        allowed = [channel for channel in sinks if channel == EMAIL or (channel == SMS and awake)]
        return [channel for channel in allowed if channel not in self._rests or self._rests[channel] <= now]

    async def _send(self, row: Mapping[str, Any], sink: Sink, now: datetime) -> bool:
        why_not = no_longer_wanted(row, now)
        if why_not is not None:
            await self._store.settle(row["id"], "withdrawn", why_not, now)
            return False
        if not await self._store.begin(row["id"]):
            return False
        said = await sink.send(message_of(row, self._plan()))
        await self._settle(row, said, now)
        return isinstance(said, Taken)

    async def _settle(self, row: Mapping[str, Any], said: Sent, now: datetime) -> None:
        message, attempts = row["id"], row["attempts"] + 1
        match said:
            case Taken():
                await self._store.settle(message, "sent", None, now)
            case Refused(reason=reason):
                await self._store.settle(message, "failed", reason, now)
            case Unclear(reason=reason):
                await self._store.settle(message, "unclear", reason, now)
            case Later(reason=reason, everybody=everybody):
                pause = pause_s(attempts, FIRST_PAUSE_S, LONGEST_PAUSE_S, self._around.chance)
                not_before = now + timedelta(seconds=max(pause, min(said.after_s, LONGEST_PAUSE_S)))
                if everybody:
                    self._rests[row["channel"]] = not_before
                if attempts >= MOST_ATTEMPTS:
                    await self._store.settle(message, "failed", reason, now)
                else:
                    await self._store.later(message, reason, not_before)
        if not isinstance(said, Taken):
            log.warning("message.not_sent", key=row["key"], outcome=type(said).__name__)
