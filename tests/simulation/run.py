"""Plays the story of one seed and says what came of it."""

import hashlib
import random
from dataclasses import dataclass

import structlog

from tests.simulation.story import tell
from tests.simulation.verdict import violations
from tests.simulation.virtual_loop import run
from tests.simulation.watch import Watch
from tests.simulation.world import World


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a seed: every broken promise, and a fingerprint of everything that was written down."""

    seed: int
    broken: tuple[str, ...]
    fingerprint: str
    calls: int


def play(seed: int) -> Played:
    """Play it."""
    with structlog.testing.capture_logs() as logs:
        return run(_play(seed, logs))


async def _play(seed: int, logs: list[structlog.typing.EventDict]) -> Played:
    story = tell(seed)
    random.seed(seed)
    world = World(story, seed)
    watch = Watch(world, lossy=bool(story.weather.lost_request or story.weather.lost_answer))
    await world.play()
    if world.life is not None:
        await world.life.stop()
    told = [str(line) for line in logs if line["log_level"] == "error" or line["event"] == "event.illegal"]
    broken = (*watch.broken, *world.faults, *world.server.faults, *violations(world), *told)
    return Played(seed, broken, _fingerprint(world), len(world.callers))


def _fingerprint(world: World) -> str:
    seen = [(stream, entries) for stream, entries in sorted(world.disk.streams.items())]
    gone = [(caller.gone, caller.gone_by) for caller in world.callers]
    return hashlib.sha256(repr((seen, gone, world.server.unserved)).encode()).hexdigest()[:16]
