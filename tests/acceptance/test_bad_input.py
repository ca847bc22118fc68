"""Bad input, and what it gets: a clean refusal or a normal call, one record, and nothing else.

Everything runs against one running centre; its last test looks at what all of it left behind.
"""

import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest
import stamina

from madoguchi.demo.phones import Account, Answer, Call, Carrier, EndedBy, Phone, RegistrationError
from madoguchi.demo.phones.digest import authorization
from madoguchi.demo.phones.endpoint import Endpoint
from tests.acceptance.copy import Copy
from tests.acceptance.floor.centre import OPERATORS
from tests.acceptance.floor.desk import Desk
from tests.acceptance.floor.hostile import PLACE, Wire, spoilt_call
from tests.acceptance.floor.shift import Shift, within
from tests.acceptance.floor.traces import Traces
from tests.acceptance.storm.leftovers import NOTHING, leftovers

CARRIER, STRANGER, DESK = "127.0.0.2", "127.0.0.3", "127.0.0.1"
NOT_FOUND, UNAUTHORIZED, FORBIDDEN = 404, 401, 403
LONG = 10_000
SILENT_S = 3.0
"""What was not answered by then is not going to be: the INVITE was no SIP."""

TEXTS = {
    "quotes": b'O\'Brien \\"Bob\\"',
    "sql": b"'; DROP TABLE calls; --",
    "html": b"<script>alert(1)</script>",
    "controls": b"a\x01\x02\x07\x1b[31mb",
    "dialplan": b"${SHELL(id)}${CUT(x,*,1)}$[1/0]",
    "japanese": "松阪 太郎 📞".encode(),
    "not-utf-8": b"\xff\xfe\x80caller\xc0",
    "long": b"A" * LONG,
}
"""As a display name; in the number they are percent-encoded, where the rules of RFC 3261 ask for it."""


@pytest.fixture(scope="module")
def traces(floor_copy: Copy) -> Traces:
    return Traces.from_now(floor_copy.layout)


@pytest.fixture(scope="module")
def placed() -> list[str]:
    """The Call-ID of every INVITE of the carrier's that the centre took, for the last test."""
    return []


@pytest.fixture
async def shift(floor_copy: Copy, traces: Traces) -> AsyncIterator[Shift]:
    del traces  # it begins with the first test
    async with Shift(floor_copy) as people:
        yield people


@pytest.fixture
def number(floor_copy: Copy) -> str:
    return floor_copy.running["trunk"]["number"]


@pytest.fixture(params=[CARRIER, STRANGER])
async def wire(request: pytest.FixtureRequest, shift: Shift) -> AsyncIterator[Wire]:
    thrown = Wire(request.param, shift.sip)
    yield thrown
    thrown.close()


async def refused(call: Call) -> int:
    """Return the status of a call that must not be answered."""
    await within(call.over)
    assert not call.answered.is_set()
    return call.status


async def served(shift: Shift, call: Call) -> dict[str, object]:
    """Let an operator answer *call*, hang up at the caller's first word, and return its record."""
    call.say(1_000)
    async with asyncio.timeout(15):
        ring = await shift.phones["abe"].next_ring()
    ring.answer()
    assert ring.sound is not None
    async with asyncio.timeout(5):
        await ring.sound.listen(0.1)
    ring.hang_up()
    await within(call.over)
    return dict((await shift.office.records(call.call_id))[call.call_id])


# --- who may call --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "dialled", ["0312345678", "+1234567890123456", "h", "s", "%24%7BEXTEN%7D", "%0d%0aX"]
)
async def test_an_unknown_number_is_refused_with_one_record(
    shift: Shift, placed: list[str], dialled: str
) -> None:
    call = spoilt_call(shift.carrier, dialled)
    assert await refused(call) == NOT_FOUND
    record = (await shift.office.records(call.call_id))[call.call_id]
    assert ("refused", "system", None) == (record["outcome"], record["ended_by"], record["answered_at"])
    placed.append(call.call_id)


