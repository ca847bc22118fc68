"""What requests carry, checked: JSON bodies of a known shape, and query parameters."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import TypeVar
from zoneinfo import ZoneInfo

import orjson
from aiohttp import web
from pydantic import BaseModel, ValidationError

from agents.errors import Fault, Invalid
from agents.web.problems import Problem

LARGEST_BODY = 64 * 1024

Body = TypeVar("Body", bound=BaseModel)


async def body_of(request: web.Request, shape: type[Body]) -> Body:
    """Return the JSON body as *shape*. Raises `Problem` 400, 413, 415 or 422 with every field at fault."""
    if request.content_type != "application/json":
        raise Problem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not-json", "Send JSON (Content-Type: application/json)."
        )
    try:
        content = orjson.loads(await request.read())
    except orjson.JSONDecodeError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, "not-json", "The body is not JSON.") from error
    try:
        return shape.model_validate(content)
    except ValidationError as error:
        raise Invalid(*_faults(error)) from error


def _faults(error: ValidationError) -> list[Fault]:
    return [
        Fault(".".join(str(step)[:100] for step in item["loc"]) or "body", _sentence(item["msg"]))
        for item in error.errors(include_url=False, include_input=False)
    ]


def _sentence(message: str) -> str:
    return f"is wrong: {message[0].lower()}{message[1:]}"


def time_in(query: Mapping[str, str], name: str, zone: ZoneInfo) -> datetime | None:
    """Return the time in parameter *name*; without an offset it is the centre's own. Raises `Problem` 422."""
    text = query.get(name)
    if text is None:
        return None
    # A "+" that was not escaped arrives as a space.
    try:
        at = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
        return at if at.tzinfo is not None else at.replace(tzinfo=zone)
    except ValueError as error:
        detail = "must be a time such as 2026-12-01T09:00:00+09:00"
        raise Invalid(Fault(name, detail)) from error


def number_in(query: Mapping[str, str], name: str, *, default: int, most: int) -> int:
    """Return the whole number in parameter *name*, from 1 to *most*. Raises `Problem` 422."""
    text = query.get(name, str(default))
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(most)) or not 1 <= int(text) <= most:
        raise Invalid(Fault(name, f"must be a number from 1 to {most}"))
    return int(text)
