"""The picture of a report: calls that came and calls that were answered, as bars (SVG). Pure.

Colours come from the page's style sheet by class; nothing in here is inline style, which the page forbids.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

WIDTH, HEIGHT = 960, 260
LEFT, BOTTOM, TOP = 44, 36, 12
BAR = 0.7
"""Share of its place that a bar fills."""

MOST_LABELS = 31


@dataclass(frozen=True, slots=True)
class Bar:
    """One place on the axis."""

    label: str
    offered: int
    answered: int


def chart(bars: Sequence[Bar], title: str) -> str:
    """Return an SVG element with a bar of *offered* calls for each, and the *answered* ones inside it."""
    picture = ET.Element(
        "svg", {"viewBox": f"0 0 {WIDTH} {HEIGHT}", "role": "img", "class": "chart", "aria-label": title}
    )
    top = _round_up(max((bar.offered for bar in bars), default=0))
    _grid(picture, top)
    place = (WIDTH - LEFT) / max(1, len(bars))
    for number, bar in enumerate(bars):
        left = LEFT + number * place + place * (1 - BAR) / 2
        group = ET.SubElement(picture, "g")
        ET.SubElement(group, "title").text = f"{bar.label}：届いた呼 {bar.offered}、応答 {bar.answered}"
        for name, value in (("offered", bar.offered), ("answered", bar.answered)):
            _bar(group, name, (left, place * BAR), value / top)
        if len(bars) <= MOST_LABELS:
            _words(group, bar.label, left + place * BAR / 2, HEIGHT - BOTTOM + 18, "middle")
    return ET.tostring(picture, encoding="unicode")


def _bar(group: ET.Element, name: str, across: tuple[float, float], share: float) -> None:
    height = share * (HEIGHT - BOTTOM - TOP)
    box = {"x": across[0], "y": HEIGHT - BOTTOM - height, "width": across[1], "height": height}
    ET.SubElement(group, "rect", {key: f"{value:.1f}" for key, value in box.items()} | {"class": name})


def _grid(picture: ET.Element, top: int) -> None:
    for share in (0.0, 0.5, 1.0):
        y = HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP)
        line = {"x1": str(LEFT), "x2": str(WIDTH), "y1": f"{y:.1f}", "y2": f"{y:.1f}", "class": "grid"}
        ET.SubElement(picture, "line", line)
        _words(picture, f"{top * share:g}", LEFT - 6, y + 4, "end")


def _words(parent: ET.Element, text: str, x: float, y: float, anchor: str) -> None:
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor}
    ET.SubElement(parent, "text", place).text = text


def _round_up(value: int) -> int:
    """Return an even, round number that is at least *value*, so that its half is a whole one."""
    step = 1
    while True:
        for factor in (2, 4, 6, 10):
            if value <= factor * step:
                return factor * step
        step *= 10
