"""Single values of ``centre.toml`` changed in its text: comments, order and everything else stay as they are.

A value is named by its path: ``calling.acw_s``; in a list, by its member's name, ``queues.booking.ring_s``,
or by the member's place from 0: ``queues.booking.tiers.0.after_s``.
"""

from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

Value = str | int | float | bool | list[str]


class WrongPath(Exception):
    """The path leads nowhere; the message is one sentence."""


def edit(text: str, changes: Mapping[str, Value]) -> str:
    """Return *text* with each path of *changes* set to its value. Raises `WrongPath`."""
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        raise WrongPath(f"centre.toml is not TOML: {error}.") from error
    for path, value in changes.items():
        *way, last = path.split(".")
        place: Any = document
        for step in way:
            place = _member(place, step, path)
        _set(place, last, value, path)
    return tomlkit.dumps(document)


def _member(place: Any, step: str, path: str) -> Any:
    if isinstance(place, list):
        return place[_index(place, step, path)]
    if isinstance(place, dict) and step in place:
        return place[step]
    raise WrongPath(f"{path} leads nowhere: there is no {step!r}.")


def _set(place: Any, last: str, value: Value, path: str) -> None:
    if isinstance(place, list):
        place[_index(place, last, path)] = value
    elif isinstance(place, dict):
        place[last] = value
    else:
        raise WrongPath(f"{path} leads nowhere: {last!r} stands in a plain value.")


def _index(members: list[Any], step: str, path: str) -> int:
    """Return the place of the member that is named *step*, or whose place it is."""
    for index, member in enumerate(members):
        if isinstance(member, dict) and member.get("name") == step:
            return index
    if step.isascii() and step.isdigit() and int(step) < len(members):
        return int(step)
    raise WrongPath(f"{path} leads nowhere: there is no {step!r}.")
