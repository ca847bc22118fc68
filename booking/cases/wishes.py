"""What may be asked for about cases, field by field."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from agents.web.reading import Limit
from booking.cases.rules import CaseState
from booking.wishes import E164, Kana, Mark, Name, SafeText, Shape
from config.schema.base import Slug
from config.schema.cases import CaseKind

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000), SafeText]
Version = Annotated[int, Field(ge=1)]


class CaseWish(Shape):
    """A case that an operator opens: who (*name*, *caller*), what, by when. *to* names a contact."""

    kind: Literal["city_callback", "complaint"]
    content: Text
    name: Name | None = None
    kana: Kana | None = None
    caller: E164 | None = None
    call: Mark | None = None
    due_at: AwareDatetime | None = None
    to: Slug | None = None


class CaseChange(Shape):
    """What to change in the case as it was read (*version*); what is left out stays."""

    version: Version
    state: CaseState | None = None
    note: Text | None = None
    report: Text | None = None
    content: Text | None = None
    name: Name | None = None
    kana: Kana | None = None
    caller: E164 | None = None
    due_at: AwareDatetime | None = None


class CaseQuery(BaseModel):
    """Which cases; *view* ``city``: those that the city has to do with."""

    model_config = ConfigDict(extra="forbid")

    kind: CaseKind | None = None
    state: Literal["open", "seen", "done", "unfinished"] | None = None
    due: Literal["overdue", "today"] | None = None
    view: Literal["city"] | None = None
    call: Mark | None = None
    limit: Limit = 1_000
