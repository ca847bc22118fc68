"""Publishing while calls go on: applied, verified, or taken back.

The order: written down as `State.APPLYING`; sounds; the link to the version in force; Asterisk's files and
their reload; what Asterisk then has is compared with what was meant; only then the controller's own plan;
written down as applied. Whatever fails on the way takes everything back, and so does the next start when
this controller is killed.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import structlog

from config.loading import parse_centre
from config.schema import Agent, Centre
from dialplan import Finding
from madoguchi.publication.archive import Archive, Taken
from madoguchi.publication.candidate import Candidate, Mistakes
from madoguchi.publication.source import Source
from madoguchi.publication.starting import BROKEN_OFF, take_back
from madoguchi.publication.versions import NoSuchVersion, State, Version, Versions
from madoguchi.publishing import InForce, Published

ASTERISK_S = 4.0
"""How long Asterisk may take to read a change; longer, and it is taken back."""

log = structlog.get_logger(__name__)


class PublicationError(Exception):
    """Nothing has changed; the message is for whoever published."""


class Busy(PublicationError):
    """Somebody else publishes at this moment."""


class Unchanged(PublicationError):
    """What was to be published is in force already."""


class Outdated(PublicationError):
    """Another version came into force since the editor began."""


class NeedsRestart(PublicationError):
    """Something is read at the controller's start only, and no restart was asked for."""


class TakenBack(PublicationError):
    """It was applied, failed, and was taken back; *seconds* is how long it was in force at most."""

    def __init__(self, version: Version, seconds: float) -> None:
        super().__init__(
            f"Version {version.number} was taken back after {seconds:.2f} s; everything is as it was. "
            f"{version.reason}"
        )
        self.version, self.seconds = version, seconds


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to publish.

    *base*: the version that they edited; *trial*: whether an Asterisk tries it; *restart*: whether the
    controller may be restarted if it must be.
    """

    source: Source
    by: str
    why: str
    base: int | None = None
    trial: bool = True
    restart: bool = False
    rollback_to: int | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of it: the version in force, and what waits for Asterisk's next start."""

    version: Version
    waiting: frozenset[str]
    restarts: bool = False


@dataclass(frozen=True, slots=True)
class Centres:
    """What publishing needs of the running centre.

    *roster*: the living operators. *check*: raises `Mistakes`. *try_out*: what an Asterisk of its own says.
    *build*: renders a version's announcements, and says what fails. *adopt*: the controller's own plan from
    now on.
    *restart*: ends the controller, which its supervisor starts again. *refusal*: why it cannot be done here.
    """

    roster: Callable[[], Sequence[Agent]]
    check: Callable[[Source], Awaitable[Candidate]]
    try_out: Callable[[Candidate], Awaitable[Sequence[Finding]]]
    build: Callable[[int], Awaitable[str | None]]
    adopt: Callable[[InForce], Awaitable[None]]
    restart: Callable[[], None]
    refusal: str | None = None


class Puts(Protocol):
    """What Asterisk is told through: `Publisher`."""

    async def put(self, wanted: InForce, agents: Sequence[Agent], *, anew: bool = False) -> Published:
        """Let Asterisk have *wanted*, and compare."""
        ...

    async def catch_up(self, wanted: InForce, agents: Sequence[Agent]) -> None:
        """Let an Asterisk that is older than this program have what it lacks."""
        ...


@dataclass(slots=True)
class _Holder:
    by: str | None = None
    since: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(slots=True)
class _Change:
    """A version on its way. *began*: when it touched Asterisk, by the monotonic clock."""

    version: Version
    old: InForce
    new: InForce
    began: float = field(default_factory=time.monotonic)

    @property
    def spoken(self) -> bool:
        """Whether callers would hear other words, or another voice."""
        return sounds_differ(self.old.plan, self.new.plan)


