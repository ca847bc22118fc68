"""Browsers that somebody has signed in with before, known again by a cookie (OWASP, "device cookies").

Such a browser has a count of failed tries of its own. So whoever guesses at an account from everywhere slows
down strangers, and not the browser at which the account's owner sits.
"""

import hashlib
import hmac
import secrets

KEPT_S = 180 * 24 * 3600
_NONCE_BYTES = 12


class Devices:
    """Makes and checks the cookies. *key* is a secret that stays the same over restarts."""

    def __init__(self, key: str) -> None:
        self._key = hashlib.sha256(b"device cookies of " + key.encode()).digest()

    def issue(self, user: str) -> str:
        """Return the cookie of a browser in which *user* has just signed in."""
        nonce = secrets.token_hex(_NONCE_BYTES)
        return f"{nonce}.{self._seal(user, nonce)}"

    def known(self, user: str, cookie: str) -> str | None:
        """Return which of the browsers of *user* this is, or None for a stranger."""
        nonce, _, seal = cookie.partition(".")
        right = hmac.compare_digest(self._seal(user, nonce).encode(), seal.encode(errors="replace"))
        return nonce if right else None

    def _seal(self, user: str, nonce: str) -> str:
        told = f"{nonce}\0{user}".encode(errors="replace")
        return hmac.new(self._key, told, hashlib.sha256).hexdigest()


def cookie_suffix(user: str) -> str:
    """Return what ends the cookie's name: several people may sign in at one desk."""
    return hashlib.sha256(user.encode(errors="replace")).hexdigest()[:12]
