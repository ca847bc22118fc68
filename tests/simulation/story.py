"""What a seed tells: who calls, what each telephone and each operator does, and what breaks when.

Everything is drawn before the first second, so that how the centre reacts does not change the story.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tests.simulation.asterisk.dial import BUSY, DECLINED
from tests.simulation.callers import Key
from tests.simulation.network import Weather
from tests.simulation.phones import Answer, Behaviour, Refuse, RingOut

CALLS_S = 40.0
"""Calls begin within this time, and things break within it."""

RING_S = 5.0
CUT_OFF = 0.2
"""The share of stories with a lost network."""

OPERATORS = ("sato", "mori", "endo")


class Leaves(StrEnum):
    """What a caller's patience hangs on."""

    AFTER_DIALLING = "after dialling"
    AFTER_ANSWER = "after the answer"
    AT_FIRST_RING = "as an operator's telephone rings"
    AT_PICK_UP = "as an operator picks up"
    NEVER = "when the operator hangs up"


@dataclass(frozen=True, slots=True)
class CallerPlan:
    """One caller. *after_s* may be a little before its occasion: as if both happened in the same instant."""

    at_s: float
    keys: tuple[Key, ...]
    leaves: Leaves
    after_s: float
    limit_s: float
    stranger: bool = False


class Deed(StrEnum):
    """What somebody or something does at one moment."""

    READY = "ready"
    PAUSE = "pause"
    LOG_OUT = "log out"
    WANT_AFTER_CALL = "more after-call work"
    UNPLUG = "the telephone loses power"
    FADE = "the telephone is silent, and still registered"
    PLUG_IN = "the telephone is back"
    USE_ELSEWHERE = "a call that is none of ours"
    USED_ENOUGH = "its end"
    KILL = "the controller is killed"
    START = "a new controller"
    DROP_EVENTS = "the websocket breaks"
    DROP_MANAGER = "the AMI connection breaks"
    CUT = "the controller is cut off from Asterisk"
    HEAL = "it can connect again"
    CRASH = "Asterisk is killed"
    BOOT = "Asterisk is up again"
    HANG_UP_SOMEBODY = "a supervisor ends a call"
    MOVE_SOMEBODY = "a supervisor moves a call to the front"
    TRANSFER_SOMEBODY = "somebody who talks is transferred"
    REFER_SOMEBODY = "an operator's telephone transfers by itself"


@dataclass(frozen=True, slots=True)
class Act:
    """A deed and its moment; *who* is an operator, where one does it."""

    at_s: float
    deed: Deed
    who: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that will be done, whatever comes of it."""

    callers: Sequence[CallerPlan]
    acts: Sequence[Act]
    behaviours: Mapping[str, Sequence[Behaviour]]
    rejects: Mapping[str, Sequence[float | None]]
    weather: Weather
    missing_sound: str | None


def tell(seed: int) -> Story:
    """Return the story of *seed*."""
    chance = random.Random(seed)
    callers = _callers(chance)
    moments = [caller.at_s for caller in callers]
    acts = [Act(0.0, Deed.PLUG_IN, who) for who in OPERATORS]
    for draw in (_operators, _phones, _kills, _flaps, _crashes, _supervisors):
        acts += draw(chance, moments)
    # With dice of their own: the stories from before there were transfers stay what they were, otherwise.
    acts += _transfers(random.Random(f"transfers {seed}"), moments)
    return Story(
        callers=callers,
        acts=sorted(acts, key=lambda act: act.at_s),
        behaviours={who: [_behaviour(chance) for _ in range(12)] for who in OPERATORS},
        rejects={who: [_reject(chance) for _ in range(12)] for who in OPERATORS},
        weather=_weather(chance),
        missing_sound=chance.choice(("greeting", "menu-main", "please-wait"))
        if chance.random() < 0.1
        else None,
    )


def _moment(chance: random.Random, moments: Sequence[float]) -> float:
    """Return any moment, or one at which something is going on with a caller who has just dialled."""
    if chance.random() < 0.5:
        return chance.uniform(1, CALLS_S)
    return chance.choice(moments) + chance.choice((chance.uniform(0, 0.15), chance.uniform(0, 6)))


def _callers(chance: random.Random) -> list[CallerPlan]:
    """Return callers, some of whom dial almost together."""
    at_s = 0.0
    callers: list[CallerPlan] = []
    for _ in range(chance.randint(2, 6)):
        together = callers and chance.random() < 0.5
        at_s = at_s + chance.uniform(0, 0.5) if together else chance.uniform(1, CALLS_S)
        callers.append(_caller(chance, at_s))
    return callers


BOOKS = ("5123456#1111", "5123456#11", "5123456#2111", "5##19800405#111", "5123456#*", "5123456#0", "51#1#1#")
"""What somebody presses who books by keypad while waiting."""


def _books(chance: random.Random) -> list[Key]:
    """Return keys that somebody presses one after another, a hand's pace apart."""
    at_s, pace_s = chance.uniform(6, 12), chance.uniform(0.4, 1.0)
    return [Key(key, at_s + pace_s * place) for place, key in enumerate(chance.choice(BOOKS))]


