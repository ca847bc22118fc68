"""What may be asked for, and what is shown, of the quality of calls."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from agents.web.reading import Limit, Moment
from agents.web.shapes import Shape as Told
from booking.wishes import OneLine, SafeText, Shape

LONGEST_CALL_S = 86_400.0

Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200), SafeText, OneLine
]
Remark = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), SafeText]
Points = Annotated[int | None, Field(ge=0, le=100)]
"""None: it did not come up in this call."""


class ListeningQuery(BaseModel):
    """Why somebody listens: it stands in the audit trail."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason


class MarkWish(Shape):
    """A remark at *at_s* seconds of the recording."""

    at_s: Annotated[float, Field(ge=0, le=LONGEST_CALL_S, allow_inf_nan=False)]
    text: Remark


class ScoreWish(Shape):
    """Points for each criterion of the form, by its name."""

    points: Annotated[dict[Annotated[str, StringConstraints(max_length=40)], Points], Field(max_length=100)]
    comment: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000), SafeText] | None = (
        None
    )


class ScoresQuery(BaseModel):
    """Whose scorecards, and from when."""

    model_config = ConfigDict(extra="forbid")

    agent: Annotated[str, StringConstraints(max_length=40, pattern=r"^[^\x00]*$")] | None = None
    since: Moment | None = None
    until: Moment | None = None
    limit: Limit = 200


class CriterionShape(Told):
    """A line of the form."""

    name: str
    title: str
    most: int
    hint: str


class MarkShape(Told):
    """A remark."""

    id: int
    at_s: float
    text: str
    by: str
    made_at: datetime


class ScoredShape(Told):
    """A line of a scorecard; *points* null: it did not come up."""

    name: str
    title: str
    points: int | None
    most: int


class ScorecardShape(Told):
    """A whole scorecard; *percent* is of what could be reached."""

    call: str
    agent: str
    by: str
    scored_at: datetime
    points: list[ScoredShape]
    reached: int
    most: int
    percent: float
    comment: str | None


class CallQuality(Told):
    """Everything about one call. *recording_s*: null while there is no recording that can be played."""

    call: str
    agent: str | None
    recording_s: float | None
    form: list[CriterionShape]
    marks: list[MarkShape]
    scorecards: list[ScorecardShape]


class AverageShape(Told):
    """An operator's scorecards together."""

    agent: str
    scorecards: int
    percent: float


class ScorecardList(Told):
    """Scorecards, the latest first, and the averages of all that were asked for."""

    scorecards: list[ScorecardShape]
    averages: list[AverageShape]
