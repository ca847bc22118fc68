"""From where a request comes. Behind a reverse proxy on this machine it is whom the proxy names."""

from ipaddress import ip_address

from aiohttp import web

from agents.web.parts import parts_of

_FORWARDED = "X-Forwarded-For"


def is_local(address: str | None) -> bool:
    """Return whether *address* is on this machine."""
    try:
        return address is not None and ip_address(address).is_loopback
    except ValueError:
        return False


def came_through_proxy(request: web.Request) -> bool:
    """Return whether a proxy passed the request on: then its sender is not on this machine."""
    return _FORWARDED in request.headers


def source_of(request: web.Request) -> str:
    """Return the address of whoever asks.

    The proxy's word counts only from this machine, and only where one is configured (`Parts.proxied`):
    anybody can send the header. The last address is the one that the proxy itself saw.
    """
    direct = request.remote or "unknown"
    if not (parts_of(request).proxied and is_local(direct)):
        return direct
    named = request.headers.get(_FORWARDED, "").rpartition(",")[2].strip()
    return named or direct
