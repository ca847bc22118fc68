"""Thousands of short stories: callers, operators, kills and lost connections at random instants, by seed.

``MADOGUCHI_SEED=831`` plays one story alone; ``MADOGUCHI_SEEDS=100000`` plays more of them than usual.
"""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

from tests.simulation.run import Played, play

SEEDS = 2_000
FOUND = (2_224, 4_664)
"""Stories that once found something: an answer that went unheard and was cut off by its withdrawal, and a
controller that died while it said goodbye to somebody who had booked."""

AT_ONCE = 20
SHOWN = 5


def seeds() -> Sequence[int]:
    """Return which stories are played."""
    if alone := os.environ.get("MADOGUCHI_SEED"):
        return [int(alone)]
    count = int(os.environ.get("MADOGUCHI_SEEDS", SEEDS))
    return [*range(count), *(seed for seed in FOUND if seed >= count)]


def played(which: Sequence[int]) -> Iterator[Played]:
    """Play them all, on every core."""
    if len(which) == 1:
        yield play(which[0])
        return
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), fresh) as pool:
        yield from pool.map(play, which, chunksize=AT_ONCE)


def test_whatever_happens_every_promise_is_kept() -> None:
    broken = [each for each in played(seeds()) if each.broken]
    text = [f"MADOGUCHI_SEED={each.seed}\n  " + "\n  ".join(each.broken) for each in broken[:SHOWN]]
    assert not broken, f"{len(broken)} of {len(seeds())} stories broke a promise:\n" + "\n".join(text)


def test_a_seed_tells_the_same_story_every_time() -> None:
    """In another process, with other hashes, after another story."""
    play(7)
    here = [play(seed).fingerprint for seed in range(20, 40)]
    code = "from tests.simulation.run import play; print(*(play(s).fingerprint for s in range(20, 40)))"
    environment = {**os.environ, "PYTHONHASHSEED": "12345", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True, timeout=60
    )
    assert here == done.stdout.split()
