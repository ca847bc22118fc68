"""How long things take between the parts, and what gets lost on the way: all of it drawn from the seed."""

import random
from dataclasses import dataclass

CALM_MS = 0.4
SLOW_MS = 40.0
LATE_ENDINGS = 0.3
SAFE_AFTER_LOSS = 10
"""So many messages arrive after one was lost: whoever repeats once is heard."""


@dataclass(frozen=True, slots=True)
class Weather:
    """How bad the network is.

    *slow* is the share of messages that take up to 40 ms instead of about 0.4 ms, *lost_request* and
    *lost_answer* the shares of requests to Asterisk that are never carried out, or carried out without our
    hearing of it.
    """

    slow: float = 0.02
    lost_request: float = 0.0
    lost_answer: float = 0.0


class Network:
    """Delays in seconds. One stream of chance for everything: a run is its seed."""

    def __init__(self, chance: random.Random, weather: Weather) -> None:
        self._chance = chance
        self._weather = weather
        self._endings = random.Random(repr(weather))
        self._safe = 0

    def delay(self) -> float:
        """Return how long one message takes."""
        chance = self._chance
        if chance.random() < self._weather.slow:
            return chance.uniform(CALM_MS, SLOW_MS) / 1_000
        return chance.expovariate(1_000 / CALM_MS)

    def step(self) -> float:
        """Return how long Asterisk takes from one line of the dialplan to the next."""
        return self._chance.expovariate(10_000)

    def ends_late(self) -> bool:
        """Whether Asterisk finishes an ended websocket only when the next one is open already."""
        return self._endings.random() < LATE_ENDINGS

    def loses_request(self) -> bool:
        """Whether a request never reaches Asterisk."""
        return self._loses(self._weather.lost_request)

    def loses_answer(self) -> bool:
        """Whether a request is carried out and its answer lost."""
        return self._loses(self._weather.lost_answer)

    def _loses(self, share: float) -> bool:
        """Lose something now and then, never a request and its repetition."""
        self._safe -= 1
        if self._safe > 0 or self._chance.random() >= share:
            return False
        self._safe = SAFE_AFTER_LOSS
        return True
