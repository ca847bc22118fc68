"""What the city's system gets: bytes, signature, files and replies."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from booking.delivery.change import Change, body_of, signature
from booking.delivery.files import name_of
from booking.delivery.table import Reply, ReplyError, replies_in, table_of


def change(**payload: Any) -> Change:
    at = datetime(2026, 12, 7, 0, 0, tzinfo=UTC)
    known = {
        "id": "123456782",
        "name": "松阪 花子",
        "call": "call-1",
        "read_back": ["日時"],
        "created_by": "sato",
    }
    key = "reservation:123456782:1"
    return Change(1, key, "reservation.created", "123456782", 1, at, 0, None, known | payload)


def test_the_city_gets_the_reservation_without_what_only_the_centre_needs() -> None:
    sent = orjson.loads(body_of(change()))
    assert sent["key"] == "reservation:123456782:1"
    assert sent["content"]["name"] == "松阪 花子"
    assert not {"call", "read_back", "created_by"} & sent["content"].keys()


def test_the_signature_covers_time_key_and_body() -> None:
    # Worked out with: printf '1764137982\nkey-1\n{}' | openssl dgst -sha256 -hmac secret
    given = signature(b"secret", 1764137982, "key-1", b"{}")
    assert given == "v1=b98307095f40cbbfb86252e96155f0b73003c192fc86e016d2aa1280cf7d068b"
    others = (
        signature(b"secret", 1764137983, "key-1", b"{}"),
        signature(b"secret", 1764137982, "key-2", b"{}"),
        signature(b"secret", 1764137982, "key-1", b"{} "),
        signature(b"secreT", 1764137982, "key-1", b"{}"),
    )
    assert given not in others


def test_a_text_that_a_spreadsheet_would_run_is_only_text_and_a_number_abroad_stays_one() -> None:
    notes = '=HYPERLINK("http://evil.example","x")'
    head, row = (
        table_of([change(name="@SUM(A1)", notes=notes, phone="+12025550123")])
        .decode("utf-8-sig")
        .splitlines()
    )
    cells = dict(zip(head.split(","), row.split(","), strict=False))
    assert cells["name"] == "'@SUM(A1)"
    assert cells["phone"] == "+12025550123"
    assert "\"'=HYPERLINK(" in row


def test_files_sort_in_the_order_of_the_changes() -> None:
    assert name_of(9) < name_of(10) < name_of(1_000_000)


def test_replies_are_read() -> None:
    raw = "\ufeffkey,result,reason\r\na,ok,\r\nb,NG,満員\r\n".encode()
    assert replies_in(raw) == [Reply("a", taken=True, reason=""), Reply("b", taken=False, reason="満員")]


@pytest.mark.parametrize(
    "raw", [b"\xff\xfe", b"key,result\r\na,perhaps\r\n", b"result\r\nok\r\n", b'key,result\r\n"a,ok\r\n']
)
def test_a_reply_that_cannot_be_understood_is_refused_as_a_whole(raw: bytes) -> None:
    with pytest.raises(ReplyError):
        replies_in(raw)
