"""Reports over HTTP, and every single call of a time as a table. The city may read both (R13, R14)."""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from aiohttp import web
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from agents.errors import Fault, Invalid
from agents.ports import Unavailable
from agents.roles import FLOOR, Role
from agents.web.answers import answer
from agents.web.calls import Times
from agents.web.problems import not_found
from agents.web.reading import in_zone, query_of
from agents.web.routes import Route
from agents.web.shapes import Shape
from config.schema import Centre
from reports.figures import figures
from reports.page import content_policy, page_of
from reports.period import Kind, Period
from reports.report import Report, report_of
from reports.table import calls_csv, csv_of
from reports.workbook import KIND, xlsx_of
from storage import PASSING, Pool
from telephony import history
from telephony.record import iso

_GONE = (HTTPStatus.NOT_FOUND,)
MAY_READ = FLOOR | {Role.CITY}
_AWAY = "The database cannot be reached; reports can be had when it is back."
MOST_CALLS = 200_000
"""Lines of one table of calls; a spreadsheet takes a million, and a month at the surge has less."""

_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)

LONGEST = timedelta(days=93)


def _first_of_month(value: Any) -> Any:
    """Take a month for its first day."""
    return f"{value}-01" if isinstance(value, str) and _MONTH.fullmatch(value) else value


Day = Annotated[
    date,
    BeforeValidator(_first_of_month),
    WithJsonSchema(
        {
            "type": "string",
            "description": "A day, or a month for its first day.",
            "pattern": r"^2\d{3}-(0[1-9]|1[0-2])(-(0[1-9]|1\d|2[0-8]))?$",
            "examples": ["2026-12-28", "2026-12"],
        }
    ),
]


class ReportQuery(BaseModel):
    """Of which day, or of the month of which day; today when it is left out."""

    model_config = ConfigDict(extra="forbid")

    day: Annotated[Day | None, Field(alias="for")] = None


class FigureShape(Shape):
    """One figure at the top."""

    name: str
    title: str
    value: str | int | float | None


class ColumnShape(Shape):
    """A column of a table."""

    name: str
    title: str


class TableShape(Shape):
    """A table; the first cell of a row names it."""

    name: str
    title: str
    columns: list[ColumnShape]
    rows: list[list[str | int | float | None]]


class ReportShape(Shape):
    """A report. *complete*: its time was over when it was made."""

    kind: Kind
    title: str
    centre: str
    since: datetime
    until: datetime
    made_at: datetime
    complete: bool
    goal: float
    figures: list[FigureShape]
    tables: list[TableShape]
    definitions: dict[str, str]


@dataclass(frozen=True, slots=True)
class ReportHandlers:
    """The handlers. *people* gives the titles of operators by name; *clock* is aware."""

    pool: Pool
    plan: Callable[[], Centre]
    people: Callable[[], Mapping[str, str]]
    clock: Callable[[], datetime]

    def routes(self) -> tuple[Route, ...]:
        """Return their rules."""
        return (
            Route(
                *("GET", "/api/reports/{kind}", self.report, MAY_READ, "The report of a day or a month"),
                query=ReportQuery,
                answer=ReportShape,
                errors=_GONE,
            ),
            Route(
                *("GET", "/api/reports/{kind}/csv", self.table, MAY_READ, "The same for a spreadsheet"),
                query=ReportQuery,
                media="text/csv",
                errors=_GONE,
            ),
            Route(
                *("GET", "/api/reports/{kind}/xlsx", self.workbook, MAY_READ, "The same as a workbook"),
                query=ReportQuery,
                media=KIND,
                errors=_GONE,
            ),
            Route(
                *("GET", "/api/reports/{kind}/page", self.page, MAY_READ, "The same to read and print"),
                query=ReportQuery,
                media="text/html",
                errors=_GONE,
            ),
            Route(
                *("GET", "/api/export/calls", self.calls, MAY_READ, "Every single call of a time (CSV)"),
                query=Times,
                media="text/csv",
            ),
        )

    async def report(self, request: web.Request) -> web.Response:
        """As data."""
        return answer(content_of(await self._made(request)))

    async def table(self, request: web.Request) -> web.Response:
        """As CSV."""
        report = await self._made(request)
        return _file(csv_of(report), f"{report.period.name}.csv", "text/csv")

    async def workbook(self, request: web.Request) -> web.Response:
        """As XLSX."""
        report = await self._made(request)
        return _file(await asyncio.to_thread(xlsx_of, report), f"{report.period.name}.xlsx", KIND)

    async def page(self, request: web.Request) -> web.Response:
        """As a page."""
        headers = {"Content-Security-Policy": content_policy()}
        page = page_of(await self._made(request))
        return web.Response(text=page, content_type="text/html", headers=headers)

    async def calls(self, request: web.Request) -> web.Response:
        """Every call that began in the time that is asked for; yesterday when nothing is said."""
        query, zone = query_of(request, Times), ZoneInfo(self.plan().timezone)
        now = self.clock()
        since = in_zone(query.since, zone) or now - timedelta(days=1)
        until = in_zone(query.until, zone) or now
        if not timedelta(0) <= until - since <= LONGEST:
            raise Invalid(Fault("until", f"must come after since, at most {LONGEST.days} days later"))
        try:
            found = await history.calls(self.pool, since=since, until=until, most=MOST_CALLS)
        except PASSING as error:
            raise Unavailable(_AWAY) from error
        lines = await asyncio.to_thread(calls_csv, reversed(found))
        return _file(lines, f"calls-{since:%Y-%m-%d}.csv", "text/csv")

    async def _made(self, request: web.Request) -> Report:
        """Return the report that is asked for. Raises `Problem`, `Invalid` or `Unavailable`."""
        if request.match_info["kind"] not in set(Kind):
            raise not_found("such report; there are daily and monthly ones")
        plan, now = self.plan(), self.clock()
        zone = ZoneInfo(plan.timezone)
        day = query_of(request, ReportQuery).day or now.astimezone(zone).date()
        if not _FIRST <= day <= _LAST:
            raise Invalid(Fault("for", f"must be a day from {_FIRST} to {_LAST}"))
        period = Period.of(Kind(request.match_info["kind"]), day, zone)
        try:
            found = await figures(self.pool, period.since, period.until, plan.queues, zone)
        except PASSING as error:
            raise Unavailable(_AWAY) from error
        return report_of(period, found, plan, self.people(), now)


_FIRST, _LAST = date(2000, 1, 1), date(2999, 12, 31)


def content_of(report: Report) -> dict[str, Any]:
    """Return the report as plain values."""
    return {
        "kind": report.kind,
        "title": report.title,
        "centre": report.centre,
        "since": iso(report.period.since),
        "until": iso(report.period.until),
        "made_at": iso(report.made_at),
        "complete": report.complete,
        "goal": report.goal,
        "figures": [{"name": f.name, "title": f.title, "value": f.value} for f in report.headlines],
        "tables": [
            {
                "name": table.name,
                "title": table.title,
                "columns": [{"name": name, "title": title} for name, title in table.columns],
                "rows": [list(row) for row in table.rows],
            }
            for table in report.tables
        ],
        "definitions": dict(report.definitions),
    }


def _file(content: bytes, name: str, media: str) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    charset = "utf-8" if media.startswith("text/") else None
    return web.Response(body=content, content_type=media, charset=charset, headers=headers)
