"""A recording of SIP: what is read of it, what belongs to a call, and what is hidden."""

import struct
from datetime import UTC, datetime
from ipaddress import IPv4Address

import pytest

from madoguchi.tracing.belonging import of_call
from madoguchi.tracing.pcap import NotARecording, Packet, packets
from madoguchi.tracing.redacting import redacted

AT = 1_800_000_000.25


def message(start: str, call_id: str, to: str = "0120123456") -> str:
    return f"{start}\r\nTo: <sip:{to}@127.0.0.1>\r\nCall-ID: {call_id}\r\n\r\nv=0\r\n"


def recorded(*texts: str) -> bytes:
    """Write what Asterisk writes of messages that came from the carrier."""
    file = struct.pack("=IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 1)
    for text in texts:
        body = text.encode()
        ethernet = bytes(12) + b"\x08\x00"
        ipv4 = bytes(12) + IPv4Address("127.0.0.2").packed + bytes(4)
        udp = struct.pack("!HHHH", 5060, 0, 8 + len(body), 0)
        frame = ethernet + ipv4 + udp + body
        file += struct.pack("=IIII", int(AT), 250_000, len(frame), len(frame)) + frame
    return file


def packet(text: str, at: float = AT, *, received: bool = False) -> Packet:
    return Packet(at, received, "127.0.0.1:5070", text)


def test_messages_are_read_and_one_that_is_being_written_is_left_out() -> None:
    raw = recorded(message("INVITE sip:0120123456@127.0.0.1 SIP/2.0", "a"), message("BYE sip:x SIP/2.0", "b"))

    (found,) = packets(raw[:-1])

    assert (found.at, found.received, found.peer, found.call_id) == (AT, True, "127.0.0.2:5060", "a")


def test_what_is_no_recording_is_said_to_be_none() -> None:
    with pytest.raises(NotARecording):
        list(packets(b"INVITE sip:x SIP/2.0"))


def test_the_carriers_leg_and_the_phone_that_was_offered_the_call_belong_to_it() -> None:
    invite = "INVITE sip:201@127.0.0.1 SIP/2.0"
    call = {
        "sip_call_id": "carrier",
        "offers": [
            {"agent": "sato", "at": datetime.fromtimestamp(AT, UTC).isoformat(), "result": "answered"}
        ],
    }
    recording = [
        packet(message("INVITE sip:0120123456@127.0.0.1 SIP/2.0", "carrier"), received=True),
        packet(message(invite, "phone", "201"), AT + 0.1),
        packet(message("SIP/2.0 200 OK", "phone", "201"), AT + 9, received=True),
        packet(message(invite, "another-time", "201"), AT + 60),
        packet(message("INVITE sip:202@127.0.0.1 SIP/2.0", "another-phone", "202"), AT + 0.1),
    ]

    found = of_call(recording, call, {"sato": "201"})

    assert [each.call_id for each in found] == ["carrier", "phone", "phone"]


def test_credentials_keys_and_whole_numbers_are_hidden_and_the_rest_is_not() -> None:
    text = (
        "INVITE sip:09012345678@127.0.0.2 SIP/2.0\r\n"
        "From: <sip:0120123456@127.0.0.1>;tag=12345678\r\n"
        'Authorization: Digest username="201", response="0123456789abcdef"\r\n'
        "CSeq: 12345678 INVITE\r\n\r\n"
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0\r\n"
    )

    shown = redacted(text)

    assert "0123456789abcdef" not in shown
    assert "c2VjcmV0" not in shown
    assert "sip:090…78@127.0.0.2" in shown
    assert "<sip:012…56@127.0.0.1>;tag=12345678" in shown
    assert "CSeq: 12345678 INVITE" in shown
