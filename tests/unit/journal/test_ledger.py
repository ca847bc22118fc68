"""Lines that the dialplan writes about calls that no controller saw to their end."""

import orjson
import pytest

from dialplan.render import TRIES, UNSERVED_FIELDS
from telephony.ledger import BadLineError, entry_row, parse

LINE = "madoguchi-1.5,failed,1700000000,1700000042,3,0312345678,0120123456,abc%40host"


def test_a_line_has_the_columns_that_the_dialplan_writes() -> None:
    assert (
        "UNIQUEID",
        "MADOGUCHI_WHY",
        "MADOGUCHI_BEGUN",
        "MADOGUCHI_ENDED",
        "MADOGUCHI_TRIES",
        "MADOGUCHI_CALLER",
        "MADOGUCHI_DIALLED",
        "MADOGUCHI_SIP_CALL",
    ) == UNSERVED_FIELDS


def test_a_line_becomes_one_entry() -> None:
    stream, seq, at_us, kind, data = entry_row(parse(LINE))
    assert ("call:madoguchi-1.5", 1, 1_700_000_042_000_000, "call.unserved") == (stream, seq, at_us, kind)
    assert {
        "caller": "+81312345678",
        "dialled": "+81120123456",
        "sip_call_id": "abc@host",
        "arrived_at": 1_700_000_000,
        "ended_by": "caller",
        "reason": "no controller took the call to its end; Asterisk alone said so and let the caller wait",
        "outcome": "failed",
    } == orjson.loads(data)


def test_a_caller_who_left_at_once_was_quick_and_nobody_failed() -> None:
    line = "madoguchi-1.5,left,1700000000.123,1700000000.127,,0312345678,,abc%40host"
    _, _, at_us, _, data = entry_row(parse(line))
    told = orjson.loads(data)
    assert ("short_abandoned", "caller") == (told["outcome"], told["ended_by"])
    assert (1_700_000_000.123, 1_700_000_000_127_000) == (told["arrived_at"], at_us)
    assert "left before" in told["reason"]
    assert told["dialled"] is None


@pytest.mark.parametrize(("why", "ended_by"), [("emergency", "caller"), ("emergency-heard", "system")])
def test_a_call_in_the_disaster_mode_has_that_outcome(why: str, ended_by: str) -> None:
    told = orjson.loads(entry_row(parse(LINE.replace("failed,", f"{why},").replace(",3,", ",,")))[4])
    assert ("emergency", ended_by) == (told["outcome"], told["ended_by"])


@pytest.mark.parametrize(
    ("line", "ended_by"),
    [
        (LINE, "caller"),
        (LINE.replace(",3,", f",{TRIES + 1},"), "system"),
        (LINE.replace("failed", "full").replace(",3,", ",,"), "system"),
    ],
)
def test_it_says_whose_hand_ended_the_call(line: str, ended_by: str) -> None:
    assert ended_by == orjson.loads(entry_row(parse(line))[4])["ended_by"]


def test_percent_encoded_cells_may_hold_anything() -> None:
    unserved = parse(LINE.replace("0312345678", "%22%2C%27%3B%00%FF%E7%AA%93"))
    assert "\",';�窓" == unserved.caller


def test_a_withheld_number_is_none() -> None:
    assert parse(LINE.replace("0312345678", "")).caller is None
    assert parse(LINE.replace("0312345678", "Anonymous")).caller is None


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("", "1 columns"),
        ("a,b", "2 columns"),
        (LINE.replace("failed", "bored"), "no known reason"),
        (LINE.replace("madoguchi-1.5", ""), "no call"),
        (LINE.replace("1700000042", "soon"), "no number"),
        (LINE.replace("1700000000", ""), "no number"),
        (LINE.replace("1700000042", "99999999999999"), "no number"),
        (LINE.replace("1700000042", "1700000042."), "no number"),
        (LINE.replace(",3,", ",3.5,"), "no number"),
    ],
)
def test_any_other_line_is_refused_and_says_why(line: str, problem: str) -> None:
    with pytest.raises(BadLineError, match=problem):
        parse(line)
