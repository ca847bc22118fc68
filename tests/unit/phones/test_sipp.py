"""What SIPp is told, and how its ledger is read."""

from pathlib import Path
from xml.dom.minidom import parseString

from madoguchi.demo.phones import Way
from tests.phones.scenario import caller
from tests.phones.sipp import Plan, read_trace

TRACE = """----------------------------------------------- 2026-11-22 13:53:05.268609
UDP message sent (60 bytes):

INVITE sip:a@b SIP/2.0
Call-ID: storm-1@127.0.0.2
CSeq: 1 INVITE

----------------------------------------------- 2026-11-22 13:53:05.270001
UDP message received [60] bytes :

SIP/2.0 200 OK
Call-ID: storm-1@127.0.0.2
CSeq: 1 INVITE

----------------------------------------------- 2026-11-22 13:53:05.300000
UDP message received [60] bytes :

INFO sip:a@b SIP/2.0
Call-ID: storm-1@127.0.0.2
CSeq: 1 INFO

"""


def test_the_scenario_is_well_formed() -> None:
    document = parseString(caller(Path("tone.pcap")))  # noqa: S318 (our own text)
    assert document.documentElement.getAttribute("name") == "caller"


def test_the_ledger_is_read_to_the_microsecond_and_without_nudges(tmp_path: Path) -> None:
    trace = tmp_path / "messages.log"
    trace.write_bytes(TRACE.replace("\n", "\r\n").encode())
    entries = read_trace(trace).of("storm-1@127.0.0.2")
    assert [(e.way, e.name) for e in entries] == [(Way.SENT, "INVITE"), (Way.RECEIVED, "200 INVITE")]
    assert round(entries[1].at - entries[0].at, 6) == 0.001392


def test_a_caller_who_leaves_before_the_keys_presses_none() -> None:
    assert Plan("0901", leave_ms=100, keys="1", think_ms=300).row() == "0901;3600000;0;;0;100"
    assert Plan("0901", leave_ms=2_000, keys="12", think_ms=300).row() == "0901;3600000;300;12,100;1200;500"
