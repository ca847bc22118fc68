"""What the templates are told of each trunk: transport, where calls go, as whom, and who stands in for it."""

from collections.abc import Iterable, Mapping
from typing import Any

from config.schema import Centre, SessionTimers, Transport, Trunk
from config.settings import Settings

_TIMERS = {SessionTimers.OFF: "no", SessionTimers.ACCEPT: "yes", SessionTimers.REQUIRE: "required"}
"""Asterisk's words (pjsip.conf, endpoint, timers)."""

USUAL = "udp"
"""The transport that everything uses which says nothing else."""


def transports(trunks: Iterable[Trunk]) -> list[Mapping[str, Any]]:
    """Return every transport beside the usual one, once; its name says all of it, so a changed one is new.

    Asterisk makes a transport that is new when it reads its file again, and never changes one that is there.
    """
    found = {
        transport_name(trunk): {
            "name": transport_name(trunk),
            "protocol": trunk.transport.value,
            "address": trunk.listen,
            "port": trunk.listen_port,
        }
        for trunk in trunks
        if transport_name(trunk) != USUAL
    }
    return [found[name] for name in sorted(found)]


def transport_name(trunk: Trunk) -> str:
    """Return the name of the transport that *trunk* uses."""
    if trunk.transport is Transport.UDP and trunk.listen is None and trunk.listen_port is None:
        return USUAL
    place = "" if trunk.listen is None else f"-{str(trunk.listen).replace('.', '-')}"
    port = "" if trunk.listen_port is None else f"-{trunk.listen_port}"
    return f"{trunk.transport}{place}{port}"


def outbound_address(trunk: Trunk, settings: Settings) -> str | None:
    """Return where the calls go that we place through *trunk*, ``host:port``; None when it takes none."""
    way = trunk.outbound
    return None if way is None else f"{way.address}:{way.port or settings.sip_port}"


def trunk_facts(
    trunk: Trunk, centre: Centre, settings: Settings, passwords: Mapping[str, str]
) -> Mapping[str, Any]:
    """Return everything that stands in Asterisk's files about *trunk*."""
    way = trunk.outbound
    contact = outbound_address(trunk, settings)
    return {
        "name": trunk.name,
        "endpoint": f"trunk-{trunk.name}",
        "transport": transport_name(trunk),
        "listen": trunk.listen,
        "codecs": trunk.codecs,
        "addresses": trunk.addresses,
        "max_calls": trunk.max_calls,
        "min_calls": trunk.min_calls,
        "max_new_per_s": trunk.max_new_per_s,
        "encrypted": trunk.encrypted,
        "timers": _TIMERS[trunk.session_timers],
        "session_expires_s": trunk.session_expires_s,
        "qualify_s": trunk.qualify_s,
        "rtp_timeout_s": trunk.rtp_timeout_s,
        "outbound": None if contact is None else _uri(contact, trunk),
        "identity": None if way is None else way.identity.value,
        "domain": None if way is None else way.domain,
        "own_domain": (way and way.domain) or (way and way.address),
        "account": trunk.registration.user if way and way.account and trunk.registration else None,
        "registration": _registration(trunk),
        "password": escaped(passwords.get(trunk.name, "")),
        "backup": None if way is None or way.backup is None else _backup(way.backup, centre),
    }


def _backup(name: str, centre: Centre) -> Mapping[str, Any]:
    trunk = next(trunk for trunk in centre.trunks if trunk.name == name)
    return {
        "name": trunk.name,
        "endpoint": f"trunk-{trunk.name}",
        "identity": trunk.outbound and trunk.outbound.identity.value,
    }


def _registration(trunk: Trunk) -> Mapping[str, Any] | None:
    found = trunk.registration
    if found is None:
        return None
    server = f"{found.server}:{found.port}"
    return {
        "server": _uri(server, trunk),
        "client": f"sip:{found.user}@{found.server}",
        "user": found.user,
        "expires_s": found.expires_s,
    }


def _uri(place: str, trunk: Trunk) -> str:
    """Return a SIP URI as Asterisk's files write it: a semicolon would begin a comment."""
    transport = "" if trunk.transport is Transport.UDP else f"\\;transport={trunk.transport}"
    return f"sip:{place}{transport}"


def escaped(text: str) -> str:
    """Return *text* so that Asterisk's files take it as it is."""
    return text.replace("\\", "\\\\").replace(";", "\\;")
