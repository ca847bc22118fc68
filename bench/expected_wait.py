"""How true the announced waits are, over a month of simulated traffic, beside app_queue's (R3).

``python -m bench.expected_wait [--days N] [--seed N]`` drives the real model with the sample centre: surges
after the opening, lunch breaks in two shifts, short breaks, lean days, callers who give up. Whatever is
announced is compared with how long that caller then waited. app_queue's announcement is computed for the
same caller at the same moment (``app_queue.c``: ``recalc_holdtime``, an average in which each answered call
weighs a quarter, and ``say_position``, ``labs((holdtime + 30 - waited) / 60)`` minutes). Only callers who
were served count. Exit status 1 when our mean absolute error is more than half of app_queue's, or when a wait
rose without a cause in the journal.
"""

import argparse
import heapq
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from rich.console import Console

from config.loading import load_centre
from config.schema import Centre, Hours
from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.announcing import LONG_MINUTES
from telephony.model.centre import Centre as Model
from telephony.model.ids import AgentName, CallId, Instant, LegId
from telephony.model.states import AT_WORK
from tests.unit.model.plans import PlainVoice

SAMPLE = Path(__file__).parents[1] / "config" / "centre.toml"
OUT = Path(__file__).parent / "out" / "expected_wait.json"
LIMIT = 0.5
"""Our mean absolute error may be at most this share of app_queue's."""

DAYS = 20
HOUR, OPEN_S = 3_600.0, 8.25 * 3_600
DAWN = 1_800_000_000.0
CALLS_AN_HOUR = (125, 105, 80, 55, 85, 100, 85, 70, 40)
"""From 9 o'clock on: a morning surge, a lunch hour with half of the operators, a second rise."""

KEYS = "111111222334450"
TALK_S, TALK_SPREAD = 220.0, 0.6
PATIENCE_S = 1_500.0
MINUTE_S = 60


@dataclass(slots=True)
class Announced:
    """One announcement: when, what we said and what app_queue would have said, both in minutes."""

    at: float
    ours: int
    theirs: int


@dataclass(slots=True)
class Caller:
    """One caller's wait."""

    queue: str = ""
    since: float = 0.0
    heard: list[Announced] = field(default_factory=list)


@dataclass(slots=True)
class Result:
    """Errors in seconds, one for each announcement to a caller who was served."""

    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)
    served: int = 0
    left: int = 0
    rises: int = 0
    rises_without_cause: int = 0

    @property
    def ratio(self) -> float:
        """Our mean absolute error over app_queue's."""
        return mean(self.ours) / mean(self.theirs)


def mean(values: list[float]) -> float:
    """Return the mean; nothing measured is no result."""
    return sum(values) / len(values)