async def test_a_call_that_is_not_the_carriers_leaves_nothing(shift: Shift, number: str) -> None:
    stranger = Carrier(shift.sip, host=STRANGER)
    claims = ("09012345678", "carrier", "trunk-carrier", "401", "madoguchi")
    calls = [stranger.call(number, caller=claim) for claim in claims]
    assert [UNAUTHORIZED] * len(claims) == [await refused(call) for call in calls]
    await stranger.close()
    assert await shift.office.live() == []


@pytest.mark.parametrize("extension", ["401", "999", "401%40desk", "%27%20OR%201=1"])
async def test_nobody_registers_with_a_wrong_password(shift: Shift, extension: str) -> None:
    phone = Phone(Account(extension, "wrong"), shift.sip)
    with pytest.raises(RegistrationError):
        await phone.register()
    phone.close()
    assert not (await shift.office.get("/api/agents/abe"))["registered"]


async def test_an_operators_phone_dials_nothing(shift: Shift, number: str) -> None:
    account = next(each for each in shift.running["agents"] if each["name"] == "abe")
    desk = Carrier(shift.sip, host=DESK)
    challenge = await _challenge(shift.sip, "401")
    for dialled in (number, "402", "0312345678", "401*20*1*r", "unserved"):
        proof = authorization(
            challenge,
            user="401",
            password=account["sip_password"],
            method="INVITE",
            uri=f"sip:{dialled}@{shift.sip[0]}:{shift.sip[1]}",
        )
        call = desk.call(dialled, caller="401", more=(("Authorization", proof),))
        assert await refused(call) == FORBIDDEN
    await desk.close()
    assert await shift.office.live() == []


async def _challenge(centre: tuple[str, int], extension: str) -> str:
    endpoint = Endpoint(DESK)
    me = f"<sip:{extension}@{centre[0]}>"
    head = (("From", f"{me};tag=1"), ("To", me), ("Call-ID", "challenge"), ("CSeq", "1 REGISTER"))
    answer = await endpoint.transact(endpoint.request("REGISTER", f"sip:{centre[0]}", head), centre)
    endpoint.close()
    return answer.get("WWW-Authenticate")


# --- malformed SIP -------------------------------------------------------------------------------------


async def test_what_is_no_sip_changes_nothing(wire: Wire) -> None:
    """From anybody, the carrier included: no answer or a refusal, and the centre listens on."""
    whole = wire.request("INVITE")
    for datagram in (
        b"",
        b"\x00" * 100,
        b"\xff" * 60_000,
        b"INVITE",
        b"INVITE sip:x SIP/2.0\r\n\r\n",
        b"SIP/2.0 200 OK\r\n\r\n",
        b"\r\n" * 1_000,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)),
        whole[:150],
        whole.replace(b"SIP/2.0\r\n", b"SIP/7.0\r\n", 1),
        whole.replace(b"CSeq: 1 INVITE", b"CSeq: 99999999999999999999 INVITE"),
        whole.replace(b"CSeq: 1 INVITE", b"CSeq: 1 BYE"),
        whole.replace(b"Via: SIP/2.0/UDP", b"Via: SIP/2.0/\x00\x00"),
        whole.replace(b"From: ", b'From: "unclosed '),
        whole.replace(b"To: ", b"To: <sip:"),
        whole.replace(b"Max-Forwards: 70", b"Max-Forwards: -1"),
        wire.request("INVITE", length="99999999999999999999"),
        wire.request("INVITE", length="-5"),
        wire.request("INVITE", length="60000"),
        wire.request("BREAKFAST"),
        wire.request("BYE"),
        wire.request("CANCEL"),
        wire.request("REFER", "Refer-To: <sip:0312345678@127.0.0.1>"),
        wire.request("MESSAGE", "Content-Type: text/plain", body="hello"),
        wire.request("SUBSCRIBE", "Event: dialog"),
        wire.request("NOTIFY", "Event: keep-alive"),
        wire.request("PUBLISH", "Event: presence"),
        wire.request("OPTIONS", *(f"X-{n}: {'y' * 100}" for n in range(500))),
    ):
        wire.throw(datagram)
    assert await wire.alive()


async def test_an_invite_of_60_kilobytes_is_a_call_or_nothing(
    shift: Shift, placed: list[str], number: str
) -> None:
    call = spoilt_call(shift.carrier, number, b"z" * 60_000, more=(("X-Long", PLACE),))
    await within(call.answered)
    call.leave()
    assert (await shift.office.records(call.call_id))[call.call_id]["outcome"] == "short_abandoned"
    placed.append(call.call_id)


