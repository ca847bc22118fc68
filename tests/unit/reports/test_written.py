"""A report as CSV and as a page: right for spreadsheets, and harmless whatever stands in it."""

import csv
import io
import zipfile
from datetime import date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import pytest

from reports.chart import BOTTOM, HEIGHT, TOP, Bar, chart
from reports.figures import By, Counts, Figures
from reports.page import content_policy, page_of
from reports.period import Kind, Period
from reports.report import Report, report_of
from reports.table import calls_csv, csv_of
from reports.workbook import xlsx_of
from telephony.figures import Tally
from telephony.model.ids import AgentName, CallId
from telephony.record import JST, CallRecord
from tests.unit.model.plans import plan

HOSTILE = '=cmd|"/c calc"!A1<script>alert(1)</script>'
NOON = datetime(2026, 12, 28, 12, tzinfo=JST)


def report(kind: Kind = Kind.DAILY, *, answered: int = 18, made_at: datetime = NOON) -> Report:
    """Return a report of 20 calls."""
    counts = Counts(calls=20, offered=20, answered=answered, talked_s=600, held_s=60, acw_s=240)
    by: dict[By, dict[Any, Counts]] = {each: {} for each in By}
    by[By.HOUR] = {9: counts, 14: Counts(offered=1)}
    by[By.DAY] = {date(2026, 12, day): counts for day in range(1, 32)}
    by[By.AGENT] = {"evil": counts, None: Counts(offered=5)}
    by[By.DISPOSITION] = {"booked": counts, None: Counts(calls=2)}
    tally = Tally(reached=20, offered=20, answered=answered, queued=20, in_time=10, longest_wait_s=90.04)
    rows = [{"kind": "created", "venue": "none", "channel": "operator", "count": 3}]
    found = Figures(
        tally,
        counts,
        by,
        rows,
        [{"kind": "complaint", "opened": 2, "done": 1}],
        [{"outcome": None, "count": 1}],
    )
    period = Period.of(kind, date(2026, 12, 28), JST)
    return report_of(period, found, plan(), {"evil": HOSTILE}, made_at)


def rows_of(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_table_has_every_figure_and_no_formula() -> None:
    rows = rows_of(csv_of(report()))
    assert ["応答率（%）", "90.0"] in rows
    assert ["目標 90%", "達成"] in rows
    assert ["最長待ち時間（秒）", "90.0"] in rows
    assert [f"'{HOSTILE}", "18", "0", "600", "60", "240", "50.0"] in rows
    assert ["9時台", "20", "18", "90.0", "0", "0", "0"] in rows
    assert ["合計", "3", "0", "0", "0"] in rows
    assert ["苦情", "2", "1"] in rows
    assert ["（なし）", "2"] in rows
    assert rows[1][2] == "途中経過"
    assert all(not cell.startswith(("=", "+", "@")) for row in rows for cell in row)


def test_a_missed_goal_is_said_and_shown() -> None:
    missed = report(answered=17, made_at=NOON + timedelta(days=1))
    assert missed.complete
    assert ["目標 90%", "未達"] in rows_of(csv_of(missed))
    page = page_of(missed)
    assert 'class="goal_met missed"' in page
    assert "途中経過" not in page


@pytest.mark.parametrize("kind", Kind)
def test_the_page_runs_nothing_and_shows_everything(kind: Kind) -> None:
    made = report(kind)
    page = page_of(made)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "http" not in page.replace("https://example.jp", "")
    assert "応答率" in page
    assert page.count("<rect") == 2 * (31 if kind is Kind.MONTHLY else 2)
    for table in made.tables:
        assert (f'id="{table.name}"' in page) is bool(table.rows), table.name
    assert "sha256-" in content_policy()
    assert "unsafe" not in content_policy()
    assert " style=" not in page


def test_bars_are_as_high_as_their_counts_and_words_are_only_words() -> None:
    picture = ET.fromstring(chart([Bar("<9&", 40, 20), Bar("10", 0, 0)], "呼"))  # noqa: S314 -- our own
    offered, answered, *_ = (float(box.get("height", 0)) for box in picture.iter() if box.tag == "rect")
    assert offered == pytest.approx(2 * answered)
    assert offered == HEIGHT - BOTTOM - TOP
    assert [text.text for text in picture.iter("text")][-2:] == ["<9&", "10"]
    assert ET.fromstring(chart([], "呼")).tag == "svg"  # noqa: S314 -- our own


def test_a_workbook_has_numbers_and_words_but_no_formula_and_is_always_the_same() -> None:
    content = xlsx_of(report())
    assert content == xlsx_of(report())
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheets = [book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        strings, names = book.read("xl/sharedStrings.xml"), book.read("xl/workbook.xml")
    assert len(sheets) == 1 + sum(bool(table.rows) for table in report().tables)
    assert not any(b"<f>" in sheet or b"hyperlink" in sheet for sheet in sheets)
    assert escape(HOSTILE).encode() in strings.replace(b"&quot;", b'"')
    assert b"<v>90</v>" in sheets[0]
    assert "時間帯別".encode() in names


def test_every_call_is_a_line() -> None:
    record = CallRecord(
        CallId("c1"), NOON, caller="+819012345678", agent=AgentName("=evil"), menu_path=("1", "2")
    )
    head, line = rows_of(calls_csv([record]))
    said = dict(zip(head, line, strict=True))
    assert said["発信者"] == "090-1234-5678"
    assert said["担当者"] == "'=evil"
    assert said["メニュー"] == "1 2"
