"""Tells people of alerts: by e-mail to the contacts of ``[alerts]``, by webhook to a program.

Blocks nobody. What cannot be sent is tried again with growing pauses, each way for itself, and stands in
``alerts.json`` until then (`madoguchi.alerts.memory`). How it goes is shown beside the alerts.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias
from zoneinfo import ZoneInfo

import aiohttp
import structlog

from agents.desk.alerts import Alert, Alerts
from agents.mail import NotSent, Post
from booking.delivery.change import signature
from booking.outgoing.answers import Refused, Taken, Verdict, verdict
from booking.outgoing.pauses import pause_s
from booking.outgoing.surroundings import Surroundings
from config.schema import Centre
from config.secret_files import SecretError, read_secret
from madoguchi.alerts import memory
from madoguchi.alerts.letters import body_of, letter_about
from madoguchi.alerts.memory import Memory
from madoguchi.alerts.outbox import Notice, Outbox

EVERY_S = 1.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 5.0, 600.0
LONGEST_ANSWER = 64 * 1024
PATIENCE_S = 10.0

Plan: TypeAlias = Callable[[], Centre]

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Way:
    """How one way out fares: *trouble* is the last failure's sentence, None when all went well."""

    failures: int = 0
    rests_until: float = 0.0
    trouble: str | None = None

    def went_well(self) -> None:
        """Forget earlier failures."""
        self.failures, self.rests_until, self.trouble = 0, 0.0, None


