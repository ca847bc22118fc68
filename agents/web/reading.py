"""What requests carry, checked: JSON bodies of a known shape, and query parameters."""

import re
from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

import orjson
from aiohttp import web
from pydantic import BaseModel, BeforeValidator, Field, ValidationError, WithJsonSchema

from agents.errors import Fault, Invalid
from agents.web.problems import Problem

Body = TypeVar("Body", bound=BaseModel)

BODY = web.RequestKey("body", dict[str, Any])
"""The JSON object that a request carried, once it was read."""


async def body_of(request: web.Request, shape: type[Body]) -> Body:
    """Return the JSON body as *shape*. Raises `Problem` 400, 413, 415 or 422 with every field at fault.

    Types are taken as JSON writes them: ``"5"`` is no number and ``0`` is no false.
    """
    if request.content_type != "application/json":
        raise Problem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not-json", "Send JSON (Content-Type: application/json)."
        )
    raw = await request.read()
    try:
        content = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, "not-json", "The body is not JSON.") from error
    if isinstance(content, dict):
        request[BODY] = content
    try:
        return shape.model_validate_json(raw, strict=True)
    except ValidationError as error:
        raise Invalid(*_faults(error)) from error


def _faults(error: ValidationError) -> list[Fault]:
    return [
        Fault(".".join(str(step)[:100] for step in item["loc"]) or "body", _sentence(item["msg"]))
        for item in error.errors(include_url=False, include_input=False)
    ]


def _sentence(message: str) -> str:
    own = message.removeprefix("Value error, ")
    return own if own != message else f"is wrong: {message[0].lower()}{message[1:]}"


def query_of(request: web.Request, shape: type[Body]) -> Body:
    """Return the query parameters as *shape*. Raises `agents.errors.Invalid` with every one at fault."""
    try:
        return shape.model_validate(dict(request.query))
    except ValidationError as error:
        raise Invalid(*_faults(error)) from error


_FIRST_YEAR, _LAST_YEAR = 2000, 2099


def check_year(at: datetime) -> datetime:
    """Return *at*. Raises ValueError for a year that no centre knows: in another zone it may be no time."""
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise ValueError(f"must lie between {_FIRST_YEAR} and {_LAST_YEAR}")
    return at


def _time(value: Any) -> Any:
    """Take a time or a date as people write them; a "+" that was not escaped arrives as a space."""
    if not isinstance(value, str):
        return value
    try:
        at = datetime.fromisoformat(value.replace(" ", "+") if "T" in value else value)
    except ValueError as error:
        raise ValueError("must be a time such as 2026-12-01T09:00:00+09:00") from error
    return check_year(at)


def digits(value: Any) -> Any:
    """Refuse what is not written in plain digits: other writings of numbers surprise."""
    if isinstance(value, str) and not (value.isascii() and value.isdigit()):
        raise ValueError("must be a number")
    return value


Moment = Annotated[
    datetime,
    BeforeValidator(_time),
    WithJsonSchema(
        {
            "type": "string",
            "description": "ISO 8601; without an offset in the centre's own time. A date is its beginning.",
            "pattern": r"^20\d{2}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?([+-]\d{2}:\d{2}|Z)?)?$",
            "examples": ["2026-12-01T09:00:00+09:00"],
        }
    ),
]
"""A time in a query."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_FIRST_DAY, _LAST_DAY = date(_FIRST_YEAR, 1, 1), date(_LAST_YEAR, 12, 31)
"""Before 1888 Japan's offset had seconds, which RFC 3339 has not, and no calendar is planned so far ahead."""


def _day(value: Any) -> Any:
    """Refuse a day that is not written out: pydantic alone would take numbers, as seconds since 1970."""
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError("must be written YYYY-MM-DD")
    return value


Day = Annotated[
    date,
    BeforeValidator(_day),
    Field(ge=_FIRST_DAY, le=_LAST_DAY),
    WithJsonSchema({"type": "string", "format": "date", "pattern": r"^20\d{2}-", "examples": ["2026-12-01"]}),
]
"""A day of the centre's calendar, in a query."""


MOST_ROWS = 10_000
Limit = Annotated[int, BeforeValidator(digits), Field(ge=1, le=MOST_ROWS)]
"""How many rows a query may bring."""


def in_zone(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    """Return *at* with an offset: the one it has, else that of *zone*."""
    return at if at is None or at.tzinfo is not None else at.replace(tzinfo=zone)
