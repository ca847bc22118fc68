"""Asterisk's events, from JSON to the model's facts. Pure: no clock, no network, no memory.

`EVENTS` names every type we understand and the fields we read: the feed lets nothing else through, and the
start-up check compares it with the running Asterisk.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from telephony.asterisk import callback_legs, numbers, offer_extension, supervisor_legs, transfers
from telephony.asterisk.answers import instant
from telephony.asterisk.errors import DecodeError
from telephony.model.events import (
    CallArrived,
    CallerLeft,
    CitizenAnswered,
    CitizenRang,
    CitizenReturned,
    DialStatus,
    Event,
    KeyPressed,
    MessageRecorded,
    OfferAnswered,
    OfferDialled,
    OfferRang,
    OfferReturned,
    OperatorLeft,
    PlaybackEnded,
)
from telephony.model.ids import CallId, Instant, LegId, OfferId, PlaybackId
from telephony.model.operator_leg import OperatorLeg, read_operator_leg
from telephony.model.supervision.events import SupervisorAnswered, SupervisorLeft
from telephony.model.supervision.session import read_supervisor_leg
from telephony.model.transferring.events import CallerTransferred

Json = Mapping[str, Any]

ARRIVED = "arrived"
AFTER = "after"
CALLED = "called"
"""What the dialplan hands to ``Stasis()``: a call from the trunk, one that comes back from ``Dial()``, and an
operator's leg that comes back from calling a citizen."""

SERVED_VARIABLE = "MADOGUCHI_SERVED"
"""Set by the dialplan when the operator of that offer has hung up; shown through ``channelvars``."""

REPLACED = "ApplicationReplaced"
ECHO = "ChannelUserevent"
"""Asked for by the feed itself, to hear whether Asterisk still reports to it; nothing else makes them."""


_PROHIBITED = "prohib"
_CHANNEL = "channel:"


@dataclass(frozen=True, slots=True)
class LegMade(Event):
    """A leg that we made to a phone is in our hands: from now on it can be dialled. For `Control`."""

    leg: LegId


@dataclass(frozen=True, slots=True)
class Heard:
    """A fact, and when it happened by Asterisk's clock (which is what SIP traces agree with)."""

    at: Instant
    event: Event


def decode(message: Json) -> Heard | None:
    """Return what *message* says, or None when it says nothing to us. Raises `DecodeError`."""
    try:
        known = EVENTS.get(message["type"])
        event = known.read(message) if known else None
        return Heard(instant(message["timestamp"]), event) if event else None
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise DecodeError(f"{_type_of(message)} lacks what Asterisk documents: {error!r}") from error


def _type_of(message: object) -> str:
    return str(message.get("type"))[:64] if isinstance(message, Mapping) else type(message).__name__


def _stasis_start(message: Json) -> Event | None:
    args = _texts(message["args"])
    read = _COMING_IN.get(args[0] if args else "")
    if read is None:
        raise DecodeError(f"The dialplan sent a call with the arguments {args!r:.100}.")
    return read(message["channel"], args)


def _after(channel: Json, args: list[str]) -> OfferReturned:
    _, offer, status = args
    return OfferReturned(_call(channel), OfferId(offer), _dial_status(status))


def _transferred(channel: Json, args: list[str]) -> CallerTransferred:
    _, offer, dialled = args
    return CallerTransferred(_call(channel), OfferId(offer), transfers.dialled(dialled))


def _called(channel: Json, args: list[str]) -> CitizenReturned:
    _, offer, status = args
    return CitizenReturned(_operator_leg(channel).call, OfferId(offer), _dial_status(status))


def _made_by_us(channel: Json, args: list[str]) -> LegMade:
    del args
    return LegMade(LegId(_text(channel["id"])))


def _arrived(channel: Json, args: list[str]) -> CallArrived:
    withheld = len(args) > 1 and args[1].startswith(_PROHIBITED)
    caller = numbers.caller(_text(channel["caller"]["number"]))
    return CallArrived(
        call=_call(channel),
        caller=None if withheld else caller,
        dialled=_dialled(channel["dialplan"]),
        sip_call_id=numbers.clean(_text(channel["protocol_id"]), numbers.LONGEST_CALL_ID),
        created=instant(_text(channel["creationtime"])),
    )


def _dialled(dialplan: Json) -> str:
    """Return the number dialled; empty for a caller who comes from the fallback of an offer."""
    place = _text(dialplan["context"]), _text(dialplan["exten"])
    if offer_extension.read(*place) or transfers.read(*place):
        return ""
    return numbers.number(place[1])


def _dial_status(text: str) -> DialStatus:
    """Read DIALSTATUS. The caller is back in any case, so the rare others count as not reachable."""
    return DialStatus(text) if text in DialStatus.__members__ else DialStatus.CHANUNAVAIL


def _dial(message: Json) -> Event | None:
    if "caller" not in message:
        return _dial_of_operator(message)
    if _text(message["caller"]["dialplan"]["context"]).startswith(callback_legs.CONTEXT):
        return _dial_of_citizen(message)
    return _dial_of_offer(message)


def _dial_of_offer(message: Json) -> Event | None:
    caller = message["caller"]
    place = _text(caller["dialplan"]["context"]), _text(caller["dialplan"]["exten"])
    offer = offer_extension.read(*place) or transfers.read(*place)
    if offer is None:
        return None
    call, leg = _call(caller), LegId(_text(message["peer"]["id"]))
    match _text(message["dialstatus"]):
        case "":
            return OfferDialled(call, offer, leg)
        case "RINGING":
            return OfferRang(call, offer, leg)
        case "ANSWER":
            return OfferAnswered(call, offer)
        case _:  # how it ended is told by the caller's return into Stasis, or by the caller's end
            return None


