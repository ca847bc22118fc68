"""What may be asked for about outreach, field by field."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from booking.wishes import E164, Day, Name, Notes, Shape

Outcome = Literal[
    "requested", "interested", "declined", "no-answer", "busy", "call-later", "wrong-number", "do-not-call"
]
AGAIN = frozenset({"no-answer", "busy", "call-later"})
"""Outcomes after which the target is called again."""


class ListWish(Shape):
    """A list of targets as text; *check*: only say what would be taken in."""

    csv: Annotated[str, Field(min_length=1)]
    list: Name
    check: bool = False


class DialWish(Shape):
    """With which telephone: one of ours (``own``), which rings, or an ``other``: then it is only counted.

    *agent*: whose is rung, oneself when it is left out.
    """

    phone: Literal["own", "other"] = "own"
    agent: Name | None = None


class ResultWish(Shape):
    """What came of a call; *retry_at* for ``call-later``."""

    outcome: Outcome
    note: Notes | None = None
    retry_at: AwareDatetime | None = None


class BarWish(Shape):
    """A number that must not be called."""

    phone: E164
    note: Name


class TargetQuery(Shape):
    """Which targets."""

    state: Literal["waiting", "done"] | None = None
    list: Name | None = None
    limit: Annotated[int, Field(ge=1, le=5_000)] = 1_000


class CallsQuery(Shape):
    """The calls of which day; today's if left out."""

    day: Day | None = None
