"""The table of what is an alert: key, section of docs/runbook.md, how long it must last, the look. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from agents.desk.alerts import Severity
from config.schema import Centre
from madoguchi.alerts.gate import WELL, Sight
from madoguchi.alerts.readings import Rate, Readings

GB = 1_000_000_000


class Look(Protocol):
    """Looks at readings with the ``centre.toml`` in force. *opened*: the alert is open, so be stricter."""

    def __call__(self, seen: Readings, plan: Centre, *, opened: bool) -> Sight | None:
        """Return what it sees, or None when it cannot know."""
        ...


SPOOL_DEEP, SPOOL_SHALLOW = 1_000, 100
"""Entries that wait for PostgreSQL: 1,000 are some 60 calls, which the worker carries over in a second when
all is well."""

MISSES = 2
"""Looks in a row that PostgreSQL must fail; one alone may be a restart of a second."""

RATE_MARGIN = 0.5
"""Percentage points above the goal that a forecast must reach to be well again."""

DISK_MARGIN = 1.0
WAIT_OVER = 0.5
"""Share of the limit below which the longest wait must fall."""

AT_ONCE_DAYS = 3
"""A certificate with so many days left is no matter of this month any more."""


def _database(seen: Readings, plan: Centre, *, opened: bool) -> Sight | None:  # noqa: ARG001
    if seen.database_misses is None:
        return None
    if seen.database_misses >= (1 if opened else MISSES):
        return Sight(
            Severity.CRITICAL,
            "データベースに接続できません。通話は続けられます。予約と記録の検索は、復旧するまで使えません。",
        )
    return WELL


def _spool(seen: Readings, plan: Centre, *, opened: bool) -> Sight | None:  # noqa: ARG001
    if seen.spool_depth is None:
        return None
    if seen.spool_depth >= (SPOOL_SHALLOW + 1 if opened else SPOOL_DEEP):
        return Sight(
            Severity.WARNING,
            "通話の記録がデータベースに届いていません。記録は失われず、届くまでこの機械に保管されます。",
        )
    return WELL


def _trail(seen: Readings, plan: Centre, *, opened: bool) -> Sight | None:  # noqa: ARG001
    if seen.trail_stuck is None:
        return None
    if seen.trail_stuck:
        return Sight(
            Severity.CRITICAL,
            "監査記録を書き込めません。ディスクの空きを確かめてください。閲覧と変更は止まっています。",
        )
    return WELL


def _rate(title: str, of: Callable[[Readings], Rate | None]) -> Look:
    def look(seen: Readings, plan: Centre, *, opened: bool) -> Sight | None:
        rate, goal = of(seen), plan.goals.answer_rate
        if rate is None:
            return None
        if rate.so_far.offered < plan.alerts.least_calls:
            return WELL
        if rate.forecast >= goal + (RATE_MARGIN if opened else 0.0):
            return WELL
        now = rate.so_far.answer_rate or 0.0
        worst = rate.best < goal
        about = (
            f"残りの呼にすべて応答しても{goal:g}%に届きません。"
            if worst
            else f"このままでは{goal:g}%を下回ります。"
        )
        text = f"応答率が{title}の終わりに{rate.forecast:.1f}%になる見込みです（今は{now:.1f}%）。{about}"
        return Sight(Severity.CRITICAL if worst else Severity.WARNING, text)

    return look


def _wait(seen: Readings, plan: Centre, *, opened: bool) -> Sight | None:
    if seen.floor is None:
        return None
    waited, limit = seen.floor.longest_wait_s, plan.alerts.wait_s
    if waited < limit * (WAIT_OVER if opened else 1.0):
        return WELL
    text = f"{max(1, int(waited // 60))}分以上待っている方がいます。"
    return Sight(Severity.CRITICAL if waited >= 2 * limit else Severity.WARNING, text)


def _nobody(seen: Readings, plan: Centre, *, opened: bool) -> Sight | None:  # noqa: ARG001
    floor = seen.floor
    if floor is None:
        return None
    if not floor.open or (floor.staffed and not floor.unstaffed):
        return WELL
    if not floor.staffed:
        return Sight(
            Severity.CRITICAL,
            "受付時間中ですが、電話を取れる担当者が一人もいません。呼は自動音声が応対しています。",
        )
    return Sight(Severity.WARNING, f"担当できる人がいない待ち列があります：{_some(floor.unstaffed)}")


def _phones(seen: Readings, plan: Centre, *, opened: bool) -> Sight | None:  # noqa: ARG001
    if seen.floor is None:
        return None
    lost = seen.floor.phones_lost
    return Sight(Severity.WARNING, f"電話機がつながっていない担当者がいます：{_some(lost)}") if lost else WELL


def _messages(seen: Readings, plan: Centre, *, opened: bool) -> Sight | None:  # noqa: ARG001
    if seen.messages is None:
        return None
    if not seen.messages.count:
        return WELL
    late = seen.messages
    return Sight(
        Severity.WARNING,
        f"市民へのお知らせ {late.count} 通が、{int(late.oldest_s // 60)}分以上送れていません。",
    )


def _disk(seen: Readings, plan: Centre, *, opened: bool) -> Sight | None:
    if seen.disk is None:
        return None
    free, margin = seen.disk.free_percent, DISK_MARGIN if opened else 0.0
    if free >= plan.alerts.disk_percent + margin:
        return WELL
    worst = free < plan.alerts.disk_critical_percent
    room = f"{free:.0f}%（{seen.disk.free_bytes / GB:.0f} GB）"
    text = f"ディスクの空きが{room}です。録音と記録が書けなくなる前に空けてください。"
    return Sight(Severity.CRITICAL if worst else Severity.WARNING, text)


def _certificate(seen: Readings, plan: Centre, *, opened: bool) -> Sight | None:  # noqa: ARG001
    found = seen.certificate
    if found is None:
        return None
    if found.ends_at is None:
        text = f"画面の証明書を確かめられません（{found.trouble}）。操作画面が開けないおそれがあります。"
        return Sight(Severity.CRITICAL, text)
    left = found.ends_at - seen.at
    if left > timedelta(days=plan.alerts.certificate_days):
        return WELL
    urgent = left < timedelta(days=AT_ONCE_DAYS)
    text = f"画面の証明書は{found.ends_at:%Y-%m-%d}に切れます。更新してください。"
    return Sight(Severity.CRITICAL if urgent else Severity.WARNING, text)


def _lines(seen: Readings, plan: Centre, *, opened: bool) -> Sight | None:  # noqa: ARG001
    found, limits = seen.lines, plan.alerts
    if found is None:
        return None
    if found.errors < limits.asterisk_errors and found.warnings < limits.asterisk_warnings:
        return WELL
    span = f"{max(1, round(limits.asterisk_span_s / 60))}分間"
    text = (
        f"Asterisk の記録に、{span}でエラーが{_about(found.errors)}、警告が{_about(found.warnings)}あります。"
        f"最新：{found.latest}"
    )
    return Sight(Severity.WARNING, text)


NAMED = 5
STEPS = (10_000, 1_000, 100, 50, 20, 10)


def _some(titles: tuple[str, ...]) -> str:
    more = f" ほか{len(titles) - NAMED}" if len(titles) > NAMED else ""
    return "、".join(titles[:NAMED]) + more


def _about(count: int) -> str:
    """Return a count in steps: a sentence that changes at every line would be a storm of its own."""
    step = next((step for step in STEPS if count >= step), None)
    return f"{count}行" if step is None else f"{step}行以上"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. *after* says for how many seconds it must look bad before it opens.

    *everyone*: whether operators see it, too.
    """

    key: str
    runbook: str
    look: Look
    after: Callable[[Centre], float] = lambda _: 0.0
    closes_after_s: float = 0.0
    everyone: bool = False


RULES: tuple[Rule, ...] = (
    Rule("database.unreachable", "database-unreachable", _database, everyone=True),
    Rule("spool.deep", "spool-deep", _spool, everyone=True),
    Rule("audit.stuck", "audit-stuck", _trail, everyone=True),
    Rule("answer_rate.day", "answer-rate", _rate("今日", lambda seen: seen.day), closes_after_s=300),
    Rule("answer_rate.month", "answer-rate", _rate("今月", lambda seen: seen.month), closes_after_s=300),
    Rule("wait.long", "wait-long", _wait, closes_after_s=10),
    Rule("staff.missing", "staff-missing", _nobody, lambda plan: plan.alerts.nobody_s, closes_after_s=10),
    Rule("phones.lost", "phones-lost", _phones, lambda plan: plan.alerts.phone_s, closes_after_s=10),
    Rule("messages.late", "messages-late", _messages, lambda _: 120.0, closes_after_s=60),
    Rule("disk.full", "disk-full", _disk, closes_after_s=60),
    Rule("certificate.ending", "certificate-ending", _certificate, lambda _: 120.0, closes_after_s=60),
    Rule("asterisk.complains", "asterisk-complains", _lines, closes_after_s=60),
)
