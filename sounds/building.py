"""Builds every sound of a centre and publishes it where Asterisk looks. The only part that knows both ends.

What is in the cache is never rendered again, so a second build is instant and a broken-off one goes on
where it was. One prompt's failure leaves the others alone, and its earlier sound in place.
"""

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from config.schema import Centre, Speech
from sounds import catalogue, engines
from sounds.cache import SoundCache, default_cache, open_folder, publish
from sounds.errors import SoundsError
from sounds.names import MUSIC
from sounds.normaliser import speakable
from sounds.rendering import FORMS, Job, composed, prepare_process, render, speech_key

Progress = Callable[[int, int, str], None]
"""Called with how many are rendered, how many there are to render, and the sound just finished."""


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build did. *problems* has one sentence for each prompt that is not as it should be."""

    sounds: int
    rendered: int
    published: int
    seconds: float
    problems: tuple[str, ...]


def _silent(_done: int, _total: int, _what: str) -> None:
    """Show no progress."""


def build(
    centre: Centre, folder: Path, progress: Progress = _silent, *, cache: Path | None = None
) -> BuildResult:
    """Make every sound of *centre* ready in *folder*.

    Raises `SoundsError` when the disk or the machine does not let it build at all.
    """
    started = time.monotonic()
    kept = SoundCache(cache or default_cache())
    texts = catalogue.load(centre)
    jobs = _jobs(centre.speech, texts.texts())
    try:
        missing = {job.key: (job, name) for name, job in jobs.items() if not kept.holds(job.key, FORMS)}
        failures = _render_all(missing, centre.speech, kept.root, progress)
        published = _publish_all(jobs, failures, kept, folder)
    except OSError as error:
        where = error.filename or kept.root
        raise SoundsError(f"Sounds cannot be written to {where}: {error.strerror}.") from error
    problems = (*texts.problems, *(f"{missing[key][1]}: {why}" for key, why in failures.items()))
    return BuildResult(
        len(jobs), len(missing) - len(failures), published, time.monotonic() - started, problems
    )


def _jobs(speech: Speech, texts: dict[str, str]) -> dict[str, Job]:
    voice = engines.fingerprint(speech)
    words = {name: speakable(text) for name, text in texts.items()}
    jobs = {name: Job(speech_key(voice, text), text) for name, text in words.items()}
    return {**jobs, **composed()}


def _render_all(
    missing: dict[str, tuple[Job, str]], speech: Speech, cache_root: Path, progress: Progress
) -> dict[str, str]:
    """Render *missing* on all processors; return the failures, key → sentence."""
    if not missing:
        return {}
    failures: dict[str, str] = {}
    workers = min(os.cpu_count() or 1, len(missing))
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), prepare_process)
    try:
        running = {pool.submit(render, job, speech, cache_root): job.key for job, _ in missing.values()}
        for done, (key, why) in enumerate(_outcomes(running), start=1):
            if why is not None:
                failures[key] = why
            progress(done, len(missing), missing[key][1])
    finally:
        pool.shutdown(cancel_futures=True)
    return failures


def _outcomes(running: dict[Future[str | None], str]) -> Iterator[tuple[str, str | None]]:
    for future in as_completed(running):
        try:
            yield running[future], future.result()
        except BrokenProcessPool as error:
            raise SoundsError(
                "A speech process was killed, perhaps for want of memory; build again, what is done is kept."
            ) from error


def _publish_all(jobs: dict[str, Job], failures: dict[str, str], kept: SoundCache, folder: Path) -> int:
    """Publish what was rendered; return how many sounds are new or changed."""
    open_folder(folder)
    open_folder((folder / MUSIC).parent)
    changed = 0
    for name, job in jobs.items():
        if job.key not in failures:
            news = [publish(kept.path(job.key, form), folder / f"{name}.{form}") for form in FORMS]
            changed += any(news)
    return changed
