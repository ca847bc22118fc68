"""Who does what in the storm, from one seed. A run with the same seed makes the same plans."""

import random
from dataclasses import dataclass
from enum import StrEnum

from madoguchi.demo.phones import Answer, Behaviour, Reject, RingOut
from tests.phones.sipp import Plan

BEFORE_ANSWER_MS = 8
"""The trunk is answered within a few milliseconds: a CANCEL must be as quick to come before it."""

AROUND_ANSWER_S = 0.006
FIRST_NUMBER = 9_000_000_000


class Fate(StrEnum):
    """When a caller leaves."""

    CANCELS = "cancels before the trunk has answered"
    LEAVES = "leaves at any time after it"
    LEAVES_RINGING = "leaves while an operator's phone rings"
    LEAVES_AT_ANSWER = "leaves within milliseconds of the operator's answer"
    LEAVES_TALKING = "leaves in the middle of a sentence"
    STAYS = "lets the operator hang up"


WEIGHTS = {
    Fate.CANCELS: 15,
    Fate.LEAVES: 25,
    Fate.LEAVES_RINGING: 15,
    Fate.LEAVES_AT_ANSWER: 15,
    Fate.LEAVES_TALKING: 10,
    Fate.STAYS: 20,
}


@dataclass(frozen=True, slots=True)
class Citizen:
    """One caller: what SIPp is told, and what the phones must know to nudge at the right moment."""

    fate: Fate
    plan: Plan


@dataclass(frozen=True, slots=True)
class Reaction:
    """What happens when a call rings: the phone's behaviour, and when the caller is nudged to leave."""

    behaviour: Behaviour
    nudge_s: float | None = None


def citizens(count: int, seed: int, *, patience_ms: int) -> list[Citizen]:
    """Return *count* callers; those who leave at any time do so within *patience_ms* of the answer."""
    rng = random.Random(f"citizens {seed}")
    fates = rng.choices(list(WEIGHTS), list(WEIGHTS.values()), k=count)
    return [
        Citizen(fate, _plan(fate, str(FIRST_NUMBER + n), rng, patience_ms)) for n, fate in enumerate(fates)
    ]


def _plan(fate: Fate, number: str, rng: random.Random, patience_ms: int) -> Plan:
    caller = f"0{number}"
    keys = rng.choice(("", "", "1", "2", "0", "9*1"))
    if fate is Fate.CANCELS:
        return Plan(caller, cancel_ms=rng.randint(0, BEFORE_ANSWER_MS), leave_ms=0)
    if fate is Fate.LEAVES:
        return Plan(caller, leave_ms=rng.randint(0, patience_ms), keys=keys, think_ms=rng.randint(0, 1_000))
    return Plan(caller, keys=keys, think_ms=rng.randint(0, 1_000))


def react(fate: Fate, caller: str, turn: int, seed: int) -> Reaction:
    """Return what happens when *caller*'s call rings for the *turn*-th time."""
    rng = random.Random(f"ring {seed} {caller} {turn}")
    after, talk = rng.uniform(0.02, 0.6), rng.uniform(0.1, 1.2)
    behaviour: Behaviour = Answer(after_s=after, talk_s=talk)
    chance = rng.random()
    if chance < 0.12:
        return Reaction(Reject(rng.choice((480, 486, 603)), after_s=after))
    if chance < 0.16:
        return Reaction(RingOut(), 1.0 if fate is Fate.LEAVES_RINGING else None)
    if fate is Fate.LEAVES_RINGING:
        return Reaction(behaviour, rng.uniform(0, after))
    if fate is Fate.LEAVES_AT_ANSWER:
        return Reaction(
            Answer(after_s=after, talk_s=None),
            max(0.0, after + rng.uniform(-AROUND_ANSWER_S, AROUND_ANSWER_S)),
        )
    if fate is Fate.LEAVES_TALKING:
        return Reaction(Answer(after_s=after, talk_s=None), after + talk)
    return Reaction(behaviour)
