"""Three people with a tone each, and who hears whom: measured at every telephone."""

import asyncio
from collections.abc import Mapping

import pytest

from madoguchi.demo.phones import tones
from madoguchi.demo.phones.leg import Leg
from tests.acceptance.floor.shift import LIMIT_S

TONES = {"operator": 440, "caller": 600, "supervisor": 1_000}
ABOVE_MUSIC = {"operator": 2_300, "caller": 2_700, "supervisor": 3_100}
"""Tones that the music on hold does not have."""

MUSIC = "music"
MUSIC_SHARE, MUSIC_LOUDNESS = 0.5, 0.005
"""What is no tone of anybody's, and no silence either. The music's quietest moment is three times as loud."""

UNHEARD = 0.01
"""The part of what arrives that a tone which is not there may have; of two tones each has about half."""

WINDOW_S = 0.25
SILENT_S = 1.0

Ears = Mapping[str, frozenset[str]]


def hears(**people: str) -> Ears:
    """Write down who hears whom: ``hears(operator="caller supervisor")``; who is left out hears nobody.

    With tones of `ABOVE_MUSIC` somebody may also hear ``music``.
    """
    return {who: frozenset(people.get(who, "").split()) for who in TONES}


async def measure(legs: Mapping[str, Leg], hertz: Mapping[str, int] = TONES) -> Ears:
    """Let everybody listen at the same time."""
    heard = await asyncio.gather(*(_hear(leg, hertz) for leg in legs.values()))
    return {who: frozenset() for who in TONES} | dict(zip(legs, heard, strict=True))


async def _hear(leg: Leg, hertz: Mapping[str, int]) -> frozenset[str]:
    if leg.sound is None or leg.over.is_set():
        return frozenset()
    listening = asyncio.create_task(leg.sound.listen(WINDOW_S))
    over = asyncio.create_task(leg.over.wait())
    await asyncio.wait({listening, over}, timeout=SILENT_S, return_when=asyncio.FIRST_COMPLETED)
    for task in (listening, over):
        task.cancel()
    if not listening.done():
        return frozenset()  # hung up, or nothing arrives: who hears nothing at all hears nobody
    sound = listening.result()
    shares = {who: tones.share_of_tone(sound, tone) for who, tone in hertz.items()}
    music = 1 - sum(shares.values()) > MUSIC_SHARE and tones.loudness(sound) > MUSIC_LOUDNESS
    return frozenset(who for who, share in shares.items() if share > UNHEARD) | ({MUSIC} if music else set())


async def until_heard(legs: Mapping[str, Leg], expected: Ears, hertz: Mapping[str, int] = TONES) -> None:
    """Wait until exactly these ears hear exactly these tones, and see that it stays so."""
    ears: Ears = {}
    try:
        async with asyncio.timeout(LIMIT_S):
            while (ears := await measure(legs, hertz)) != expected:
                pass
    except TimeoutError:
        pytest.fail(f"expected {_written(expected)}, heard {_written(ears)}")
    ears = await measure(legs, hertz)
    assert expected == ears, _written(ears)


def _written(ears: Ears) -> str:
    return "; ".join(f"{who} hears {' and '.join(sorted(whom)) or 'nobody'}" for who, whom in ears.items())
