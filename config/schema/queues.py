"""Queues: who may answer, in which order, and what a waiting caller hears (R2, R3)."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from config.schema.base import Part, Seconds, Slug, Weight
from config.schema.overflow import LAST_STEP, OverflowStep


class Strategy(StrEnum):
    """How an operator is chosen among those who may answer.

    All but the first are app_queue's (``queues.conf``, *strategy*), and longest-idle.
    """

    LEAST_WEIGHTED_LOAD = "least-weighted-load"
    LONGEST_IDLE = "longest-idle"
    LEAST_RECENT = "leastrecent"
    FEWEST_CALLS = "fewestcalls"
    RANDOM = "random"
    RR_MEMORY = "rrmemory"
    RR_ORDERED = "rrordered"
    LINEAR = "linear"
    WRANDOM = "wrandom"


class Tier(Part):
    """From *after_s* seconds of waiting, operators with at least *min_weight* in the skill may answer."""

    after_s: Seconds
    min_weight: Annotated[Weight, Field(ge=1)]


class Queue(Part):
    """Callers who wait for the same skill.

    *priority* and *slope* (points per second waited) rank calls of different queues for an operator who
    becomes free; equal slopes mean first come, first served within equal priority. Before the first step of
    *overflow* callers hear *announcement* with position and expected wait; *handling_s* is how long a call
    takes an operator until that has been measured.
    """

    name: Slug
    title: str
    skill: Slug
    script: Slug | None = None
    strategy: Strategy = Strategy.LEAST_WEIGHTED_LOAD
    priority: Annotated[float, Field(ge=0, le=1_000_000)] = 0
    slope: Annotated[float, Field(gt=0, le=100)] = 1
    ring_s: Annotated[Seconds, Field(ge=5, le=120)] = 20
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1)] = (Tier(after_s=0, min_weight=1),)
    announce_first_s: Seconds = 15
    announce_every_s: Annotated[Seconds, Field(ge=10)] = 45
    announcement: Slug = "please-wait"
    service_level_s: Annotated[Seconds, Field(gt=0)] = 20
    handling_s: Annotated[Seconds, Field(ge=10)] = 300
    overflow: Annotated[tuple[OverflowStep, ...], Field(min_length=1)] = (LAST_STEP,)

    @model_validator(mode="after")
    def _steps_are_used_and_one_always_comes(self) -> Self:
        if not self.overflow[-1].always_comes:
            raise ValueError(
                "needs a last overflow step with no condition but after_s, so that no caller is forgotten"
            )
        for place, step in enumerate(self.overflow):
            if any(
                before.always_comes and before.after_s <= step.after_s for before in self.overflow[:place]
            ):
                raise ValueError(
                    f"has an overflow[{place}] that is never used: a step above it, which "
                    "asks for less, comes first"
                )
        return self
