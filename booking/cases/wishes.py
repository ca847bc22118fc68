"""What may be asked for about cases, field by field."""

from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from agents.web.reading import Limit
from booking.cases.rules import CaseState
from booking.wishes import Kana, Mark, Name, Phone, SafeText, Shape
from config.schema.base import Slug, as_phone_number
from config.schema.cases import CaseKind

Caller = Annotated[Phone, AfterValidator(as_phone_number)]
"""Kept in E.164, as calls keep who called."""
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000), SafeText]
Version = Annotated[int, Field(ge=1)]


class CaseWish(Shape):
    """A case that an operator opens: who (*name*, *caller*), what, by when. *to* names a contact."""

    kind: Literal["city_callback", "complaint"]
    what: Text
    name: Name | None = None
    kana: Kana | None = None
    caller: Caller | None = None
    call: Mark | None = None
    due_at: AwareDatetime | None = None
    to: Slug | None = None


class CaseChange(Shape):
    """What to change in the case as it was read (*version*); what is left out stays."""

    version: Version
    state: CaseState | None = None
    note: Text | None = None
    report: Text | None = None
    what: Text | None = None
    name: Name | None = None
    kana: Kana | None = None
    caller: Caller | None = None
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
