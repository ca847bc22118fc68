"""One run: the crowd calls, changes are applied one after another, and everything is judged at the end."""

import asyncio
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from madoguchi.demo.running import operators
from tests.acceptance.copy import Copy
from tests.acceptance.floor.office import Json
from tests.acceptance.floor.shift import Shift, within
from tests.acceptance.publish.changes import ROUTES, Change
from tests.acceptance.publish.crowd import Caller, Crowd, Period

SETTLED_S = 1.5
"""From key to queue: a key that crosses a change may lead where either says."""


@dataclass(slots=True)
class Done:
    """One change: how long the command took, and how long a version that was taken back was in force."""

    change: Change
    seconds: float
    calls_up: int
    taken_back_s: float | None = None
    complaint: str | None = None

    @property
    def outcome(self) -> str:
        """Return what became of it, in two words."""
        if self.taken_back_s is not None:
            return f"back {self.taken_back_s:.2f} s"
        return "refused" if self.change.stops else "applied"


@dataclass(slots=True)
class Result:
    """What is to be judged. *dropped* and *astray* name callers."""

    calls: int
    done: list[Done] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    astray: list[str] = field(default_factory=list)

    @property
    def violations(self) -> list[str]:
        """Return everything that should not have happened."""
        wrong = [f"{each.change.name}: {each.complaint}" for each in self.done if each.complaint]
        return [*wrong, *self.dropped, *self.astray]

    @property
    def slowest_rollback_s(self) -> float:
        """The longest that a version which Asterisk refused was in force."""
        return max((each.taken_back_s for each in self.done if each.taken_back_s is not None), default=0.0)

    def report(self) -> str:
        """Return it as a table."""
        lines = [
            f"{each.outcome:12} {each.seconds:5.1f} s  {each.calls_up:3} up  {each.change.name}"
            for each in self.done
        ]
        good = sum(1 for each in self.done if each.change.stops is None)
        summary = (
            f"{self.calls} calls, {good} changes applied, {len(self.done) - good} refused: "
            f"{len(self.dropped)} dropped, {len(self.astray)} on a wrong route, "
            f"slowest rollback {self.slowest_rollback_s:.2f} s"
        )
        return "\n".join([*lines, summary, *self.violations])


class Publishing:
    """A run on *copy*, whose edited files are *centre_file* and what is in *custom_folder*."""

    def __init__(self, copy: Copy, changes: Sequence[Change]) -> None:
        self._copy, self._changes = copy, changes
        self._centre = Path(copy.environment["MADOGUCHI_CONFIG"])
        self._custom = Path(copy.environment["MADOGUCHI_DIALPLAN"])
        self._periods = [Period(0.0, float("inf"), ROUTES)]

    async def run(self, *, calls: int, per_s: float, talks_s: tuple[float, float], seed: int = 1) -> Result:
        """Run it and judge it."""
        result = Result(calls)
        before = self._centre.read_text(encoding="utf-8")
        async with Shift(self._copy) as shift:
            crowd = Crowd(shift, calls=calls, per_s=per_s, talks_s=talks_s, seed=seed)
            names = [phone["name"] for phone in operators(shift.running) if phone["role"] == "operator"]
            for name in names:
                await shift.seat(name, crowd.behave)
            flowing = asyncio.create_task(crowd.flow(), name="crowd")
            await within(crowd.talks)
            for change in self._changes:
                result.done.append(await self._apply(change, crowd))
            await flowing
            await self._restore(before)
            records = await shift.office.records(*(c.call.call_id for c in crowd.callers if c.call))
        self._judge(crowd, records, result)
        return result

    async def _apply(self, change: Change, crowd: Crowd) -> Done:
        self._edit(change.centre, change)
        up, began = crowd.up, time.time()
        status, out, said = await self._command("dialplan", "apply", "--why", change.name, *change.options)
        ended = time.time()
        done = Done(change, ended - began, up)
        if change.stops is None:
            done.complaint = said.strip() if status else None
            latest = self._periods[-1]
            self._periods[-1] = Period(latest.since, ended, latest.routes)
            self._periods.append(Period(began, float("inf"), change.routes))
        elif not status or change.stops not in said:
            done.complaint = f"was not refused as it should be: {out}{said}"
        elif change.stops == "was taken back":
            done.taken_back_s = float(said.split("was taken back after ")[1].split(" s")[0])
        return done

    def _edit(self, centre: str, change: Change | None) -> None:
        self._centre.write_text(centre, encoding="utf-8")
        self._custom.mkdir(exist_ok=True)
        wanted = {} if change is None else change.custom
        for file in self._custom.glob("*.conf"):
            file.unlink()
        for name, text in wanted.items():
            (self._custom / name).write_text(text, encoding="utf-8")

    async def _restore(self, centre: str) -> None:
        self._edit(centre, None)
        await self._command("dialplan", "apply", "--why", "as it was")

    async def _command(self, *arguments: str) -> tuple[int, str, str]:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "madoguchi", *arguments),
            env=self._copy.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, said = await process.communicate()
        return process.returncode or 0, out.decode(), said.decode()

    def _judge(self, crowd: Crowd, records: dict[str, Json], result: Result) -> None:
        for caller in crowd.callers:
            record = records[caller.call.call_id] if caller.call else {}
            ended = (record.get("outcome"), record.get("ended_by"))
            if caller.complaint or ended != ("answered", "caller"):
                result.dropped.append(f"{caller.number} {caller.complaint or ended}")
            elif record["queue"] not in self._allowed(caller):
                result.astray.append(f"{caller.number} pressed {caller.key} and came to {record['queue']}")

    def _allowed(self, caller: Caller) -> set[str]:
        """Return every queue that the key may have led to at that moment."""
        return {
            period.routes[caller.key]
            for period in self._periods
            if period.since - SETTLED_S <= caller.pressed_at <= period.until + SETTLED_S
        }
