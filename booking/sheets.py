"""Tables that people make in Excel: a CSV with a heading, checked row by row, every mistake named at once.

Each mistake has its line, its column and a sentence. Nothing of a table with a mistake is taken.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from booking.complaints import faults_of
from booking.errors import BookingError

MOST_ROWS = 5_000

Row = TypeVar("Row", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class SheetFault:
    """One mistake. *line* counts from 1, the heading; *column* is the heading's word, or None for the row."""

    line: int
    column: str | None
    detail: str

    def as_json(self) -> dict[str, object]:
        """Return it as the interface shows it."""
        place = f"{self.line}行目" + ("" if self.column is None else f" {self.column}")
        return {"field": place, "line": self.line, "column": self.column, "detail": self.detail}


class BadSheet(BookingError):
    """The table has mistakes; *more* names them all."""

    code = "invalid"

    def __init__(self, faults: Sequence[SheetFault]) -> None:
        first = faults[0].as_json()
        count = f"{len(faults)}か所に誤りがあるため、何も取り込みませんでした。"
        sentence = f"{count}{first['field']}：{first['detail']}"
        super().__init__(sentence, {"errors": [fault.as_json() for fault in faults]})
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Sheet(Generic[Row]):
    """What a table must look like: *shape* checks a row, *columns* gives each field its heading."""

    shape: type[Row]
    columns: Mapping[str, str]

    def read(self, text: str) -> list[tuple[int, Row]]:
        """Return each row with its line. Raises `BadSheet` with everything that is wrong."""
        reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
        faults: list[SheetFault] = []
        rows: list[tuple[int, Row]] = []
        try:
            fields = self._fields(next(reader, []), faults)
            line = reader.line_num + 1  # where a record begins; a quoted cell may go over several lines
            for cells in reader:
                if len(cells) > len(fields):
                    said = f"列が{len(cells)}個あります。見出しは{len(fields)}個です。"
                    faults.append(SheetFault(line, None, said))
                rows += self._row(line, fields, cells, faults)
                line = reader.line_num + 1
        except csv.Error as error:
            faults.append(SheetFault(reader.line_num, None, f"CSV として読み取れません（{error}）。"))
        if not rows and not faults:
            faults.append(SheetFault(1, None, "行がありません。見出しの下に一行ずつ書いてください。"))
        if len(rows) > MOST_ROWS:
            faults.append(SheetFault(MOST_ROWS + 2, None, f"一度に取り込めるのは{MOST_ROWS}行までです。"))
        if faults:
            raise BadSheet(sorted(faults, key=lambda fault: fault.line))
        return rows

    def _fields(self, heading: Sequence[str], faults: list[SheetFault]) -> list[str]:
        named = {title: field for field, title in self.columns.items()} | {f: f for f in self.columns}
        fields = [named.get(word.strip(), "") for word in heading]
        for word, field in zip(heading, fields, strict=True):
            if not field:
                faults.append(
                    SheetFault(1, word, f"この列はありません。列は {'、'.join(self.columns.values())} です。")
                )
            elif fields.count(field) > 1:
                faults.append(SheetFault(1, word, "同じ列が二つあります。"))
        needed = (name for name, info in self.shape.model_fields.items() if info.is_required())
        missing = [self.columns[name] for name in needed if name not in fields]
        faults += [SheetFault(1, title, "この列が必要です。") for title in missing]
        return fields

    def _row(
        self, line: int, fields: Sequence[str], cells: Sequence[str], faults: list[SheetFault]
    ) -> Iterator[tuple[int, Row]]:
        pairs = zip(fields, cells, strict=False)
        given = {field: text for field, text in pairs if field and text.strip()}
        if not given:
            return
        try:
            yield line, self.shape.model_validate(given)
        except ValidationError as error:
            for fault in faults_of(error):
                field = fault.field.partition(".")[0]
                if field in fields or field not in self.columns:  # a missing column is named once, above
                    faults.append(SheetFault(line, self.columns.get(field), fault.detail))