@pytest.mark.parametrize("body", [b"", b"v=0\r\n", b"not a description", b"v=0\r\n" * 5_000])
async def test_an_invite_without_a_usable_description_is_refused_or_served(
    shift: Shift, placed: list[str], number: str, body: bytes
) -> None:
    call = spoilt_call(shift.carrier, number, body=body)
    assert await _answered_or_over(call)
    call.leave()
    await within(call.over)
    if call.times.answered is None and call.status in {400, 488}:
        assert [] == [each for each in await shift.office.written() if each["sip_call_id"] == call.call_id]
    else:
        await shift.office.records(call.call_id)
        placed.append(call.call_id)


async def _answered_or_over(call: Call) -> bool:
    """Wait for the centre's word on *call*; return whether there was any."""
    events = [asyncio.create_task(event.wait()) for event in (call.answered, call.over)]
    told, late = await asyncio.wait(events, timeout=SILENT_S, return_when=asyncio.FIRST_COMPLETED)
    for task in late:
        task.cancel()
    return bool(told)


# --- what callers bring --------------------------------------------------------------------------------


async def answered_by_anybody(shift: Shift) -> list[Desk]:
    """Bring everybody in; they answer at once and hang up after a moment."""
    return [await shift.seat(name, lambda _: Answer(after_s=0.1, talk_s=0.3)) for name in OPERATORS]


async def test_a_hostile_display_name_is_a_normal_call(shift: Shift, placed: list[str], number: str) -> None:
    await answered_by_anybody(shift)
    local = f'"{PLACE}" <sip:09012345678@carrier.invalid>'
    calls = {name: spoilt_call(shift.carrier, number, text, local=local) for name, text in TEXTS.items()}
    await asyncio.gather(*(within(call.over) for call in calls.values()))
    records = await shift.office.records(*(call.call_id for call in calls.values()))
    found = {name: records[call.call_id] for name, call in calls.items()}
    assert dict.fromkeys(TEXTS, ("answered", "+819012345678")) == {
        name: (record["outcome"], record["caller"]) for name, record in found.items()
    }
    placed.extend(records)


async def test_a_hostile_number_is_a_normal_call_and_shown_as_short_plain_text(
    shift: Shift, placed: list[str], number: str
) -> None:
    desks = await answered_by_anybody(shift)
    calls = {name: _from_number(shift, number, text) for name, text in TEXTS.items()}
    await asyncio.gather(*(within(call.over) for call in calls.values()))
    records = await shift.office.records(*(call.call_id for call in calls.values()))
    placed.extend(records)
    assert ["answered"] * len(TEXTS) == [record["outcome"] for record in records.values()]
    callers = {record["caller"] for record in records.values()}
    assert callers - {None}, "what is no text at all counts as withheld, the others do not"
    assert all(caller.isprintable() and 0 < len(caller) <= 64 for caller in callers - {None})
    shown = {message["caller"] for desk in desks for message in desk.messages if message["type"] == "offer"}
    assert callers == shown


def _from_number(shift: Shift, number: str, text: bytes) -> Call:
    content = text if len(text) == LONG else "".join(f"%{byte:02x}" for byte in text).encode()
    uri = f"<sip:{PLACE}@carrier.invalid>"
    more = (("P-Asserted-Identity", uri),)
    return spoilt_call(shift.carrier, number, content, local=uri, more=more)


BROKEN_LINES = (
    b'x" <sip:1@x>\r\nX-Injected: yes\r\nX-Rest: "',
    b"x\r\nP-Asserted-Identity: <sip:0598000001@carrier.invalid>\r\nX-Rest: y",
    b"x\x00\r\n\r\nINVITE sip:0312345678@x SIP/2.0",
    b"x\ny",
)


