"""Changes as CSV, and the city's reply file. Pure.

Files are UTF-8 with a byte order mark and CRLF, so that a spreadsheet shows Japanese. A text that a
spreadsheet would take for a formula gets an apostrophe in front.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from booking.delivery.change import TOLD, Change
from booking.outgoing.answers import LONGEST_REASON, one_line
from telephony.record import iso

ENCODING = "utf-8-sig"
HEAD = ("key", "kind", "at", *TOLD)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_FREE_TEXT = frozenset({"name", "kana", "notice_number", "notes"})
"""What somebody typed. A telephone number may begin with a plus sign, and must arrive as it is."""

TAKEN, REFUSED = "ok", "ng"


class ReplyError(Exception):
    """The reply file cannot be read; the message is one sentence that says what is wrong."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the city says about one change: a *reason* when it was refused."""

    key: str
    taken: bool
    reason: str


def table_of(changes: Iterable[Change]) -> bytes:
    """Return the file that carries *changes*: always the same bytes for the same ones."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(HEAD)
    for change in changes:
        content = change.content
        cells = (_cell(name, content) for name in TOLD)
        rows.writerow((change.key, change.kind, iso(change.created_at), *cells))
    return text.getvalue().encode(ENCODING)


def _cell(name: str, content: Mapping[str, Any]) -> str:
    value = content[name]
    if value is None:
        return ""
    if isinstance(value, list):
        return orjson.dumps(value).decode()
    text = str(value)
    return f"'{text}" if name in _FREE_TEXT and text.startswith(_FORMULA) else text


def replies_in(raw: bytes) -> list[Reply]:
    """Return what a reply file says in its columns key, result and reason. Raises `ReplyError`."""
    try:
        rows = list(csv.DictReader(io.StringIO(raw.decode(ENCODING), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ReplyError(f"is no CSV in UTF-8 ({error})") from error
    replies = []
    for line, row in enumerate(rows, start=2):
        key, result = row.get("key") or "", (row.get("result") or "").strip().lower()
        if not key or result not in {TAKEN, REFUSED}:
            raise ReplyError(f'line {line} needs a key and the result "{TAKEN}" or "{REFUSED}"')
        reason = one_line(row.get("reason") or "", LONGEST_REASON)
        replies.append(Reply(key.strip(), result == TAKEN, reason))
    return replies
