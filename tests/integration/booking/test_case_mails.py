"""E-mails about cases, through a real SMTP server: sent once, tried again, escalated, never in the way."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from structlog.testing import capture_logs

from agents.desk.alerts import Alerts
from agents.mail import Smtp
from booking.cases.mailing import CaseMails
from booking.cases.overdue import OverdueWatch
from config.settings import Settings
from madoguchi.booking_jobs import booking_jobs
from telephony.worker import Work, run
from tests.integration.booking.rooms import RoomsCentre, sample_plan
from tests.integration.booking.test_cases import CALLBACK, COMPLAINT, opened
from tests.postgres_fixture import free_port
from tests.unit.config.test_sample import SAMPLE


class Mailbox:
    """A server's letters; refuses with *reply* as long as there is one."""

    def __init__(self) -> None:
        self.letters: list[tuple[list[str], EmailMessage]] = []
        self.reply: str | None = None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        del server, session
        if self.reply is not None:
            return self.reply
        letter = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append((list(envelope.rcpt_tos), letter))
        return "250 OK"


@contextmanager
def mail_server(box: Mailbox, port: int) -> Iterator[None]:
    """Run a mail server on loopback."""
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield
    finally:
        server.stop()


@pytest.fixture
def port() -> int:
    return free_port()


def never() -> bool:
    """Return that the worker goes on."""
    return False


def job(centre: RoomsCentre, port: int, *, details: bool = False) -> CaseMails:
    """Return the worker's job, with the sample's contacts and a mail server on *port*."""
    line = 'encryption = "starttls"\n'
    plan = sample_plan(line, f'encryption = "none"\nhost = "127.0.0.1"\nport = {port}\n')
    cases = plan.cases.model_copy(update={"details_in_mail": details})
    centre.plans.append(plan.model_copy(update={"cases": cases}))
    return CaseMails(centre.pool, Smtp(lambda: centre.plan().mail, None), centre.plan, centre.clock, never)


async def states(centre: RoomsCentre) -> list[tuple[Any, ...]]:
    """Return reason, step, state and tries of every e-mail."""
    rows = await centre.pool.fetch("SELECT reason, step, state, tries FROM case_mails ORDER BY id")
    return [tuple(row) for row in rows]


async def test_a_new_case_is_told_once_to_its_contacts_without_the_citizens_data(
    rooms: RoomsCentre, port: int
) -> None:
    box, number = Mailbox(), (await opened(rooms, caller="090-1234-5678"))["number"]
    mails = job(rooms, port)
    with mail_server(box, port):
        assert [await mails.once(), await mails.once()] == [1, 0]
    ((to, letter),) = box.letters
    assert to == ["koseki@city.matsusaka.example.jp"]
    assert letter["Subject"] == f"市からの折り返し {number}"
    assert letter["Message-ID"] == f"<case-{number}-opened-0@madoguchi.example.jp>"
    assert letter["Date"].datetime.tzinfo is not None
    text = letter.get_content()
    assert "期限：12月8日(火) 08:00" in text
    assert CALLBACK["name"] not in text
    assert "1234" not in text


async def test_details_are_in_the_mail_where_the_city_wants_them_and_break_no_header(
    rooms: RoomsCentre, port: int
) -> None:
    box, wish = Mailbox(), {"content": "住所\nBcc: evil@example.com\n.\n相談", "caller": "090-1234-5678"}
    await opened(rooms, **wish, to="card-centre")
    with mail_server(box, port):
        assert await job(rooms, port, details=True).once() == 1
    ((to, letter),) = box.letters
    assert sorted(to) == ["card-centre@city.matsusaka.example.jp", "koseki@city.matsusaka.example.jp"]
    assert letter["Bcc"] is None
    assert "お名前：松阪 花子" in letter.get_content()
    assert "090-1234-5678" in letter.get_content()


async def test_a_server_that_is_down_is_tried_again_with_growing_pauses(
    rooms: RoomsCentre, port: int
) -> None:
    box, mails, alerts = Mailbox(), job(rooms, port), Alerts(lambda _: None)
    await opened(rooms)
    watch = OverdueWatch(rooms.pool, alerts, rooms.clock)
    for tries, pause in ((1, 30), (2, 60), (3, 120)):
        assert await mails.once() == 0
        assert await states(rooms) == [("opened", 0, "pending", tries)]
        rooms.clock.on(seconds=pause - 1)
        assert await mails.once() == 0
        assert await states(rooms) == [("opened", 0, "pending", tries)]
        rooms.clock.on(seconds=1)
    await watch.once()
    assert [alert.key for alert in alerts.open] == ["cases.mail_stuck"]
    with mail_server(box, port):
        box.reply = "451 later"
        assert await mails.once() == 0
        rooms.clock.on(seconds=240)
        box.reply = None
        assert await mails.once() == 1
    await watch.once()
    assert alerts.open == ()


