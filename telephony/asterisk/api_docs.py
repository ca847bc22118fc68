"""The start-up check: does the running Asterisk offer what we use, with these parameters and fields?

Asterisk describes itself under ``/ari/api-docs`` (Swagger 1.1). A mismatch found here is one sentence at
start; the same mismatch found later would be a caller in silence.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from telephony.asterisk.answers import MODELS
from telephony.asterisk.client import Ari
from telephony.asterisk.decode import EVENTS
from telephony.asterisk.errors import Incompatible
from telephony.asterisk.operations import USED, Operation

_BASE_MODELS = ("Message", "Event")
"""Swagger 1.1 has no inheritance that tools follow: every event also has the fields of these."""

Docs = Mapping[str, Any]


async def check(ari: Ari) -> None:
    """Compare with the running Asterisk. Raises `Incompatible` with every mismatch."""
    listing = await ari.api_docs("resources")
    offered = {_resource_of(api["path"]) for api in listing["apis"]}
    wanted = sorted({operation.resource for operation in USED})
    docs = {name: await ari.api_docs(name) for name in wanted if name in offered}
    if found := tuple(mismatches(docs)):
        raise Incompatible(found)


def _resource_of(path: str) -> str:
    return PurePosixPath(path).name.partition(".")[0]


def mismatches(docs: Mapping[str, Docs]) -> Iterator[str]:
    """Yield one sentence for everything we use that *docs* (by resource) lack."""
    for operation in USED:
        if operation.resource in docs:
            yield from _operation_mismatches(operation, docs[operation.resource])
        else:
            yield f"Asterisk's ARI has no {operation.resource}; load res_ari_{operation.resource}.so."
    models = {name: model for described in docs.values() for name, model in described["models"].items()}
    events = {name: known.fields for name, known in EVENTS.items()}
    yield from _model_mismatches("answers", models, MODELS, ())
    yield from _model_mismatches("events", models, events, _BASE_MODELS)


def _operation_mismatches(operation: Operation, docs: Docs) -> Iterator[str]:
    described = _find(operation, docs)
    if described is None:
        yield f"Asterisk's ARI has no {operation.method} {operation.path}."
        return
    parameters = {(each["paramType"], each["name"]) for each in described.get("parameters", ())}
    for kind, name in _parameters(operation):
        if (kind, name) not in parameters:
            yield f"{operation.method} {operation.path} takes no {kind} parameter {name}."


def _find(operation: Operation, docs: Docs) -> Docs | None:
    for api in docs["apis"]:
        for described in api["operations"]:
            if (described["httpMethod"], api["path"]) == (operation.method, operation.path):
                found: Docs = described
                return found
    return None


def _parameters(operation: Operation) -> Iterator[tuple[str, str]]:
    yield from (("path", name) for name in sorted(operation.path_names))
    yield from (("query", name) for name in sorted(operation.query))
    if operation.body:
        yield "body", operation.body


def _model_mismatches(
    what: str, models: Mapping[str, Docs], wanted: Mapping[str, frozenset[str]], bases: Iterable[str]
) -> Iterator[str]:
    common = {field for base in bases for field in models.get(base, {}).get("properties", ())}
    for name, fields in wanted.items():
        if name not in models:
            yield f"Asterisk's ARI has no {name} among its {what}."
            continue
        for field in sorted(fields - common - models[name]["properties"].keys()):
            yield f"{name} of Asterisk's ARI has no field {field}."
