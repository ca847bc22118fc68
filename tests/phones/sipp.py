"""Runs SIPp as the carrier's callers and reads its ledger back.

SIPp writes every message with microseconds (``-trace_msg``): a record of the calls by a program that
is neither ours nor Asterisk.
"""

import asyncio
import re
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from madoguchi.demo.phones import Address, Ledger, Way
from madoguchi.demo.phones.sip import SipError, parse
from tests.phones.scenario import caller

NEVER_MS = 3_600_000
KEY_MS = 100  # how long a key is held; as long a pause follows (prepare_pcap.c)
WARM_UP_MS = 600  # SIPp's packets of nothing before the first key
CARRIER = "127.0.0.2"
MEDIA_PORTS, MEDIA_RANGES = 5_000, 8
"""SIPp takes four ports a call; loads with other SIP ports have other ranges and can run side by side."""

FIRST_MEDIA_PORT = 20_000
MARK = re.compile(rb"^-{20,} (\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d\.\d{6})\r?\n", re.MULTILINE)
KIND = re.compile(rb"^UDP message (sent|received) .*?:?\r?\n\r?\n", re.MULTILINE)
NUDGE = """INFO sip:caller@{host} SIP/2.0\r
Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK-nudge\r
From: <sip:nudge@{host}>;tag=nudge\r
To: <sip:caller@{host}>\r
Call-ID: {call_id}\r
CSeq: 1 INFO\r
Content-Length: 0\r
\r
"""


class SippError(Exception):
    """SIPp could not do its work; the message is its own."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One caller. *cancel_ms* counts from the INVITE, *think_ms* and *leave_ms* from the trunk's answer.

    *keys* are pressed after *think_ms*, unless the caller leaves before that.
    """

    caller: str
    cancel_ms: int = NEVER_MS
    leave_ms: int = NEVER_MS
    keys: str = ""
    think_ms: int = 0

    def row(self) -> str:
        """The plan as a line of SIPp's CSV."""
        if self.keys and self.think_ms < self.leave_ms:
            think, keys = self.think_ms, f"{self.keys},{KEY_MS}"
            keying = WARM_UP_MS + 2 * KEY_MS * (1 + len(self.keys))
        else:
            think, keys, keying = 0, "", 0
        stay = max(0, self.leave_ms - think - keying)
        return f"{self.caller};{self.cancel_ms};{think};{keys};{keying};{stay}"


@dataclass(slots=True)
class Sipp:
    """One run of SIPp: every plan is one call, *rate* of them a second. Files go below *folder*."""

    centre: Address
    dialled: str
    plans: Sequence[Plan]
    folder: Path
    rate: float = 20
    tone: Path | None = None
    port: int = 5060
    name: str = "storm"
    _process: asyncio.subprocess.Process | None = field(default=None, repr=False)

    def call_id(self, number: int) -> str:
        """The Call-ID of plan *number*, counted from 0."""
        return f"{self.name}-{number + 1}@{CARRIER}"

    @property
    def media_port(self) -> int:
        """Where the first call has its sound."""
        return FIRST_MEDIA_PORT + self.port // 5 % MEDIA_RANGES * MEDIA_PORTS

    async def start(self) -> None:
        """Begin to call."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "caller.xml").write_text(caller(self.tone))
        lines = [plan.row() for plan in self.plans]
        (self.folder / "plans.csv").write_text("\n".join(["SEQUENTIAL", *lines, ""]))
        with (self.folder / "output.log").open("wb") as output:
            self._process = await asyncio.create_subprocess_exec(
                *self._arguments(),
                cwd=self.folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    async def finish(self) -> Ledger:
        """Wait for the last call to end and return the ledger. Raises `SippError` when SIPp broke down."""
        assert self._process is not None, "start() comes first"
        status = await self._process.wait()
        if status not in {0, 1}:  # 1: a call ended otherwise than the scenario hoped
            raise SippError(f"SIPp ended with {status}: {self._last_words()}")
        return read_trace(self.folder / "messages.log")

    def kill(self) -> None:
        """Stop calling at once."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    def _last_words(self) -> str:
        errors = self.folder / "errors.log"
        source = errors if errors.exists() else self.folder / "output.log"
        return source.read_text(errors="replace")[-600:]

    def _arguments(self) -> list[str]:
        count = len(self.plans)
        options = {
            "-sf": "caller.xml",
            "-inf": "plans.csv",
            "-i": CARRIER,
            "-p": self.port,
            "-mi": CARRIER,
            "-mp": self.media_port,
            "-s": self.dialled,
            "-m": count,
            "-l": count,
            "-r": self.rate,
            "-cid_str": f"{self.name}-%u@%s",
            "-timer_resol": 1,
            "-message_file": "messages.log",
            "-error_file": "errors.log",
            "-default_behaviors": "pingreply",  # an unexpected message is noted, and the call goes on
        }
        words = [str(word) for option in options.items() for word in option]
        return ["sipp", *words, "-trace_msg", "-trace_err", "-nostdin", f"{self.centre[0]}:{self.centre[1]}"]


class Nudger:
    """Makes a SIPp caller hang up this very moment: a message that SIPp's scenario takes as its cue."""

    def __init__(self, sipp: Address) -> None:
        self._sipp = sipp
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))

    def nudge(self, call_id: str) -> None:
        """Let the caller of *call_id*, who must have been answered, leave."""
        host, port = self._socket.getsockname()
        self._socket.sendto(NUDGE.format(host=host, port=port, call_id=call_id).encode(), self._sipp)

    def close(self) -> None:
        """Stop."""
        self._socket.close()


def _blocks(data: bytes) -> Iterator[tuple[float, bytes]]:
    marks = list(MARK.finditer(data))
    ends = [mark.start() for mark in marks[1:]] + [len(data)]
    for mark, end in zip(marks, ends, strict=True):
        at = datetime.fromisoformat(mark[1].decode()).astimezone().timestamp()
        yield at, data[mark.end() : end]


def read_trace(path: Path) -> Ledger:
    """Read SIPp's message file. The nudges, which are no part of any call, are left out."""
    ledger = Ledger()
    for at, block in _blocks(path.read_bytes()):
        kind = KIND.match(block)
        if kind is None:
            continue
        try:
            message = parse(block[kind.end() :])
        except SipError:
            continue
        if message.method != "INFO":
            ledger.note(at, Way(kind[1].decode()), message)
    return ledger
