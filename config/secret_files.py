"""Secrets that operations staff agree with somebody outside: each in a file of its own, mode 0600."""

import os
import stat
from pathlib import Path

SHORTEST = 32
"""Bytes; what HMAC-SHA256 can make use of (RFC 2104, section 3)."""


class SecretError(Exception):
    """The secret cannot be used; the message is one sentence that says why and what to do."""


def read_secret(file: Path, *, shortest: int = SHORTEST) -> bytes:
    """Return what stands in *file*, without white space at its ends. Raises `SecretError`."""
    try:
        with file.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            secret = opened.read().strip()
    except OSError as error:
        raise SecretError(f"The secret {file} cannot be read ({error.strerror}).") from error
    if stat.S_IMODE(mode) & (stat.S_IRWXG | stat.S_IRWXO):
        raise SecretError(f"The secret {file} may be read by others; run chmod 600 {file}.")
    if len(secret) < shortest:
        raise SecretError(f"The secret {file} is shorter than {shortest} bytes; make a longer one.")
    return secret
