"""The real ways out: a mail server, a provider of SMS over HTTP, a folder."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

from booking.messages.folder import FolderSink
from booking.messages.mail import MailSink
from booking.messages.message import Message
from booking.messages.ports import Unclear
from booking.messages.webhook import WebhookSink
from booking.outgoing.answers import Later, Refused, Taken
from config.schema.mail import Mail
from tests.postgres_fixture import free_port

MESSAGE = Message(
    "reservation:1:1:email", "hanako@example.jp", "ご予約を承りました。\n.\nお待ちします。", "確認"
)
SMS = Message("reservation:1:1:sms", "09012345678", "予約を承りました。")


class Post:
    """What a mail server is told to answer, and what it got."""

    def __init__(self, **answers: str) -> None:
        self.answers, self.got = answers, []

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's name and arguments
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        answer = self.answers.get("rcpt", "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del session
        answer = self.answers.get("data", "250 OK")
        if answer == "hang up":
            server.transport.abort()
        self.got.append(envelope)
        return answer


@asynccontextmanager
async def post_office(post: Post) -> AsyncIterator[MailSink]:
    loop, port = asyncio.get_running_loop(), free_port()
    server = await loop.create_server(lambda: SMTP(post, loop=loop), "127.0.0.1", port)
    async with server:
        yield mail_sink(port)


def mail_sink(port: int) -> MailSink:
    mail = Mail.model_validate(
        {"host": "127.0.0.1", "port": port, "encryption": "none", "sender": "centre@example.jp"}
    )
    return MailSink(lambda: mail, None, lambda: "予約センター")


async def test_an_email_arrives_as_it_was_written() -> None:
    post = Post()
    async with post_office(post) as sink:
        assert await sink.send(MESSAGE) == Taken()
    (envelope,) = post.got
    assert (envelope.mail_from, envelope.rcpt_tos) == ("centre@example.jp", ["hanako@example.jp"])
    letter = message_from_bytes(envelope.content, policy=default)
    assert letter["Subject"] == "確認"
    assert letter["From"] == "予約センター <centre@example.jp>"
    assert letter.get_content().replace("\r\n", "\n").rstrip("\n") == MESSAGE.text


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ({"rcpt": "550 no such user"}, Refused),
        ({"rcpt": "450 try later"}, Later),
        ({"data": "554 spam"}, Refused),
        ({"data": "451 disk full"}, Later),
        ({"data": "hang up"}, Unclear),
    ],
)
async def test_the_mail_servers_answer_decides(answers: dict[str, str], kind: type) -> None:
    async with post_office(Post(**answers)) as sink:
        assert isinstance(await sink.send(MESSAGE), kind)


async def test_a_mail_server_that_is_not_there_is_tried_again() -> None:
    said = await mail_sink(free_port()).send(MESSAGE)
    assert isinstance(said, Later)
    assert said.everybody


@asynccontextmanager
async def provider(answer: Callable[[web.Request], web.Response]) -> AsyncIterator[tuple[str, list[Any]]]:
    got: list[Any] = []

    async def take(request: web.Request) -> web.Response:
        got.append((dict(request.headers), await request.json()))
        return answer(request)

    application = web.Application()
    application.router.add_post("/sms", take)
    runner, port = web.AppRunner(application), free_port()
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield f"http://127.0.0.1:{port}/sms", got
    await runner.cleanup()


@pytest.fixture
def token(tmp_path: Path) -> Path:
    file = tmp_path / "sms.secret"
    file.write_text("token-of-the-provider\n")
    file.chmod(0o600)
    return file


def cut(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (lambda _: web.Response(status=202), Taken),
        (lambda _: web.Response(status=422, text="no such number"), Refused),
        (lambda _: web.Response(status=429), Later),
        (lambda _: web.Response(status=503), Later),
        (lambda _: web.Response(status=401), Later),
        (lambda _: web.Response(status=500), Unclear),
        (lambda _: web.Response(status=504), Unclear),
        (cut, Unclear),
    ],
)
async def test_the_providers_answer_decides(
    token: Path, answer: Callable[[web.Request], web.Response], kind: type
) -> None:
    async with provider(answer) as (url, got):
        assert isinstance(await WebhookSink(url, token).send(SMS), kind)
    ((headers, content),) = got
    assert headers["Authorization"] == "Bearer token-of-the-provider"
    assert headers["Idempotency-Key"] == SMS.key
    assert content == {"to": "+819012345678", "text": SMS.text, "reference": SMS.key}


async def test_without_a_provider_it_is_tried_again(token: Path) -> None:
    assert isinstance(await WebhookSink(f"http://127.0.0.1:{free_port()}/", token).send(SMS), Later)


async def test_without_its_token_it_is_tried_again(tmp_path: Path) -> None:
    said = await WebhookSink(f"http://127.0.0.1:{free_port()}/", tmp_path / "none").send(SMS)
    assert isinstance(said, Later)
    assert "cannot be read" in said.reason


async def test_a_folder_gets_one_file_for_each_message_that_only_its_owner_reads(tmp_path: Path) -> None:
    sink = FolderSink(tmp_path / "out", "sms")
    assert await sink.send(SMS) == Taken()
    assert await sink.send(SMS) == Taken()
    (file,) = (tmp_path / "out").iterdir()
    assert json.loads(file.read_text(encoding="utf-8"))["to"] == "09012345678"
    assert file.stat().st_mode & 0o077 == 0
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0
