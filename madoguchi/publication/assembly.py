"""Puts publishing together for a running controller (``madoguchi.controller``)."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from config.schema import Agent
from config.settings import Settings
from dialplan import NO_CUSTOM, Finding, Secrets
from madoguchi.priority import BEHIND
from madoguchi.publication.archive import Archive
from madoguchi.publication.candidate import Candidate, candidate
from madoguchi.publication.publication import Centres, Publication, Puts
from madoguchi.publication.routes import ConfigParts, ConfigRoutes
from madoguchi.publication.source import Source
from madoguchi.publication.starting import take_back
from madoguchi.publication.versions import Versions
from madoguchi.publishing import InForce, published
from storage import Pool

BUILD_LIMIT_S = 300.0


def in_force(settings: Settings) -> InForce:
    """Return what is in force on disk, after taking back there what an earlier controller left half done.

    Raises `ConfigError` or OSError when nothing is.
    """
    versions = Versions(settings.layout)
    for version in versions.unfinished():
        take_back(versions, version)
    current = versions.current
    custom = NO_CUSTOM if current is None else versions.source(current.number).custom
    return InForce(published(settings), custom)


@dataclass(frozen=True, slots=True)
class Running:
    """What the running controller lends: its publisher, its operators, its own plan, its end.

    *try_out*: what an Asterisk of its own says about a candidate (``madoguchi.local.trial``).
    """

    publisher: Puts
    roster: Callable[[], Sequence[Agent]]
    in_force: Callable[[], InForce]
    adopt: Callable[[InForce], Awaitable[None]]
    restart: Callable[[], None]
    try_out: Callable[[Candidate], Awaitable[Sequence[Finding]]]


def open_publication(
    settings: Settings, secrets: Secrets, pool: Pool, running: Running
) -> tuple[Publication, ConfigRoutes]:
    """Return what publishes, and its routes."""
    versions = Versions(settings.layout)

    async def check(source: Source) -> Candidate:
        return await asyncio.to_thread(candidate, source, running.roster(), settings, secrets)

    centre = Centres(
        roster=running.roster,
        check=check,
        try_out=running.try_out,
        build=partial(build_sounds, settings),
        adopt=running.adopt,
        restart=running.restart,
        refusal=settings.refusal("Publish"),
    )
    publication = Publication(versions, running.publisher, Archive(pool, versions), centre, running.in_force)
    return publication, ConfigRoutes(ConfigParts(settings, publication, centre, pool))


async def build_sounds(settings: Settings, version: int) -> str | None:
    """Render the announcements of *version* in a process of its own; return what fails."""
    file = settings.layout.publications / str(version) / "centre.toml"
    process = await asyncio.create_subprocess_exec(
        *(*BEHIND, sys.executable, "-m", "madoguchi", "sounds", "build"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "MADOGUCHI_CONFIG": str(file), "MADOGUCHI_HOME": str(settings.home)},
    )
    try:
        async with asyncio.timeout(BUILD_LIMIT_S):
            _, complaint = await process.communicate()
    except TimeoutError:
        return f"they took longer than {BUILD_LIMIT_S:.0f} s."
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return complaint.decode(errors="replace").strip() if process.returncode else None
