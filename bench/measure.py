"""One measured number beside its peers, how it is shown, and how it is kept (docs/interface.md)."""

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.table import Table


@dataclass(frozen=True, slots=True)
class Measure:
    """*ours* and *peers* hold one value for each round; what is shown is their median.

    *limit* is the highest value allowed (of the ratio where there is a peer, else of the value itself).
    """

    name: str
    unit: str
    ours: Sequence[float]
    peers: Mapping[str, Sequence[float]] = field(default_factory=dict)
    against: str | None = None
    limit: float | None = None

    @property
    def value(self) -> float:
        """Ours."""
        return statistics.median(self.ours)

    @property
    def ratio(self) -> float | None:
        """Ours divided by the peer that counts."""
        return None if self.against is None else self.value / statistics.median(self.peers[self.against])

    @property
    def spread(self) -> float:
        """The widest distance between two rounds of ours."""
        return max(self.ours) - min(self.ours)

    @property
    def met(self) -> bool | None:
        """Whether the limit is kept; None where there is none."""
        if self.limit is None:
            return None
        return (self.value if self.ratio is None else self.ratio) <= self.limit

    def as_json(self) -> dict[str, Any]:
        """The form of the interface."""
        return {
            "ours": self.value,
            "peers": {name: statistics.median(values) for name, values in self.peers.items()},
            "ratio": self.ratio,
            "unit": self.unit,
            "rounds": len(self.ours),
            "spread": self.spread,
        }


def keep(measures: Sequence[Measure], parts: Sequence[Path], path: Path) -> None:
    """Write all measures to *path*, with those that *parts* hold already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {measure.name: measure.as_json() for measure in measures}
    for part in parts:
        content |= json.loads(part.read_text(encoding="utf-8"))
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def table(measures: Sequence[Measure]) -> Table:
    """All measures for people."""
    shown = Table(title="Side by side")
    for column in ("measure", "ours", "peers", "ratio", "limit", "rounds"):
        shown.add_column(column)
    for measure in measures:
        peers = "\n".join(f"{name} {statistics.median(v):.4g}" for name, v in measure.peers.items())
        colour = {True: "green", False: "red", None: "default"}[measure.met]
        shown.add_row(
            measure.name,
            f"{measure.value:.4g} {measure.unit}",
            peers,
            "" if measure.ratio is None else f"[{colour}]{measure.ratio:.3f}[/]",
            "" if measure.limit is None else f"[{colour}]≤ {measure.limit:g}[/]",
            str(len(measure.ours)),
        )
    return shown