@dataclass(slots=True)
class Posting:
    """Follows *alerts* and tells of them. *file* is ``alerts.json``, *secret* signs for the webhook."""

    alerts: Alerts
    post: Post
    plan: Plan
    file: Path
    secret: Path
    around: Surroundings = field(default_factory=Surroundings)
    mail: Way = field(default_factory=Way)
    webhook: Way = field(default_factory=Way)
    outbox: Outbox = field(init=False)
    _written: bytes = b""

    def __post_init__(self) -> None:
        rules, kept = self.plan().alerts, memory.read(self.file)
        self.outbox = Outbox(rules.group_s, rules.quiet_s)
        self.outbox.mail.extend(kept.mail)
        self.outbox.webhook.extend(kept.webhook)
        self.outbox.mailed |= kept.mailed or {}
        self.outbox.know({alert.key: alert for alert in kept.open})
        self.alerts.resume(kept.open, kept.closed)
        self.alerts.follow(self._changed)

    def _changed(self, alert: Alert) -> None:
        rules = self.plan().alerts
        self.outbox.group_s, self.outbox.quiet_s = rules.group_s, rules.quiet_s
        self.outbox.take(alert, self.around.stamp())
        if not self.mails:
            self.outbox.mail.clear()
        if not self.calls:
            self.outbox.webhook.clear()

    @property
    def mails(self) -> bool:
        """Whether anybody gets e-mail, and there is a server to send it."""
        return bool(self._recipients()) and self.post.is_there

    @property
    def calls(self) -> bool:
        """Whether there is a webhook."""
        return self.plan().alerts.webhook_url is not None

    def _recipients(self) -> tuple[str, ...]:
        plan = self.plan()
        return tuple(
            str(contact.email)
            for contact in plan.contacts
            if contact.name in plan.alerts.notify and contact.email
        )

    async def run(self) -> None:
        """Tell until cancelled; one way that hangs does not hold up the other."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._again(self.send_mail), name="alerts by e-mail")
            group.create_task(self._again(self.call_webhook), name="alerts by webhook")
            group.create_task(self._again(self.keep), name="alerts to the file")

    async def _again(self, step: Callable[[], Awaitable[object]]) -> None:
        while True:
            try:
                await step()
            except Exception:
                # A fault of ours in here must not end the process that holds the calls.
                log.exception("alerts.not_told")
            await asyncio.sleep(EVERY_S)

    # --- e-mail ----------------------------------------------------------------------------------------

    async def send_mail(self) -> bool:
        """Send one e-mail if it is due; return whether it went out."""
        now = self.around.stamp()
        if now < self.mail.rests_until:
            return False
        to, told = self._recipients(), self.outbox.letter(now, tried=self.mail.failures > 0)
        if not told or not to:
            return False
        try:
            await self.post.send(letter_about(told, len(self.alerts.open), to, self.plan().title))
        except NotSent as error:
            self._rest(self.mail, str(error), "alerts.mail_not_sent")
            if error.for_good:
                self.outbox.letter_sent(told, now)
            return False
        self.mail.went_well()
        self.outbox.letter_sent(told, now)
        log.info("alerts.mail_sent", alerts=[notice.alert.key for notice in told])
        return True

    def _rest(self, way: Way, trouble: str, event: str) -> None:
        way.failures += 1
        pause = pause_s(way.failures, FIRST_PAUSE_S, LONGEST_PAUSE_S, self.around.chance)
        way.rests_until, way.trouble = self.around.stamp() + pause, trouble
        log.warning(event, reason=trouble, again_s=round(pause, 1))

    # --- webhook ---------------------------------------------------------------------------------------

    async def call_webhook(self) -> int:
        """Tell the program at the other end what is due, in order; return how much it took."""
        url, taken = self.plan().alerts.webhook_url, 0
        if url is None or not self.outbox.webhook or self.around.stamp() < self.webhook.rests_until:
            return 0
        try:
            secret = await asyncio.to_thread(read_secret, self.secret)
        except SecretError as error:
            self._rest(self.webhook, str(error), "alerts.webhook_failed")
            return 0
        limit = aiohttp.ClientTimeout(total=PATIENCE_S)
        async with aiohttp.ClientSession(timeout=limit) as http:
            while self.outbox.webhook:
                notice = self.outbox.webhook[0]
                if not self._settle(notice, await self._tell(http, url, notice, secret)):
                    break
                taken += 1
        return taken

    async def _tell(
        self, http: aiohttp.ClientSession, url: str, notice: Notice, secret: bytes
    ) -> Verdict | str:
        body, timestamp = body_of(notice, ZoneInfo(self.plan().timezone)), int(self.around.stamp())
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": notice.key,
            "Madoguchi-Timestamp": str(timestamp),
            "Madoguchi-Signature": signature(secret, timestamp, notice.key, body),
        }
        try:
            async with http.post(url, data=body, headers=headers, allow_redirects=False) as answer:
                said = await answer.content.read(LONGEST_ANSWER)
                return verdict(answer.status, said, answer.headers.get("Retry-After"))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return f"no answer ({type(error).__name__})"

    def _settle(self, notice: Notice, said: Verdict | str) -> bool:
        """Return whether the next one may follow. What is refused is given up: no other try would help."""
        match said:
            case Taken():
                self.webhook.went_well()
            case Refused(reason=reason):
                self.webhook.trouble = reason
                log.error("alerts.webhook_refused", key=notice.key, reason=reason)
            case str():
                self._rest(self.webhook, said, "alerts.webhook_failed")
                return False
            case _:
                self._rest(self.webhook, said.reason, "alerts.webhook_failed")
                return False
        # A new one may have pushed it out meanwhile.
        if self.outbox.webhook and self.outbox.webhook[0] is notice:
            self.outbox.webhook.popleft()
        return True

    # --- the file --------------------------------------------------------------------------------------

    async def keep(self) -> bool:
        """Write ``alerts.json`` if anything has changed; return whether it was written."""
        out, now = self.outbox, self.around.stamp()
        content = Memory(
            self.alerts.open,
            self.alerts.closed[::-1],
            tuple(out.mail),
            tuple(out.webhook),
            {key: told for key, told in out.mailed.items() if now - told[0] < out.quiet_s},
        ).as_bytes()
        if content == self._written:
            return False
        try:
            await asyncio.to_thread(memory.write, self.file, content)
        except OSError as error:
            log.error("alerts.file_not_written", file=str(self.file), reason=str(error))
            return False
        self._written = content
        return True
