"""What the doctor says about one thing, in English and in Japanese.

English stands where the thing is looked at; `madoguchi.doctor.japanese` has the same sentences in Japanese,
with the same places for values.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from madoguchi.doctor.japanese import JAPANESE


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
    mend: str
    said_ja: str
    mend_ja: str

    def as_json(self) -> dict[str, Any]:
        """Return the shape of docs/interface.md."""
        english = {"what": self.what, "health": self.health, "said": self.said, "mend": self.mend}
        return english | {"japanese": {"said": self.said_ja, "mend": self.mend_ja}}


def _finding(what: str, health: Health, said: str, mend: str, values: Mapping[str, object]) -> Finding:
    """Fill *values* in. Raises KeyError for a sentence that has no Japanese."""
    texts = (said, mend, JAPANESE[said], JAPANESE[mend])
    return Finding(what, health, *(text.format(**values) for text in texts))


def ok(what: str, said: str, **values: object) -> Finding:
    """Return that all is well."""
    return _finding(what, Health.OK, said, "", values)


def warning(what: str, said: str, mend: str, **values: object) -> Finding:
    """Return something to look at today."""
    return _finding(what, Health.WARNING, said, mend, values)


def red(what: str, said: str, mend: str, **values: object) -> Finding:
    """Return something to mend now."""
    return _finding(what, Health.RED, said, mend, values)
