"""Speech engines behind one protocol, chosen by ``[speech]`` in ``centre.toml``."""

from sounds.engines.choice import choose, fingerprint
from sounds.engines.protocol import Recording, Synthesizer

__all__ = ["Recording", "Synthesizer", "choose", "fingerprint"]
