"""Passwords: made from good randomness, kept as argon2id hashes, compared in a thread.

Knows nobody's name; ``agents.signing_in`` says who may try how often.
"""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_MEMORY_KIB = 19 * 1024
_PASSES = 2
_hasher = PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=1)
"""OWASP's smallest recommended argon2id (19 MiB, 2 passes): the controller's memory is for calls."""

THREAD = ThreadPoolExecutor(max_workers=1, thread_name_prefix="passwords")
"""One, so that a crowd of sign-ins takes 19 MiB and never the processor from the calls."""

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""What cannot be misread when it is typed from paper: no i, l, o, 0, 1."""

GROUPS = 4
GROUP_LETTERS = 4
"""4 groups of 4 letters out of 31: 79 bits, more than anybody can try over a network."""


def new_password() -> str:
    """Return a password that can be read aloud and typed, for SIP and for signing in: ``xk3p-9tqm-…``."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(GROUP_LETTERS)) for _ in range(GROUPS))
    return "-".join(groups)


async def hash_password(password: str) -> str:
    """Return the argon2id hash of *password*."""
    return await asyncio.get_running_loop().run_in_executor(THREAD, _hasher.hash, password)


async def matches(password_hash: str | None, password: str) -> bool:
    """Return whether *password* is the one. Without a hash it takes as long and is never."""
    loop = asyncio.get_running_loop()
    same = await loop.run_in_executor(THREAD, _verify, password_hash, password)
    return same and password_hash is not None


def _verify(password_hash: str | None, password: str) -> bool:
    try:
        return _hasher.verify(password_hash or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    """Return what is compared with when there is no such user, so that the time tells nothing."""
    return _hasher.hash(secrets.token_hex(16))