async def test_a_header_broken_by_line_ends_is_one_call_or_none(
    shift: Shift, placed: list[str], number: str
) -> None:
    """What gets through is one more header to SIP; it never becomes a second call."""
    for content in BROKEN_LINES:
        call = spoilt_call(shift.carrier, number, content, more=(("X-Before", PLACE),))
        if not await _answered_or_over(call):
            call.ended(time.time(), EndedBy.US)  # never answered: not readable as SIP at all
            continue
        call.leave()
        await within(call.over)
        if call.times.answered is not None:
            await shift.office.records(call.call_id)
            placed.append(call.call_id)


CALL_IDS = (
    "'; DROP TABLE calls; --",
    "<>()[]{}?\"/\\:%!*_+`'~.-@<>()",
    "../../../../etc/passwd",
    "%00%0d%0a${EXTEN}",
    "通話番号📞",
    "a,b;c|d&e^f",
    "*",
    "x" * 235,
)


async def test_a_strange_call_id_has_its_record(shift: Shift, placed: list[str], number: str) -> None:
    strange = [f"{call_id}{time.time()}" for call_id in CALL_IDS]
    calls = [spoilt_call(shift.carrier, number, call_id=call_id) for call_id in strange]
    await asyncio.gather(*(within(call.answered) for call in calls))
    for call in calls:
        call.leave()
    await shift.office.records(*strange)
    placed.extend(strange)


async def test_hundreds_of_keys_in_every_phase_are_one_normal_call(
    shift: Shift, placed: list[str], number: str
) -> None:
    """Nobody else notices; that caller hears silence while Asterisk works through the keys."""
    storm = "123456789*#ABCD" * 15
    call = shift.carrier.call(number, caller="09033330001")
    await within(call.answered)
    assert call.sound is not None
    call.sound.hammer(storm)
    await _in_state(shift, "waiting")
    call.sound.hammer(storm)
    await shift.seat("abe")
    async with asyncio.timeout(15):
        ring = await shift.phones["abe"].next_ring()
    call.sound.hammer(storm)
    ring.answer()
    assert ring.sound is not None
    await _in_state(shift, "talking")
    for sound in (call.sound, ring.sound):
        sound.hammer(storm)
    other = shift.carrier.call(number, caller="09033330003")
    await within(other.answered)
    assert not call.over.is_set()
    for each in (call, other):
        each.leave()
    await within(ring.over)
    records = await shift.office.records(call.call_id, other.call_id)
    record = records[call.call_id]
    assert ("answered", "caller") == (record["outcome"], record["ended_by"])
    assert len(record["menu_path"]) <= 2
    placed.extend(records)


async def _in_state(shift: Shift, state: str) -> None:
    """Wait until the one live call is in *state*."""
    async for attempt in stamina.retry_context(on=AssertionError, attempts=None, timeout=15, wait_max=0.1):
        with attempt:
            assert [state] == [call["state"] for call in await shift.office.live()]


# --- what browsers bring -------------------------------------------------------------------------------

HOSTILE_BODIES = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"x"',
    b"1e999",
    b"NaN",
    b'{"user": null}',
    b'{"user": ["a"], "password": {}}',
    b'{"user": "abe", "password": "x", "role": "ops"}',
    b'{"user": "\\u0000\\ud800", "password": "x"}',
    b'{"user": "abe", "user": "chief", "password": "x"}',
    b'{"user": "\' OR 1=1 --", "password": "x"}',
    b'{"name": "x", "extension": 1e400, "skills": {"booking": 1e10}}',
    b'{"name": "../x", "extension": "401\\r\\n[evil]", "level": "full", "skills": {"booking": 5}}',
    b'{"name": "x", "extension": "410", "level": "full", "skills": {"__proto__": 5}}',
    b'{"state": {"$ne": 1}}',
    b"\xff\xfe\x00",
    b"[" * 60_000,
    b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    b"{" + b'"a": 1, ' * 100_000 + b'"b": 2}',
]


@pytest.mark.parametrize("path", ["/api/session", "/api/agents", "/api/agents/abe/state", "/api/desk/ticket"])
async def test_hostile_json_gets_a_problem(shift: Shift, floor_copy: Copy, path: str) -> None:
    token = json.loads(floor_copy.layout.secrets_file.read_text())["cli_token"]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    async with aiohttp.ClientSession(shift.running["http"], headers=headers) as session:
        for body in HOSTILE_BODIES:
            async with session.post(path, data=body) as answer:
                said = await answer.json(content_type=None)
                if path == "/api/desk/ticket":  # takes no body, and looks at none
                    assert answer.status in {201, 400, 413}
                    continue
                assert 400 <= answer.status < 500, (body[:60], said)
                assert answer.content_type == "application/problem+json"
                assert "Traceback" not in str(said)
    assert (await shift.office.get("/api/agents/abe"))["extension"] == "401"


