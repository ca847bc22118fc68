"""The judge of ears: what is too faint, too loud, or right for a moment only, is wrong."""

from collections.abc import Sequence

import numpy as np
import pytest

from madoguchi.demo.phones import tones
from madoguchi.demo.phones.tones import Samples
from tests.acceptance.floor.ears import hears
from tests.acceptance.listening import ears
from tests.acceptance.listening.ears import TONES, WrongEarsError, until_right

CALLER = hears(operator="caller")
AUDIBLE, FAINT, GONE = 0.3, 0.09, 0.01
"""Amplitudes; a share is a matter of their squares."""


def mixed(seconds: float = 0.25, **amplitudes: float) -> Samples:
    """Return a sound with everybody's tone as loud as this."""
    time = np.arange(round(seconds * tones.RATE)) / tones.RATE
    mix = sum(loud * np.sin(2 * np.pi * TONES[who] * time) for who, loud in amplitudes.items())
    return tones.decode(tones.encode(np.asarray(mix)))


class Told:
    """An ear that hears one sound after another, and the last one for ever."""

    def __init__(self, sounds: Sequence[Samples]) -> None:
        self._sounds = list(sounds)

    async def hear(self, _seconds: float) -> Samples:
        return self._sounds.pop(0) if len(self._sounds) > 1 else self._sounds[0]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ears, "LIMIT_S", 0.0)


async def test_a_tone_that_is_due_and_no_other_is_right() -> None:
    right = await until_right({"operator": Told([mixed(caller=AUDIBLE, supervisor=GONE)])}, CALLER)
    assert right.weakest is not None
    assert right.weakest > 0.99
    assert 0 < right.strongest < ears.UNHEARD


@pytest.mark.parametrize(
    ("heard", "complaint"),
    [
        (mixed(caller=AUDIBLE, supervisor=FAINT), "supervisor 0.08"),
        (mixed(caller=FAINT, supervisor=AUDIBLE), "caller 0.08"),
        (np.zeros(0), "caller 0.000"),
    ],
)
async def test_a_faint_supervisor_and_a_caller_unheard_are_wrong(heard: Samples, complaint: str) -> None:
    with pytest.raises(WrongEarsError, match=complaint):
        await until_right({"operator": Told([heard])}, CALLER)


async def test_what_is_right_for_a_moment_only_is_wrong() -> None:
    ear = Told([mixed(caller=AUDIBLE), mixed(caller=AUDIBLE, supervisor=AUDIBLE)])
    with pytest.raises(WrongEarsError, match=r"right after .* supervisor 0\.499"):
        await until_right({"operator": ear}, CALLER)
