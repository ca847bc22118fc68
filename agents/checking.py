"""Whether a wished-for agent makes sense: every field at fault is named at once, with what would be right."""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from agents.errors import Fault, Invalid
from config.schema import Agent, Centre

_RIGHT = {
    "name": "must be small letters, digits and hyphens, begin with a letter and have at most 40 characters",
    "title": "must be a text",
    "extension": "must be 3 to 6 digits and not begin with 0",
    "level": "must be the name of a level",
    "skills": "must be weights from 0 to 10 by skill",
    "role": "must be operator or supervisor",
}
"""What would be right, for the fields that a caller may set."""

_LONGEST_TITLE = 60
_UNSPEAKABLE = re.compile(r'[\x00-\x1f\x7f"<>;\\\ud800-\udfff]')
"""What has no place in a name and would need care in a SIP header or a configuration file."""


def check_agent(wish: Mapping[str, Any], plan: Centre, others: Iterable[Agent]) -> Agent:
    """Return the agent that *wish* describes. Raises `Invalid` with all faults.

    *others* are those already on the roster (without the one being changed).
    """
    faults = {fault.field: fault for fault in _against_plan(wish, plan, others)}
    agent = None
    try:
        agent = Agent.model_validate(wish)
    except ValidationError as error:
        faults |= {fault.field: fault for fault in _shape_faults(error)}
    if agent is None or faults:
        raise Invalid(*faults.values())
    return agent


def _shape_faults(error: ValidationError) -> Iterator[Fault]:
    for item in error.errors(include_url=False):
        field = str(item["loc"][0])
        if item["type"] == "missing":
            yield Fault(field, "is missing")
        elif field in _RIGHT:
            yield Fault(field, _RIGHT[field])
        else:
            yield Fault(field, f"is not a field of an agent; there are {', '.join(_RIGHT)}")


def _against_plan(wish: Mapping[str, Any], plan: Centre, others: Iterable[Agent]) -> Iterator[Fault]:
    title = wish.get("title")
    if isinstance(title, str) and (
        not 0 < len(title.strip()) <= _LONGEST_TITLE or _UNSPEAKABLE.search(title)
    ):
        yield Fault(
            "title", f'must be 1 to {_LONGEST_TITLE} characters without " < > ; \\ or control characters'
        )
    level = wish.get("level")
    if isinstance(level, str):
        yield from _unknown("level", level, [known.name for known in plan.levels])
    skills = wish.get("skills")
    if isinstance(skills, Mapping):
        for skill in skills:
            yield from _unknown("skills", str(skill), [known.name for known in plan.skills])
    yield from _taken(wish, others)


def _unknown(field: str, name: str, known: list[str]) -> Iterator[Fault]:
    if name in known:
        return
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
    yield Fault(field, f"has {name[:40]!r}, which is not in centre.toml; {hint}")


def _taken(wish: Mapping[str, Any], others: Iterable[Agent]) -> Iterator[Fault]:
    for other in others:
        if other.name == wish.get("name"):
            yield Fault("name", f"{other.name} is taken")
        if other.extension == wish.get("extension"):
            yield Fault("extension", f"{other.extension} belongs to {other.name}")