# --- what operations staff bring -----------------------------------------------------------------------

TEN_MISTAKES = (
    ('city = "松阪市"', "city = 5"),
    ('web_address = "https://example.invalid/"', ""),
    ('addresses = ["127.0.0.2"]', 'addresses = ["127.0.0.2/99"]'),
    ('number = "0120-100-300"', 'number = "0120-1"'),
    ("timeout_s = 0.5", "timeout_s = -1"),
    ('1 = { title = "予約", queue = "booking" }', '1 = { title = "予約", queue = "bokking" }'),
    ("share = 1.0", 'shear = 1.0\nshare = "much"'),
    ("acw_s = 0", "acw_s = 99999999"),
    ('extension = "401"', 'extension = "4 0 1"'),
)


@pytest.fixture
def broken_file(floor_copy: Copy) -> Iterator[Path]:
    """The running copy's own ``centre.toml`` with ten mistakes; whole again afterwards."""
    file = Path(floor_copy.environment["MADOGUCHI_CONFIG"])
    whole = broken = file.read_text()
    for right, wrong in TEN_MISTAKES:
        assert right in broken
        broken = broken.replace(right, wrong, 1)
    file.write_text(broken)
    yield file
    file.write_text(whole)


@pytest.mark.parametrize("command", [["config", "check"], ["config", "apply"]])
async def test_ten_mistakes_are_ten_sentences_and_calls_go_on(
    shift: Shift, placed: list[str], floor_copy: Copy, broken_file: Path, command: list[str]
) -> None:
    """Also when somebody tries to put the broken file in force: the one before stays."""
    file = [broken_file] if command[1] == "check" else []
    said = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "madoguchi", *command, *file],
        env=dict(floor_copy.environment),
        capture_output=True,
        text=True,
        check=False,
    )
    sentences = said.stderr.strip().splitlines()[1:]
    assert (1, "", 10) == (said.returncode, said.stdout, len(sentences)), said.stderr
    await shift.seat("abe")
    call = shift.call("09033330002", keys="1")
    assert "answered" == (await served(shift, call))["outcome"]
    placed.append(call.call_id)


# --- what all of it left behind ------------------------------------------------------------------------


async def test_nothing_is_left_and_nobody_complained(
    shift: Shift, floor_copy: Copy, traces: Traces, placed: list[str]
) -> None:
    cli = floor_copy.running["asterisk"]["cli"]
    async for attempt in stamina.retry_context(on=AssertionError, attempts=None, timeout=20, wait_max=0.5):
        with attempt:
            assert leftovers(cli) == NOTHING
    shift.office.began = traces.began
    written = await shift.office.written()
    assert sorted(placed) == sorted(each["sip_call_id"] for each in written if each["dialled"] != "centre")
    assert [] == traces.tracebacks()
    expected = re.compile("|".join(EXPECTED_LINES))
    assert set() == {line for line in traces.of_asterisk() if not expected.match(line)}


EXPECTED_LINES = (
    r"pjproject:\s+sip_parser\.c Error parsing '9+'",
    r"pjproject:\s+sip_inv\.c \.?Error parsing/validating SDP body",
    r"pjproject:\s+sip_endpoint\.c Error processing packet from 127\.0\.0\.[23]:",
    r"res_pjsip\.c: Could not create dialog with endpoint trunk-carrier\. Invalid header field",
    r"res_pjsip\.c: CallerID Name '",
    r"res_pjsip_pubsub\.c: Subscriptions not permitted for endpoint trunk-carrier",
    r"res_pjsip_pubsub\.c: No registered publish handler for event presence from trunk-carrier",
    r"res_stasis_playback\.c: \S+ Playback failed for sound:/madoguchi/sounds/",
)
"""What Asterisk itself writes of strangers, unreadable messages, and callers who leave in mid-word."""
