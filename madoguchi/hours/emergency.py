"""The disaster mode: a file that Asterisk's dialplan itself looks for, so it works with all else dead (R17).

Switching writes that file and nothing else. A running controller is told by whoever switches, so that callers
already in line hear of it too.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from config.layout import Layout
from config.schema import Centre
from madoguchi.local.files import write_whole

CONFIRMED_WITHIN = timedelta(minutes=10)
"""After that the first person's request is forgotten."""

_PROMPT = re.compile(r"[a-z][a-z0-9-]*")
_FOR_ASTERISK, _OWNER_ONLY = 0o644, 0o600


class EmergencyRefused(Exception):
    """The disaster mode stays as it is; the message is one sentence that says why."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants it on, with *message* (a prompt), or off (None)."""

    message: str | None
    by: str


def message_in_force(layout: Layout) -> str | None:
    """Return the prompt that every call hears, or None while the disaster mode is off. Raises OSError."""
    try:
        lines = layout.emergency_flag.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    return lines[0] if lines else ""


def switch(layout: Layout, plan: Centre, wish: Wish) -> bool:
    """Do it; or, where the plan wants two persons, write the wish down until another one has the same.

    Returns whether it was done. Raises `EmergencyRefused`, and OSError when the disk does.
    """
    if wish.message is not None:
        _refuse_unsaid(layout, wish.message)
    if plan.emergency.two_persons and not _confirmed(layout, wish):
        request = {"message": wish.message, "by": wish.by, "at": datetime.now(UTC).isoformat()}
        write_whole(layout.emergency_request, json.dumps(request), _OWNER_ONLY)
        return False
    layout.emergency_request.unlink(missing_ok=True)
    if wish.message is None:
        layout.emergency_flag.unlink(missing_ok=True)
    else:
        told = f"{wish.message}\n{wish.by}\n{datetime.now(UTC).isoformat()}\n"
        write_whole(layout.emergency_flag, told, _FOR_ASTERISK)
    return True


def _refuse_unsaid(layout: Layout, message: str) -> None:
    """Refuse what Asterisk could not say: it plays one finished sound of the prompt's name."""
    if not _PROMPT.fullmatch(message) or not (layout.sounds / f"{message}.sln16").is_file():
        raise EmergencyRefused(
            f"There is no sound for {message!r}; name a prompt that has nothing to fill in, and publish it "
            "first with `madoguchi config apply`."
        )


def _confirmed(layout: Layout, wish: Wish) -> bool:
    try:
        request = json.loads(layout.emergency_request.read_text(encoding="utf-8"))
        recent = datetime.now(UTC) - datetime.fromisoformat(request["at"]) < CONFIRMED_WITHIN
        return recent and request["message"] == wish.message and request["by"] != wish.by
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return False
