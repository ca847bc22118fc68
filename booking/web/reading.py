"""What requests carry, and what is wrong with it in words for an operator."""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, TypeVar

import orjson
from aiohttp import web
from pydantic import BaseModel, ValidationError

from agents.roles import FLOOR, Role
from agents.web.identity import caller_of
from agents.web.problems import Problem
from agents.web.reading import BODY, check_year
from booking.complaints import TITLES, faults_of
from booking.errors import FieldFault, Invalid, NotThere
from booking.mynumber import REFUSAL, holds_my_number
from booking.numbers import ReservationId, read_number
from booking.shapes import Actor, Once, Who
from config.schema.booking import Channel
from telephony.record import JST

Body = TypeVar("Body", bound=BaseModel)

_ID = re.compile(r"[A-Za-z0-9-]{1,40}", re.ASCII)
_NO_NUMBER = "予約番号が正しくありません（9桁の数字です）。番号をもう一度確かめてください。"


async def body_of(request: web.Request, shape: type[Body]) -> Body:
    """Return the JSON body as *shape*. Raises `Problem`, or `Invalid` with every field at fault."""
    if request.content_type != "application/json":
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not-json", "JSON で送ってください。")
    raw = await request.read()
    try:
        content = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Problem(
            HTTPStatus.BAD_REQUEST, "not-json", "送られた内容を読み取れません（JSON ではありません）。"
        ) from error
    if isinstance(content, dict):
        request[BODY] = content
    try:
        return shape.model_validate_json(raw, strict=True)
    except ValidationError as error:
        raise Invalid(*faults_of(error)) from error


def query_of(request: web.Request, shape: type[Body]) -> Body:
    """Return the query parameters as *shape*. Raises `Invalid` with every one at fault."""
    try:
        return shape.model_validate(dict(request.query))
    except ValidationError as error:
        raise Invalid(*faults_of(error)) from error


def who_of(request: web.Request) -> Who:
    """Return who asks: the city has a channel of its own."""
    caller = caller_of(request)
    channel = Channel.CITY if caller.role is Role.CITY else Channel.OPERATOR
    return Who(caller.user, channel, sees_all_calls=caller.role in FLOOR)


def actor_of(request: web.Request) -> Actor:
    """Return who asks, with the role."""
    caller = caller_of(request)
    return Actor(caller.user, caller.role)


async def once_of(request: web.Request) -> Once | None:
    """Return what tells a repeated request, or None for one without ``Idempotency-Key``."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    digest = hashlib.sha256(await request.read()).digest()
    return Once(caller_of(request).user, f"{request.method} {request.path}", key, digest)


def number_of(request: web.Request) -> ReservationId:
    """Return the reservation in the path. Raises `NotThere`."""
    number = read_number(request.match_info["id"])
    if number is None:
        raise NotThere(_NO_NUMBER)
    return number


def id_in_path(request: web.Request, no_such: str) -> str:
    """Return the id in the path. Raises `NotThere` with *no_such* for what no id looks like."""
    text = request.match_info["id"]
    if not _ID.fullmatch(text):
        raise NotThere(no_such)
    return text


def words_in(query: Mapping[str, str], name: str) -> str | None:
    """Return the text in parameter *name*, or None. Raises `Invalid` for a My Number or what is too long."""
    text = query.get(name, "").strip()
    if holds_my_number(text):
        raise Invalid(FieldFault(name, REFUSAL))
    if len(text) > 100 or "\x00" in text:  # noqa: PLR2004 -- as long as a name may be
        raise Invalid(FieldFault(name, "検索する言葉が長すぎるか、使えない文字が入っています。"))
    return text or None


def time_in(query: Mapping[str, str], name: str) -> datetime | None:
    """Return the time or date in parameter *name*; without an offset it is Japan's. Raises `Invalid`."""
    text = query.get(name)
    if not text:
        return None
    try:
        # A "+" that was not escaped arrives as a space.
        at = check_year(datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text))
        return at if at.tzinfo is not None else at.replace(tzinfo=JST)
    except ValueError as error:
        detail = (
            f"{TITLES.get(name, name)}は 2026-12-01 か 2026-12-01T09:00:00+09:00 のように書いてください。"
        )
        raise Invalid(FieldFault(name, detail)) from error


def count_in(query: Mapping[str, str], name: str, *, default: int, most: int) -> int:
    """Return the whole number in parameter *name*, 0 to *most*. Raises `Invalid`."""
    text = query.get(name, str(default))
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(most)) or int(text) > most:
        raise Invalid(FieldFault(name, f"{name} は 0 から {most} までの整数です。"))
    return int(text)


def known_in(query: Mapping[str, str], name: str, known: Mapping[str, Any]) -> str | None:
    """Return parameter *name* if it is one of *known*, or None when it is not given. Raises `Invalid`."""
    text = query.get(name)
    if not text:
        return None
    if text not in known:
        choices = "、".join(f"{key}（{title}）" for key, title in known.items())
        raise Invalid(FieldFault(name, f"{TITLES.get(name, name)}は次のどれかです：{choices}。"))
    return text
