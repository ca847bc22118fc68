"""A report as a page to be read and printed: one file, no script, nothing from elsewhere."""

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports.chart import Bar, chart
from reports.report import Cell, Report
from telephony.record import JST

TEMPLATES = Path(__file__).parent / "templates"


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)


@cache
def _style() -> str:
    return (TEMPLATES / "report.css").read_text(encoding="utf-8")


def page_of(report: Report) -> str:
    """Return the page."""
    template = _environment().get_template("report.html.j2")
    return template.render(
        report=report,
        style=Markup(_style()),  # noqa: S704 -- our own file
        picture=Markup(picture_of(report)),  # noqa: S704 -- made by ElementTree, which escapes
        made_at=f"{report.made_at.astimezone(JST):%Y-%m-%d %H:%M}",
    )


def picture_of(report: Report) -> str:
    """Return the chart: of the days of a month, or the hours of a day."""
    table = report.table("days" if report.period.has_days else "hours")
    columns = [name for name, _ in table.columns]
    offered, answered = columns.index("offered"), columns.index("answered")
    bars = [Bar(_short(row[0]), int(row[offered] or 0), int(row[answered] or 0)) for row in table.rows]
    return chart(bars, f"{table.title}の届いた呼と応答")


def _short(key: Cell) -> str:
    """Return a label that fits below a bar: the day of a date, an hour."""
    text = str(key)
    return text[-2:].lstrip("0") if text[4:5] == "-" else text.removesuffix("台")


def content_policy() -> str:
    """Return what the page may do: nothing but look as it does."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
