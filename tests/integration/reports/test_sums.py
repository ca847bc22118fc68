"""Every sum of a report, against a count by hand over random records; and against the wallboard's figures."""

import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from reports.figures import By, Figures, figures
from reports.period import Kind, Period
from storage import Pool, open_pool
from telephony.figures import tally
from telephony.record import JST
from tests.unit.model.plans import plan

INSERT = """
INSERT INTO calls (
    id, started_at, connected_at, ended_at, outcome, ended_by, reason, queue, menu_path, agent, waited_s,
    talked_s, held_s, acw_s, offers, disposition, reservations, recovered, direction, callback_of, attempts
)
VALUES (
    $1, $2, $3, $2::timestamptz + interval '1 hour', $4, 'caller', 'test', $5, $6, $7, $8, $9, $10, $11,
    '[]', $12, '{}', false, $13, $14, $15
)
"""
UNTALKED = (
    "abandoned",
    "short_abandoned",
    "callback_requested",
    "message_left",
    "guided",
    "closed",
    "refused",
)
QUEUES = ("booking", "general", None)


@dataclass(frozen=True)
class Made:
    """A random call, in the words of the specification and not of the database."""

    at: datetime
    outcome: str
    queue: str | None
    agent: str | None
    waited_s: float | None
    disposition: str | None
    choice: tuple[str, ...]
    inbound: bool
    talked_s: float | None

    @property
    def outside(self) -> bool:
        return self.inbound and self.outcome == "closed" and self.waited_s is None

    @property
    def reached(self) -> bool:
        return self.inbound and self.outcome != "refused" and not self.outside

    @property
    def offered(self) -> bool:
        return self.reached and self.outcome != "short_abandoned"

    @property
    def answered(self) -> bool:
        return self.reached and self.agent is not None

    @property
    def called_back(self) -> bool:
        return not self.inbound and self.agent is not None


def made(chance: random.Random) -> Made:
    """Return one of December or of the days around it, often close to a midnight."""
    day = datetime(2026, 11, 29, tzinfo=JST) + timedelta(days=chance.randrange(36))
    at = day + timedelta(seconds=chance.choice([0, 86_399, chance.randrange(86_400)]))
    talks = chance.random() < 0.6
    waits = chance.random() < 0.7
    return Made(
        at=at,
        outcome="answered" if talks else chance.choice(UNTALKED),
        queue=chance.choice(QUEUES),
        agent=chance.choice(["sato", "suzuki", "=cmd()"]) if talks else None,
        waited_s=chance.choice([0.0, 5.0, 19.9, 20.0, 90.0]) if waits else None,
        disposition=chance.choice(["booked", "other"]) if talks else None,
        choice=chance.choice([(), ("1",), ("1", "2")]),
        inbound=chance.random() < 0.9,
        talked_s=chance.choice([1.5, 60.0]) if talks else None,
    )


async def insert(pool: Pool, calls: Iterable[Made]) -> None:
    """Put *calls* into the database."""
    rows = []
    for number, call in enumerate(calls):
        connected = None if call.agent is None else call.at
        spoke = (call.talked_s, 1.0, 2.0) if call.agent else (None, None, None)
        way = ("inbound", None, 0) if call.inbound else ("outbound", "call", 1)
        what = (call.outcome, call.queue, list(call.choice), call.agent, call.waited_s)
        rows.append((f"c-{number}", call.at, connected, *what, *spoke, call.disposition, *way))
    await pool.executemany(INSERT, rows)


def by_hand(calls: Iterable[Made], key: Callable[[Made], Any]) -> dict[Any, dict[str, float]]:
    """Count."""
    sums: dict[Any, Counter[str]] = {}
    for call in calls:
        count = sums.setdefault(key(call), Counter())
        count["calls"] += 1
        for name in ("offered", "answered", "outside", "called_back"):
            count[name] += bool(getattr(call, name))
        count["abandoned"] += call.reached and call.outcome == "abandoned"
        count["short_abandoned"] += call.reached and call.outcome == "short_abandoned"
        if call.agent is not None and (call.answered or call.called_back):
            count["talked_s"] += call.talked_s or 0
            count["held_s"] += 1
            count["acw_s"] += 2
    return {each: dict(count) for each, count in sums.items()}


KEYS: dict[By, Callable[[Made], Any]] = {
    By.HOUR: lambda call: call.at.hour,
    By.DAY: lambda call: call.at.date(),
    By.QUEUE: lambda call: call.queue,
    By.AGENT: lambda call: call.agent,
    By.OUTCOME: lambda call: call.outcome,
    By.DISPOSITION: lambda call: call.disposition,
    By.CHOICE: lambda call: " › ".join(call.choice),
}


def shown(found: Figures, by: By) -> dict[Any, dict[str, float]]:
    """Return what the report counted."""
    names = ("calls", "offered", "answered", "abandoned", "short_abandoned", "outside", "called_back")
    seconds = ("talked_s", "held_s", "acw_s")
    return {
        key: {name: getattr(counts, name) for name in (*names, *seconds)}
        for key, counts in found.by[by].items()
    }


PERIODS = (
    (Kind.DAILY, date(2026, 12, 1)),
    (Kind.DAILY, date(2026, 12, 31)),
    (Kind.MONTHLY, date(2026, 12, 31)),
)


async def test_sums_are_those_of_a_count_by_hand(database_url: str) -> None:
    chance = random.Random(1)
    calls = [made(chance) for _ in range(3_000)]
    async with await open_pool(database_url, name="test") as pool:
        await insert(pool, calls)
        for kind, day in PERIODS:
            period = Period.of(kind, day, JST)
            await _judge(pool, period, [call for call in calls if period.since <= call.at < period.until])


async def _judge(pool: Pool, period: Period, inside: list[Made]) -> None:
    found = await figures(pool, period.since, period.until, plan().queues, JST)
    whole = await tally(pool, period.since, period.until, plan().queues)
    assert len(inside) > 50
    zeros = dict.fromkeys(("talked_s", "held_s", "acw_s"), 0.0)
    for by, key in KEYS.items():
        assert {each: zeros | count for each, count in by_hand(inside, key).items()} == shown(found, by), by
    total = found.total
    assert (total.offered, total.answered) == (whole.offered, whole.answered)
    assert (total.abandoned, total.short_abandoned) == (whole.abandoned, whole.short_abandoned)
    assert (total.outside, total.called_back) == (whole.outside, whole.called_back)
    assert found.tally == whole
