"""What an HTTP answer of somebody else's system says about what was sent. Pure (RFC 9110, section 15)."""

import unicodedata
from dataclasses import dataclass
from http import HTTPStatus

import orjson

LONGEST_REASON = 300
"""Characters. It is somebody else's text, shown to people on one line."""

_NOT_ABOUT_IT = frozenset({401, 403, 404, 405, 407, 408, 421, 425, 426, 429, 431})
"""About who sends, where to or how often, not about what was sent: nobody is refused for it."""

_REASON_FIELDS = ("reason", "detail", "message", "title", "error")
_MIDDLE_OF_500 = HTTPStatus.INTERNAL_SERVER_ERROR


@dataclass(frozen=True, slots=True)
class Taken:
    """It is there."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Sending it again would change nothing."""

    reason: str


@dataclass(frozen=True, slots=True)
class Later:
    """To be tried again. *everybody*: the others would fare no better now. *after_s*: not before."""

    reason: str
    everybody: bool
    after_s: float = 0.0


Verdict = Taken | Refused | Later


def verdict(status: int, body: bytes, retry_after: str | None = None) -> Verdict:
    """Return what an answer means. *retry_after* is that header; dates in it are not understood."""
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Taken()
    reason = f"{status}: {reason_in(body)}".removesuffix(": ")
    if HTTPStatus.BAD_REQUEST <= status < _MIDDLE_OF_500 and status not in _NOT_ABOUT_IT:
        return Refused(reason)
    # One change may be what makes a receiver fail (500); every other trouble concerns all.
    return Later(reason, everybody=status != _MIDDLE_OF_500, after_s=_seconds(retry_after))


def _seconds(text: str | None) -> float:
    plain = (text or "").strip()
    return float(plain) if plain.isascii() and plain.isdigit() and len(plain) <= 6 else 0.0  # noqa: PLR2004 -- 11 days


def reason_in(body: bytes) -> str:
    """Return the reason that *body* gives, as one line that is safe to show."""
    return one_line(_stated(body), LONGEST_REASON)


def _stated(body: bytes) -> str:
    text = body.decode(errors="replace")
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError:
        return "" if text.lstrip().startswith("<") else text
    if isinstance(content, dict):
        found = (content.get(name) for name in _REASON_FIELDS)
        return next((each for each in found if isinstance(each, str) and each.strip()), "")
    return content if isinstance(content, str) else ""


def one_line(text: str, longest: int) -> str:
    """Return *text* without line breaks and characters that nobody sees, at most *longest* of them."""
    visible = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    plain = " ".join(visible.split())
    return plain if len(plain) <= longest else f"{plain[: longest - 1]}…"
