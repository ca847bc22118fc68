"""The tone after which a caller speaks a message, made here like the music."""

import numpy as np

from sounds.audio import RATES, Samples, finished

HERTZ, SECONDS = 1_000.0, 0.35
_LEVEL_DBFS = -20.0
_SOFT_S = 0.01


def files() -> dict[str, bytes]:
    """Return the finished tone, by form."""
    return {form: finished(_tone(rate), form, _LEVEL_DBFS) for form, rate in RATES.items()}


def _tone(rate: int) -> Samples:
    at = np.arange(round(SECONDS * rate)) / rate
    edges = np.minimum(1.0, np.minimum(at, SECONDS - at) / _SOFT_S)
    return np.asarray(0.1 * np.sin(2 * np.pi * HERTZ * at) * edges)
