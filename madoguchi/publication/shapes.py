"""What ``/api/config`` takes and answers."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from agents.web.shapes import Shape
from madoguchi.publication.editing import Value
from madoguchi.publication.source import Source

Text = Annotated[str, Field(max_length=120_000)]
Why = Annotated[str, Field(min_length=3, max_length=500)]


class _Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Texts(_Wish):
    """A ``centre.toml`` and own dialplan; what is left out is the file of the centre's own machine."""

    centre: Text | None = None
    custom: dict[Annotated[str, Field(max_length=60)], Text] | None = None

    def over(self, edited: Source) -> Source:
        """Return the texts, completed by what is *edited* on the machine."""
        centre = edited.centre if self.centre is None else self.centre
        return Source(centre, edited.custom if self.custom is None else self.custom)


class CheckWish(Texts):
    """*trial*: whether an Asterisk of its own loads it."""

    trial: bool = True


class EditWish(_Wish):
    """Single values by path, in *centre* or, left out, in the text in force."""

    centre: Text | None = None
    changes: dict[Annotated[str, Field(max_length=200)], Value]


class ApplyWish(CheckWish):
    """*base*: the version that was edited; *restart_controller*: it may be restarted if it must be."""

    why: Why
    base: int | None = None
    restart_controller: bool = False


class RollbackWish(_Wish):
    """Back to *version*; left out, the one before the present one."""

    why: Why
    version: int | None = None


class ReplayWish(Texts):
    """The day whose calls are played again; yesterday if left out."""

    on: date | None = None


class VersionShape(Shape):
    """A published version."""

    version: int
    state: str
    at: datetime
    by: str
    why: str
    before: int | None
    rollback_to: int | None
    changed: list[str]
    reason: str | None


class VersionList(Shape):
    """All of them, newest first; *current* is in force."""

    current: int | None
    versions: list[VersionShape]


class OneVersion(VersionShape):
    """With its texts, and how they differ from those before."""

    centre: str
    custom: dict[str, str]
    difference: dict[str, str]


class ConfigShape(Shape):
    """What is in force, and what stands in the edited files."""

    version: int
    centre: str
    custom: dict[str, str]
    edited: dict[str, Any]


class CentreText(Shape):
    """A ``centre.toml``."""

    centre: str


class FindingShape(Shape):
    """Something wrong; line 0 is the whole file. *japanese* is null where there is English alone."""

    file: str
    line: int
    sentence: str
    japanese: str | None


class Findings(Shape):
    """Everything that is wrong; nothing means that it can be published."""

    findings: list[FindingShape]


class Differences(Shape):
    """Unified diffs of Asterisk's files and of the sources, secrets hidden."""

    files: dict[str, str]
    sources: dict[str, str]


class AppliedShape(Shape):
    """*at_next_start*: files that Asterisk reads at its next start only."""

    version: int
    changed: list[str]
    at_next_start: list[str]
    restarts: bool


class ReplayShape(Shape):
    """How many calls there were, and which would have gone elsewhere."""

    on: date
    calls: int
    elsewhere: list[dict[str, Any]]
