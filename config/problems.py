"""What can be wrong with ``centre.toml``, one sentence each. Knows nothing of how a mistake is found."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from config.japanese import in_japanese

Location = tuple[str | int, ...]
"""Where a value stands: ``("queues", 2, "tiers", 0, "min_weight")``."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake. *complaint* goes on after the path: "is 11; it must be at most 10"."""

    location: Location
    complaint: str

    @property
    def path(self) -> str:
        """Return the location as people write it: ``queues[2].tiers[0].min_weight``."""
        return written(self.location)

    def __str__(self) -> str:
        """Return the whole sentence."""
        said = f"{self.path} {self.complaint}".lstrip()
        return said if said.endswith("?") else f"{said}."

    @property
    def japanese(self) -> str:
        """Return the whole sentence in Japanese; the complaint stays English where it has none."""
        complaint = in_japanese(self.complaint)
        where = f"{self.path}：" if self.path else ""
        return f"{where}{self.complaint if complaint is None else complaint}。"


class ConfigError(Exception):
    """The file cannot be used. *problems* has everything that is wrong; the text has all sentences."""

    def __init__(self, file: Path, problems: Iterable[Problem]) -> None:
        self.file = file
        self.problems = tuple(problems)
        count = len(self.problems)
        said = f"{file} has {count} mistakes:" if count > 1 else f"{file} cannot be used:"
        super().__init__("\n".join([said, *(f"  {problem}" for problem in self.problems)]))

    @property
    def japanese(self) -> str:
        """Return all sentences in Japanese."""
        said = f"{self.file} に誤りが {len(self.problems)} か所あります："
        return "\n".join([said, *(f"  {problem.japanese}" for problem in self.problems)])


def written(location: Location) -> str:
    """Return *location* as a path; list places are numbered from 0."""
    path = ""
    for step in location:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
    return path


def suggestion(word: object, known: Iterable[str], kind: str) -> str:
    """Return what may have been meant by *word*: the closest of *known*, or all of them."""
    names = sorted(known)
    if close := get_close_matches(str(word), names, n=1):
        return f'did you mean "{close[0]}"?'
    return f"the {kind} are: {', '.join(names)}" if names else f"there are no {kind}"
