"""What the doctor says about one thing."""

from dataclasses import asdict, dataclass
from enum import StrEnum


class Health(StrEnum):
    """*red*: callers or the city lose something, now or soon. *warning*: look at it today."""

    OK = "ok"
    WARNING = "warning"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Finding:
    """*what* was looked at, *said* what was found, *mend* what to do (one sentence, or empty)."""

    what: str
    health: Health
    said: str
    mend: str = ""

    def as_json(self) -> dict[str, str]:
        """Return the shape of docs/interface.md."""
        return asdict(self)


def ok(what: str, said: str) -> Finding:
    """Return that all is well."""
    return Finding(what, Health.OK, said)


def warning(what: str, said: str, mend: str) -> Finding:
    """Return something to look at today."""
    return Finding(what, Health.WARNING, said, mend)


def red(what: str, said: str, mend: str) -> Finding:
    """Return something to mend now."""
    return Finding(what, Health.RED, said, mend)
