"""Counts of the calls of some time, and the rates made of them. Pure: no clock, no database."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor


@dataclass(frozen=True, slots=True)
class Tally:
    """Calls that began in some time and have ended; what counts as what is the view ``counted_calls``.

    *offered* is the answer rate's whole, *queued* the service level's. *by_voice* are those of *offered* that
    ended with a callback promised, keypad booking, a message or guidance. *longest_wait_s* is the longest
    time that somebody stood in line, *answer_speed_s* the mean of those who were answered; seconds, None when
    there is nobody.
    """

    reached: int = 0
    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    short_abandoned: int = 0
    by_voice: int = 0
    outside: int = 0
    called_back: int = 0
    queued: int = 0
    in_time: int = 0
    longest_wait_s: float | None = None
    answer_speed_s: float | None = None

    @property
    def answer_rate(self) -> float | None:
        """応答率 in percent: answered by an operator, of those offered. None without calls."""
        return _percent(self.answered, self.offered)

    @property
    def service_level(self) -> float | None:
        """Percent of those who stood in line and were answered within their queue's time."""
        return _percent(self.in_time, self.queued)

    def may_be_lost(self, goal: float) -> int:
        """Return how many calls in a row may be lost from now on until the rate is below *goal* percent.

        Negative: the rate is below it, and so many calls in a row must be answered until it is not.
        """
        answered, share = self.answered, _share(goal)
        to_lose = floor(answered / share) - self.offered
        if to_lose >= 0:
            return to_lose
        # With a goal of 100 % a call that is lost can never be made up for; one more would not help.
        return -ceil((share * self.offered - answered) / (1 - share)) if share < 1 else to_lose


def _percent(part: int, whole: int) -> float | None:
    return None if whole == 0 else 100 * part / whole


def _share(percent: float) -> Fraction:
    """Return *percent* as it is written: 92.1 is 921/1000, not the nearest binary fraction."""
    return Fraction(str(percent)) / 100