async def test_what_is_refused_for_good_is_given_up(rooms: RoomsCentre, port: int) -> None:
    box = Mailbox()
    box.reply = "554 not here"
    number = (await opened(rooms))["number"]
    with mail_server(box, port):
        assert await job(rooms, port).once() == 0
    assert await states(rooms) == [("opened", 0, "failed", 1)]
    async with rooms.running.signed_in("tanaka") as chief:
        case = await (await chief.get(f"/api/cases/{number}")).json()
    assert "554" in case["mails"][0]["problem"]


async def test_without_a_server_or_anybody_to_tell_the_mail_is_skipped(rooms: RoomsCentre) -> None:
    await opened(rooms)
    await rooms.pool.execute("INSERT INTO cases (kind, opened_at, summary) VALUES ('message', now(), 'x')")
    mails = CaseMails(rooms.pool, Smtp(lambda: rooms.plan().mail, None), rooms.plan, rooms.clock, never)
    assert await mails.once() == 0
    assert await states(rooms) == [("opened", 0, "skipped", 1)] * 2


async def test_a_late_complaint_goes_up_step_by_step_until_it_is_done(rooms: RoomsCentre, port: int) -> None:
    box, mails = Mailbox(), job(rooms, port)
    case = await opened(rooms, **COMPLAINT)
    with mail_server(box, port):
        assert await mails.once() == 1
        rooms.clock.on(minutes=61)
        assert [await mails.once(), await mails.once()] == [1, 0]
        rooms.clock.on(hours=8)
        assert await mails.once() == 1
        rooms.clock.on(hours=100)
        assert await mails.once() == 0
    to = [[address.partition("@")[0] for address in letter[0]] for letter in box.letters]
    assert to == [["koseki", "supervisor"], ["manager"], ["koseki", "manager"]]
    assert [letter["Subject"].startswith("【未対応】") for _, letter in box.letters] == [False, True, True]
    async with rooms.running.signed_in("tanaka") as chief:
        shown = await (await chief.get(f"/api/cases/{case['number']}")).json()
    assert (shown["escalated"], shown["version"]) == (2, 1)
    assert "総括管理責任者" in shown["history"][1]["note"]


async def until(true: Callable[[], object]) -> None:
    """Wait until *true* says so."""
    async with asyncio.timeout(20):
        while True:
            if true():
                return
            await asyncio.sleep(0.02)


async def test_the_worker_sends_it_and_a_broken_plan_ends_nothing(
    rooms: RoomsCentre, port: int, database_url: str, tmp_path: Path
) -> None:
    box, stop = Mailbox(), asyncio.Event()
    settings = Settings.from_environment({"MADOGUCHI_HOME": str(tmp_path), "DATABASE_URL": database_url})
    layout = settings.layout
    for folder in (layout.journal_file.parent, layout.recordings, layout.messages):
        folder.mkdir(parents=True, exist_ok=True)
    layout.published_plan.write_text("title = ")
    await opened(rooms)
    work = Work.of(layout, database_url)
    with mail_server(box, port), capture_logs() as logged:
        async with asyncio.TaskGroup() as group:
            group.create_task(run(work, stop, partial(booking_jobs, settings)), name="worker")
            await until(lambda: "booking.job_failed" in {entry["event"] for entry in logged})
            server = f'encryption = "none"\nhost = "127.0.0.1"\nport = {port}'
            text = SAMPLE.read_text(encoding="utf-8").replace('encryption = "starttls"', server)
            layout.published_plan.write_text(text)
            await until(lambda: box.letters)
            stop.set()
    assert len(box.letters) == 1


async def test_a_worker_that_ends_begins_no_mail(rooms: RoomsCentre, port: int) -> None:
    await opened(rooms)
    job(rooms, port)
    post = Smtp(lambda: rooms.plan().mail, None)
    assert await CaseMails(rooms.pool, post, rooms.plan, rooms.clock, lambda: True).once() == 0
    assert await states(rooms) == [("opened", 0, "pending", 0)]
