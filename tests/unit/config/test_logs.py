"""The log of a process: one JSON line per event, with the call it is about and without personal data."""

import json
import logging
import subprocess
import sys
from typing import Any

from config.logs import HIDDEN, mask

PROGRAM = """
import logging
import structlog
from config.logs import about_call, configure

configure()
log = structlog.get_logger("telephony")
with about_call("madoguchi-1.2"):
    log.info("call.offered", agent="sato", caller="09012345678")
log.warning("spool.slow", seconds=3)
logging.getLogger("library").warning("it took %d s", 4)
try:
    raise ValueError("broken")
except ValueError:
    log.exception("engine.failed")
"""


def masked(**fields: Any) -> dict[str, Any]:
    return dict(mask(logging.getLogger(), "info", dict(fields)))


def lines_of(program: str) -> list[dict[str, Any]]:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_numbers_keep_their_last_four_digits_and_short_ones_nothing() -> None:
    assert masked(caller="09012345678", dialled="110") == {"caller": "***5678", "dialled": HIDDEN}


def test_what_people_told_us_and_secrets_leave_nothing() -> None:
    assert masked(kana="マツサカ", birth_date="1950-01-01", password="x") == {
        "kana": HIDDEN,
        "birth_date": HIDDEN,
        "password": HIDDEN,
    }


def test_marked_fields_are_masked_however_deep_they_stand() -> None:
    event = masked(reservation={"phone": "0598000001", "slot": 3}, legs=[{"caller": "09012345678"}])
    assert event == {"reservation": {"phone": "***0001", "slot": 3}, "legs": [{"caller": "***5678"}]}


def test_a_withheld_number_stays_visible_as_such_and_other_fields_as_they_are() -> None:
    assert masked(caller=None, queue="booking") == {"caller": None, "queue": "booking"}


def test_every_event_is_a_line_of_json_and_libraries_write_the_same_way() -> None:
    offered, slow, library, failed = lines_of(PROGRAM)
    assert (offered["event"], offered["call"], offered["caller"]) == (
        "call.offered",
        "madoguchi-1.2",
        "***5678",
    )
    assert "call" not in slow
    assert (slow["level"], slow["logger"]) == ("warning", "telephony")
    assert library["event"] == "it took 4 s"
    assert "ValueError: broken" in failed["exception"]
    assert offered["at"].endswith("+09:00")
