"""Skills, levels and operators (R2). Sample operators only: the living roster is in PostgreSQL."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from config.schema.base import Part, Slug, Weight


class Skill(Part):
    """Something that operators can answer, to a weight from 0 (not at all) to 10."""

    name: Slug
    title: str


class Level(Part):
    """How much of the work somebody of this level carries, relative to 1."""

    name: Slug
    title: str
    share: Annotated[float, Field(gt=0, le=10)]


class PauseReason(Part):
    """A reason an operator may give for being away."""

    name: Slug
    title: str


class Deed(StrEnum):
    """What was done in a call, as the console sees it."""

    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"
    NOTHING = "nothing"


class Disposition(Part):
    """How a call may have gone, in the words of the reports. *after*: suggested when this was done in it."""

    name: Slug
    title: str
    after: Deed | None = None


DISPOSITIONS = (
    Disposition(name="booked", title="予約", after=Deed.BOOKED),
    Disposition(name="moved", title="予約の変更", after=Deed.MOVED),
    Disposition(name="cancelled", title="予約の取消", after=Deed.CANCELLED),
    Disposition(name="answered", title="問い合わせ", after=Deed.NOTHING),
    Disposition(name="other", title="その他"),
)


class Agent(Part):
    """Somebody who answers: *name* signs in, *extension* and *sip_password* register the phone."""

    name: Slug
    title: str
    extension: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{2,5}$")]
    level: Slug
    skills: dict[Slug, Weight] = Field(default_factory=dict)
    role: Literal["operator", "supervisor"] = "operator"
    sip_password: Annotated[str | None, Field(min_length=12, max_length=128, repr=False)] = None
