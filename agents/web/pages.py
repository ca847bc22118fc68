"""Hands out the console: the one page, and the files that it names."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from aiohttp import web

from agents.web.built import Page
from agents.web.parts import parts_of
from agents.web.problems import not_found

_FOR_EVER = "public, max-age=31536000, immutable"
"""Their names change with what is in them."""


async def page(request: web.Request) -> web.Response:
    """The one page. It is asked for anew every time, and names the files that belong together."""
    parts = parts_of(request)
    if parts.pages.page is None:
        raise not_found("console here: it was not built (make console builds it)")
    policy = content_policy(parts.sip_websocket)
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": policy}
    return _sent(parts.pages.page, request, headers)


async def asset(request: web.Request) -> web.Response:
    """A file that the page names."""
    found = parts_of(request).pages.assets.get(request.match_info["name"])
    if found is None:
        raise not_found("such file; the console was built anew: load the page again")
    return _sent(found, request, {"Cache-Control": _FOR_EVER})


def content_policy(sip_websocket: str | None) -> str:
    """Return what the page may do: our own files and recordings, nothing inline, and Asterisk's WebSocket."""
    telephone = "" if sip_websocket is None else f" {_origin(sip_websocket)}"
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        f"media-src 'self'; connect-src 'self'{telephone}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types lit-html"
    )


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _sent(file: Page, request: web.Request, headers: Mapping[str, str]) -> web.Response:
    """Return the answer that carries *file*, packed for who can unpack."""
    packs = file.packed is not None and "gzip" in request.headers.get("Accept-Encoding", "")
    encoding = {"Content-Encoding": "gzip"} if packs else {}
    known = {"Content-Type": file.kind, "Vary": "Accept-Encoding"}
    return web.Response(body=file.packed if packs else file.plain, headers={**known, **encoding, **headers})
