"""The passwords that the parts of one copy use among themselves: made once, kept in ``secrets.json``."""

import json
import secrets
from typing import Any, TypedDict

from config.layout import Layout
from madoguchi.local.errors import LocalError
from madoguchi.local.files import write_whole


class Passwords(TypedDict):
    """What ``secrets.json`` holds."""

    ari_password: str
    ami_password: str
    cli_token: str
    database_password: str


def ensure(layout: Layout) -> Passwords:
    """Return the passwords of this copy; make those that are missing. Raises `LocalError`."""
    known = _read(layout)
    made = Passwords(
        ari_password=known.get("ari_password") or secrets.token_urlsafe(24),
        ami_password=known.get("ami_password") or secrets.token_urlsafe(24),
        cli_token=known.get("cli_token") or secrets.token_urlsafe(32),
        database_password=known.get("database_password") or secrets.token_urlsafe(24),
    )
    everything = {**known, **made}
    if everything != known:
        write_whole(layout.secrets_file, json.dumps(everything, indent=2) + "\n", 0o600)
    return made


def _read(layout: Layout) -> dict[str, Any]:
    """Return the whole file; other parts keep passwords of their own in it."""
    if not layout.secrets_file.exists():
        return {}
    try:
        return dict(json.loads(layout.secrets_file.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise LocalError(f"{layout.secrets_file} is not JSON ({error}); restore it from a backup.") from error
