"""What a speech engine must do."""

from dataclasses import dataclass
from typing import Protocol

from sounds.audio import Samples


@dataclass(frozen=True, slots=True)
class Recording:
    """Speech as the engine made it: samples with full scale at ±1 (peaks may exceed it), and Hz."""

    samples: Samples
    rate: int


class Synthesizer(Protocol):
    """Turns normalised text into speech. Not shared between threads."""

    def speak(self, text: str) -> Recording:
        """Return *text* spoken. Raises `SynthesisError`."""
        ...
