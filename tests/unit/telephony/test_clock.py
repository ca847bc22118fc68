"""The engine's clock: it never jumps, outlives its process, and follows the machine's when it may."""

import asyncio
from pathlib import Path

import pytest

from telephony import clock as clocks
from telephony.clock import SteadyClock, keep_time


class Machine:
    """A machine that runs since an hour, and whose clock can be set."""

    def __init__(self) -> None:
        self.up_s, self.shown = 3_600.0, 1_800_000_000.0

    def passes(self, seconds: float) -> None:
        self.up_s += seconds
        self.shown += seconds

    def clock(self, file: Path | None = None) -> SteadyClock:
        return SteadyClock(file, machine=lambda: self.shown, steady=lambda: self.up_s)


@pytest.mark.parametrize("jump_s", [3_600.0, -3_600.0])
def test_it_does_not_notice_that_the_machines_clock_is_set(jump_s: float) -> None:
    machine = Machine()
    clock = machine.clock()
    before = clock.now()
    machine.shown += jump_s
    machine.passes(5)
    assert 5 == clock.now() - before
    assert jump_s == clock.ahead_s()


@pytest.mark.parametrize("jump_s", [3_600.0, -3_600.0])
def test_the_next_controller_goes_on_in_the_same_time(tmp_path: Path, jump_s: float) -> None:
    machine = Machine()
    before = machine.clock(tmp_path / "clock").now()
    machine.shown += jump_s
    machine.passes(2)
    assert 2 == machine.clock(tmp_path / "clock").now() - before


def test_after_a_restart_of_the_machine_its_clock_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine()
    machine.clock(tmp_path / "clock")
    (tmp_path / "boot").write_text("another start\n")
    monkeypatch.setattr(clocks, "BOOT", tmp_path / "boot")
    machine.up_s, machine.shown = 20.0, machine.shown + 60
    assert machine.shown == machine.clock(tmp_path / "clock").now()


@pytest.mark.parametrize("damage", ["", "{}", "[]", '{"boot": 1}', "\x00"])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, damage: str) -> None:
    (tmp_path / "clock").write_text(damage)
    assert Machine().shown == Machine().clock(tmp_path / "clock").now()


def test_without_a_disk_to_keep_it_on_it_runs_all_the_same(tmp_path: Path) -> None:
    assert Machine().shown == Machine().clock(tmp_path / "nowhere" / "clock").now()


async def test_it_follows_once_nothing_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks, "LOOK_EVERY_S", 0)
    machine, quiet = Machine(), False
    clock = machine.clock()
    keeping = asyncio.create_task(keep_time(clock, lambda: quiet))
    machine.shown += 3_600
    for _ in range(3):
        await asyncio.sleep(0)
    assert 3_600 == clock.ahead_s()
    quiet = True
    for _ in range(3):
        await asyncio.sleep(0)
    assert 0 == clock.ahead_s()
    keeping.cancel()
    await asyncio.wait([keeping])
