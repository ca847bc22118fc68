"""One round: a talk, every mode one after the other, and the end. At each step exactly the right ears."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import stamina

from madoguchi.demo.phones import tones
from tests.acceptance.chaos.strikes import percentile
from tests.acceptance.copy import Copy
from tests.acceptance.floor.ears import UNHEARD, WINDOW_S, Ears, hears
from tests.acceptance.floor.office import Office
from tests.acceptance.listening.caller import Caller, calling
from tests.acceptance.listening.ears import LIMIT_S, Ear, Right, WrongEarsError, shares_of, until_right
from tests.acceptance.storm.leftovers import NOTHING, leftovers

OPERATOR, CHIEF = "abe", "chief"
SIP_PORT = 5_135
LEAVE, TAKEOVER = "leave", "takeover"

UNTOUCHED = hears(operator="caller", caller="operator")
EARS = {
    "listen": hears(operator="caller", caller="operator", supervisor="operator caller"),
    "whisper": hears(operator="caller supervisor", caller="operator", supervisor="operator caller"),
    "barge": hears(operator="caller supervisor", caller="operator supervisor", supervisor="operator caller"),
    TAKEOVER: hears(caller="supervisor", supervisor="caller"),
    LEAVE: UNTOUCHED,
}
MODES = ("listen", "whisper", "barge", "listen", "barge")
NOBODY = hears()


class Seats(Protocol):
    """The operator and the supervisor at their telephones, for as many rounds as are wanted."""

    name: str
    ears: Mapping[str, Ear]

    async def pick_up(self) -> None:
        """Let the operator take the call that rings."""
        ...

    async def want(self, mode: str, call: str) -> None:
        """Let the supervisor be on *call* in another *mode*, or leave it."""
        ...

    async def end(self, caller: Caller, *, taken_over: bool) -> str:
        """Let somebody hang up; return who did, as the record should say."""
        ...


@dataclass(slots=True)
class Rounds:
    """Plays rounds with *seats* on *copy*, and keeps what was heard; *tell* gets a line for each round."""

    copy: Copy
    office: Office
    seats: Seats
    folder: Path
    tell: Callable[[str], None]
    modes: Sequence[str] = MODES
    wrong: list[str] = field(default_factory=list)
    _right: dict[str, list[Right]] = field(default_factory=lambda: defaultdict(list))
    _ends: dict[str, tuple[str, str]] = field(default_factory=dict)

    async def play(self, numbers: range) -> None:
        """Play these rounds: in those with an odd number the supervisor takes over, in the others leaves.

        One in which somebody hears what they should not is broken off and noted.
        """
        for number in numbers:
            name, before = f"{self.seats.name}-{number}", len(self.wrong)
            await self.office.free(OPERATOR)
            async with calling(self.copy, self.folder, name, SIP_PORT) as caller:
                try:
                    await self._talk(caller, TAKEOVER if number % 2 else LEAVE)
                except WrongEarsError as why:
                    self.wrong.append(f"{name}: {why}; the caller's sound: {dict(caller.ear.streams)}")
            self.tell(f"{name}: {'; '.join(self.wrong[before:]) or 'right'}")
        await self._judge_records()
        await self._judge_leftovers()

    async def _talk(self, caller: Caller, last: str) -> None:
        await self.seats.pick_up()
        call = await self._live()
        everybody = {**self.seats.ears, "caller": caller.ear}
        await self._hears("talk", UNTOUCHED, everybody)
        since = caller.ear.received
        for place, mode in enumerate((*self.modes, last)):
            if place == self.modes.index("barge"):
                _never_heard(caller, since)
            await self.seats.want(mode, call)
            await self._hears(mode, EARS[mode], everybody)
        who = await self.seats.end(caller, taken_over=last == TAKEOVER)
        self._ends[caller.call_id] = (CHIEF if last == TAKEOVER else OPERATOR, who)
        await caller.over()
        await self._hears("end", NOBODY, everybody)

    async def _hears(self, step: str, expected: Ears, ears: Mapping[str, Ear]) -> None:
        try:
            self._right[step].append(await until_right(ears, expected))
        except WrongEarsError as why:
            raise WrongEarsError(f"{step} {why}") from None

    async def _live(self) -> str:
        """Return the id of the call that is talked in."""
        async for attempt in stamina.retry_context(
            on=AssertionError, attempts=None, timeout=LIMIT_S, wait_initial=0.02, wait_max=0.1
        ):
            with attempt:
                live = [each for each in await self.office.live() if each["state"] == "talking"]
                assert 1 == len(live)
        return str(live[0]["id"])

    async def _judge_records(self) -> None:
        records = await self.office.records(*self._ends)
        for call_id, (agent, who) in self._ends.items():
            record = records[call_id]
            found = (record["outcome"], record["agent"], record["ended_by"])
            if found != ("answered", agent, who):
                self.wrong.append(f"{call_id}: the record says {found}, not {('answered', agent, who)}")

    async def _judge_leftovers(self) -> None:
        """See that Asterisk has nothing left of all these calls."""
        async for attempt in stamina.retry_context(
            on=AssertionError, attempts=None, timeout=LIMIT_S, wait_max=0.5
        ):
            with attempt:
                left = await asyncio.to_thread(leftovers, self.copy.running["asterisk"]["cli"])
                assert left == NOTHING

    def report(self) -> str:
        """Return the table of all steps, and what was wrong."""
        head = (
            f"{self.seats.name:<10}  times   right after p50 / p95   weakest due tone  strongest undue tone"
        )
        lines = [_line(step, measured) for step, measured in self._right.items()]
        return "\n".join([head, *lines, *self.wrong, f"wrong ears or records: {len(self.wrong)}"])


def _line(step: str, measured: Sequence[Right]) -> str:
    after = [each.after_s for each in measured]
    due = [each.weakest for each in measured if each.weakest is not None]
    weakest, strongest = f"{min(due):.3f}" if due else "–", max(each.strongest for each in measured)
    times = f"{percentile(after, 0.5):>8.2f} s / {percentile(after, 0.95):.2f} s"
    return f"  {step:<8} {len(measured):>6}  {times:>22}   {weakest:>16}  {strongest:>20.4f}"


def _never_heard(caller: Caller, since: int) -> None:
    """See that the supervisor was in no moment of what the caller has heard."""
    sound, size = caller.ear.heard(since), round(WINDOW_S * tones.RATE)
    windows = [sound[at : at + size] for at in range(0, len(sound) - size + 1, size)]
    loudest = max(shares_of(window)["supervisor"] for window in windows)
    if loudest >= UNHEARD:
        raise WrongEarsError(f"before barge: the caller hears the supervisor {loudest:.3f}")
