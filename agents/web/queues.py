"""What supervisors change about a queue for a while: pause, limit, tiers; each ends by itself (R2, R3)."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, model_validator

from agents.desk.messages import queue_content
from agents.errors import Fault, Invalid
from agents.web.answers import answer
from agents.web.identity import caller_of
from agents.web.named import queue_of
from agents.web.parts import Parts, parts_of
from agents.web.problems import Problem
from agents.web.reading import body_of, in_zone
from agents.web.undo import undoable
from config.schema.queues import Tier
from telephony.model.ids import Instant, QueueName
from telephony.model.measures.events import MeasureLifted, MeasureTaken
from telephony.model.measures.measure import Measure, MeasureKind

USUAL = timedelta(hours=1)
LONGEST = timedelta(hours=24)
"""What is to hold for longer belongs into centre.toml."""


class Nothing(BaseModel):
    """There is nothing to say."""

    model_config = ConfigDict(extra="forbid")


class Lasting(BaseModel):
    """Until when it holds; an hour if left out, a day at most."""

    model_config = ConfigDict(extra="forbid")

    until: datetime | None = None


class LimitWish(Lasting):
    """How many may wait before all others are offered the last step's choices at once; None: no limit."""

    waiting: Annotated[int, Field(ge=1, le=10_000)] | None


class TierWish(BaseModel):
    """From *after_s* seconds of waiting, operators with at least *min_weight* in the skill may answer."""

    model_config = ConfigDict(extra="forbid")

    after_s: Annotated[float, Field(ge=0, le=86_400)]
    min_weight: Annotated[int, Field(ge=1, le=10)]


class TiersWish(Lasting):
    """The tiers, first the one that is open at once; None: those of ``centre.toml``."""

    tiers: Annotated[list[TierWish], Field(min_length=1, max_length=9)] | None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        opening = [tier.after_s for tier in self.tiers or ()]
        if opening and (opening[0] != 0 or opening != sorted(opening)):
            raise ValueError("must begin with after_s 0 and go on with later ones")
        return self


async def pause(request: web.Request) -> web.Response:
    """Offer nobody its calls for a while; who waits keeps the place."""
    wish = await body_of(request, Lasting)
    return _taken(request, MeasureKind.PAUSE, wish)


async def resume(request: web.Request) -> web.Response:
    """End a pause before its time."""
    await body_of(request, Nothing)
    return _lifted(request, MeasureKind.PAUSE)


async def limit(request: web.Request) -> web.Response:
    """Bound its line for a while, or lift the bound."""
    wish = await body_of(request, LimitWish)
    if wish.waiting is None:
        return _lifted(request, MeasureKind.LIMIT)
    return _taken(request, MeasureKind.LIMIT, wish, waiting=wish.waiting)


async def tiers(request: web.Request) -> web.Response:
    """Let others answer for a while, or go back to the plan's tiers."""
    wish = await body_of(request, TiersWish)
    if wish.tiers is None:
        return _lifted(request, MeasureKind.TIERS)
    found = tuple(Tier.model_validate(tier.model_dump()) for tier in wish.tiers)
    return _taken(request, MeasureKind.TIERS, wish, tiers=found)


def _taken(request: web.Request, kind: MeasureKind, wish: Lasting, **more: Any) -> web.Response:
    parts, by = parts_of(request), caller_of(request).user
    queue = _named(request, parts)
    before = _standing(parts, queue, kind)
    now = parts.centre.now()
    measure = Measure(queue, kind, now, _until(parts, wish.until, now), by, **more)
    parts.centre.ask(MeasureTaken(measure))
    return _answer(request, queue, kind, partial(_take_back, parts, measure, before, by))


def _lifted(request: web.Request, kind: MeasureKind) -> web.Response:
    parts, by = parts_of(request), caller_of(request).user
    queue = _named(request, parts)
    before = _standing(parts, queue, kind)
    parts.centre.ask(MeasureLifted(queue, kind, by))
    return _answer(request, queue, kind, partial(_put_back, parts, queue, kind, before))


async def _take_back(parts: Parts, measure: Measure, before: Measure | None, by: str) -> None:
    _refuse_if_changed(parts, measure.queue, measure.kind, measure)
    if before is not None and before.until > parts.centre.now():
        parts.centre.ask(MeasureTaken(before))
    else:
        parts.centre.ask(MeasureLifted(measure.queue, measure.kind, by))


async def _put_back(parts: Parts, queue: QueueName, kind: MeasureKind, before: Measure | None) -> None:
    _refuse_if_changed(parts, queue, kind, None)
    if before is not None:
        parts.centre.ask(MeasureTaken(before))


def _refuse_if_changed(parts: Parts, queue: QueueName, kind: MeasureKind, left: Measure | None) -> None:
    if _standing(parts, queue, kind) != left:
        raise Problem(HTTPStatus.CONFLICT, "not-now", f"Queue {queue} was changed again since.")


def _answer(
    request: web.Request, queue: QueueName, kind: MeasureKind, deed: Callable[[], Awaitable[None]]
) -> web.Response:
    parts = parts_of(request)
    view = queue_of(parts, queue)
    content = queue_content(view, ZoneInfo(parts.plan().timezone))
    return undoable(request, answer(content), f"{kind.value} of queue {queue}", deed)


def _named(request: web.Request, parts: Parts) -> QueueName:
    return queue_of(parts, request.match_info["name"]).name


def _standing(parts: Parts, queue: QueueName, kind: MeasureKind) -> Measure | None:
    return next((each for each in queue_of(parts, queue).measures if each.kind is kind), None)


def _until(parts: Parts, wanted: datetime | None, now: Instant) -> Instant:
    end = in_zone(wanted, ZoneInfo(parts.plan().timezone))
    until = now + USUAL.total_seconds() if end is None else end.timestamp()
    if not now < until <= now + LONGEST.total_seconds():
        raise Invalid(Fault("until", "must lie in the future, within 24 hours"))
    return Instant(until)