def _dial_of_operator(message: Json) -> Event | None:
    """Read what becomes of a leg that we made to a phone; any other leg has somebody who dialled it."""
    leg = read_operator_leg(_text(message["peer"]["id"]))
    if leg is None:
        return _dial_of_supervisor(message)
    match _text(message["dialstatus"]):
        case "RINGING":
            return OfferRang(leg.call, leg.offer, LegId(message["peer"]["id"]))
        case "ANSWER":
            return OfferAnswered(leg.call, leg.offer)
        case _:  # how it ended is told by the leg's end
            return None


def _dial_of_supervisor(message: Json) -> SupervisorAnswered | None:
    """Read a supervisor's picking up; how else it ended is told by the leg's end."""
    leg = read_supervisor_leg(_text(message["peer"]["id"]))
    answered = leg is not None and _text(message["dialstatus"]) == DialStatus.ANSWER
    return SupervisorAnswered(leg.supervision) if leg is not None and answered else None


def _dial_of_citizen(message: Json) -> Event | None:
    leg, peer = _operator_leg(message["caller"]), message["peer"]
    match _text(message["dialstatus"]):
        case "" | "RINGING":
            sip_call_id = numbers.clean(_text(peer["protocol_id"]), numbers.LONGEST_CALL_ID)
            return CitizenRang(leg.call, leg.offer, LegId(_text(peer["id"])), sip_call_id)
        case "ANSWER":
            return CitizenAnswered(leg.call, leg.offer)
        case _:  # how it ended is told by the operator's leg
            return None


def _operator_leg(channel: Json) -> OperatorLeg:
    leg = read_operator_leg(_text(channel["id"]))
    if leg is None:
        raise ValueError(f"{channel['id']!r:.100} was not made for a callback")
    return leg


def _key(message: Json) -> Event | None:
    """Read a key. One pressed while talking to an operator is private and none of ours."""
    channel = message["channel"]
    ours = read_operator_leg(_text(channel["id"])) or read_supervisor_leg(_text(channel["id"]))
    if channel["dialplan"]["app_name"] != "Stasis" or ours:
        return None
    return KeyPressed(_call(channel), _text(message["digit"]))


def _playback_finished(message: Json) -> Event | None:
    playback = message["playback"]
    target = _text(playback["target_uri"])
    if not target.startswith(_CHANNEL):
        return None
    call = CallId(target.removeprefix(_CHANNEL))
    return PlaybackEnded(call, PlaybackId(_text(playback["id"])), heard=playback["state"] == "done")


def _recorded(message: Json) -> Event | None:
    """Read how a voice message ended. One that failed or was cancelled has nothing in it."""
    recording = message["recording"]
    target = _text(recording["target_uri"])
    if not target.startswith(_CHANNEL):
        return None
    seconds, talking = (float(recording.get(name) or 0) for name in ("duration", "talking_duration"))
    call = CallId(target.removeprefix(_CHANNEL))
    return MessageRecorded(call, _text(recording["name"]), seconds, talking)


def _destroyed(message: Json) -> Event:
    cause = message["cause"]
    if not isinstance(cause, int):
        raise TypeError(f"cause {cause!r:.40}")
    channel = message["channel"]
    leg = read_operator_leg(_text(channel["id"]))
    if leg is not None:
        return OperatorLeft(leg.call, leg.offer, cause)
    supervisor = read_supervisor_leg(_text(channel["id"]))
    if supervisor is not None:
        return SupervisorLeft(supervisor.supervision)
    served = channel.get("channelvars", {}).get(SERVED_VARIABLE)
    return CallerLeft(_call(channel), cause, OfferId(served) if served else None)


def _call(channel: Json) -> CallId:
    return CallId(_text(channel["id"]))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.40} is not text")
    return value


def _texts(value: object) -> list[str]:
    if not isinstance(value, list):
        raise TypeError(f"{value!r:.40} is not a list")
    return [_text(each) for each in value]


def _nothing(_: Json) -> None:
    """Say nothing to the model; the feed acts on it."""


_COMING_IN: Mapping[str, Callable[[Json, list[str]], Event | None]] = {
    ARRIVED: _arrived,
    AFTER: _after,
    CALLED: _called,
    transfers.PURPOSE: _transferred,
    callback_legs.PURPOSE: _made_by_us,
    supervisor_legs.PURPOSE: _made_by_us,
}
"""By the first argument of ``Stasis()``."""


@dataclass(frozen=True, slots=True)
class Known:
    """A type of event: the fields we read, and how."""

    fields: frozenset[str]
    read: Callable[[Json], Event | None]


EVENTS: Mapping[str, Known] = {
    "StasisStart": Known(frozenset({"timestamp", "args", "channel"}), _stasis_start),
    "Dial": Known(frozenset({"timestamp", "caller", "peer", "dialstatus"}), _dial),
    "ChannelDtmfReceived": Known(frozenset({"timestamp", "channel", "digit"}), _key),
    "PlaybackFinished": Known(frozenset({"timestamp", "playback"}), _playback_finished),
    "RecordingFinished": Known(frozenset({"timestamp", "recording"}), _recorded),
    "RecordingFailed": Known(frozenset({"timestamp", "recording"}), _recorded),
    "ChannelDestroyed": Known(frozenset({"timestamp", "channel", "cause"}), _destroyed),
    REPLACED: Known(frozenset(), _nothing),
    ECHO: Known(frozenset(), _nothing),
}
