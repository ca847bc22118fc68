"""Where a call goes: the one thing by which two configurations are compared over a day's real traffic."""

from collections.abc import Sequence

from config.schema import Agent, Centre
from madoguchi.explaining import wording
from madoguchi.explaining.driver import CALL, Driver
from madoguchi.explaining.explanation import Asked, model_for
from madoguchi.explaining.script import Script
from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.ids import Instant


class Destinations:
    """One configuration. *script* is its catalogue, read once for a whole day."""

    def __init__(self, plan: Centre, roster: Sequence[Agent], script: Script) -> None:
        self._plan, self._roster, self._script = plan, roster, script

    def of(self, asked: Asked) -> str:
        """Return where the call goes, in words: the line it joins, what it listens to, or how it ends.

        Raises `ModelError` as `explain` does.
        """
        model = model_for(self._plan, self._roster, asked, self._script)
        facts: list[cmd.Record] = []

        def seen(now: Instant, decided: Sequence[cmd.Command]) -> None:
            del now
            facts.extend(each for each in decided if isinstance(each, cmd.Record))

        arrival = ev.CallArrived(CALL, asked.caller, asked.dialled, "replay")
        Driver(model, asked.keys, lambda _: None, seen).run(arrival, asked.at)
        return self._told(facts, model.floor.calendar.ruling(asked.at, asked.dialled, None).text)

    def _told(self, facts: Sequence[cmd.Record], ruling: str) -> str:
        by_kind = {fact.kind: fact.data for fact in reversed(facts)}
        if entered := by_kind.get("queue.entered"):
            return f"待ち列「{wording.queue_title(entered['queue'], self._plan)}」"
        if guide := by_kind.get("guidance.started"):
            return f"案内「{guide['guide']}」"
        ended = by_kind.get("call.ended", {})
        outcome = str(ended.get("outcome", ""))
        reason = f"（{ruling}）" if outcome == "closed" else ""
        return f"{wording.OUTCOMES.get(outcome, outcome)}{reason}"
