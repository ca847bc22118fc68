"""``/api/config``: what is in force, checks, publishing and its history. Only operations staff may."""

import asyncio
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from aiohttp import web

from agents.errors import Fault, Invalid
from agents.ports import Unavailable
from agents.roles import Role
from agents.web.answers import answer
from agents.web.auditing import SYSTEM_USER
from agents.web.identity import caller_of
from agents.web.problems import Problem, not_found
from agents.web.reading import body_of
from agents.web.routes import LARGEST_SHEET, Handler, Route
from agents.web.shapes import Shape
from config.settings import Settings
from dialplan import Finding, UnreadableCustom, differences, live_files
from madoguchi.local.trial import NoTrial
from madoguchi.publication import publication as pub
from madoguchi.publication import shapes
from madoguchi.publication.candidate import Candidate, Mistakes
from madoguchi.publication.editing import WrongPath, edit
from madoguchi.publication.source import Source, between, edited, write_back
from madoguchi.publication.versions import NoSuchVersion
from madoguchi.replaying.replay import Question, ReplayFailed, replay_beside
from madoguchi.replaying.traffic import traffic
from storage import PASSING, Pool

log = structlog.get_logger(__name__)

_OPS = frozenset({Role.OPS})
_CODES: dict[type[pub.PublicationError], tuple[HTTPStatus, str]] = {
    pub.Busy: (HTTPStatus.CONFLICT, "busy"),
    pub.Unchanged: (HTTPStatus.CONFLICT, "unchanged"),
    pub.Outdated: (HTTPStatus.CONFLICT, "outdated"),
    pub.NeedsRestart: (HTTPStatus.CONFLICT, "needs-restart"),
    pub.TakenBack: (HTTPStatus.CONFLICT, "taken-back"),
    pub.PublicationError: (HTTPStatus.CONFLICT, "refused"),
}


@dataclass(frozen=True, slots=True)
class ConfigParts:
    """What these routes stand on. *check* renders a source and raises `Mistakes`."""

    settings: Settings
    publication: pub.Publication
    centre: pub.Centres
    pool: Pool


