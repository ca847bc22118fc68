"""When a bad sight becomes an alert, and a good one its end: both must last. Pure; the time is handed in.

Every rule has two limits as well: one beyond which it speaks, and one that it must come back below
(`madoguchi.alerts.rules`). So nothing that trembles around a limit opens and closes again and again.
"""

from dataclasses import dataclass

from agents.desk.alerts import Severity


@dataclass(frozen=True, slots=True)
class Sight:
    """What a rule sees: how bad it is (None: all is well), and the sentence for people."""

    severity: Severity | None
    text: str = ""


WELL = Sight(None)


@dataclass(slots=True)
class Gate:
    """The state of one rule; *opens_after_s* and *closes_after_s* are how long a sight must last."""

    opens_after_s: float
    closes_after_s: float
    open: bool = False
    _since: float | None = None

    def take(self, sight: Sight | None, now: float) -> bool:
        """Take one look at *now* (seconds); return whether the alert is open. None: nothing is known."""
        if sight is None:
            return self.open
        if (sight.severity is not None) is self.open:
            self._since = None
            return self.open
        self._since = now if self._since is None else self._since
        patience = self.closes_after_s if self.open else self.opens_after_s
        if now - self._since >= patience:
            self.open, self._since = not self.open, None
        return self.open
