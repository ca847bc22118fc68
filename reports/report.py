"""What a report says: headline figures and tables, from counts. Pure; `table` and `page` write it down."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from config.schema import Centre
from reports.figures import By, Counts, Figures
from reports.period import Period
from reports.words import CASES, CHANGES, NONE, OUTCOMES, OUTREACH
from telephony.figures import definitions

Cell = str | int | float | None

CALL_COLUMNS: tuple[tuple[str, str], ...] = (
    ("offered", "届いた呼"),
    ("answered", "応答"),
    ("answer_rate", "応答率（%）"),
    ("abandoned", "放棄"),
    ("short_abandoned", "早期放棄"),
    ("outside", "時間外・災害"),
)
AGENT_COLUMNS: tuple[tuple[str, str], ...] = (
    ("answered", "応答"),
    ("called_back", "折り返し"),
    ("talked_s", "通話（秒）"),
    ("held_s", "保留（秒）"),
    ("acw_s", "後処理（秒）"),
    ("handled_s", "平均処理時間（秒）"),
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table. *columns* are (name, title); the first names the row."""

    name: str
    title: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Headline:
    """One figure at the top: its name, title and value."""

    name: str
    title: str
    value: Cell


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report. *complete*: the period was over when it was made, at *made_at*."""

    kind: str
    title: str
    centre: str
    period: Period
    made_at: datetime
    goal: float
    headlines: Sequence[Headline]
    tables: Sequence[Table]
    definitions: Mapping[str, str]

    @property
    def complete(self) -> bool:
        """Whether nothing more can happen in its time."""
        return self.made_at >= self.period.until

    def table(self, name: str) -> Table:
        """Return one of its tables. Raises StopIteration for a name that it does not have."""
        return next(table for table in self.tables if table.name == name)


def report_of(
    period: Period, found: Figures, plan: Centre, people: Mapping[str, str], made_at: datetime
) -> Report:
    """Return the report of *period*. *people* are the titles of operators by name."""
    return Report(
        kind=period.kind.value,
        title=period.title,
        centre=plan.title,
        period=period,
        made_at=made_at,
        goal=plan.goals.answer_rate,
        headlines=tuple(_headlines(found, plan.goals.answer_rate)),
        tables=tuple(_tables(period, found, plan, people)),
        definitions=definitions(plan),
    )


def _headlines(found: Figures, goal: float) -> list[Headline]:
    tally = found.tally
    met = None if tally.answer_rate is None else ("達成" if tally.may_be_lost(goal) >= 0 else "未達")
    return [
        Headline("answer_rate", "応答率（%）", _rounded(tally.answer_rate)),
        Headline("goal_met", f"目標 {goal:g}%", met),
        Headline("offered", "届いた呼", tally.offered),
        Headline("answered", "応答", tally.answered),
        Headline("abandoned", "放棄", tally.abandoned),
        Headline("short_abandoned", "早期放棄", tally.short_abandoned),
        Headline("by_voice", "自動音声・折り返しの約束・伝言", tally.by_voice),
        Headline("outside", "時間外・災害の案内", tally.outside),
        Headline("called_back", "折り返しでつながった", tally.called_back),
        Headline("service_level", "時間内応答率（%）", _rounded(tally.service_level)),
        Headline("answer_speed_s", "平均待ち時間（秒）", _rounded(tally.answer_speed_s)),
        Headline("longest_wait_s", "最長待ち時間（秒）", _rounded(tally.longest_wait_s)),
    ]


def _tables(period: Period, found: Figures, plan: Centre, people: Mapping[str, str]) -> list[Table]:
    queues = {queue.name: queue.title for queue in plan.queues}
    ways = {each.name: each.title for each in plan.dispositions}
    hours = {hour: f"{hour}時台" for hour in range(24)}
    tables = [
        _calls(found, By.HOUR, ("hours", "時間帯別", "時間帯"), hours.get),
        _calls(found, By.QUEUE, ("queues", "待ち列別", "待ち列"), queues.get),
        _agents(found, people),
        _counted(found, By.DISPOSITION, ("dispositions", "用件・結果別", "結果"), ways.get),
        _counted(found, By.CHOICE, ("choices", "メニューの選択別", "選択"), lambda _: None),
        _counted(found, By.OUTCOME, ("outcomes", "呼の終わり方", "終わり方"), OUTCOMES.get),
        _reservations(found, plan),
        _some(
            "cases",
            "案件",
            ("種類", "受付", "うち済"),
            [(CASES.get(row["kind"], row["kind"]), row["opened"], row["done"]) for row in found.cases],
        ),
        _some(
            "outreach",
            "出張申請の勧奨（発信）",
            ("結果", "件数"),
            [
                (OUTREACH.get(row["outcome"] or "", row["outcome"] or NONE), row["count"])
                for row in found.outreach
            ],
        ),
    ]
    if period.has_days:
        tables.insert(0, _calls(found, By.DAY, ("days", "日別", "日"), str))
    return tables


Name = tuple[str, str, str]
"""A table's name, its title, and that of its first column."""


def _calls(found: Figures, by: By, name: Name, title: Callable[[Any], str | None]) -> Table:
    rows = [
        (_named(key, title), *(_value(counts, column) for column, _ in CALL_COLUMNS))
        for key, counts in found.by[by].items()
        if any(getattr(counts, each) for each in ("offered", "answered", "short_abandoned", "outside"))
    ]
    return Table(name[0], name[1], (("key", name[2]), *CALL_COLUMNS), rows)


def _agents(found: Figures, people: Mapping[str, str]) -> Table:
    rows = [
        (_named(key, people.get), *(_value(counts, column) for column, _ in AGENT_COLUMNS))
        for key, counts in found.by[By.AGENT].items()
        if key is not None and counts.spoken
    ]
    return Table("agents", "担当者別", (("key", "担当者"), *AGENT_COLUMNS), rows)


def _counted(found: Figures, by: By, name: Name, title: Callable[[Any], str | None]) -> Table:
    rows = [(_named(key or None, title), counts.calls) for key, counts in found.by[by].items()]
    return Table(name[0], name[1], (("key", name[2]), ("calls", "件数")), rows)


def _reservations(found: Figures, plan: Centre) -> Table:
    venues: dict[str, str] = {venue.name: venue.title for venue in plan.booking.venues}
    sums: dict[str, dict[str, int]] = {}
    for row in found.reservations:
        counts = sums.setdefault(venues.get(row["venue"], str(row["venue"])), dict.fromkeys(CHANGES, 0))
        counts[row["kind"]] += row["count"]
    whole = {kind: sum(counts[kind] for counts in sums.values()) for kind in CHANGES}
    rows: list[Sequence[Cell]] = [(venue, *counts.values()) for venue, counts in sorted(sums.items())]
    if rows:
        rows.append(("合計", *whole.values()))
    return Table("reservations", "予約", (("key", "会場"), *CHANGES.items()), rows)


def _some(name: str, title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Table:
    return Table(name, title, [(f"column_{place}", head) for place, head in enumerate(heads)], rows)


def _named(key: Any, title: Callable[[Any], str | None]) -> str:
    return NONE if key is None else (title(key) or str(key))


def _value(counts: Counts, column: str) -> Cell:
    if column == "handled_s":
        whole = counts.talked_s + counts.held_s + counts.acw_s
        return round(whole / counts.spoken, 1) if counts.spoken else None
    return _rounded(getattr(counts, column))


def _rounded(value: float | None) -> Cell:
    return value if value is None or isinstance(value, int) else round(value, 1)
