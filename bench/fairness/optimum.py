"""The best that any rule could do: the mean number of waiting callers, by relative value iteration.

The state is how many wait per kind, how many are busy per pool, how many are on a break per pool. After every
event the best rule may start any waiting calls on any free operators who can take them, or none. Callers
beyond `LONGEST` of a kind are turned away, which at patience rate 1 practically never happens.

The same values price the choices of any other rule: `Optimum.regret` is what a choice costs more than the
best one, and the regrets per time add up to exactly that rule's mean queue minus the optimum (the
performance difference lemma of Markov decision processes). That sees a difference of 3 % with far fewer
calls than two noisy means would.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.fairness.setups import SetUp

LONGEST = 16
ACCURACY = 1e-3
"""Of the mean queue; the optimum itself is then known far better, as the middle of its bounds."""

Values = NDArray[np.float64]
Rates = NDArray[np.floating] | float
Move = tuple[int, int]
"""An axis of the state, and the step along it."""

State = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Optimum:
    """*mean_queue*: the optimum. *values*: relative cost of staying in a state until the next event."""

    kinds: int
    mean_queue: float
    values: Values
    best: Values

    def regret(self, before: State, after: State) -> float:
        """Return what it costs to have gone from *before* (an event just happened) to *after*."""
        return float(self.values[self._inside(after)] - self.best[self._inside(before)])

    def _inside(self, state: State) -> State:
        return tuple(min(n, LONGEST) for n in state[: self.kinds]) + state[self.kinds :]


def _shifted(values: Values, *moves: Move) -> Values:
    """Return, for every state, the value of the state after *moves*; clipped at the edges."""
    for axis, step in moves:
        size = values.shape[axis]
        values = np.take(values, np.clip(np.arange(size) + step, 0, size - 1), axis=axis)
    return values


class _Model:
    """One set-up as arrays over all states. Axes: queues, busy per pool, away per pool."""

    def __init__(self, setup: SetUp) -> None:
        kinds, pools = setup.kinds, setup.pools
        self.busy_axis = len(kinds)
        self.away_axis = len(kinds) + len(pools)
        sizes = [pool.size + 1 for pool in pools]
        resting = [pool.size + 1 if pool.breaks else 1 for pool in pools]
        self.shape = (LONGEST + 1,) * len(kinds) + tuple(sizes) + tuple(resting)
        at = np.indices(self.shape, sparse=True)
        self.waiting: Values = np.asarray(sum(at[: len(kinds)]) + np.zeros(self.shape))
        self.impossible = np.zeros(self.shape, dtype=bool)
        self.assignments: list[tuple[int, int]] = []
        self.moves: list[tuple[Rates, tuple[Move, ...]]] = []
        for i, kind in enumerate(kinds):
            self.moves.append((kind.rate, ((i, +1),)))
            self.moves.append((at[i] * kind.giving_up, ((i, -1),)))
        for j, pool in enumerate(pools):
            busy, away = self.busy_axis + j, self.away_axis + j
            chance = pool.breaks.chance if pool.breaks else 0.0
            self.moves.append((at[busy] * pool.rate * (1 - chance), ((busy, -1),)))
            if pool.breaks:
                self.moves.append((at[busy] * pool.rate * chance, ((busy, -1), (away, +1))))
                self.moves.append((at[away] / pool.breaks.length, ((away, -1),)))
            self.impossible |= at[busy] + at[away] > pool.size
            self.assignments += [(i, busy) for i, kind in enumerate(kinds) if kind.name in pool.seats]
        leaving: Values = np.zeros(self.shape)
        for rate, _ in self.moves:
            leaving += rate
        self.top_rate = float(leaving[~self.impossible].max())
        self.stay = self.top_rate - leaving

    def after_best_choice(self, values: Values) -> Values:
        """Return the values when any waiting calls may be started first."""
        best = values.copy()
        changed = True
        while changed:
            changed = False
            for queue, busy in self.assignments:
                now: list[slice] = [slice(None)] * best.ndim
                then = now.copy()
                now[queue], then[queue] = slice(1, None), slice(None, -1)
                now[busy], then[busy] = slice(None, -1), slice(1, None)
                here, there = best[tuple(now)], best[tuple(then)]
                changed = changed or bool((there < here).any())
                np.minimum(here, there.copy(), out=here)
        return best

    def step(self, values: Values) -> Values:
        """Return the values one uniformised event further."""
        best = self.after_best_choice(values)
        total = self.waiting + self.stay * values
        for rate, moves in self.moves:
            total += rate * _shifted(best, *moves)
        total /= self.top_rate
        total[self.impossible] = np.inf
        return total


def optimum(setup: SetUp) -> Optimum:
    """Iterate until the bounds of the optimum are within `ACCURACY` of each other."""
    model = _Model(setup)
    values: Values = np.where(model.impossible, np.inf, 0.0)
    possible = ~model.impossible
    with np.errstate(invalid="ignore"):  # impossible states are infinitely dear, and inf - inf is no number
        while True:
            stepped = model.step(values)
            gain = (stepped[possible] - values[possible]) * model.top_rate
            low, high = float(gain.min()), float(gain.max())
            values = stepped - stepped.flat[0]
            if high - low < ACCURACY * high:
                return Optimum(len(setup.kinds), (low + high) / 2, values, model.after_best_choice(values))
