"""Digest authentication of a phone (RFC 2617 with MD5, which Asterisk asks for by default)."""

import hashlib
import re
import secrets

_PARAMETER = re.compile(r'(\w+)=(?:"([^"]*)"|([^,\s]+))')


def _md5(*parts: str) -> str:
    return hashlib.md5(":".join(parts).encode(), usedforsecurity=False).hexdigest()


def authorization(challenge: str, *, user: str, password: str, method: str, uri: str) -> str:
    """Answer the value of a ``WWW-Authenticate`` header; returns the value for ``Authorization``."""
    given = {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(challenge)}
    realm, nonce = given["realm"], given["nonce"]
    secret, action = _md5(user, realm, password), _md5(method, uri)
    count, cnonce = "00000001", secrets.token_hex(8)
    answer = {"username": user, "realm": realm, "nonce": nonce, "uri": uri, "algorithm": "MD5"}
    if "qop" in given:
        answer["response"] = _md5(secret, nonce, count, cnonce, "auth", action)
        tail = f', qop=auth, nc={count}, cnonce="{cnonce}"'
    else:
        answer["response"] = _md5(secret, nonce, action)
        tail = ""
    if "opaque" in given:
        answer["opaque"] = given["opaque"]
    written = ", ".join(
        f"{name}={value}" if name == "algorithm" else f'{name}="{value}"' for name, value in answer.items()
    )
    return f"Digest {written}{tail}"
