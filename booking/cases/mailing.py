"""E-mails about cases: what is due is sent, what fails is tried again, and late cases are escalated.

The worker's job. Nothing waits for it: an e-mail is a row that was written with its case. Should the worker
die between sending and noting it, the same message goes out again, under the same Message-ID.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog

from agents.mail import Letter, NotSent, Post
from agents.writing import phone_number
from booking.cases.content import KINDS
from booking.database import CASES, connected, transaction
from booking.shapes import CentrePlan, Clock
from booking.wording import day_and_time
from config.schema.cases import CaseKind
from storage import Connection, Pool
from telephony.record import iso

EVERY_S = 2.0
MOST_AT_ONCE = 20
KEPT_FROM_OTHERS = timedelta(minutes=2)
"""Longer than one attempt may take."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 30.0, 3_600.0
MOST_TRIES = 100
"""Some four days, as long as mail servers try on their own (RFC 5321, section 4.5.4.1)."""

STUCK_TRIES = 3
STILL_NEWS = timedelta(days=1)
"""For how long a message that was given up is shown as an alert."""

Row = Mapping[str, Any]

log = structlog.get_logger(__name__)


class CaseMails:
    """Sends them. *plan* says to whom, when it is sent and not when it was queued.

    Nothing is begun while *stopping* says that the worker ends.
    """

    def __init__(
        self, pool: Pool, post: Post, plan: CentrePlan, clock: Clock, stopping: Callable[[], bool]
    ) -> None:
        self._pool, self._post, self._plan, self._clock = pool, post, plan, clock
        self._stopping = stopping

    async def once(self) -> int:
        """Escalate what is late, send what is due; return how many were sent. Raises `Unavailable`."""
        await self._escalate()
        sent = 0
        for _ in range(MOST_AT_ONCE):
            if self._stopping():
                break
            async with connected(self._pool) as connection:
                now = self._clock()
                mail = await connection.fetchrow(CASES["take_mail"], now, now + KEPT_FROM_OTHERS)
                case = None if mail is None else await connection.fetchrow(CASES["case_of_mail"], mail[1])
            if mail is None or case is None:
                break
            sent += await self._send(dict(mail), dict(case))
        return sent

    async def _escalate(self) -> None:
        now = self._clock()
        async with transaction(self._pool) as connection:
            for rule in self._plan().cases.rules:
                for number, step in enumerate(rule.escalation, start=1):
                    note = f"期限内に済んでいないため知らせました：{step.title}"
                    entry: dict[str, Any] = {
                        "at": iso(now),
                        "by": "system",
                        "state": None,
                        "note": note,
                        "changes": {},
                    }
                    before = now - timedelta(seconds=step.after_s)
                    await connection.execute(CASES["escalate"], rule.kind, number, before, [entry])

    async def _send(self, mail: Row, case: Row) -> bool:
        recipients = self._recipients(mail, case)
        if not recipients or not self._post.is_there:
            problem = None if not recipients else "no mail server is configured"
            await self._settle(mail, "skipped", recipients, problem)
            return False
        try:
            await self._post.send(self._letter(mail, case, recipients))
        except NotSent as error:
            over = error.for_good or mail["tries"] >= MOST_TRIES
            await self._settle(mail, "failed" if over else "pending", recipients, str(error))
            log.warning("case.mail_not_sent", case=case["number"], reason=str(error), given_up=over)
            return False
        await self._settle(mail, "sent", recipients, None)
        log.info("case.mail_sent", case=case["number"], to=len(recipients))
        return True

    async def _settle(self, mail: Row, state: str, recipients: tuple[str, ...], problem: str | None) -> None:
        now = self._clock()
        pause = min(FIRST_PAUSE_S * 2 ** (mail["tries"] - 1), LONGEST_PAUSE_S)
        sent_at = now if state == "sent" else None
        values = (mail["id"], state, list(recipients), problem, now + timedelta(seconds=pause), sent_at)
        async with connected(self._pool) as connection:
            await connection.execute(CASES["settle_mail"], *values)

    def _recipients(self, mail: Row, case: Row) -> tuple[str, ...]:
        plan = self._plan()
        rule = plan.cases.rule(CaseKind(case["kind"]))
        names = {*rule.notify, case["details"].get("to")}
        if mail["reason"] == "escalated":
            steps = rule.escalation[mail["step"] - 1 : mail["step"]]
            names = {name for step in steps for name in step.notify}
        return tuple(
            str(contact.email) for contact in plan.contacts if contact.name in names and contact.email
        )

    def _letter(self, mail: Row, case: Row, recipients: tuple[str, ...]) -> Letter:
        plan, number = self._plan(), case["number"]
        kind = KINDS[CaseKind(case["kind"])]
        late = "【未対応】" if mail["reason"] == "escalated" else ""
        lines = [f"{plan.title}からのお知らせです。", "", f"案件番号：{number}", f"種類：{kind}"]
        lines.append(f"受付：{day_and_time(case['opened_at'])}")
        if case["due_at"] is not None:
            lines.append(f"期限：{day_and_time(case['due_at'])}")
        lines += list(_details(case)) if plan.cases.details_in_mail else []
        lines += ["", "内容の確認と対応の記録は、コールセンターの画面（案件）でお願いします。"]
        name = f"case-{number}-{mail['reason']}-{mail['step']}"
        return Letter(recipients, f"{late}{kind} {number}", "\n".join(lines) + "\n", name)


def _details(case: Row) -> list[str]:
    about: Row = case["details"]
    who = " ".join(str(about[name]) for name in ("name", "kana") if about.get(name))
    said = about.get("content") or case["summary"]
    return [f"お名前：{who or '—'}", f"電話番号：{phone_number(case['caller'])}", "内容：", str(said)]


async def stuck(connection: Connection, now: datetime) -> int:
    """Return how many e-mails were tried in vain several times, or given up lately."""
    return int(await connection.fetchval(CASES["stuck_mails"], STUCK_TRIES, now - STILL_NEWS) or 0)
