"""Errors as ``application/problem+json`` (RFC 9457): one sentence, and a stable code for programs."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from aiohttp import web

from agents.errors import AlreadyThere, Invalid, NoSuchAgent, RosterError
from agents.ports import Unavailable
from agents.signing_in import AccountDisabled, CodeNeeded, TooManyTries, WrongCode, WrongPassword
from telephony.model.errors import ModelError


class Problem(Exception):
    """The request is answered with this problem. *more* are extension members (RFC 9457, section 3.2)."""

    def __init__(
        self,
        status: HTTPStatus,
        code: str,
        detail: str,
        more: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.more, self.headers = more or {}, headers or {}

    def response(self) -> web.Response:
        """Return the answer."""
        body = {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status.value,
            "code": self.code,
            "detail": self.detail,
            **self.more,
        }
        return web.Response(
            status=self.status.value,
            headers=self.headers,
            body=orjson.dumps(body),
            content_type="application/problem+json",
        )


PROBLEM = web.RequestKey("problem", Problem)
"""The problem that a request is answered with."""


def not_found(what: str) -> Problem:
    """Return the problem of something that does not exist."""
    return Problem(HTTPStatus.NOT_FOUND, "not-found", f"There is no {what}.")


def invalid(error: Invalid) -> Problem:
    """Return the problem of fields at fault; ``errors`` names each."""
    faults = [{"field": fault.field, "detail": fault.detail} for fault in error.faults]
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", str(error), {"errors": faults})


_KNOWN: Mapping[type[Exception], tuple[HTTPStatus, str]] = {
    NoSuchAgent: (HTTPStatus.NOT_FOUND, "not-found"),
    AlreadyThere: (HTTPStatus.CONFLICT, "taken"),
    RosterError: (HTTPStatus.CONFLICT, "refused"),
    ModelError: (HTTPStatus.CONFLICT, "not-now"),
    Unavailable: (HTTPStatus.SERVICE_UNAVAILABLE, "unavailable"),
    WrongPassword: (HTTPStatus.UNAUTHORIZED, "wrong-password"),
    CodeNeeded: (HTTPStatus.UNAUTHORIZED, "totp-required"),
    WrongCode: (HTTPStatus.UNAUTHORIZED, "wrong-code"),
    AccountDisabled: (HTTPStatus.FORBIDDEN, "account-disabled"),
}
"""Errors whose message is written for whoever asked; a more special class stands before its base."""


def problem_of(error: Exception) -> Problem | None:
    """Return how *error* is told to whoever asked, or None for an error nobody expected."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Invalid):
        return invalid(error)
    if isinstance(error, TooManyTries):
        retry = {"Retry-After": str(int(error.wait_s) + 1)}
        return Problem(HTTPStatus.TOO_MANY_REQUESTS, "too-many-tries", str(error), headers=retry)
    for kind, (status, code) in _KNOWN.items():
        if isinstance(error, kind):
            return Problem(status, code, str(error))
    return None
