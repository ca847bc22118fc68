"""Lets Asterisk write its SIP into a file for a while; bounded in time and size, and off at the end.

Asterisk keeps what it writes in a buffer of its own, so the file is whole only once recording is off.
"""

import time
from collections.abc import Callable
from pathlib import Path

from config.layout import Layout

MOST_BYTES = 64 * 1024 * 1024
"""Some 5,000 calls."""

LOOK_S = 0.5

Ask = Callable[[str], str]
"""Gives Asterisk's command line one command."""


def file_of(layout: Layout) -> Path:
    """Return where the recording lies."""
    return layout.asterisk / "log" / "sip.pcap"


def record(layout: Layout, ask: Ask, seconds: float, *, sleep: Callable[[float], None] = time.sleep) -> int:
    """Record SIP for *seconds*, or until the file is full; return its bytes. It replaces the one before."""
    file = file_of(layout)
    try:
        ask(f"pjsip set logger pcap {layout.seen_by_asterisk(file)}")
        ask("pjsip set logger verbose off")
        ask("pjsip set logger on")
        _watch(file, time.monotonic() + seconds, sleep)
    finally:
        ask("pjsip set logger off")
    return file.stat().st_size


def _watch(file: Path, until: float, sleep: Callable[[float], None]) -> None:
    while time.monotonic() < until and (not file.exists() or file.stat().st_size < MOST_BYTES):
        sleep(min(LOOK_S, max(0.0, until - time.monotonic())))