class ConfigRoutes:
    """The handlers."""

    def __init__(self, parts: ConfigParts) -> None:
        self._parts, self._publication = parts, parts.publication

    def routes(self) -> list[Route]:
        """Return every address with its rule."""
        return [
            _read("/api/config", self.show, "The configuration in force and as edited", shapes.ConfigShape),
            _read("/api/config/versions", self.history, "Published versions", shapes.VersionList),
            _read("/api/config/versions/{id}", self.one, "One version", shapes.OneVersion),
            _write(
                "/api/config/edit",
                self.edit,
                "Set single values in a text",
                shapes.EditWish,
                shapes.CentreText,
            ),
            _write(
                "/api/config/check",
                self.check,
                "What is wrong with a text",
                shapes.CheckWish,
                shapes.Findings,
            ),
            _write(
                "/api/config/diff", self.diff, "What a text would change", shapes.Texts, shapes.Differences
            ),
            _write("/api/config/apply", self.apply, "Publish", shapes.ApplyWish, shapes.AppliedShape),
            _write(
                "/api/config/rollback", self.roll_back, "Roll back", shapes.RollbackWish, shapes.AppliedShape
            ),
            _write(
                "/api/config/replay",
                self.replay,
                "Which calls of a day would have gone elsewhere",
                shapes.ReplayWish,
                shapes.ReplayShape,
            ),
        ]

    # --- reading ---------------------------------------------------------------------------------------

    async def show(self, request: web.Request) -> web.Response:
        """What is in force."""
        del request
        current = self._publication.versions.current
        if current is None:
            raise not_found("published version")
        source, now = self._publication.versions.source(current.number), self._edited()
        mine = {"centre": now.centre, "custom": dict(now.custom), "differs": now.digest != source.digest}
        return answer(
            {
                "version": current.number,
                "centre": source.centre,
                "custom": dict(source.custom),
                "edited": mine,
            }
        )

    async def history(self, request: web.Request) -> web.Response:
        """Newest first."""
        del request
        versions = self._publication.versions
        shown = [version.as_json() for version in versions]
        current = versions.current
        return answer(
            {"current": None if current is None else current.number, "versions": list(reversed(shown))}
        )

    async def one(self, request: web.Request) -> web.Response:
        """Who, when, why, what."""
        number, versions = request.match_info["id"], self._publication.versions
        try:
            version = versions.version(int(number) if number.isascii() and number.isdigit() else -1)
            source = versions.source(version.number)
        except NoSuchVersion as error:
            raise not_found(f"version {number}") from error
        before = Source("") if version.before is None else versions.source(version.before)
        content = {"centre": source.centre, "custom": dict(source.custom)}
        return answer(version.as_json() | content | {"difference": between(before, source)})

    # --- before publishing -------------------------------------------------------------------------------

    async def edit(self, request: web.Request) -> web.Response:
        """The text with the values set; nothing is published."""
        wish = await body_of(request, shapes.EditWish)
        current = self._publication.versions.current
        if wish.centre is None and current is None:
            raise not_found("published version")
        text = wish.centre
        if text is None and current is not None:
            text = self._publication.versions.source(current.number).centre
        try:
            return answer({"centre": edit(text or "", wish.changes)})
        except WrongPath as error:
            raise Invalid(Fault("changes", str(error).rstrip("."))) from error

    async def check(self, request: web.Request) -> web.Response:
        """Everything that is wrong; an Asterisk of its own loads it."""
        wish = await body_of(request, shapes.CheckWish)
        try:
            found = await self._publication.check(wish.over(self._edited()), trial=wish.trial)
        except NoTrial as error:
            raise _no_trial(error) from error
        return answer({"findings": _findings(found)})

    async def diff(self, request: web.Request) -> web.Response:
        """Unified diffs of what is live and what the text means."""
        source = (await body_of(request, shapes.Texts)).over(self._edited())
        found = await self._candidate(source)
        live = await asyncio.to_thread(live_files, self._parts.settings.layout.asterisk_etc)
        current = self._publication.versions.current
        before = Source("") if current is None else self._publication.versions.source(current.number)
        return answer({"files": differences(live, found.files), "sources": between(before, source)})

    async def replay(self, request: web.Request) -> web.Response:
        """Every call of the day through the model, with what is in force and with the text."""
        wish = await body_of(request, shapes.ReplayWish)
        found = await self._candidate(wish.over(self._edited()))
        current = self._publication.versions.current
        if current is None:
            raise not_found("published version")
        present = self._publication.versions.source(current.number).centre
        zone = ZoneInfo(found.plan.timezone)
        day = wish.on or yesterday(zone)
        try:
            past = await traffic(self._parts.pool, day, zone)
        except PASSING as error:
            raise Unavailable("The database cannot be reached; calls go on. Try again later.") from error
        roster = tuple(agent.model_copy(update={"sip_password": None}) for agent in found.roster)
        question = Question(
            present=present,
            proposed=found.source.centre,
            roster=roster,
            calls=past.calls,
            entries=past.entries,
        )
        try:
            done = await replay_beside(question)
        except ReplayFailed as error:
            raise Problem(HTTPStatus.CONFLICT, "replay-failed", str(error)) from error
        return answer({"on": day.isoformat(), **done.model_dump(mode="json")})

    # --- publishing --------------------------------------------------------------------------------------

    async def apply(self, request: web.Request) -> web.Response:
        """Publish; what fails is taken back."""
        wish = await body_of(request, shapes.ApplyWish)
        now = self._edited()
        wanted = pub.Wish(
            wish.over(now),
            _who(request),
            wish.why,
            wish.base,
            trial=wish.trial,
            restart=wish.restart_controller,
        )

        async def publish() -> pub.Applied:
            done = await self._publication.apply(wanted)
            await asyncio.to_thread(self._write_back, now, wanted.source, done.version.before)
            return done

        return await self._published(publish)

    async def roll_back(self, request: web.Request) -> web.Response:
        """Bring a version back, as a new one."""
        wish = await body_of(request, shapes.RollbackWish)
        who = _who(request)
        return await self._published(lambda: self._publication.roll_back(wish.version, who, wish.why))

    async def _published(self, publish: Callable[[], Any]) -> web.Response:
        try:
            # A browser that goes away leaves nothing half published.
            done: pub.Applied = await asyncio.shield(asyncio.ensure_future(publish()))
        except Mistakes as mistakes:
            raise _mistakes(mistakes.findings) from mistakes
        except NoTrial as error:
            raise _no_trial(error) from error
        except NoSuchVersion as error:
            raise Problem(HTTPStatus.NOT_FOUND, "not-found", str(error)) from error
        except pub.PublicationError as error:
            status, code = _CODES[type(error)]
            raise Problem(status, code, str(error)) from error
        content = {"version": done.version.number, "changed": list(done.version.changed)}
        return answer(content | {"at_next_start": sorted(done.waiting), "restarts": done.restarts})

    # --- shared ------------------------------------------------------------------------------------------

    def _write_back(self, now: Source, published: Source, before: int | None) -> None:
        """Bring the edited files up to date, unless they hold somebody's unpublished work."""
        versions = self._publication.versions
        if now.digest == published.digest or before is None or now.digest != versions.source(before).digest:
            return
        try:
            write_back(self._parts.settings, published)
        except OSError as error:
            log.warning("publication.not_written_back", reason=str(error))

    def _edited(self) -> Source:
        try:
            return edited(self._parts.settings)
        except (OSError, UnicodeError, UnreadableCustom) as error:
            raise Problem(
                HTTPStatus.CONFLICT, "unreadable", f"The edited files cannot be read: {error}"
            ) from error

    async def _candidate(self, source: Source) -> Candidate:
        try:
            return await self._parts.centre.check(source)
        except Mistakes as mistakes:
            raise _mistakes(mistakes.findings) from mistakes


def yesterday(zone: ZoneInfo) -> date:
    """Return the day before the present one."""
    return datetime.now(zone).date() - timedelta(days=1)


def _read(path: str, handler: Handler, summary: str, shape: type[Shape]) -> Route:
    return Route("GET", path, handler, _OPS, summary, answer=shape, personal=False)


def _write(path: str, handler: Handler, summary: str, body: type[Any], shape: type[Shape]) -> Route:
    errors = (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)
    return Route(
        "POST", path, handler, _OPS, summary, body, answer=shape, errors=errors, largest=LARGEST_SHEET
    )


def _who(request: web.Request) -> str:
    caller = caller_of(request)
    return request.headers.get(SYSTEM_USER, caller.user) if caller.session is None else caller.user


def _findings(found: list[Finding] | tuple[Finding, ...]) -> list[dict[str, object]]:
    return [asdict(each) for each in found]


def _mistakes(found: tuple[Finding, ...]) -> Problem:
    head = (
        "Nothing was published:" if len(found) == 1 else f"Nothing was published, for {len(found)} mistakes:"
    )
    said = "\n".join([head, *(f"  {finding}" for finding in found)])
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "mistakes", said, {"findings": _findings(found)})


def _no_trial(error: NoTrial) -> Problem:
    detail = f"{error} Leave the trial out (--skip-trial) to let the real one judge."
    return Problem(HTTPStatus.CONFLICT, "no-trial", detail)
