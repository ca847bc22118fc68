"""Reads ``centre.toml``: a `Centre` that holds together, or everything that is wrong with it."""

import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from config.problems import ConfigError, Problem
from config.references import problems_in
from config.schema import Centre
from config.wording import problems_of

__all__ = ["ConfigError", "Problem", "load_centre", "parse_centre"]


def load_centre(file: Path) -> Centre:
    """Return the centre that *file* describes. Raises `ConfigError` with every mistake, and OSError."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        complaint = "does not exist; write it, or name another one in MADOGUCHI_CONFIG"
        raise ConfigError(file, [Problem(("the file",), complaint)]) from error
    except UnicodeDecodeError as error:
        complaint = f"has bytes that are not UTF-8, the first at byte {error.start}; save it as UTF-8"
        raise ConfigError(file, [Problem(("the file",), complaint)]) from error
    return parse_centre(text, file)


def parse_centre(text: str, file: Path) -> Centre:
    """Return the centre that *text* describes; *file* is what the mistakes name. Raises `ConfigError`."""
    raw = _tables(text, file)
    problems: dict[str, Problem] = {}
    centre = None
    try:
        centre = Centre.model_validate(raw)
    except ValidationError as error:
        problems = {problem.path: problem for problem in problems_of(error)}
    for problem in problems_in(raw):
        problems.setdefault(problem.path, problem)
    if centre is None or problems:
        raise ConfigError(file, problems.values())
    return centre


def _tables(text: str, file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        complaint = f"is not TOML: {str(error)[:1].lower()}{str(error)[1:]}"
        raise ConfigError(file, [Problem(("the file",), complaint)]) from error
