"""A report as a workbook (XLSX): an overview, and a sheet for each table with anything in it. Pure.

The same report gives the same bytes. No text in it becomes a formula or a link, whatever it is.
"""

import io
from collections.abc import Sequence
from typing import Any, TypeAlias

from reports.report import Cell, Report, Table

Sheet: TypeAlias = Any
Format: TypeAlias = Any
"""xlsxwriter's, which says nothing about types."""

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TEXT_ONLY = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_TITLE_WIDTH, _WIDTH, _WORDS_WIDTH = 26, 14, 100


def xlsx_of(report: Report) -> bytes:
    """Return the workbook."""
    import xlsxwriter  # noqa: PLC0415 - 6 MB, for what the controller is asked for once a day

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, **_TEXT_ONLY})
    # Else the time of writing would stand in it.
    book.set_properties(
        {"title": report.title, "company": report.centre, "created": report.made_at.replace(tzinfo=None)}
    )
    bold = book.add_format({"bold": True, "bottom": 1})
    _overview(book.add_worksheet("概要"), bold, report)
    for table in report.tables:
        if table.rows:
            _sheet(book.add_worksheet(table.title[:31]), bold, table)  # Excel takes no longer name
    book.close()
    return file.getvalue()


def _overview(sheet: Sheet, bold: Format, report: Report) -> None:
    sheet.set_column(0, 0, _TITLE_WIDTH)
    sheet.set_column(1, 1, _WORDS_WIDTH)
    made = f"{report.made_at:%Y-%m-%d %H:%M}{'' if report.complete else '（途中経過）'}"
    rows: list[Sequence[Cell]] = [(report.centre, report.title), ("作成", made), ()]
    rows += [(each.title, each.value) for each in report.headlines]
    rows += [(), *report.definitions.items()]
    _fill(sheet, rows)
    sheet.set_row(0, None, bold)


def _sheet(sheet: Sheet, bold: Format, table: Table) -> None:
    sheet.set_column(0, 0, _TITLE_WIDTH)
    sheet.set_column(1, len(table.columns), _WIDTH)
    sheet.freeze_panes(1, 1)
    _fill(sheet, [[title for _, title in table.columns], *table.rows])
    sheet.set_row(0, None, bold)


def _fill(sheet: Sheet, rows: Sequence[Sequence[Cell]]) -> None:
    for place, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(place, column, cell)
            elif cell is not None:
                sheet.write_number(place, column, cell)
