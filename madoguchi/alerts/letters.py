"""What is told about alerts, in words and as JSON. Pure."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import orjson

from agents.desk.alerts import Alert, Severity
from agents.desk.messages import alert_content
from agents.mail import Letter
from booking.outgoing.answers import one_line
from madoguchi.alerts.outbox import Notice

TITLES = {Severity.CRITICAL: "緊急", Severity.WARNING: "注意"}
LONGEST_SUBJECT = 60


def letter_about(told: Sequence[Notice], still_open: int, to: tuple[str, ...], title: str) -> Letter:
    """Return the e-mail about *told*, of the centre *title*; *still_open* counts all alerts that are open."""
    worst = max((notice.alert for notice in told), key=lambda alert: alert.severity is Severity.CRITICAL)
    more = f" ほか{len(told) - 1}件" if len(told) > 1 else ""
    subject = f"【{TITLES[worst.severity]}】{one_line(worst.text, LONGEST_SUBJECT)}{more}"
    lines = [f"{title}の警告です。", ""]
    for notice in told:
        lines += _about(notice.alert)
    lines += [
        f"いま開いている警告は {still_open} 件です。",
        "対応を始めたら、画面か madoguchi alert で引き受けてください。",
    ]
    return Letter(to, subject, "\n".join(lines) + "\n", told[0].key.replace(":", "-"))


def _about(alert: Alert) -> list[str]:
    over = "" if alert.is_open else "（すでに解消しました）"
    return [
        f"■ {TITLES[alert.severity]}：{one_line(alert.text, 400)}{over}",
        f"   手順：docs/runbook.md#{alert.runbook}",
        "",
    ]


def body_of(notice: Notice, zone: ZoneInfo) -> bytes:
    """Return the JSON that the webhook gets: the same bytes at every attempt."""
    return orjson.dumps({"event": notice.event, **alert_content(notice.alert, zone)})
