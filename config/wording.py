"""Puts pydantic's findings about ``centre.toml`` into sentences that operations staff understand.

Knows pydantic's kinds of errors (docs.pydantic.dev, "Validation Errors"), not what a setting means.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from config.problems import Location, Problem, suggestion
from config.schema import Centre

LONGEST_VALUE = 60
"""A value is quoted up to this many characters."""

_NUMBER = "it must be a number"
_WHOLE = "it must be a whole number"
_TEXT = 'it must be text in quotes ("…")'
_TABLE = "it must be a table of its own keys"
_LIST = "it must be a list"
_NOT_EMAIL = "is not an e-mail address; write it like name@example.jp"

_FIXED: Mapping[str, str] = MappingProxyType(
    {
        "bool_parsing": "it must be true or false",
        "bool_type": "it must be true or false",
        "dict_type": _TABLE,
        "float_parsing": _NUMBER,
        "float_type": _NUMBER,
        "finite_number": _NUMBER,
        "int_from_float": _WHOLE,
        "int_parsing": _WHOLE,
        "int_type": _WHOLE,
        "ip_v4_network": "it must be an address or a network, like 203.0.113.7 or 203.0.113.0/28",
        "ip_v6_network": "it must be an address or a network, like 203.0.113.7 or 203.0.113.0/28",
        "model_type": _TABLE,
        "string_type": _TEXT,
        "tuple_type": _LIST,
    }
)

_LIMITS: Mapping[str, str] = MappingProxyType(
    {
        "greater_than": "it must be more than {gt}",
        "greater_than_equal": "it must be at least {ge}",
        "less_than": "it must be less than {lt}",
        "less_than_equal": "it must be at most {le}",
        "string_too_long": "it may have at most {max_length} characters",
        "string_too_short": "it must have at least {min_length} characters",
        "too_long": "it may have at most {max_length} entries",
        "too_short": "it must have at least {min_length} entries",
        "literal_error": "it must be {expected}",
    }
)

_PATTERNS: Mapping[str, str] = MappingProxyType(
    {
        r"^[a-z][a-z0-9-]*$": "it must be a short name of small letters, digits and hyphens",
        r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$": "it must be a day of the year, like 12-29",
        r"^[0-9*#]$": "it must be one key of a telephone: a digit, * or #",
        r"^[1-9][0-9]{2,5}$": "it must be an extension of 3 to 6 digits that does not begin with 0, like 201",
    }
)


def problems_of(error: ValidationError) -> Iterator[Problem]:
    """Yield one problem for each place that *error* names. A value of several possible types is one place."""
    seen: set[Location] = set()
    for details in error.errors(include_url=False):
        location = _place(details["loc"])
        if location not in seen and not _is_echo(details):
            seen.add(location)
            yield Problem(location, _complaint(details, location))


def _is_echo(details: ErrorDetails) -> bool:
    """A list with wrong entries is also called too short, for the entries that were not counted."""
    return details["type"] == "too_short" and len(details["input"]) >= details["ctx"]["min_length"]


def _complaint(details: ErrorDetails, location: Location) -> str:
    kind = details["type"]
    if kind in _WORDED:
        return _WORDED[kind](details, location)
    return f"is {quoted(details['input'])}; {_expected(details)}"


def _expected(details: ErrorDetails) -> str:
    kind, context = details["type"], details.get("ctx", {})
    if kind in _FIXED:
        return _FIXED[kind]
    if kind in _LIMITS:
        return _LIMITS[kind].format(**{name: _plain(value) for name, value in context.items()})
    if kind == "string_pattern_mismatch" and context["pattern"] in _PATTERNS:
        return _PATTERNS[context["pattern"]]
    return details["msg"][:1].lower() + details["msg"][1:]


def _unknown_key(details: ErrorDetails, location: Location) -> str:
    keys = _keys_beside(location)
    return f"is not a key that is known here; {suggestion(details['loc'][-1], keys, 'keys')}"


def _missing(details: ErrorDetails, location: Location) -> str:  # noqa: ARG001 - same shape as the others
    return "is missing; it has no default, so write it"


def _own_check(details: ErrorDetails, location: Location) -> str:  # noqa: ARG001 - same shape as the others
    """Word what a validator of the schema raised: it begins with a verb, the subject being the value."""
    said = str(details["ctx"].get("error", _NOT_EMAIL))
    return said if isinstance(details["input"], Mapping) else f"({quoted(details['input'])}) {said}"


def _choice(details: ErrorDetails, location: Location) -> str:  # noqa: ARG001 - same shape as the others
    expected = str(details["ctx"]["expected"])
    choices = [word.strip(" '") for word in expected.replace(" or ", ",").split(",")]
    return f"is {quoted(details['input'])}; {suggestion(details['input'], choices, 'values')}"


_WORDED: Mapping[str, Callable[[ErrorDetails, Location], str]] = MappingProxyType(
    {
        "extra_forbidden": _unknown_key,
        "missing": _missing,
        "value_error": _own_check,
        "enum": _choice,
    }
)


def quoted(value: object) -> str:
    """Return *value* as it stands in TOML, shortened."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "an empty list" if not value else "a list"
    text = str(value)
    text = text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
    return f'"{text}"' if isinstance(value, str) else text


def _plain(value: object) -> object:
    """Return 10 for 10.0: limits are written as staff would."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _place(steps: tuple[str | int, ...]) -> Location:
    """Return where the value stands, without steps that only pydantic knows: "[key]", a union's branch."""
    place: list[str | int] = []
    shape: Any = Centre
    for step in steps:
        if step == "[key]" or not _has_inside(shape):
            break
        place.append(step)
        shape = _inside(shape, step)
    return tuple(place)


def _keys_beside(location: Location) -> list[str]:
    """Return the keys that are known in the table where *location* stands."""
    shape: Any = Centre
    for step in location[:-1]:
        shape = _inside(shape, step)
    return list(shape.model_fields) if _is_model(shape) else []


def _inside(shape: Any, step: str | int) -> Any:
    """Return the type that *step* leads to from a table, a list or a mapping; None for an unknown key."""
    if _is_model(shape):
        field = shape.model_fields.get(str(step))
        return _bare(field.annotation) if field else None
    inner = get_args(shape)
    return _bare(inner[1] if get_origin(shape) is dict else inner[0])


def _has_inside(shape: Any) -> bool:
    return _is_model(shape) or get_origin(shape) in {dict, tuple}


def _is_model(shape: Any) -> bool:
    return isinstance(shape, type) and issubclass(shape, BaseModel)


def _bare(shape: Any) -> Any:
    """Return the type itself, without its constraints, and without "or None"."""
    if get_origin(shape) is Annotated:
        return _bare(get_args(shape)[0])
    if get_origin(shape) is UnionType:
        types = [each for each in get_args(shape) if each is not NoneType]
        return _bare(types[0]) if len(types) == 1 else shape
    return shape
