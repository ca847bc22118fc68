"""Who hears whom, told from the sound at each end: three people, each with a tone."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from madoguchi.demo.phones import Leg, tones
from madoguchi.demo.phones.tones import Samples
from tests.acceptance.floor.ears import UNHEARD, WINDOW_S, Ears
from tests.phones.wire import NOTHING, SILENT_S

TONES = {"operator": 400, "caller": 600, "supervisor": 1_000}

HEARD = 0.1
"""The part of what arrives that a tone has at least which is there; of two tones each has about half."""

LIMIT_S = 10.0
HOLD_S = 0.3

Shares = Mapping[str, float]


class Ear(Protocol):
    """One end of a call."""

    async def hear(self, seconds: float) -> Samples:
        """Hear the next *seconds*, 8,000 samples each; nothing at all when no sound comes."""
        ...


class WrongEarsError(Exception):
    """Somebody heard whom they should not, or did not hear whom they should; the message says who."""


@dataclass(frozen=True, slots=True)
class Right:
    """The ears were right *after_s*: the *weakest* tone that was due, if any, the *strongest* other."""

    after_s: float
    weakest: float | None
    strongest: float


@dataclass(frozen=True, slots=True)
class AtLeg:
    """What arrives at a telephone of our own."""

    leg: Leg

    async def hear(self, seconds: float) -> Samples:
        """Hear the next *seconds*; nothing at all when no sound comes."""
        assert self.leg.sound is not None
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds + SILENT_S):
                return await self.leg.sound.listen(seconds)
        return NOTHING


async def shares_at(
    ears: Mapping[str, Ear], seconds: float, hertz: Mapping[str, int] = TONES
) -> Mapping[str, Shares]:
    """Let everybody listen at once; return whose tone has which part (0 to 1) of what each of them hears."""
    sounds = await asyncio.gather(*(ear.hear(seconds) for ear in ears.values()))
    return {who: shares_of(sound, hertz) for who, sound in zip(ears, sounds, strict=True)}


def shares_of(sound: Samples, hertz: Mapping[str, int] = TONES) -> Shares:
    """Return which part (0 to 1) of *sound* is whose tone."""
    return {who: tones.share_of_tone(sound, tone) for who, tone in hertz.items()}


async def until_right(ears: Mapping[str, Ear], expected: Ears, hertz: Mapping[str, int] = TONES) -> Right:
    """Wait until exactly these hear exactly these, and see that it stays so. Raises `WrongEarsError`."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    while not _are_right(measured := await shares_at(ears, WINDOW_S, hertz), expected):
        if loop.time() - began > LIMIT_S:
            raise WrongEarsError(f"for {LIMIT_S:.0f} s: {_written(measured)}")
    after_s = loop.time() - began
    held = await shares_at(ears, HOLD_S, hertz)
    if not _are_right(held, expected):
        raise WrongEarsError(f"right after {after_s:.1f} s, and then: {_written(held)}")
    heard = [(share, who in expected[ear]) for ear, each in held.items() for who, share in each.items()]
    weakest = min((share for share, wanted in heard if wanted), default=None)
    return Right(after_s, weakest, max((share for share, wanted in heard if not wanted), default=0.0))


def _are_right(measured: Mapping[str, Shares], expected: Ears) -> bool:
    return all(
        share > HEARD if who in expected[ear] else share < UNHEARD
        for ear, shares in measured.items()
        for who, share in shares.items()
    )


def _written(measured: Mapping[str, Shares]) -> str:
    return "; ".join(
        f"{ear} hears {', '.join(f'{who} {share:.3f}' for who, share in shares.items())}"
        for ear, shares in measured.items()
    )
