"""SIP, SDP and digest: what the telephones write and read."""

import pytest

from madoguchi.demo.phones import sdp
from madoguchi.demo.phones.digest import authorization
from madoguchi.demo.phones.sip import Message, SipError, parse, respond, tag_of, uri_of, user_of

INVITE = (
    b"INVITE sip:201@127.0.0.1 SIP/2.0\r\nv: SIP/2.0/UDP 127.0.0.2:5060;branch=z9hG4bK1\r\n"
    b'From: "Yamada" <sip:0901@127.0.0.2>;tag=a\r\nTo: <sip:201@127.0.0.1>\r\ni: 7@host\r\n'
    b"CSeq: 4 INVITE\r\nContent-Length: 3\r\n\r\nabc"
)


def test_a_request_is_read_with_its_compact_headers() -> None:
    message = parse(INVITE)
    assert (message.method, message.call_id, message.cseq, message.status) == ("INVITE", "7@host", 4, 0)
    assert message.get("via").endswith("z9hG4bK1")
    assert message.body == b"abc"


def test_what_is_written_is_read_back_the_same() -> None:
    message = parse(INVITE)
    again = parse(
        Message(message.start, [h for h in message.headers if h[0] != "Content-Length"], b"abc").encode()
    )
    assert (again.start, again.body, again.get("Content-Length")) == (message.start, b"abc", "3")


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"INVITE x SIP/2.0\r\nno colon\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n"]
)
def test_what_is_no_sip_is_refused(data: bytes) -> None:
    with pytest.raises(SipError):
        parse(data)


def test_an_answer_belongs_to_its_request_and_gets_a_tag_once() -> None:
    answer = respond(parse(INVITE), 486, tag="b")
    assert (answer.status, answer.method, tag_of(answer.get("To"))) == (486, "INVITE", "b")
    assert respond(answer, 486, tag="c").get("To") == answer.get("To")


def test_numbers_are_found_in_addresses() -> None:
    assert user_of('"x" <sip:0901@h>;tag=1') == "0901"
    assert user_of("<sip:h>") == ""
    assert uri_of("sip:a@b;tag=1") == "sip:a@b"


def test_digest_gives_the_answer_of_rfc_2617() -> None:
    challenge = 'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc"'
    said = authorization(
        challenge, user="Mufasa", password="Circle Of Life", method="GET", uri="/dir/index.html"
    )
    assert 'response="670fd8c2df070c60b045671b8b24ff02"' in said
    assert 'opaque="5ccc"' in said


def test_a_session_description_says_where_sound_goes() -> None:
    assert sdp.read(sdp.describe("127.0.0.1", 4000)) == sdp.Media("127.0.0.1", 4000, 101, "sendrecv")
    assert sdp.read(b"v=0\r\nm=audio 0 RTP/AVP 0\r\n") is None
