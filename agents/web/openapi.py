"""``/api/openapi.json``: OpenAPI 3.1, from the table of routes and the models that check requests."""

import re
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import web
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from agents.roles import Role
from agents.web.answers import answer
from agents.web.routes import JSON, PUBLIC, Route
from agents.web.shapes import ProblemShape

PROBLEM_JSON = "application/problem+json"
_REFERENCE = "#/components/schemas/{model}"
_PARAMETER = re.compile(r"{(\w+)}")

DOCUMENT = web.AppKey("openapi", Mapping[str, Any])

_SECURITY_SCHEMES = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "madoguchi",
        "description": "POST /api/session sets it; over TLS its name begins with __Host-.",
    },
    "csrf": {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRF-Token",
        "description": "The csrf_token of the session, in every write.",
    },
    "command-line": {
        "type": "http",
        "scheme": "bearer",
        "description": "The token of this machine's command line; good from loopback only.",
    },
}


async def openapi(request: web.Request) -> web.Response:
    """Return the document."""
    return answer(request.app[DOCUMENT])


def document(routes: Iterable[Route]) -> dict[str, Any]:
    """Return the OpenAPI document of *routes*."""
    listed = list(routes)
    references, schemas = _schemas(listed)
    paths: dict[str, dict[str, Any]] = {}
    for route in listed:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, references, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Madoguchi", "version": "1", "description": "docs/interface.md says more."},
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": _SECURITY_SCHEMES},
    }


_References = Mapping[tuple[Any, JsonSchemaMode], dict[str, Any]]


def _schemas(routes: list[Route]) -> tuple[_References, dict[str, Any]]:
    used: list[tuple[type[BaseModel], JsonSchemaMode]] = [(ProblemShape, "serialization")]
    for route in routes:
        used += [(model, "validation") for model in (route.body, route.query) if model is not None]
        if route.answer is not None:
            used.append((route.answer, "serialization"))
    references, definitions = models_json_schema(list(dict.fromkeys(used)), ref_template=_REFERENCE)
    return references, definitions.get("$defs", {})


def _operation(route: Route, references: _References, schemas: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": route.summary,
        "operationId": _operation_id(route),
        "parameters": [*_path_parameters(route), *_query_parameters(route, references, schemas)],
        "responses": _responses(route, references),
    }
    if route.writes and route.status is HTTPStatus.CREATED and route.allow is not PUBLIC:
        operation["parameters"].append(_IDEMPOTENCY_KEY)
    if route.body is not None:
        schema = references[(route.body, "validation")]
        operation["requestBody"] = {"required": True, "content": {JSON: {"schema": schema}}}
    if route.allow is not PUBLIC:
        needed = ("session", "csrf") if route.writes else ("session",)
        session: dict[str, list[str]] = {scheme: [] for scheme in needed}
        operation["security"] = [session, {"command-line": []}]
        operation["x-roles"] = sorted(route.allow or frozenset[Role]())
    return operation


_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A repeat with the same key is answered with the first answer.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}


def _operation_id(route: Route) -> str:
    words = [word.strip("{}") for word in route.path.removeprefix("/").split("/")]
    return "_".join([route.method.lower(), *words]).replace("-", "_").replace(".", "_")


def _path_parameters(route: Route) -> Iterator[dict[str, Any]]:
    for name in _PARAMETER.findall(route.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}


def _query_parameters(
    route: Route, references: _References, schemas: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    if route.query is None:
        return
    model = references[(route.query, "validation")]["$ref"].rpartition("/")[2]
    shape = schemas[model]
    required = shape.get("required", [])
    for name, schema in shape["properties"].items():
        # A query parameter is there or not; it cannot be null.
        options = [option for option in schema.get("anyOf", [schema]) if option.get("type") != "null"]
        yield {"name": name, "in": "query", "required": name in required, "schema": options[0]}


def _responses(route: Route, references: _References) -> dict[str, Any]:
    good: dict[str, Any] = {"description": route.summary}
    if route.answer is not None:
        good["content"] = {route.media: {"schema": references[(route.answer, "serialization")]}}
    elif route.media != JSON:
        good["content"] = {route.media: {"schema": {"type": "string"}}}
    problem = references[(ProblemShape, "serialization")]
    errors = {
        str(status.value): {"description": status.phrase, "content": {PROBLEM_JSON: {"schema": problem}}}
        for status in sorted(_errors(route))
    }
    return {str(route.status.value): good, **errors}


def _errors(route: Route) -> set[HTTPStatus]:
    """Return every status that the application itself answers a route of this kind with."""
    errors = {*route.errors}
    if route.allow is not PUBLIC:
        errors |= {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.SERVICE_UNAVAILABLE}
    if route.writes:
        errors |= {HTTPStatus.FORBIDDEN, HTTPStatus.SERVICE_UNAVAILABLE}
    if route.body is not None:
        errors |= {
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            HTTPStatus.UNPROCESSABLE_ENTITY,
        }
    if route.query is not None:
        errors.add(HTTPStatus.UNPROCESSABLE_ENTITY)
    if _PARAMETER.search(route.path):
        errors.add(HTTPStatus.NOT_FOUND)
    if route.status is HTTPStatus.CREATED and route.allow is not PUBLIC:
        errors |= {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY}  # a bad or reused Idempotency-Key
    return errors