class Month:
    """Plays days with the real model and listens to what it writes down."""

    def __init__(self, seed: int, centre: Centre | None = None) -> None:
        self._rng = random.Random(seed)  # noqa: S311 - chance, not secrets
        # The days played are the month's own: a centre without hours is always open.
        self._plan = (centre or load_centre(SAMPLE)).model_copy(update={"hours": Hours()})
        self._model = Model(self._plan, PlainVoice(), self._rng)
        self._agenda: list[tuple[float, int, ev.Event]] = []
        self._order = count()
        self._callers: dict[str, Caller] = {}
        self._holdtimes: dict[str, int] = {}
        self._last_left = 0.0
        self._staff = [AgentName(agent.name) for agent in self._plan.agents if agent.role == "operator"]
        self._now = DAWN
        self.result = Result()
        self._take(ev.RosterChanged(self._plan.agents))

    def run(self, days: int) -> Result:
        """Play *days* days."""
        for day in range(days):
            morning = DAWN + day * 24 * HOUR
            self._people_come(morning)
            for number, at in enumerate(self._arrivals(morning)):
                call = CallId(f"{day}-{number}")
                self._at(at, ev.CallArrived(call, None, self._plan.numbers[0].number, f"{call}@carrier"))
                self._at(at + self._rng.expovariate(1 / PATIENCE_S), ev.CallerLeft(call, 16))
            self._play()
        return self.result

    def _arrivals(self, morning: float) -> Iterator[float]:
        busy = self._rng.choice((0.7, 0.9, 1.0, 1.1, 1.3))
        at, most = morning, max(CALLS_AN_HOUR) * busy / HOUR
        while (at := at + self._rng.expovariate(most)) < morning + OPEN_S:
            if self._rng.random() < CALLS_AN_HOUR[int((at - morning) / HOUR)] / max(CALLS_AN_HOUR):
                yield at

    def _people_come(self, morning: float) -> None:
        rng = self._rng
        present = rng.sample(self._staff, rng.randint(len(self._staff) - 2, len(self._staff)))
        for place, name in enumerate(present):
            comes, lunch = morning - 60 + rng.uniform(0, 300), morning + (3 + place % 2) * HOUR
            pause = morning + rng.uniform(4.5, 7.5) * HOUR
            self._at(comes, ev.PhoneChanged(name, registered=True))
            self._at(comes, ev.AgentReadied(name))
            for reason, begins, minutes in (("lunch", lunch, 55), ("break", pause, 12)):
                self._at(begins, ev.AgentPaused(name, reason))
                self._at(begins + minutes * MINUTE_S, ev.AgentReadied(name))
            self._at(morning + OPEN_S + 3 * HOUR, ev.AgentLoggedOut(name))

    # --- the world around the model ----------------------------------------------------------------------

    def _at(self, at: float, event: ev.Event) -> None:
        heapq.heappush(self._agenda, (at, next(self._order), event))

    def _after(self, seconds: float, event: ev.Event) -> None:
        self._at(self._now + seconds, event)

    def _play(self) -> None:
        while self._agenda:
            at, _, event = heapq.heappop(self._agenda)
            self._now = max(self._now, at)
            self._take(event)

    def _take(self, event: ev.Event) -> None:
        for command in self._model.handle(event, Instant(self._now)):
            match command:
                case cmd.Record(kind="agent.state"):
                    if command.data["state"] not in AT_WORK:
                        self._last_left = command.at
                case cmd.Record():
                    self._read(command)
                case cmd.ArmTimer():
                    self._after(command.due - self._now, _fired(command))
                case cmd.Play():
                    self._after(8, ev.PlaybackEnded(command.call, command.playback, heard=True))
                case cmd.Offer():
                    self._answer(command)

    def _answer(self, offer: cmd.Offer) -> None:
        rings = self._rng.uniform(2, 8)
        talks = TALK_S * self._rng.lognormvariate(-(TALK_SPREAD**2) / 2, TALK_SPREAD)
        self._after(0.1, ev.OfferRang(offer.call, offer.offer, LegId(f"leg-{offer.offer}")))
        self._after(rings, ev.OfferAnswered(offer.call, offer.offer))
        ended = ev.OfferReturned(offer.call, offer.offer, ev.DialStatus.ANSWER)
        self._after(rings + talks, ended)
        self._after(rings + talks + 1, ev.CallerLeft(offer.call, 16))

    # --- what the journal says -----------------------------------------------------------------------------

    def _read(self, fact: cmd.Record) -> None:
        call = fact.stream.removeprefix("call:")
        caller = self._callers.setdefault(call, Caller())
        match fact.kind:
            case "menu.entered":
                self._after(2, ev.KeyPressed(CallId(call), self._rng.choice(KEYS)))
            case "queue.entered":
                caller.queue, caller.since = fact.data["queue"], fact.at
            case "wait.announced":
                self._note(caller, fact)
            case "call.connected":
                self._served(caller, fact.at)
            case "call.ended":
                self.result.left += bool(caller.queue) and fact.data["outcome"] != "answered"
                del self._callers[call]

    def _note(self, caller: Caller, fact: cmd.Record) -> None:
        held = self._holdtimes.get(caller.queue, 0)
        theirs = abs(int((held + 30 - int(fact.at - caller.since)) / MINUTE_S))
        ours = fact.data["minutes"]
        if caller.heard and ours > caller.heard[-1].ours:
            self.result.rises += 1
            seen = fact.data["cause"] == "fewer-operators" and self._last_left >= caller.heard[-1].at
            self.result.rises_without_cause += not seen
        caller.heard.append(Announced(fact.at, ours, theirs))

    def _served(self, caller: Caller, at: float) -> None:
        self.result.served += 1
        waited = int(at - caller.since)
        self._holdtimes[caller.queue] = (self._holdtimes.get(caller.queue, 0) * 3 + waited) >> 2
        for each in caller.heard:
            actual = at - each.at
            ours = max(each.ours * MINUTE_S, actual if each.ours == LONG_MINUTES else 0)
            self.result.ours.append(abs(ours - actual))
            self.result.theirs.append(abs(each.theirs * MINUTE_S - actual))


def _fired(command: cmd.ArmTimer) -> ev.Event:
    if command.timer is ev.Timer.AFTER_CALL:
        return ev.AgentTimerFired(AgentName(command.owner), command.timer, command.serial)
    return ev.CallTimerFired(CallId(command.owner), command.timer, command.serial)


def main() -> int:
    """Play a month, print the figures, keep them."""
    reading = argparse.ArgumentParser(description="How true the announced waits are.")
    reading.add_argument("--days", type=int, default=DAYS)
    reading.add_argument("--seed", type=int, default=1)
    asked = reading.parse_args()
    result = Month(asked.seed).run(asked.days)
    Console(highlight=False).print(
        f"{asked.days} days, {result.served} callers served, {result.left} gave up; "
        f"{len(result.ours)} announcements\n"
        f"mean absolute error: ours {mean(result.ours):.0f} s, app_queue {mean(result.theirs):.0f} s; "
        f"ratio {result.ratio:.2f} (limit {LIMIT})\n"
        f"announced waits that rose: {result.rises}, without a cause: {result.rises_without_cause}"
    )
    _keep(result, asked.days)
    return 0 if result.ratio <= LIMIT and not result.rises_without_cause else 1


def _keep(result: Result, days: int) -> None:
    OUT.parent.mkdir(exist_ok=True)
    measure = {
        "ours": mean(result.ours),
        "peers": {"app_queue": mean(result.theirs)},
        "ratio": result.ratio,
        "unit": "s",
        "rounds": days,
        "spread": None,
    }
    OUT.write_text(json.dumps({"expected wait, mean absolute error": measure}, indent=2), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
