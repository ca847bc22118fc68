"""How much of the processors' time is left, and what counts as little or plenty of it.

Calls are late long before there is none left. Work at low priority gives way to calls: its time is left, too.
"""

import psutil

LOOK_EVERY_S = 0.5
SHORT, PLENTY, CALM = 0.35, 0.5, 0.8
"""Shares of the processors' time that nobody uses."""


class Unused:
    """The share of all processors' time that was left between two calls."""

    def __init__(self) -> None:
        self._before = psutil.cpu_times()

    def __call__(self) -> float:
        """Return it, 0 to 1."""
        now, before = psutil.cpu_times(), self._before
        self._before = now
        # The time of guests is in that of users already.
        kinds = [kind for kind in now._fields if "guest" not in kind]
        spent = {kind: getattr(now, kind) - getattr(before, kind) for kind in kinds}
        total = sum(spent.values())
        return (spent["idle"] + spent["iowait"] + spent["nice"]) / total if total > 0 else 1.0
