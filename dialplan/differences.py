"""How what is wanted differs from what is there, as unified diffs in which no secret can be read."""

import re
from collections.abc import Mapping
from difflib import unified_diff

HIDDEN = "********"
_SECRET = re.compile(r"(?P<name>\b(?:secret|password|password_digest|md5_cred)\s*=>?\s*)\S.*", re.IGNORECASE)


def differences(present: Mapping[str, str], wanted: Mapping[str, str]) -> dict[str, str]:
    """Return file name → unified diff for each file that differs, is new or goes away.

    A changed password shows as two lines that look alike.
    """
    names = sorted(present.keys() | wanted.keys())
    return {
        name: difference(name, present.get(name, ""), wanted.get(name, ""))
        for name in names
        if present.get(name) != wanted.get(name)
    }


def difference(name: str, present: str, wanted: str) -> str:
    """Return how one file differs."""
    lines = unified_diff(
        present.splitlines(), wanted.splitlines(), f"live/{name}", f"wanted/{name}", lineterm=""
    )
    return "\n".join(_SECRET.sub(rf"\g<name>{HIDDEN}", line) for line in lines)
