"""From an engine's samples to telephone sound: trimmed, resampled, equally loud, never clipped.

Samples are float64 with full scale at ±1, one channel. It knows no text and no files.
"""

import struct
from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

Samples = NDArray[np.float64]

SLIN16_RATE = 16_000
WAV_RATE = 8_000
RATES = {"sln16": SLIN16_RATE, "wav": WAV_RATE}
"""The two forms of every sound: wideband for G.722 and Opus, narrowband for G.711; Asterisk picks."""

SPEECH_DBFS = -20.0
"""Loudness of speech, pauses left out: where telephone networks expect it (ITU-T P.56, G.100.1)."""
CEILING_DBFS = -3.0
"""No peak above this: the companding of G.711 and a little overshoot fit in what is left."""
_MOST_GAIN_DB = 20.0
_FRAME_S = 0.01
_LIMITER_BLOCK_S = 0.002
_SILENCE_DB = -50.0
_ACTIVE_DB = -30.0
_LEAD_S = 0.03
_FADE_S = 0.005
_FULL_SCALE = 32_767


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a finished sound is like. Levels in dBFS; *lead_s* and *tail_s* are silence in seconds."""

    seconds: float
    peak_dbfs: float
    active_dbfs: float
    lead_s: float
    tail_s: float
    clipped: int


def telephone(samples: Samples, rate: int, *, pause_s: float) -> dict[str, bytes]:
    """Return the file contents for each of `RATES`, ending in *pause_s* of silence.

    Raises ValueError when there is nothing to hear in *samples*.
    """
    words = trimmed(samples, rate)
    padded = np.concatenate([np.zeros(round(_LEAD_S * rate)), words, np.zeros(round(pause_s * rate))])
    return {form: finished(resampled(padded, rate, target), form) for form, target in RATES.items()}


def finished(samples: Samples, form: str, level_dbfs: float = SPEECH_DBFS) -> bytes:
    """Return the content of a *form* file: *samples*, already at its rate, at this loudness."""
    rate = RATES[form]
    pcm = pcm16(limited(samples * level_gain(samples, rate, level_dbfs), rate))
    return wav(pcm, rate) if form == "wav" else pcm


def trimmed(samples: Samples, rate: int) -> Samples:
    """Cut the silence off both ends and fade the cuts. Raises ValueError for silence alone."""
    heard = np.flatnonzero(_frame_levels(samples, rate) > _SILENCE_DB)
    if not len(heard):
        raise ValueError("is silent")
    frame = round(_FRAME_S * rate)
    words = samples[heard[0] * frame : (heard[-1] + 1) * frame].copy()
    fade = np.linspace(0.0, 1.0, min(round(_FADE_S * rate), len(words)))
    words[: len(fade)] *= fade
    words[len(words) - len(fade) :] *= fade[::-1]
    return words


def resampled(samples: Samples, rate: int, target: int) -> Samples:
    """Return *samples* at *target* Hz, band-limited."""
    if rate == target:
        return samples
    return np.asarray(soxr.resample(samples, rate, target, quality="VHQ"), dtype=np.float64)


def level_gain(samples: Samples, rate: int, level_dbfs: float) -> float:
    """Return the factor that brings the spoken part of *samples* to *level_dbfs*."""
    gain_db = min(level_dbfs - active_level(samples, rate), _MOST_GAIN_DB)
    return float(10 ** (gain_db / 20))


def active_level(samples: Samples, rate: int) -> float:
    """Return the level in dBFS of what is heard, without its pauses."""
    frames = _frames(samples, rate)
    power = (frames**2).mean(axis=1)
    heard = power[_frame_levels(samples, rate) > _ACTIVE_DB]
    return _decibels(float(np.sqrt(heard.mean()))) if len(heard) else _decibels(0.0)


def limited(samples: Samples, rate: int, ceiling_dbfs: float = CEILING_DBFS) -> Samples:
    """Turn loud moments down, gently and ahead of time, so that no sample exceeds the ceiling.

    Each block's gain is the least that it or a neighbour needs, and gains are joined by straight lines
    between block centres, so no sample gets more than its own block allows.
    """
    ceiling = 10 ** (ceiling_dbfs / 20)
    block = round(_LIMITER_BLOCK_S * rate)
    peaks = np.abs(_blocks(samples, block)).max(axis=1)
    needed = ceiling / np.maximum(peaks, ceiling)
    around = np.concatenate([needed[:1], needed, needed[-1:]])
    least = np.minimum(np.minimum(around[:-2], around[1:-1]), around[2:])
    centres = (np.arange(len(least)) + 0.5) * block
    return samples * np.asarray(np.interp(np.arange(len(samples)), centres, least), dtype=np.float64)


def pcm16(samples: Samples) -> bytes:
    """Return signed 16-bit little-endian samples. Raises ValueError if one would clip."""
    scaled = np.rint(samples * _FULL_SCALE)
    if np.abs(scaled).max(initial=0) >= _FULL_SCALE:
        raise ValueError("would clip")
    return scaled.astype("<i2").tobytes()


def wav(pcm: bytes, rate: int) -> bytes:
    """Return a RIFF file of one channel of 16-bit *pcm*."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16)
    data = struct.pack("<4sI", b"data", len(pcm)) + pcm
    return struct.pack("<4sI4s", b"RIFF", 4 + len(form) + len(data), b"WAVE") + form + data


def measured(pcm: bytes, rate: int) -> Measurement:
    """Measure 16-bit *pcm*."""
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float64) / _FULL_SCALE
    heard = np.flatnonzero(_frame_levels(samples, rate) > _SILENCE_DB)
    first, last = (heard[0], heard[-1] + 1) if len(heard) else (0, 0)
    return Measurement(
        seconds=len(samples) / rate,
        peak_dbfs=_decibels(float(np.abs(samples).max(initial=0))),
        active_dbfs=active_level(samples, rate),
        lead_s=float(first * _FRAME_S),
        tail_s=max(0.0, len(samples) / rate - float(last * _FRAME_S)),
        clipped=int((np.abs(samples) >= 1.0).sum()),
    )


def _blocks(samples: Samples, size: int) -> Samples:
    padding = -len(samples) % size
    return np.pad(samples, (0, padding)).reshape(-1, size)


def _frames(samples: Samples, rate: int) -> Samples:
    return _blocks(samples, round(_FRAME_S * rate))


def _frame_levels(samples: Samples, rate: int) -> Samples:
    """Return each frame's level in dB relative to the loudest frame."""
    power = np.sqrt((_frames(samples, rate) ** 2).mean(axis=1))
    loudest = power.max(initial=0.0)
    if loudest <= 1 / _FULL_SCALE:
        return np.full(len(power), -np.inf)
    return np.asarray(20 * np.log10(np.maximum(power / loudest, 1e-9)))


def _decibels(level: float) -> float:
    return float(20 * np.log10(max(level, 1e-9)))
