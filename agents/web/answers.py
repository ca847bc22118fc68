"""Answers as JSON."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from aiohttp import web


def answer(content: Mapping[str, Any], status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    """Return *content* as JSON."""
    return web.Response(body=orjson.dumps(content), status=status, content_type="application/json")


def nothing() -> web.Response:
    """Return an empty answer: done."""
    return web.Response(status=HTTPStatus.NO_CONTENT)
