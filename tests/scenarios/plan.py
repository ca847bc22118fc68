"""The centre of the scenarios: one queue, a menu, short limits; every prompt is one short sound."""

from collections.abc import Mapping, Sequence

from config.schema import Centre
from telephony.model.ids import SoundId
from tests.unit.model.plans import agent
from tests.unit.model.plans import plan as two_queues

SHORT, SHORT_S = "short", 0.3
PEOPLE = tuple(
    agent(name, booking=weight).model_copy(update={"extension": extension})
    for name, weight, extension in (("sato", 9, "201"), ("mori", 9, "202"))
)


class Voice:
    """Says every prompt with one short sound, and the *missing* one with a sound that does not exist."""

    def __init__(self, missing: str | None) -> None:
        self._missing = missing

    def phrase(self, prompt: str, variables: Mapping[str, object] | None = None) -> Sequence[SoundId]:
        """Return one sound."""
        del variables
        return (SoundId("no-such-sound" if prompt == self._missing else SHORT),)


def plan() -> Centre:
    """Return it."""
    raw = two_queues().model_dump(mode="json")
    for queue in raw["queues"]:
        queue |= {
            "ring_s": 5,
            "announce_first_s": 1,
            "strategy": "linear",
            "tiers": [{"after_s": 0, "min_weight": 1}],
        }
    for menu in raw["menus"]:
        menu["timeout_s"] = 1
    raw["self_service"]["after_hours"] = True
    raw["calling"] |= {"acw_s": 0, "short_abandon_s": 0, "closing_limit_s": 5}
    return Centre.model_validate(raw)
