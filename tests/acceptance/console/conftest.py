"""Chromium, an operator at the console of the shared copy, and citizens who call through the carrier."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
from playwright.async_api import Browser, BrowserContext, ViewportSize, async_playwright

from madoguchi.demo.phones import Carrier
from madoguchi.demo.running import sip_address
from tests.acceptance.console.citizen import Citizen
from tests.acceptance.console.seat import Seat
from tests.acceptance.copy import STOP_LIMIT_S, Copy, start_copy
from tests.acceptance.floor.command import command
from tests.postgres_fixture import outside_loop

OPERATOR = "sato-misaki"
CHROMIUM = "/usr/bin/chromium"
SWITCHES = [
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]
SIZE: ViewportSize = {"width": 1280, "height": 720}

SAMPLE = Path(__file__).parents[3] / "config" / "centre.toml"
FEW_WORDS = 'greeting = "はい。"\nrecording-notice = "録音します。"\n'


def start_console(folder: Path) -> Copy:
    """Start the sample centre, open at any hour, with so few words before the menu that nobody need wait."""
    centre_file = folder / "centre.toml"
    centre_file.write_text(SAMPLE.read_text().replace("[prompts]\n", f"[prompts]\n{FEW_WORDS}"))
    copy = start_copy(folder / "home", centre_file)
    until = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    outside_loop(command(copy, "open", "--until", until))
    return copy


@pytest.fixture(scope="session")
def console_copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    copy = start_console(tmp_path_factory.mktemp("console"))
    yield copy
    copy.make("down", STOP_LIMIT_S)


@asynccontextmanager
async def chromium(*switches: str) -> AsyncIterator[Browser]:
    """Run Debian's Chromium."""
    async with async_playwright() as player:
        browser = await player.chromium.launch(executable_path=CHROMIUM, args=[*SWITCHES, *switches])
        yield browser
        await browser.close()


async def context_of(browser: Browser) -> BrowserContext:
    """Return a fresh browser of an operator in Japan."""
    return await browser.new_context(locale="ja-JP", timezone_id="Asia/Tokyo", viewport=SIZE)


@pytest.fixture
async def context() -> AsyncIterator[BrowserContext]:
    async with chromium() as browser:
        yield await context_of(browser)


@pytest.fixture
async def seat(context: BrowserContext, console_copy: Copy) -> AsyncIterator[Seat]:
    """An operator who has just opened the console."""
    seat = await Seat.take(context, console_copy, OPERATOR)
    yield seat
    assert seat.complaints == []


@pytest.fixture
async def carrier(console_copy: Copy) -> AsyncIterator[Carrier]:
    carrier = Carrier(sip_address(console_copy.running))
    yield carrier
    await carrier.close()


@pytest.fixture
def citizen(console_copy: Copy, carrier: Carrier) -> Citizen:
    return Citizen(carrier, console_copy.running["trunk"]["number"])


@pytest.fixture
async def database(console_copy: Copy) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(console_copy.running["database"])
    yield connection
    await connection.close()
