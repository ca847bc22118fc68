"""The dialplan that operations staff add: where its files are, what they are called for Asterisk.

Knows nothing of what is allowed in them (`dialplan.lint`).
"""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

Custom = Mapping[str, str]
"""File name → text, as operations staff named them."""

NO_CUSTOM: Custom = MappingProxyType({})

CONTEXTS = "custom-"
"""What the names of their contexts begin with, so that none can be one of ours."""

OPERATORS_HOOK = "custom-from-operators"
"""Numbers in this context can be dialled from an operator's phone. There is no way in from outside."""

_INSTALLED = "custom-"
_HOOK = re.compile(rf"^\s*\[{OPERATORS_HOOK}\]", re.MULTILINE)


class UnreadableCustom(Exception):
    """A file of theirs cannot be read; the message is one sentence."""


def read_custom(folder: Path) -> dict[str, str]:
    """Return every ``*.conf`` of *folder*; nothing when there is no such folder.

    Raises `UnreadableCustom`.
    """
    return {file.name: _text(file) for file in sorted(folder.glob("*.conf"))}


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableCustom(
            f"{file} has bytes that are not UTF-8, the first at byte {error.start}; save it as UTF-8."
        ) from error
    except OSError as error:
        raise UnreadableCustom(f"{file} cannot be read: {error.strerror}.") from error


def installed_name(name: str) -> str:
    """Return what the file is called among Asterisk's: ``echo.conf`` → ``custom-echo.conf``."""
    return f"{_INSTALLED}{name}"


def is_installed(name: str) -> bool:
    """Whether a file among Asterisk's is one of theirs."""
    return name.startswith(_INSTALLED)


def own_name(installed: str) -> str:
    """Return how operations staff named a file of theirs."""
    return installed.removeprefix(_INSTALLED)


def defines_operators_hook(custom: Custom) -> bool:
    """Whether any file has numbers for operators' phones."""
    return any(_HOOK.search(text) for text in custom.values())
