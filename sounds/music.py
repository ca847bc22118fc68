"""Music on hold, composed here and therefore free of anybody's rights.

Twenty-four bars in F at a resting pulse: soft chords, a broken-chord figure like a harp, and a sparse
melody. All notes lie where a telephone still carries them (260 to 1,600 Hz), and what rings on at the end
sounds under the beginning, so that the loop has no seam.
"""

import numpy as np
from numpy.typing import NDArray

from sounds.audio import RATES, SLIN16_RATE, Samples, finished, resampled

MUSIC_DBFS = -20.0

_RATE = SLIN16_RATE
_BEAT_S = 60 / 72
_BEATS = 4
_STEPS = 8
_A4_HZ, _A4 = 440.0, 69
_SEAM_S = 2.0

# Chords as MIDI notes, low to high, one a bar; the third line ends so that the first follows from it.
_F, _DM7, _BB, _C7 = (60, 65, 69, 72), (62, 65, 69, 72), (62, 65, 70, 74), (60, 64, 70, 72)
_AM7, _GM7, _BBM, _FC = (60, 64, 67, 69), (62, 65, 67, 70), (61, 65, 70, 73), (60, 65, 69, 77)
_CHORDS = (
    *(_F, _DM7, _BB, _C7, _F, _AM7, _GM7, _C7),
    *(_DM7, _AM7, _BB, _FC, _GM7, _DM7, _BB, _C7),
    *(_F, _DM7, _BB, _C7, _AM7, _BBM, _GM7, _FC),
)
_FIGURE = (0, 1, 2, 3, 2, 1, 2, 1)
# The melody: (bar, beat, MIDI note, beats held).
_MELODY = (
    *((0, 0, 81, 2), (0, 2, 79, 2), (1, 0, 77, 3), (2, 0, 74, 2), (2, 2, 77, 2), (3, 0, 76, 4)),
    *((4, 0, 77, 2), (4, 2, 81, 2), (5, 0, 79, 3), (6, 0, 77, 2), (6, 2, 74, 2), (7, 0, 72, 4)),
    *((8, 0, 77, 3), (9, 0, 76, 3), (10, 0, 74, 2), (10, 2, 77, 2), (11, 0, 81, 4)),
    *((12, 0, 82, 2), (12, 2, 79, 2), (13, 0, 77, 4), (14, 0, 74, 2), (14, 2, 77, 2), (15, 0, 79, 4)),
    *((16, 0, 81, 2), (16, 2, 79, 2), (17, 0, 77, 3), (18, 0, 74, 2), (18, 2, 77, 2), (19, 0, 76, 4)),
    *((20, 0, 76, 3), (21, 0, 73, 2), (21, 2, 77, 2), (22, 0, 74, 3), (23, 0, 77, 4)),
)


def files() -> dict[str, bytes]:
    """Return the finished music, by form."""
    music = composed()
    return {form: finished(_loop_resampled(music, rate), form, MUSIC_DBFS) for form, rate in RATES.items()}


def composed() -> Samples:
    """Return the piece at 16 kHz, as one turn of the loop."""
    bar_s = _BEATS * _BEAT_S
    piece = np.zeros(round(len(_CHORDS) * bar_s * _RATE))
    for bar, chord in enumerate(_CHORDS):
        for note in chord[1:]:
            _add(piece, bar * bar_s, 0.10 * _pad(note, bar_s * 1.25))
        for step, tone in enumerate(_FIGURE):
            at = (bar + step / _STEPS) * bar_s
            _add(piece, at, (0.30 if step == 0 else 0.22) * _pluck(chord[tone], 2.2))
    for bar, beat, note, held in _MELODY:
        _add(piece, bar * bar_s + beat * _BEAT_S, 0.20 * _bell(note, held * _BEAT_S * 1.3))
    return piece


def _add(piece: Samples, at_s: float, note: Samples) -> None:
    """Mix *note* in at *at_s*; what goes beyond the end comes round to the beginning."""
    places = (round(at_s * _RATE) + np.arange(len(note))) % len(piece)
    piece[places] += note


def _time(seconds: float) -> NDArray[np.float64]:
    return np.arange(round(seconds * _RATE)) / _RATE


def _hertz(note: int) -> float:
    return float(_A4_HZ * 2 ** ((note - _A4) / 12))


def _pad(note: int, seconds: float) -> Samples:
    """A held, slightly beating tone that swells and fades."""
    at, pitch = _time(seconds), _hertz(note)
    tone = sum(np.sin(2 * np.pi * pitch * detune * at) for detune in (0.9985, 1.0, 1.0015))
    return np.asarray(tone * np.sin(np.pi * at / seconds) ** 2 / 3)


def _pluck(note: int, seconds: float) -> Samples:
    """A harp-like tone: higher partials are weaker and die sooner."""
    at, pitch = _time(seconds), _hertz(note)
    tone = np.zeros(len(at))
    for partial in range(1, 5):
        dying = np.exp(-at * (1.6 + 1.4 * partial)) / partial**1.8
        tone += np.sin(2 * np.pi * pitch * partial * at) * dying
    return np.asarray(tone * _soft_start(at, 0.008) * _soft_end(at, seconds))


def _bell(note: int, seconds: float) -> Samples:
    """A round tone with a little vibrato, for the melody."""
    at, pitch = _time(seconds), _hertz(note)
    sway = 0.4 * np.sin(2 * np.pi * 4.6 * at) * np.minimum(1.0, at / 0.6)
    tone = np.sin(2 * np.pi * pitch * at + sway) + 0.15 * np.sin(4 * np.pi * pitch * at + 2 * sway)
    return np.asarray(tone * _soft_start(at, 0.05) * np.exp(-0.9 * at) * _soft_end(at, seconds))


def _soft_start(at: Samples, seconds: float) -> Samples:
    return np.minimum(1.0, at / seconds)


def _soft_end(at: Samples, seconds: float) -> Samples:
    return np.minimum(1.0, (seconds - at) / (0.2 * seconds))


def _loop_resampled(music: Samples, rate: int) -> Samples:
    """Resample with the neighbours of both ends in place, so that the loop stays without a seam."""
    around = round(_SEAM_S * _RATE)
    longer = np.concatenate([music[-around:], music, music[:around]])
    edge = round(_SEAM_S * rate)
    return resampled(longer, _RATE, rate)[edge:-edge]
