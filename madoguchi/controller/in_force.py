"""The ``centre.toml`` in force and the voice that says its prompts, for everybody who asks at any moment."""

import asyncio
from collections.abc import Callable, Sequence

from config.schema import Agent, Booking, Centre
from config.settings import Settings
from dialplan import Finding, Secrets
from madoguchi.local.trial import try_out
from madoguchi.publication.assembly import Running, in_force
from madoguchi.publication.candidate import Candidate
from madoguchi.publishing import InForce, Publisher, voice_of
from sounds.errors import PhraseError
from telephony.engine import Engine
from telephony.model import events as ev

RESTART_AFTER_S = 0.5

Agents = Callable[[], Sequence[Agent]]


class PlanInForce:
    """Holds it. *stop* ends the controller gently; the supervisor starts it again."""

    def __init__(self, settings: Settings, stop: Callable[[], None]) -> None:
        self._settings, self._stop = settings, stop
        self.now = in_force(settings)
        self.voice = voice_of(self.plan())

    def plan(self) -> Centre:
        """Return the ``centre.toml`` that is in force."""
        return self.now.plan

    def booking(self) -> Booking:
        """Return what it says about reservations."""
        return self.plan().booking

    def sayable(self, prompt: str) -> bool:
        """Return whether *prompt* can be said with nothing to fill in."""
        try:
            return bool(self.voice.phrase(prompt))
        except (KeyError, PhraseError):
            return False

    def running(self, secrets: Secrets, publisher: Publisher, engine: Engine, agents: Agents) -> Running:
        """Return what publishing needs of this controller (ADR 20)."""

        async def trial(found: Candidate) -> Sequence[Finding]:
            return await try_out(found, self._settings, secrets)

        async def adopt(new: InForce) -> None:
            """Put it in force for the model, and say prompts with its catalogue."""
            self.voice = await asyncio.to_thread(voice_of, new.plan)
            self.now = new
            engine.centre.use_voice(self.voice)
            engine.submit(ev.PlanChanged(new.plan))

        def restart() -> None:
            """End a moment after the answer has gone out."""
            asyncio.get_running_loop().call_later(RESTART_AFTER_S, self._stop)

        return Running(publisher, agents, lambda: self.now, adopt, restart, trial)
