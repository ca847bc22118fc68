"""Events as Asterisk 22.10.1 really sends them, with what a test wants to change."""

from typing import Any

from telephony.model.ids import Instant

AT = "2026-11-22T13:48:46.632+0000"
AT_INSTANT = Instant(1_795_355_326.632)
CALL = "madoguchi-1795355326.0"
LEG = "madoguchi-1795355366.1"

Json = dict[str, Any]


def channel(context: str = "from-trunk", exten: str = "0120123456", app: str = "Stasis", **more: str) -> Json:
    """Return a leg; *more* may hold ``identity``, ``number`` and ``protocol_id``."""
    return {
        "id": more.get("identity", CALL),
        "name": "PJSIP/trunk-carrier-00000000",
        "state": "Up",
        "protocol_id": more.get("protocol_id", "1-22589@127.0.0.2"),
        "caller": {"name": "", "number": more.get("number", "09011112222")},
        "connected": {"name": "", "number": ""},
        "accountcode": "",
        "dialplan": {"context": context, "exten": exten, "priority": 2, "app_name": app, "app_data": ""},
        "creationtime": AT,
        "language": "ja",
        "channelvars": {"MADOGUCHI_CALL": CALL, "MADOGUCHI_OFFER": ""},
    }


def event(kind: str, **fields: object) -> Json:
    origin = {"asterisk_id": "02:fc:00:00:00:01", "application": "madoguchi"}
    return {"type": kind, "timestamp": AT, **origin, **fields}


def stasis_start(*args: str, **changes: str) -> Json:
    return event("StasisStart", args=list(args), channel=channel(**changes))


def dial(status: str, *, context: str = "offer", exten: str = "201*20*17*r") -> Json:
    caller = channel(context=context, exten=exten, app="Dial")
    peer = channel(identity=LEG, context="from-operators", exten="", app="AppDial")
    return event("Dial", dialstatus=status, forward="", dialstring="201", caller=caller, peer=peer)


def key(digit: str, *, app: str = "Stasis") -> Json:
    return event("ChannelDtmfReceived", digit=digit, duration_ms=100, channel=channel(app=app))


def playback_finished(state: str, *, target: str = f"channel:{CALL}") -> Json:
    playback = {"id": "p1", "media_uri": "sound:x", "target_uri": target, "language": "ja", "state": state}
    return event("PlaybackFinished", playback=playback)


def recorded(kind: str = "RecordingFinished", *, target: str = f"channel:{CALL}", **lasts: int) -> Json:
    recording = {"name": "m-1-message", "format": "wav", "state": "done", "target_uri": target, **lasts}
    return event(kind, recording=recording)


def destroyed(cause: object = 16, served: str = "", identity: str = CALL) -> Json:
    leg = channel(identity=identity)
    leg["channelvars"]["MADOGUCHI_SERVED"] = served
    return event("ChannelDestroyed", cause=cause, cause_txt="Normal Clearing", channel=leg)
