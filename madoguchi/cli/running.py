"""The running centre, as commands reach it: its address from ``run.json``, the token from ``secrets.json``.

Uses the standard library's HTTP client: a command starts in a fraction of the time that aiohttp needs.
"""

import getpass
import json
import os
from collections.abc import Mapping
from email.message import Message
from http.client import HTTPException
from pathlib import Path
from typing import Any, NamedTuple, cast
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import ProxyHandler, Request, build_opener

from config.settings import Settings, SettingsError
from madoguchi.cli.errors import CentreDown, CommandError, WrongUsage

PATIENCE_S = 65.0
"""Longer than the centre itself waits for its database when it exports."""

_START = "start the centre with `make up`"
UNDO = "Madoguchi-Undo"
"""Header of an answer: the token that takes the command back (``agents.web.undo``)."""

_direct = build_opener(ProxyHandler({}))
"""Never through a proxy: the centre is on this machine."""


class _Answer(NamedTuple):
    headers: Message
    body: bytes


def settings() -> Settings:
    """Return the environment's settings. Raises `WrongUsage`."""
    try:
        return Settings.from_environment()
    except SettingsError as error:
        raise WrongUsage(str(error)) from error


def run_file() -> Mapping[str, Any]:
    """Return ``run.json``. Raises `CentreDown`."""
    known = settings()
    file = known.layout.run_file
    try:
        return _json(file)
    except FileNotFoundError:
        if known.asterisk_is_elsewhere:  # a standby, which nothing of `make up` started
            return {"http": f"http://127.0.0.1:{known.http_port}"}
        raise CentreDown(
            f"The centre is not running (there is no {file}); start it with `make up`."
        ) from None


def asterisk_cli() -> list[str]:
    """Return the command that begins each command for Asterisk's own command line. Raises `CommandError`."""
    if refusal := settings().refusal("Use Asterisk's own command line"):
        raise CommandError(refusal)
    return list(run_file()["asterisk"]["cli"])


def get(path: str, query: Mapping[str, str | None] | None = None) -> Any:
    """Return what the centre answers to a question. Raises `CommandError`."""
    given = {name: value for name, value in (query or {}).items() if value is not None}
    return _json_or_text(_ask("GET", f"{path}?{urlencode(given)}" if given else path, None))


def download(path: str, query: Mapping[str, str]) -> bytes:
    """Return the file that the centre answers with. Raises `CommandError`."""
    return _ask("GET", f"{path}?{urlencode(query)}", None)[1]


def write(
    method: str,
    path: str,
    body: Mapping[str, Any] | None = None,
    patience_s: float = PATIENCE_S,
    *,
    key: str | None = None,
) -> Any:
    """Ask the centre to change something; return its answer. Raises `CommandError`.

    *key* is the request's ``Idempotency-Key``.
    """
    return _json_or_text(_ask(method, path, {} if body is None else body, patience_s, key))


def command(method: str, path: str, body: Mapping[str, Any] | None = None) -> tuple[Any, str | None]:
    """Give a command; return the answer, and the token that takes it back. Raises `CommandError`."""
    answered = _ask(method, path, {} if body is None else body)
    return _json_or_text(answered), answered.headers.get(UNDO)


def at(*steps: str) -> str:
    """Return a path whose *steps* may hold anything."""
    return "/" + "/".join(quote(step, safe="") for step in steps)


def _ask(
    method: str,
    path: str,
    body: Mapping[str, Any] | None,
    patience_s: float = PATIENCE_S,
    key: str | None = None,
) -> _Answer:
    url = str(run_file()["http"]).rstrip("/")
    headers = {"Authorization": f"Bearer {secrets()['cli_token']}", "X-Madoguchi-System-User": system_user()}
    if key is not None:
        headers["Idempotency-Key"] = key
    data = None
    if body is not None:
        data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
    request = Request(url + path, data=data, headers=headers, method=method)  # noqa: S310 - our own address
    try:
        with _direct.open(request, timeout=patience_s) as answer:
            return _Answer(answer.headers, answer.read())
    except HTTPError as error:
        raise _refusal(error) from error
    except (URLError, HTTPException, OSError) as error:
        raise CentreDown(
            f"The centre does not answer at {url}; look at `make status`, or start it with `make up`."
        ) from error


def system_user() -> str:
    """Return which user of this machine types, for the audit trail."""
    user = os.environ.get("SUDO_USER") or getpass.getuser()
    return user if user.isascii() and user.isprintable() else "unwritable"


def _refusal(error: HTTPError) -> CommandError:
    try:
        problem = json.loads(error.read())
        return CommandError(str(problem["detail"]), problem=problem)
    except (ValueError, KeyError, TypeError):
        return CommandError(f"The centre answered {error.code} {error.reason}.")


def _json_or_text(answer: _Answer) -> Any:
    is_json = answer.headers.get_content_type() == "application/json"
    return json.loads(answer.body) if is_json else answer.body.decode()


def secrets() -> Mapping[str, Any]:
    """Return ``secrets.json``. Raises `CommandError`."""
    file = settings().layout.secrets_file
    try:
        return _json(file)
    except FileNotFoundError:
        raise CommandError(f"There is no {file}; {_START}.") from None


def _json(file: Path) -> Mapping[str, Any]:
    try:
        return cast("Mapping[str, Any]", json.loads(file.read_text(encoding="utf-8")))
    except PermissionError:
        raise CommandError(f"{file} belongs to another user; use that user's account.") from None
    except ValueError:
        raise CommandError(f"{file} is damaged; {_START}.") from None
