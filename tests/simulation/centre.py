"""The small centre of every story, built through the real schema, and the sounds that it plays."""

from collections.abc import Mapping, Sequence
from functools import cache

from config.schema import Agent, Centre
from telephony.model.ids import SoundId
from tests.simulation.story import OPERATORS, RING_S
from tests.unit.model.plans import agent, plan

DIALLED = "0120000000"
NOT_OURS = "0120999999"
SOUNDS = {
    "greeting": 1.0,
    "recording-notice": 1.0,
    "menu-main": 2.0,
    "menu-card": 1.5,
    "no-key": 0.5,
    "invalid-key": 0.5,
    "please-wait": 1.5,
    "self-service-notice": 2.0,
    "self-service-moment": 0.5,
    "self-service-slot": 1.0,
    "self-service-booked": 1.0,
}
"""Seconds of each sound."""

_WEIGHTS = {"sato": 9, "mori": 9, "endo": 1}


class Voice:
    """Says every prompt with the sound of its name."""

    def phrase(self, prompt: str, variables: Mapping[str, object] | None = None) -> Sequence[SoundId]:
        """Return one sound."""
        del variables
        return (SoundId(prompt),)


@cache
def centre() -> Centre:
    """Return two queues and a menu, with short limits."""
    raw = plan().model_dump(mode="json")
    for queue in raw["queues"]:
        queue |= {"ring_s": RING_S, "announce_first_s": 5, "announce_every_s": 10}
    raw["queues"][0]["tiers"] = [{"after_s": 0, "min_weight": 5}, {"after_s": 4, "min_weight": 1}]
    for menu in raw["menus"]:
        menu["timeout_s"] = 3
    raw["calling"] |= {"acw_s": 3, "closing_limit_s": 5, "greeting_limit_s": 10, "short_abandon_s": 2}
    return Centre.model_validate(raw)


@cache
def roster() -> tuple[Agent, ...]:
    """Return three operators, one of whom answers only what has waited a while."""
    people = (agent(name, booking=_WEIGHTS[name], card=5) for name in OPERATORS)
    extensions = zip(people, ("201", "202", "203"), strict=True)
    return tuple(person.model_copy(update={"extension": extension}) for person, extension in extensions)