class Publication:
    """Publishes. One at a time: whoever comes second is told who is at it."""

    def __init__(
        self,
        versions: Versions,
        publisher: Puts,
        archive: Archive,
        centre: Centres,
        in_force: Callable[[], InForce],
    ) -> None:
        self.versions = versions
        self._publisher, self._archive, self._centre = publisher, archive, centre
        self._in_force = in_force
        self._holder = _Holder()

    async def run(self) -> None:
        """Finish what an earlier controller left, and what an older Asterisk lacks.

        Then keep PostgreSQL's copy true, until cancelled.
        """
        await self._recover()
        await self._publisher.catch_up(self._in_force(), self._centre.roster())
        await self._archive.run()

    async def check(self, source: Source, *, trial: bool = True) -> list[Finding]:
        """Return everything that is wrong with *source*; with *trial* also what an Asterisk says."""
        try:
            found = await self._centre.check(source)
        except Mistakes as mistakes:
            return list(mistakes.findings)
        return list(await self._centre.try_out(found)) if trial else []

    async def apply(self, wish: Wish) -> Applied:
        """Publish. Raises `Mistakes`, `PublicationError`, `NoTrial`; then what was in force still is."""
        if self._centre.refusal is not None:
            raise PublicationError(self._centre.refusal)
        async with self._alone(wish.by):
            current = self._current()
            self._refuse_needless(wish, current)
            found = await self._centre.check(wish.source)
            if (fixed := only_at_start(self._in_force().plan, found.plan)) and not wish.restart:
                raise NeedsRestart(f"{fixed}; publish it with --restart-controller, which loses no call.")
            if wish.trial and (said := await self._centre.try_out(found)):
                raise Mistakes(said)
            return await self._carry_out(wish, found, current)

    async def roll_back(self, number: int | None, by: str, why: str) -> Applied:
        """Bring version *number* back, else the one before the present one. Raises as `apply`."""
        current = self._current()
        wanted = number if number is not None else current.before
        if wanted is None:
            raise NoSuchVersion("There is no version before the present one.")
        source = self.versions.source(wanted)
        return await self.apply(Wish(source, by, why, trial=False, restart=True, rollback_to=wanted))

    def _current(self) -> Version:
        current = self.versions.current
        if current is None:
            raise PublicationError("Nothing is published yet; start the centre with make up.")
        return current

    def _refuse_needless(self, wish: Wish, current: Version) -> None:
        if wish.base is not None and wish.base != current.number:
            raise Outdated(
                f"Version {current.number} by {current.by} came into force since you began with version "
                f"{wish.base}; look at the difference and publish again."
            )
        if self.versions.source(current.number).digest == wish.source.digest:
            raise Unchanged(f"This is version {current.number}, which is in force already.")

    @asynccontextmanager
    async def _alone(self, by: str) -> AsyncIterator[None]:
        if self._holder.by is not None:
            raise Busy(f"{self._holder.by} is publishing since {self._holder.since:%H:%M:%S} UTC; wait.")
        self._holder = _Holder(by)
        try:
            async with self._archive.locked():
                yield
        except Taken:
            raise Busy("Another controller is publishing at this moment; wait.") from None
        finally:
            self._holder = _Holder()
            self._archive.changed()

    async def _carry_out(self, wish: Wish, found: Candidate, current: Version) -> Applied:
        version = Version(
            number=self.versions.next_number(),
            state=State.APPLYING,
            at=datetime.now(UTC),
            by=wish.by,
            why=wish.why,
            before=current.number,
            rollback_to=wish.rollback_to,
        )
        await asyncio.to_thread(self.versions.add, version, wish.source)
        change = _Change(version, self._in_force(), InForce(found.plan, wish.source.custom))
        if change.spoken and (failure := await self._centre.build(version.number)):
            raise await self._taken_back(change, f"Its announcements cannot be made: {failure}")
        change.began = time.monotonic()
        try:
            done = await self._put(change)
            if not done.failures:
                return await self._applied(change, done)
        except Exception as error:
            log.exception("publication.failed", version=version.number)
            raise await self._taken_back(change, f"It could not be carried out: {_told(error)}.") from error
        raise await self._taken_back(change, " ".join(done.failures))

    async def _put(self, change: "_Change") -> Published:
        await asyncio.to_thread(self.versions.switch, change.version.number)
        async with asyncio.timeout(ASTERISK_S):
            done = await self._publisher.put(change.new, self._centre.roster())
        if not done.failures:
            await self._centre.adopt(change.new)
        return done

    async def _applied(self, change: "_Change", done: Published) -> Applied:
        version = replace(change.version, changed=tuple(sorted(done.changed)))
        version = await asyncio.to_thread(self.versions.note, version, State.APPLIED)
        log.info("publication.applied", version=version.number, by=version.by)
        restarts = only_at_start(change.old.plan, change.new.plan) is not None
        if restarts:
            self._centre.restart()
        return Applied(version, done.waiting, restarts)

    async def _taken_back(self, change: "_Change", reason: str) -> TakenBack:
        """Take everything back, and return what that is called."""
        await asyncio.to_thread(take_back, self.versions, change.version)
        back = await self._publisher.put(change.old, self._centre.roster(), anew=True)
        if self._in_force() != change.old:
            await self._centre.adopt(change.old)
        if back.failures:
            reason = f"{reason} What Asterisk has now is still not right: {' '.join(back.failures)}"
        version = await asyncio.to_thread(self.versions.note, change.version, State.TAKEN_BACK, reason)
        seconds = time.monotonic() - change.began
        log.error("publication.taken_back", version=version.number, reason=reason, seconds=round(seconds, 2))
        if change.spoken and version.before is not None:
            await self._centre.build(version.before)
        return TakenBack(version, seconds)

    async def _recover(self) -> None:
        """Take back what a controller that was killed had begun: on disk it is so already."""
        for version in self.versions.unfinished():
            take_back(self.versions, version)
            done = await self._publisher.put(self._in_force(), self._centre.roster(), anew=True)
            reason = " ".join([BROKEN_OFF, *done.failures])
            self.versions.note(version, State.TAKEN_BACK, reason)
            log.warning("publication.taken_back", version=version.number, reason=reason)
            tried = parse_centre(self.versions.source(version.number).centre, Path("centre.toml"))
            if version.before is not None and sounds_differ(self._in_force().plan, tried):
                await self._centre.build(version.before)


def _told(error: Exception) -> str:
    return "Asterisk took too long" if isinstance(error, TimeoutError) else str(error) or type(error).__name__


def only_at_start(old: Centre, new: Centre) -> str | None:
    """Return what of *new* the controller reads at its start only, as the beginning of a sentence."""
    return "timezone is read at the controller's start only" if old.timezone != new.timezone else None


def sounds_differ(old: Centre, new: Centre) -> bool:
    """Whether callers would hear other words, or another voice."""
    return (old.prompts, old.speech, old.title, old.city) != (new.prompts, new.speech, new.title, new.city)
