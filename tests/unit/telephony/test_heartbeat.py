"""The controller's sign of life: it goes on with the event loop, stops with it, and no clock can fake it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from telephony.heartbeat import Pulse, beat, kept_waiting_ns

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


_BUSY = "while True: pass"
_HARD_WORKING = """
import os, sys, time
def work(seconds):
    until = time.process_time() + seconds
    while time.process_time() < until: pass
while True:
    now = time.monotonic_ns()
    os.utime(sys.argv[1], ns=(now, now))
    work(0.05)
"""


@contextmanager
def on_one_processor(file: Path) -> Iterator[int]:
    """Run a controller that beats and works, and gets hardly any of the processor it shares; yield its id."""
    file.touch()
    processor = str(min(os.sched_getaffinity(0)))
    with ExitStack() as started:
        argvs = [_BUSY], [_HARD_WORKING, str(file)]
        for argv, nice in zip(argvs, ("0", "19"), strict=True):
            command = ["taskset", "-c", processor, "nice", "-n", nice, sys.executable, "-c", *argv]
            process = started.enter_context(subprocess.Popen(command))
            started.callback(process.kill)
        file.write_text(str(process.pid))
        yield process.pid


def test_a_controller_that_gets_no_processor_is_late_but_not_silent(file: Path) -> None:
    with on_one_processor(file) as pid:
        pulse, late_s, silent_s = Pulse(file), 0.0, 0.0
        eventually = time.monotonic() + 60
        while late_s < 3.0 and time.monotonic() < eventually:
            late_s = (time.monotonic_ns() - file.stat().st_mtime_ns) / S if kept_waiting_ns(pid) else 0.0
            silent_s = max(silent_s, pulse.silent_s() or 0.0)
            time.sleep(0.1)
        assert late_s >= 3.0
        assert silent_s < 1.5
        os.kill(pid, signal.SIGSTOP)
        while silent_s < 3.0 and time.monotonic() < eventually:
            silent_s = pulse.silent_s() or 0.0
            time.sleep(0.1)
        assert silent_s >= 3.0


def test_nobody_was_kept_waiting_who_does_not_exist() -> None:
    assert 0 == kept_waiting_ns(None)
    assert 0 == kept_waiting_ns(2**22 + 1)
