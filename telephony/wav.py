"""Reads what is needed of a WAV file: is it finished, and how long is it. Knows nothing of calls.

Asterisk writes the header with sizes of 0 and puts the real ones in when it closes the file
(``format_wav.c``), so a header that agrees with the file's size is the proof that nobody writes any more.
"""

import struct
from dataclasses import dataclass
from pathlib import Path

RIFF = struct.Struct("<4sI4s")
CHUNK = struct.Struct("<4sI")
FORMAT = struct.Struct("<HHIIHH")


class NotWavError(ValueError):
    """The file does not begin like a WAV file."""


@dataclass(frozen=True, slots=True)
class Wav:
    """*finished*: closed by its writer. *seconds*: of the sound that is there."""

    finished: bool
    bytes: int
    seconds: float


def inspect(file: Path) -> Wav:
    """Look at *file*. Raises `NotWavError` and OSError."""
    size = file.stat().st_size
    with file.open("rb") as opened:
        header = opened.read(4096)
    if len(header) < RIFF.size or header[:4] != b"RIFF" or header[8:12] != b"WAVE":
        raise NotWavError(f"{file.name} is no WAV file.")
    _, riff_size, _ = RIFF.unpack_from(header)
    bytes_a_second, sound_at = _layout(file, header)
    return Wav(riff_size + CHUNK.size == size, size, (size - sound_at) / bytes_a_second)


def _layout(file: Path, header: bytes) -> tuple[int, int]:
    """Return how many bytes a second of sound takes, and where the sound begins."""
    at, bytes_a_second = RIFF.size, 0
    while at + CHUNK.size <= len(header):
        name, length = CHUNK.unpack_from(header, at)
        at += CHUNK.size
        if name == b"data" and bytes_a_second:
            return bytes_a_second, at
        if name == b"fmt " and at + FORMAT.size <= len(header):
            bytes_a_second = FORMAT.unpack_from(header, at)[3]
        at += length + length % 2
    raise NotWavError(f"{file.name} has no sound in its first part.")
