"""Cases as the interface shows them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from agents.writing import phone_number
from booking.cases.rules import CaseState, waits_for
from config.schema.cases import CaseKind
from telephony.record import iso
from telephony.record.shape import RecordingRecord

LONGEST_SUMMARY = 60

KINDS: Mapping[CaseKind, str] = {
    CaseKind.CITY_CALLBACK: "市からの折り返し",
    CaseKind.COMPLAINT: "苦情",
    CaseKind.MESSAGE: "伝言",
    CaseKind.CALLBACK_FAILED: "折り返し不通",
    CaseKind.DELIVERY_FAILED: "予約システムへの連携失敗",
}
STATES: Mapping[CaseState, str] = {
    CaseState.OPEN: "未確認",
    CaseState.SEEN: "確認済み",
    CaseState.DONE: "済",
}


def summary_of(what: str) -> str:
    """Return *what* in one short line."""
    line = " ".join(what.split())
    return line if len(line) <= LONGEST_SUMMARY else f"{line[: LONGEST_SUMMARY - 1]}…"


def case_content(row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return the case in *row* (`CASES["one"]`)."""
    kind, state = CaseKind(row["kind"]), CaseState(row["state"])
    file = row["file"] or row["details"].get("file")
    due_at: datetime | None = row["due_at"]
    return {
        "number": row["number"],
        "kind": kind.value,
        "kind_title": KINDS[kind],
        "call": row["call_id"],
        "caller": row["caller"],
        "caller_written": phone_number(row["caller"]),
        "state": state.value,
        "state_title": STATES[state],
        "waits_for": waits_for(kind, state),
        "opened_at": iso(row["opened_at"]),
        "opened_by": row["opened_by"],
        "due_at": None if due_at is None else iso(due_at),
        "overdue": due_at is not None and state is not CaseState.DONE and due_at < now,
        "escalated": row["escalated"],
        "summary": row["summary"],
        "details": row["details"],
        "recording": RecordingRecord(file, row["sha256"], row["seconds"]).as_json() if file else None,
        "version": row["version"],
    }


def mail_content(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what became of one e-mail about a case."""
    sent_at: datetime | None = row["sent_at"]
    return {
        **{name: row[name] for name in ("reason", "state", "tries", "recipients", "problem")},
        "created_at": iso(row["created_at"]),
        "sent_at": None if sent_at is None else iso(sent_at),
    }
