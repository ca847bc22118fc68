"""The controller's sign of life: it goes on with the event loop, stops with it, and no clock can fake it."""

import asyncio
import os
import time
from pathlib import Path

import pytest

from telephony.heartbeat import Pulse, beat

S = 1_000_000_000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "heartbeat"


def beat_at(file: Path, at_ns: int, pid: int = 4711) -> None:
    file.write_text(str(pid))
    os.utime(file, ns=(at_ns, at_ns))


async def test_it_beats_as_long_as_the_loop_runs_and_says_who_it_is(file: Path) -> None:
    beating = asyncio.create_task(beat(file))
    await asyncio.sleep(0)
    pulse = Pulse(file)
    silent_s = pulse.silent_s()
    assert silent_s is not None
    assert silent_s < 0.2
    assert os.getpid() == pulse.pid()
    beating.cancel()
    await asyncio.wait({beating})
    assert Pulse(file).pid() is None


def test_without_any_beat_there_is_nothing_to_judge(file: Path) -> None:
    assert Pulse(file).silent_s() is None
    assert Pulse(file).pid() is None


def test_silence_is_counted_from_the_last_beat(file: Path) -> None:
    beat_at(file, time.monotonic_ns() - 3 * S)
    assert 3.0 <= (Pulse(file).silent_s() or 0) < 3.5


def test_silence_goes_on_when_the_file_is_gone(file: Path) -> None:
    pulse = Pulse(file)
    beat_at(file, time.monotonic_ns() - 3 * S)
    pulse.silent_s()
    file.unlink()
    assert (pulse.silent_s() or 0) >= 3.0


def test_a_beat_from_before_the_machine_was_started_says_nothing(file: Path) -> None:
    beat_at(file, time.monotonic_ns() + 3_600 * S)
    assert Pulse(file).silent_s() is None


async def test_it_says_what_the_controller_calls_itself_at_asterisk(file: Path) -> None:
    beating = asyncio.create_task(beat(file, "ab12"))
    await asyncio.sleep(0)
    assert (os.getpid(), "ab12") == (Pulse(file).pid(), Pulse(file).driver())
    beating.cancel()
    await asyncio.wait({beating})
    assert Pulse(file).driver() is None


def test_the_beat_of_an_earlier_version_has_no_name(file: Path) -> None:
    beat_at(file, time.monotonic_ns())
    assert (4711, None) == (Pulse(file).pid(), Pulse(file).driver())


async def test_another_controllers_beat_is_left_alone(file: Path) -> None:
    beating = asyncio.create_task(beat(file))
    await asyncio.sleep(0)
    beat_at(file, time.monotonic_ns(), pid=4711)
    beating.cancel()
    await asyncio.wait({beating})
    assert 4711 == Pulse(file).pid()
