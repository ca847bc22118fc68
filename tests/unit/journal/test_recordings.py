"""When a recording may be measured, and what is measured."""

import hashlib
import os
import struct
import time
from pathlib import Path

import pytest

from telephony.recordings import ABANDONED_S, NotReadyError, measure


def wav(seconds: float, *, closed: bool = True) -> bytes:
    """Return a file as Asterisk writes it: 8 kHz, 16 bits; sizes of 0 until it is closed."""
    sound = b"\1\2" * int(8_000 * seconds)
    riff, data = (36 + len(sound), len(sound)) if closed else (0, 0)
    header = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", riff, b"WAVE", b"fmt ", 16, 1, 1, 8_000, 16_000, 2, 16, b"data", data
    )
    return header + sound


def test_a_closed_file_is_measured(tmp_path: Path) -> None:
    content = wav(2.5)
    (tmp_path / "a.wav").write_bytes(content)
    found = measure(tmp_path, "a.wav")
    assert (hashlib.sha256(content).hexdigest(), len(content), 2.5, None) == (
        found.sha256,
        found.bytes,
        found.seconds,
        found.problem,
    )


def test_a_file_that_is_still_written_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(wav(2.5, closed=False))
    with pytest.raises(NotReadyError, match="still being written"):
        measure(tmp_path, "a.wav")


def test_a_file_whose_writer_died_is_measured_and_says_so(tmp_path: Path) -> None:
    file = tmp_path / "a.wav"
    file.write_bytes(wav(2.5, closed=False))
    long_ago = time.time() - ABANDONED_S - 1
    os.utime(file, (long_ago, long_ago))
    found = measure(tmp_path, "a.wav")
    assert (2.5, "Asterisk died before it closed the file") == (found.seconds, found.problem)


@pytest.mark.parametrize("content", [None, b"", b"RIFF", b"ID3" + b"\0" * 100, wav(1)[:40]])
def test_what_is_no_recording_is_not_measured(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(NotReadyError, match="cannot be read"):
        measure(tmp_path, "a.wav")


def test_nothing_outside_the_recordings_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret.wav").write_bytes(wav(1))
    (tmp_path / "recordings").mkdir()
    with pytest.raises(NotReadyError, match="outside"):
        measure(tmp_path / "recordings", "../secret.wav")
