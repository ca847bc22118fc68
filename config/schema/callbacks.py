"""Callbacks (virtual hold): how often and how long a citizen who asked for one is called (R3)."""

from typing import Annotated

from pydantic import Field

from config.schema.base import Part, Seconds


class Callbacks(Part):
    """The rule of every callback.

    *attempts* is how often the citizen's phone is rung at most, each for *ring_s* seconds, *retry_after_s*
    apart. A callback that has not begun within *window_s* of being asked for (or of the opening that it was
    moved to) goes to the head of its queue. When nobody was reached a case is opened, to be dealt with within
    *due_s*.
    """

    attempts: Annotated[int, Field(ge=1, le=9)] = 3
    retry_after_s: Annotated[Seconds, Field(ge=1)] = 900
    ring_s: Annotated[Seconds, Field(ge=5, le=120)] = 30
    window_s: Annotated[Seconds, Field(ge=60)] = 7_200
    due_s: Annotated[float, Field(gt=0, le=30 * 86_400)] = 86_400
