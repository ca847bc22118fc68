"""A call's record as the interface gives it, for tests that only need one."""

from typing import Any

RECORD: dict[str, Any] = {
    "id": "r1",
    "sip_call_id": "r1@carrier",
    "caller": "+819012345678",
    "dialled": "+81120000000",
    "started_at": "2026-12-01T10:00:00.000+09:00",
    "answered_at": "2026-12-01T10:00:00.100+09:00",
    "connected_at": "2026-12-01T10:00:20.000+09:00",
    "ended_at": "2026-12-01T10:05:00.000+09:00",
    "outcome": "answered",
    "ended_by": "caller",
    "reason": None,
    "queue": "booking",
    "menu_path": ["1"],
    "agent": "sato",
    "waited_s": 12.5,
    "talked_s": 280.0,
    "held_s": 0.0,
    "acw_s": 20.0,
    "offers": [{"agent": "sato", "at": "2026-12-01T10:00:15.000+09:00", "result": "answered"}],
    "disposition": "予約",
    "recording": {"file": "2026/12/01/r1.wav", "sha256": None, "seconds": None},
    "reservations": [],
    "recovered": False,
    "direction": "inbound",
    "callback": None,
    "callback_of": None,
    "attempts": 0,
    "outreach": None,
}
