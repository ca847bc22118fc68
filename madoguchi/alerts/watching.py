"""Looks at everything again and again and opens and closes alerts by the table (`madoguchi.alerts.rules`)."""

import asyncio
import time
from collections.abc import Callable, Sequence

import structlog
from prometheus_client import Gauge

from agents.desk.alerts import Alerts
from booking.shapes import CentrePlan
from madoguchi.alerts.gate import Gate, Sight
from madoguchi.alerts.readings import Readings
from madoguchi.alerts.rules import RULES, Rule
from madoguchi.alerts.sources import Sources

LOOK_EVERY_S = 2.0

RESUMED_S = 300.0
"""How long after a start every source must have looked; what none has spoken of by then is over."""

log = structlog.get_logger(__name__)

FORECAST = Gauge(
    "madoguchi_answer_rate_forecast_percent", "Answer rate expected at the end of the period", ["period"]
)


class Watching:
    """The state of every rule. *clock* is seconds that never run back."""

    def __init__(
        self,
        alerts: Alerts,
        plan: CentrePlan,
        rules: Sequence[Rule] = RULES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._alerts, self._plan, self._clock = alerts, plan, clock
        self._began = clock()
        resumed = {alert.key for alert in alerts.open}
        self._gates = {
            rule: Gate(rule.after(plan()), rule.closes_after_s, open=rule.key in resumed) for rule in rules
        }

    async def run(self, sources: Sources) -> None:
        """Look until cancelled."""
        while True:
            try:
                self.judge(await sources.read())
            except Exception:
                # A fault of ours in here must not end the process that holds the calls.
                log.exception("alerts.look_failed")
            await asyncio.sleep(LOOK_EVERY_S)

    def judge(self, seen: Readings) -> None:
        """Judge one look by every rule."""
        now, plan = self._clock(), self._plan()
        for rule, gate in self._gates.items():
            gate.opens_after_s = rule.after(plan)
            sight = rule.look(seen, plan, opened=gate.open)
            was_open = gate.open
            if gate.take(sight, now):
                self._raise(rule, sight)
            elif was_open:
                self._alerts.close(rule.key)
        for period, rate in (("day", seen.day), ("month", seen.month)):
            if rate is not None:
                FORECAST.labels(period).set(round(rate.forecast, 2))
        if now - self._began > RESUMED_S:
            self._alerts.close_unconfirmed()

    def _raise(self, rule: Rule, sight: Sight | None) -> None:
        """Say how it looks now. While it looks well but not for long enough, the last words stand."""
        if sight is not None and sight.severity is not None:
            self._alerts.raise_alert(
                rule.key, sight.severity, sight.text, rule.runbook, everyone=rule.everyone
            )
