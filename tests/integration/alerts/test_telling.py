"""People hear of alerts by real e-mail and a real webhook, once, and however long the receiver was away."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import orjson
import pytest
from aiohttp import web

from agents.desk.alerts import Alert, Alerts, Severity
from agents.mail import Smtp
from booking.delivery.change import signature
from booking.outgoing.surroundings import Surroundings
from config.schema import Centre
from madoguchi.alerts.posting import Posting
from tests.integration.booking.rooms import sample_plan
from tests.integration.booking.test_case_mails import Mailbox, mail_server
from tests.postgres_fixture import free_port

SECRET = "the secret that centre and receiver agreed on"


@dataclass
class Receiver:
    """A program that hears of alerts; answers with *status*."""

    status: int = 200
    got: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    unsigned: int = 0

    async def take(self, request: web.Request) -> web.Response:
        body, key = await request.read(), request.headers["Idempotency-Key"]
        stamp = int(request.headers["Madoguchi-Timestamp"])
        if request.headers["Madoguchi-Signature"] != signature(SECRET.encode(), stamp, key, body):
            self.unsigned += 1
        if self.status == 200:
            self.got.append((key, orjson.loads(body)))
        return web.Response(status=self.status)


@asynccontextmanager
async def receiving(receiver: Receiver, port: int) -> AsyncIterator[None]:
    """Serve it."""
    application = web.Application()
    application.router.add_post("/alerts", receiver.take)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield
    await runner.cleanup()


class Stage:
    """A posting whose time a test sets."""

    def __init__(self, home: Path, mail_port: int, hook_port: int) -> None:
        self.home, self.now = home, 1_000_000.0
        line = 'encryption = "starttls"\n'
        plan = sample_plan(line, f'encryption = "none"\nhost = "127.0.0.1"\nport = {mail_port}\n')
        rules = plan.alerts.model_copy(
            update={
                "notify": ("supervisor", "manager"),
                "webhook_url": f"http://127.0.0.1:{hook_port}/alerts",
                "group_s": 30,
            }
        )
        self.plan: Centre = plan.model_copy(update={"alerts": rules})
        (home / "alerts.secret").write_text(SECRET)
        (home / "alerts.secret").chmod(0o600)
        self.told: list[Alert] = []
        self.posting = self.start()

    def start(self) -> Posting:
        """Return a posting of a program that has just been started."""
        alerts = Alerts(self.told.append, clock=lambda: self.now)
        around = Surroundings(chance=random.Random(1), stamp=lambda: self.now)
        post = Smtp(lambda: self.plan.mail, None)
        secret, file = self.home / "alerts.secret", self.home / "alerts.json"
        return Posting(alerts, post, lambda: self.plan, file, secret, around)

    @property
    def alerts(self) -> Alerts:
        """The alerts that it follows."""
        return self.posting.alerts

    def warn(self, key: str, severity: Severity = Severity.WARNING) -> None:
        """Raise one; its text is what somebody hostile might get into it."""
        self.alerts.raise_alert(key, severity, "行1\r\nBcc: all@example.jp", "spool-deep", everyone=False)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path, free_port(), free_port())


def mail_port(stage: Stage) -> int:
    return stage.plan.mail.port


def hook_port(stage: Stage) -> int:
    return int(str(stage.plan.alerts.webhook_url).rsplit(":", 1)[1].split("/")[0])


async def test_one_mail_for_what_opens_together_with_its_section_of_the_runbook(stage: Stage) -> None:
    box = Mailbox()
    with mail_server(box, mail_port(stage)):
        stage.warn("a")
        stage.warn("b", Severity.CRITICAL)
        assert await stage.posting.send_mail() is False
        stage.now += 30
        assert [await stage.posting.send_mail() for _ in range(2)] == [True, False]
    ((to, letter),) = box.letters
    assert to == ["supervisor@madoguchi.example.jp", "manager@madoguchi.example.jp"]
    assert letter["Subject"] == "【緊急】行1 Bcc: all@example.jp ほか1件"
    assert letter["Bcc"] is None
    text = letter.get_content()
    assert text.count("docs/runbook.md#spool-deep") == 2
    assert "いま開いている警告は 2 件です。" in text


async def test_a_mail_server_that_is_away_holds_nothing_up_and_gets_all_of_it_later(stage: Stage) -> None:
    box, receiver = Mailbox(), Receiver()
    async with receiving(receiver, hook_port(stage)):
        stage.warn("a")
        stage.now += 31
        assert await stage.posting.send_mail() is False
        assert "Connect" in str(stage.posting.mail.trouble)
        assert await stage.posting.call_webhook() == 1
        stage.alerts.close("a")
        stage.now += 4
        assert await stage.posting.call_webhook() == 1
    with mail_server(box, mail_port(stage)):
        stage.now += 600
        assert await stage.posting.send_mail() is True
    ((_, letter),) = box.letters
    assert "すでに解消しました" in letter.get_content()
    assert stage.posting.mail.trouble is None
    assert [body["event"] for _, body in receiver.got] == ["opened", "closed"]
    assert receiver.unsigned == 0


async def test_the_webhook_hears_everything_in_order_also_after_a_restart(stage: Stage) -> None:
    receiver = Receiver(status=503)
    async with receiving(receiver, hook_port(stage)):
        stage.warn("a")
        stage.alerts.acknowledge("a", "tanaka")
        assert await stage.posting.call_webhook() == 0
        assert await stage.posting.keep() is True
        assert await stage.posting.keep() is False
        stage.posting = stage.start()
        stage.warn("a")
        stage.warn("a", Severity.CRITICAL)
        receiver.status = 200
        assert await stage.posting.call_webhook() == 3
    keys, bodies = zip(*receiver.got, strict=True)
    assert [body["event"] for body in bodies] == ["opened", "acknowledged", "worse"]
    assert len(set(keys)) == 3
    assert bodies[1]["acknowledged_by"] == "tanaka"
    assert bodies[0]["runbook"] == "spool-deep"


async def test_what_the_receiver_refuses_is_given_up_and_the_next_goes_on(stage: Stage) -> None:
    receiver = Receiver(status=422)
    async with receiving(receiver, hook_port(stage)):
        stage.warn("a")
        assert await stage.posting.call_webhook() == 1
        assert str(stage.posting.webhook.trouble).startswith("422")
        receiver.status = 200
        stage.warn("b")
        assert await stage.posting.call_webhook() == 1
    assert [body["key"] for _, body in receiver.got] == ["b"]


async def test_without_a_secret_nothing_is_sent_unsigned(stage: Stage) -> None:
    receiver = Receiver()
    (stage.home / "alerts.secret").chmod(0o644)
    async with receiving(receiver, hook_port(stage)):
        stage.warn("a")
        assert await stage.posting.call_webhook() == 0
        assert "chmod 600" in str(stage.posting.webhook.trouble)
    assert receiver.got == []


async def test_nobody_to_tell_is_nothing_to_keep(stage: Stage) -> None:
    rules = stage.plan.alerts.model_copy(update={"notify": (), "webhook_url": None})
    stage.plan = stage.plan.model_copy(update={"alerts": rules})
    for number in range(10):
        stage.warn(str(number))
    stage.now += 100
    assert await stage.posting.send_mail() is False
    assert await stage.posting.call_webhook() == 0
    assert not stage.posting.outbox.mail
    assert not stage.posting.outbox.webhook


async def test_a_fault_in_one_way_does_not_end_the_other(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("madoguchi.alerts.posting.EVERY_S", 0.01)
    receiver, box = Receiver(), Mailbox()

    async def broken(*_: object) -> bool:
        raise RuntimeError

    monkeypatch.setattr(Posting, "send_mail", broken)
    with mail_server(box, mail_port(stage)):
        async with receiving(receiver, hook_port(stage)):
            running = asyncio.create_task(stage.posting.run())
            stage.warn("a")
            async with asyncio.timeout(10):
                while not receiver.got:  # noqa: ASYNC110 -- another task's work: there is no event to await
                    await asyncio.sleep(0.01)
            running.cancel()
            await asyncio.wait({running})
