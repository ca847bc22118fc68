"""An Asterisk of our own for tests of what it is told, and telephones around it."""

import asyncio
import shutil
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from importlib import import_module
from types import FrameType

import pytest

from config.schema import Centre
from madoguchi.demo.phones import Account, Carrier, Phone
from telephony.asterisk.client import Ari
from tests.asterisk_fixture import RunningAsterisk, small_centre, write_tone
from tests.integration.dialplan.driver import LIMIT_S

RENDERING = import_module("dialplan.render")
SHORT_RETRY_S, FEW_TRIES = 1, 3
"""The waiting of a call that nobody drives, made short."""

MAX_CALLS, MIN_CALLS, MAX_NEW_PER_S = 20, 10, 16
TEST_LIMIT_S = 40

UNAVAILABLE_HZ, SORRY_HZ, FULL_HZ, MUSIC_HZ = 500, 700, 900, 330
EMERGENCY_HZ, TYPHOON_HZ = 1_100, 1_300
ANNOUNCEMENTS = {
    "system-unavailable": UNAVAILABLE_HZ,
    "sorry-closing": SORRY_HZ,
    "queue-full": FULL_HZ,
    "emergency": EMERGENCY_HZ,
    "typhoon": TYPHOON_HZ,
}
"""Announcements are tones here, so that they can be told apart."""


def full_soon() -> Centre:
    """Return the small centre with a trunk that a test can fill."""
    centre = small_centre()
    trunk, *others = centre.trunks
    bounds = {"max_calls": MAX_CALLS, "min_calls": MIN_CALLS, "max_new_per_s": MAX_NEW_PER_S}
    return centre.model_copy(update={"trunks": (trunk.model_copy(update=bounds), *others)})


@pytest.fixture(autouse=True)
def nothing_hangs() -> Iterator[None]:
    """Fail a test that waits for what never comes."""

    def fail(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a signal handler's shape
        raise TimeoutError(f"the test took longer than {TEST_LIMIT_S} s")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(TEST_LIMIT_S)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="package")
def asterisk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAsterisk]:
    home = tmp_path_factory.mktemp("dialplan")
    for directory in (home, *home.parents[:2]):
        directory.chmod(0o755)
    running = RunningAsterisk(home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RENDERING, "RING_S", SHORT_RETRY_S)
        patch.setattr(RENDERING, "RETRY_S", SHORT_RETRY_S)
        patch.setattr(RENDERING, "TRIES", FEW_TRIES)
        running.write_configuration(full_soon())
        for sound, hertz in ANNOUNCEMENTS.items():
            write_tone(running.layout.sounds / f"{sound}.sln16", seconds=1, hertz=hertz)
        running.start()
        try:
            yield running
        finally:
            running.stop()
            shutil.rmtree(home)


@pytest.fixture
async def ari(asterisk: RunningAsterisk) -> AsyncIterator[Ari]:
    async with Ari(asterisk.ari_url, asterisk.user, asterisk.ari_password) as entered:
        yield entered


@pytest.fixture
async def carrier(asterisk: RunningAsterisk) -> AsyncIterator[Carrier]:
    """Callers from the address that the trunk is known by."""
    placed = Carrier(("127.0.0.1", asterisk.sip_port))
    yield placed
    await placed.close()


@pytest.fixture
async def phone(asterisk: RunningAsterisk) -> AsyncIterator[Callable[..., Phone]]:
    """Make operators' desk phones: ``phone("201")``, with the password of everybody in these tests."""
    made: list[Phone] = []

    def make(extension: str, password: str = asterisk.phone_password) -> Phone:
        made.append(Phone(Account(extension, password), ("127.0.0.1", asterisk.sip_port)))
        return made[-1]

    yield make
    async with asyncio.timeout(LIMIT_S):
        await asyncio.gather(*(ring.over.wait() for each in made for ring in each.rings))
    for each in made:
        each.close()
