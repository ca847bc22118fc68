"""What ARI's HTTP interface answers, as typed values; only the fields that somebody here reads.

`MODELS` names Asterisk's own models and fields (``/ari/api-docs``), so that they can be checked against the
running Asterisk.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from telephony.asterisk.errors import DecodeError
from telephony.model.ids import Instant, LegId

MODELS: Mapping[str, frozenset[str]] = {
    "Channel": frozenset(
        {
            "id",
            "name",
            "state",
            "caller",
            "connected",
            "dialplan",
            "creationtime",
            "protocol_id",
            "channelvars",
        }
    ),
    "CallerID": frozenset({"number"}),
    "DialplanCEP": frozenset({"context", "exten", "app_name"}),
    "Application": frozenset({"channel_ids", "events_allowed"}),
    "Bridge": frozenset({"id", "creator", "channels"}),
    "Playback": frozenset({"id", "state", "target_uri"}),
    "Module": frozenset({"name", "status"}),
    "AsteriskInfo": frozenset({"system", "status"}),
    "SystemInfo": frozenset({"version"}),
    "StatusInfo": frozenset({"startup_time"}),
}
"""Asterisk's models and the fields of each that we read."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A leg. *variables* holds what ``channelvars`` of ``ari.conf`` names."""

    id: LegId
    name: str
    state: str
    caller: str
    connected: str
    context: str
    extension: str
    application: str
    created: Instant
    sip_call_id: str
    variables: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Application:
    """What our application is subscribed to at the moment."""

    channels: tuple[LegId, ...]
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bridge:
    """A mixing of legs. *creator* is ``Stasis`` for those made over ARI."""

    id: str
    creator: str
    channels: tuple[LegId, ...]


@dataclass(frozen=True, slots=True)
class Playback:
    """A run of sounds. *state* is ``queued``, ``playing``, ``continuing``, ``done`` or ``failed``."""

    id: str
    state: str


@dataclass(frozen=True, slots=True)
class Info:
    """Which Asterisk this is. Another *startup_time* than before means that all legs are gone."""

    version: str
    startup_time: Instant


def instant(text: str) -> Instant:
    """Read Asterisk's timestamp (``2026-11-22T13:48:46.632+0000``). Raises `DecodeError`."""
    try:
        return Instant(datetime.fromisoformat(text).timestamp())
    except (TypeError, ValueError) as error:
        raise DecodeError(f"{text!r} is not a timestamp.") from error


def channel(json: Mapping[str, Any]) -> Channel:
    """Read a channel. Raises KeyError, TypeError or `DecodeError` for another shape."""
    dialplan = json["dialplan"]
    return Channel(
        id=LegId(json["id"]),
        name=json["name"],
        state=json["state"],
        caller=json["caller"]["number"],
        connected=json["connected"]["number"],
        context=dialplan["context"],
        extension=dialplan["exten"],
        application=dialplan["app_name"],
        created=instant(json["creationtime"]),
        sip_call_id=json["protocol_id"],
        variables=json.get("channelvars", {}),
    )


def application(json: Mapping[str, Any]) -> Application:
    """Read an application."""
    return Application(
        channels=tuple(LegId(leg) for leg in json["channel_ids"]),
        allowed=tuple(allowed["type"] for allowed in json["events_allowed"]),
    )


def bridge(json: Mapping[str, Any]) -> Bridge:
    """Read a bridge."""
    return Bridge(json["id"], json["creator"], tuple(LegId(leg) for leg in json["channels"]))


def playback(json: Mapping[str, Any]) -> Playback:
    """Read a playback."""
    return Playback(json["id"], json["state"])


def running_modules(json: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """Read which modules run, for example ``res_pjsip.so``."""
    return frozenset(module["name"] for module in json if module["status"] == "Running")


def info(json: Mapping[str, Any]) -> Info:
    """Read what Asterisk says of itself."""
    return Info(json["system"]["version"], instant(json["status"]["startup_time"]))
