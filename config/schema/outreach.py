"""Calls that urge businesses and care homes to ask for applications at their place (出張申請の勧奨, R18)."""

from typing import Annotated

from pydantic import Field

from config.schema.base import Part, Seconds

HIGHEST_DAILY_CAP = 35
"""The specification's 2-2(5)イ: not more than an average day's calls. The database holds to it, too."""


class Outreach(Part):
    """The rules of outreach.

    Calls may be placed in the second half of a month in which fewer than half of *expected_calls* are
    forecast, at most *daily_cap* a day. A target's phone rings for *ring_s*; one that was not reached rests
    for *retry_after_s*, and is done after *attempts*. *preview_s* is how long a target is kept for whoever
    looks at it. *script* is read on screen, and aloud.
    """

    expected_calls: Annotated[int, Field(ge=1, le=1_000_000)] = 700
    daily_cap: Annotated[int, Field(ge=1, le=HIGHEST_DAILY_CAP)] = HIGHEST_DAILY_CAP
    attempts: Annotated[int, Field(ge=1, le=9)] = 3
    retry_after_s: Annotated[Seconds, Field(ge=60)] = 7_200
    ring_s: Annotated[Seconds, Field(ge=5, le=120)] = 40
    preview_s: Annotated[Seconds, Field(ge=60)] = 900
    script: tuple[str, ...] = ()
