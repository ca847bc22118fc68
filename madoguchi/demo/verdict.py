"""Compares what a scene expected with what the record says, and the recording with what was spoken."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from madoguchi.demo.phones import tones
from madoguchi.demo.scenes import CALLER_HZ, OPERATOR_HZ, Expected, Played
from madoguchi.demo.stage import WITHHELD, shown

VOICES: Mapping[str, Mapping[str, float]] = {
    "answered": {"caller": CALLER_HZ, "operator": OPERATOR_HZ},
    "message_left": {"caller": CALLER_HZ},
}
"""Who must be on the recording of a call with this outcome, and the tone that each of them speaks with."""

PRESENT = 0.05
"""A voice's share of a recording that also holds silence and the other voice."""

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """One comparison: what it is about, what was expected, what is."""

    about: str
    expected: str
    found: str

    @property
    def agrees(self) -> bool:
        """Whether both are the same."""
        return self.expected == self.found


def findings(played: Played, record: Record | None, recordings: Path) -> list[Finding]:
    """Everything that was compared for one scene."""
    seen = [Finding(about, "yes", "yes" if true else "no") for about, true in played.observed.items()]
    if record is None:
        return [*seen, Finding("record", "one", "none")]
    seen += _fields(played, record)
    seen += _recording(record, recordings, VOICES.get(played.expected.outcome, {}))
    return seen


def _fields(played: Played, record: Record) -> Iterator[Finding]:
    expected: Expected = played.expected
    caller = record["caller"]
    yield Finding("outcome", expected.outcome, record["outcome"])
    yield Finding("ended by", expected.ended_by, record["ended_by"])
    yield Finding("queue", str(expected.queue), str(record["queue"]))
    yield Finding("caller", shown(expected.caller), WITHHELD if caller is None else shown(caller))
    yield Finding("keys", " ".join(expected.menu_path), " ".join(record["menu_path"]))
    yield Finding("operator", str(played.agent), str(record["agent"]))
    yield Finding("offers", " ".join(expected.offers), " ".join(str(o["result"]) for o in record["offers"]))
    yield Finding("reservations", " ".join(played.reservations), " ".join(record["reservations"]))
    asked = {offer["agent"] for offer in record["offers"]}
    yield Finding("unskilled operators asked", "none", " ".join(sorted(asked - expected.agents)) or "none")


def _recording(record: Record, recordings: Path, voices: Mapping[str, float]) -> Iterator[Finding]:
    if not voices:
        return
    written = record["recording"]
    if written is None:
        yield Finding("recording", "one", "none")
        return
    path = recordings / written["file"]
    if not path.is_file():
        yield Finding("recording", "a file", f"{path} is missing")
        return
    yield Finding(
        "recording's checksum",
        hashlib.sha256(path.read_bytes()).hexdigest()[:12],
        str(written["sha256"])[:12],
    )
    samples, rate = tones.read_wav(path)
    for who, hertz in voices.items():
        audible = tones.share_of_tone(samples, hertz, rate=rate) > PRESENT
        yield Finding(f"{who} is on the recording", "yes", "yes" if audible else "no")
