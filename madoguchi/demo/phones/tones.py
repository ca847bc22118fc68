"""Sound that can be recognised: pure tones in G.711 µ-law, and what is heard in received sound."""

import wave
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

RATE: Final = 8_000
FRAME: Final = 160  # samples in the 20 ms of one packet
SILENCE: Final = b"\xff" * FRAME
FULL_SCALE: Final = 32_768.0
_BIAS: Final = 0x84  # ITU-T G.711: added before the segment is looked up
_CLIP: Final = 32_635

Samples = NDArray[np.float64]


def _decoding_table() -> NDArray[np.int16]:
    codes = ~np.arange(256, dtype=np.uint8)
    segment, step = (codes >> 4) & 7, (codes & 15).astype(np.int32)
    magnitude = (((step << 3) + _BIAS) << segment.astype(np.int32)) - _BIAS
    return np.where(codes & 0x80, -magnitude, magnitude).astype(np.int16)


_DECODED = _decoding_table()


def encode(samples: Samples) -> bytes:
    """Turn samples between -1 and 1 into µ-law."""
    linear = (np.clip(samples, -1, 1) * FULL_SCALE).astype(np.int32)
    magnitude = np.minimum(np.abs(linear), _CLIP) + _BIAS
    segment = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    code = (segment << 4) | ((magnitude >> (segment + 3)) & 15)
    octets: NDArray[np.uint8] = (~(code | np.where(linear < 0, 0x80, 0)) & 0xFF).astype(np.uint8)
    return octets.tobytes()


def decode(data: bytes) -> Samples:
    """Turn µ-law into samples between -1 and 1."""
    return _DECODED[np.frombuffer(data, np.uint8)].astype(np.float64) / FULL_SCALE


def tone(hertz: float, *, seconds: float = 1.0, level: float = 0.3) -> list[bytes]:
    """Return packets of a pure tone. With whole hertz and whole seconds it repeats without a click."""
    time = np.arange(round(seconds * RATE)) / RATE
    coded = encode(level * np.sin(2 * np.pi * hertz * time))
    return [coded[start : start + FRAME] for start in range(0, len(coded) - FRAME + 1, FRAME)]


def loudness(samples: Samples) -> float:
    """Root mean square between 0 and 1; 0 for no sound at all."""
    return float(np.sqrt(np.mean(samples**2))) if len(samples) else 0.0


def share_of_tone(samples: Samples, hertz: float, *, rate: int = RATE) -> float:
    """Return which part (0 to 1) of the sound's energy lies within 10 Hz of *hertz*."""
    if len(samples) < rate // 10 or loudness(samples) == 0:
        return 0.0
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    frequency = np.fft.rfftfreq(len(samples), 1 / rate)
    return float(power[np.abs(frequency - hertz) <= 10].sum() / power[1:].sum())  # noqa: PLR2004 (10 Hz)


def read_wav(path: Path) -> tuple[Samples, int]:
    """Read a 16-bit mono wav file: samples between -1 and 1, and their rate."""
    with wave.open(str(path)) as file:
        data, rate = file.readframes(file.getnframes()), file.getframerate()
    return np.frombuffer(data, np.int16).astype(np.float64) / FULL_SCALE, rate
