"""A report, and the single calls, as CSV for spreadsheets: UTF-8 with a byte order mark, CRLF. Pure.

A text that a spreadsheet would take for a formula gets an apostrophe in front.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from agents.writing import phone_number
from reports.report import Cell, Report
from telephony.record import CallRecord, iso

ENCODING = "utf-8-sig"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

_NUMBERS = frozenset({"caller", "dialled"})
"""Written as people write them: a plus sign in front would make a formula of them."""

CALL_FIELDS: tuple[tuple[str, str], ...] = (
    ("id", "呼ID"),
    ("direction", "方向"),
    ("started_at", "開始"),
    ("ended_at", "終了"),
    ("caller", "発信者"),
    ("dialled", "着信番号"),
    ("outcome", "終わり方"),
    ("ended_by", "終了者"),
    ("reason", "理由"),
    ("queue", "待ち列"),
    ("menu_path", "メニュー"),
    ("agent", "担当者"),
    ("waited_s", "待ち（秒）"),
    ("talked_s", "通話（秒）"),
    ("held_s", "保留（秒）"),
    ("acw_s", "後処理（秒）"),
    ("disposition", "結果"),
    ("reservations", "予約番号"),
)


def csv_of(report: Report) -> bytes:
    """Return the report as one file: the headline figures, then each table under its title."""
    rows: list[Sequence[Cell]] = [
        (report.centre, report.title),
        ("作成", iso(report.made_at), "" if report.complete else "途中経過"),
        (),
        ("項目", "値"),
        *((each.title, each.value) for each in report.headlines),
    ]
    for table in report.tables:
        rows += [(), (table.title,), [title for _, title in table.columns], *table.rows]
    rows += [(), ("定義",), *report.definitions.items()]
    return written(rows)


def calls_csv(records: Iterable[CallRecord]) -> bytes:
    """Return every single call, a line each."""
    lines = [[title for _, title in CALL_FIELDS]]
    lines += [[_text(name, record.as_json()[name]) for name, _ in CALL_FIELDS] for record in records]
    return written(lines)


def written(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return *rows* as a file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([_safe(cell) for cell in row])
    return text.getvalue().encode(ENCODING)


def _text(name: str, value: Any) -> str:
    if name in _NUMBERS:
        return phone_number(value)
    return " ".join(map(str, value)) if isinstance(value, list) else ("" if value is None else str(value))


def _safe(cell: Cell) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(_FORMULA) else text