def _caller(chance: random.Random, at_s: float) -> CallerPlan:
    keys = [Key("1", chance.uniform(0, 8))] if chance.random() < 0.8 else []
    keys += _books(chance) if chance.random() < 0.3 else []
    keys += [Key(chance.choice("0139*#"), chance.uniform(0, 12)) for _ in range(chance.choice((0, 0, 0, 1)))]
    leaves = chance.choice(list(Leaves))
    after_s = {
        Leaves.AFTER_DIALLING: chance.choice((chance.uniform(0, 0.05), chance.uniform(0, 30))),
        Leaves.AFTER_ANSWER: chance.uniform(0, 20),
        Leaves.AT_FIRST_RING: chance.choice((chance.uniform(0, 0.03), chance.uniform(0, 4))),
        Leaves.AT_PICK_UP: chance.choice((chance.uniform(-0.01, 0.02), chance.uniform(0, 10))),
        Leaves.NEVER: 0.0,
    }[leaves]
    stranger = chance.random() < 0.03
    return CallerPlan(at_s, tuple(keys), leaves, after_s, chance.uniform(20, 70), stranger=stranger)


def _behaviour(chance: random.Random) -> Behaviour:
    kind = chance.random()
    if kind < 0.65:
        held_s = chance.uniform(0.1, 3) if chance.random() < 0.1 else None
        talk_s = (
            None if chance.random() < 0.3 else chance.choice((chance.uniform(0, 0.05), chance.uniform(1, 15)))
        )
        return Answer(chance.choice((0.0, chance.uniform(0, RING_S + 0.05))), talk_s, held_s)
    if kind < 0.8:
        return Refuse(chance.choice((BUSY, DECLINED)), chance.uniform(0, 2))
    return RingOut()


def _reject(chance: random.Random) -> float | None:
    """Return when the operator turns an offer down on the screen, if so."""
    return chance.choice((chance.uniform(0, 0.03), chance.uniform(0, 4))) if chance.random() < 0.15 else None


def _operators(chance: random.Random, moments: Sequence[float]) -> list[Act]:
    """Some begin at once, some later, so that callers wait; at the end everybody is ready."""
    deeds = (Deed.READY, Deed.PAUSE, Deed.LOG_OUT, Deed.WANT_AFTER_CALL)
    acts = []
    for who in OPERATORS:
        begins_s = chance.choice((0.5, _moment(chance, moments), chance.uniform(CALLS_S / 2, CALLS_S)))
        acts.append(Act(begins_s, Deed.READY, who))
        more = range(chance.choice((0, 0, 1, 2)))
        acts += [Act(_moment(chance, moments), chance.choice(deeds), who) for _ in more]
        acts.append(Act(CALLS_S + chance.uniform(0, 5), Deed.READY, who))
    return acts


def _phones(chance: random.Random, moments: Sequence[float]) -> list[Act]:
    acts = []
    for who in OPERATORS:
        if chance.random() < 0.15:
            at_s = _moment(chance, moments)
            acts += [Act(at_s, chance.choice((Deed.UNPLUG, Deed.FADE)), who)]
            acts += [Act(at_s + chance.uniform(0.5, 15), Deed.PLUG_IN, who)]
        if chance.random() < 0.1:
            at_s = _moment(chance, moments)
            acts += [
                Act(at_s, Deed.USE_ELSEWHERE, who),
                Act(at_s + chance.uniform(1, 10), Deed.USED_ENOUGH, who),
            ]
    return acts


def _kills(chance: random.Random, moments: Sequence[float]) -> list[Act]:
    acts, last_s = [], 0.0
    for at_s in sorted(_moment(chance, moments) for _ in range(chance.choice((0, 0, 1, 1, 2)))):
        if at_s <= last_s:
            continue
        last_s = at_s + chance.choice((chance.uniform(0.3, 3), chance.uniform(0.3, 12)))
        acts += [Act(at_s, Deed.KILL), Act(last_s, Deed.START)]
    return acts


def _flaps(chance: random.Random, moments: Sequence[float]) -> list[Act]:
    acts = []
    for deed, often in ((Deed.DROP_EVENTS, (0, 0, 1, 3)), (Deed.DROP_MANAGER, (0, 0, 0, 1))):
        acts += [Act(_moment(chance, moments), deed) for _ in range(chance.choice(often))]
    if chance.random() < CUT_OFF:
        at_s = _moment(chance, moments)
        acts += [Act(at_s, Deed.CUT), Act(at_s + chance.uniform(0.1, 6), Deed.HEAL)]
    return acts


def _crashes(chance: random.Random, moments: Sequence[float]) -> list[Act]:
    if chance.random() > 0.12:
        return []
    at_s = _moment(chance, moments)
    return [Act(at_s, Deed.CRASH), Act(at_s + chance.uniform(1, 3), Deed.BOOT)]


def _supervisors(chance: random.Random, moments: Sequence[float]) -> list[Act]:
    deeds = (Deed.HANG_UP_SOMEBODY, Deed.MOVE_SOMEBODY)
    return [Act(_moment(chance, moments), chance.choice(deeds)) for _ in range(chance.choice((0, 0, 1)))]


def _transfers(chance: random.Random, moments: Sequence[float]) -> list[Act]:
    deeds = (Deed.TRANSFER_SOMEBODY, Deed.TRANSFER_SOMEBODY, Deed.REFER_SOMEBODY)
    times = range(chance.choice((0, 0, 1, 2, 4)))
    whom = (*OPERATORS, "booking")
    return [
        Act(_moment(chance, moments) + chance.uniform(0, 10), chance.choice(deeds), chance.choice(whom))
        for _ in times
    ]


def _weather(chance: random.Random) -> Weather:
    slow = chance.choice((0.01, 0.1, 0.4))
    if chance.random() > 0.2:
        return Weather(slow)
    return Weather(slow, lost_request=chance.uniform(0, 0.03), lost_answer=chance.uniform(0, 0.03))
