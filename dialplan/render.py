"""Turns the centre, the roster and the settings into Asterisk's configuration, as text.

Pure: reads no file but its own templates, writes nothing. Must never know which calls exist.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePosixPath

import jinja2

from config.layout import ASTERISK_VIEW, Layout
from config.schema import Agent, Centre, transferable
from config.schema.base import national_digits
from config.settings import Settings
from dialplan.added import NO_CUSTOM, OPERATORS_HOOK, Custom, defines_operators_hook, installed_name
from dialplan.modules import MODULES
from dialplan.trunks import transports, trunk_facts

ADDRESS = "127.0.0.1"
"""Where Asterisk listens, for everything: loopback."""

REALM = "madoguchi"
"""The realm of operators' SIP passwords; part of each digest, so changing it locks every phone out."""

DESK = "desk"
"""The name (a SIP domain) that tells desk phones' endpoints from browsers': ``201@desk`` and ``201``."""

PASSWORD = re.compile(r"[A-Za-z0-9_-]+")
"""What cannot end a line or begin a comment in Asterisk's files."""

RING_S = 4
"""Seconds of ringing before an announcement: a controller that was killed is mostly back by then."""

RETRY_S = 10
"""Seconds between two tries to reach a controller that is away, should nobody say that it is back."""

TRIES = 7
"""After about a minute the rescue takes a number: longer than any restart, shorter than patience."""

DRIVEN = '@,@["@{MADOGUCHI_DRIVER}" != "@{MADOGUCHI_SEEN}"]'
"""``WaitForCondition``'s form of: another controller drives the calls than at the caller's last try."""

ASKED_AT_ONCE = 20
"""How many callers beyond the bounds are asked at once whether they want to be called back."""

TOLD_AT_ONCE = 40
"""How many may hear an announcement at once, unless the rescue says what the machine has time for
(``telephony.rescue.voices``)."""

RTP_FIRST, RTP_SIZE, RTP_RANGES = 16_384, 4_400, 11
"""Where sound may come in: eleven ranges of ports. Eleven is a prime, so SIP ports that differ by tens,
hundreds or thousands land in different ranges. Two copies in one range still work: both take free ports. A
call takes two ports: 2,000 callers wait in one range, and there is room for operators."""

TIMER_T1_MS = 100
TIMER_B_MS = 64 * TIMER_T1_MS
"""Whoever says nothing to an INVITE for so long is not there (RFC 3261, 17.1.1.2): the next trunk is tried.
Asterisk warns of less than 64 times T1, and T1 only says how soon a packet that was lost is sent again."""

UNREAD_EVENTS = (
    "BridgeCreate",
    "BridgeDestroy",
    "BridgeEnter",
    "BridgeLeave",
    "ChallengeSent",
    "DialBegin",
    "DialEnd",
    "DialState",
    "Hangup",
    "HangupRequest",
    "MixMonitorStart",
    "MixMonitorStop",
    "MusicOnHoldStart",
    "MusicOnHoldStop",
    "NewAccountCode",
    "NewCallerid",
    "NewConnectedLine",
    "Newchannel",
    "Newexten",
    "Newstate",
    "SoftHangupRequest",
    "SuccessfulAuth",
    "TestEvent",
)
"""AMI events that every call makes and nobody reads: ARI tells the controller what calls do. Each would wake
every AMI session by a signal, whatever its filter lets through: thirty a call. TestEvent is of Asterisk's own
tests, which are built into Debian's."""

UNSERVED_FIELDS = (
    "UNIQUEID",
    "MADOGUCHI_WHY",
    "MADOGUCHI_BEGUN",
    "MADOGUCHI_ENDED",
    "MADOGUCHI_TRIES",
    "MADOGUCHI_CALLER",
    "MADOGUCHI_DIALLED",
    "MADOGUCHI_SIP_CALL",
)
"""Channel variables that make a line of the list of unserved calls. The id is that of the caller's leg."""

_NOW = "${STRFTIME(,,%s.%3q)}"
AT_THE_END = {
    "MADOGUCHI_WHY": '${IF($["${MADOGUCHI_FULL}" = ""]?left:full)}',
    "MADOGUCHI_BEGUN": f'${{IF($["${{MADOGUCHI_BEGUN}}" = ""]?{_NOW}:${{MADOGUCHI_BEGUN}})}}',
    "MADOGUCHI_ENDED": _NOW,
    "MADOGUCHI_CALLER": "${URIENCODE(${CALLERID(num)})}",
    "MADOGUCHI_SIP_CALL": "${URIENCODE(${CHANNEL(pjsip,call-id)})}",
}
"""What those of them are that a call has not set when it ends."""

NOTED = "madoguchi"
"""The family in Asterisk's own database that holds what became of callbacks."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """Generated passwords that Asterisk must know. Raises ValueError for one that its files cannot hold."""

    ari_password: str = field(repr=False)
    ami_password: str = field(repr=False)
    trunks: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Of those that register with their carrier, by name."""

    def __post_init__(self) -> None:
        for password in (self.ari_password, self.ami_password):
            if not PASSWORD.fullmatch(password):
                raise ValueError("a password for Asterisk has letters, digits, hyphens and underscores only")


def render(
    centre: Centre,
    roster: Sequence[Agent],
    settings: Settings,
    secrets: Secrets,
    custom: Custom = NO_CUSTOM,
) -> dict[str, str]:
    """Return every file that Asterisk reads, file name → text; *custom* files under names of their own."""
    added = {installed_name(name): text for name, text in sorted(custom.items())}
    facts = {
        "custom": tuple(added),
        "operators_hook": OPERATORS_HOOK if defines_operators_hook(custom) else None,
        "view": ASTERISK_VIEW / "asterisk",
        "sounds": ASTERISK_VIEW / "sounds",
        "recordings": ASTERISK_VIEW / "recordings",
        "unread_events": UNREAD_EVENTS,
        "unserved": unserved_list(),
        "noted": NOTED,
        "emergency": ASTERISK_VIEW / Layout(Path()).emergency_flag,
        "emergency_message": centre.emergency.message,
        "unserved_line": ",".join(f"${{{name}}}" for name in UNSERVED_FIELDS),
        "left_line": ",".join(AT_THE_END.get(name, f"${{{name}}}") for name in UNSERVED_FIELDS),
        "begun": AT_THE_END["MADOGUCHI_BEGUN"],
        "caller": AT_THE_END["MADOGUCHI_CALLER"],
        "sip_call": AT_THE_END["MADOGUCHI_SIP_CALL"],
        "system_name": f"madoguchi-{settings.sip_port}",
        "timezone": centre.timezone,
        "address": ADDRESS,
        "ports": {"sip": settings.sip_port, "http": settings.asterisk_http_port, "ami": settings.ami_port},
        "rtp": _rtp_range(settings.sip_port),
        "modules": MODULES,
        "realm": REALM,
        "desk": DESK,
        "trunks": [trunk_facts(trunk, centre, settings, secrets.trunks) for trunk in centre.trunks],
        "transports": transports(centre.trunks),
        "calling": centre.calling,
        "tls": ASTERISK_VIEW / "asterisk" / "tls",
        "timer_t1_ms": TIMER_T1_MS,
        "timer_b_ms": TIMER_B_MS,
        "codecs": tuple(dict.fromkeys(codec for trunk in centre.trunks for codec in trunk.codecs)),
        "phones": [_phone(agent) for agent in sorted(roster, key=lambda agent: agent.extension)],
        "referrals": sorted(national_digits(number) for number in transferable(centre.referrals)),
        "recording_notice": centre.recording.notice,
        "secrets": secrets,
        "ring_s": RING_S,
        "retry_s": RETRY_S,
        "tries": TRIES,
        "driven": DRIVEN,
        "asked_at_once": ASKED_AT_ONCE,
        "told_at_once": TOLD_AT_ONCE,
    }
    own = {
        name.removesuffix(".j2"): _environment().get_template(name).render(facts)
        for name in _environment().list_templates(extensions=["j2"])
    }
    return own | added


def unserved_list() -> PurePosixPath:
    """Return where Asterisk lists calls that the controller did not see to their end."""
    return ASTERISK_VIEW / "asterisk" / "spool" / "unserved.csv"


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("dialplan"),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 - Asterisk's files are not HTML
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _rtp_range(sip_port: int) -> Mapping[str, int]:
    first = RTP_FIRST + sip_port % RTP_RANGES * RTP_SIZE
    return {"first": first, "last": first + RTP_SIZE - 1}


def _phone(agent: Agent) -> Mapping[str, str]:
    if agent.sip_password is None:
        raise ValueError(
            f"operator {agent.name} has no SIP password yet; the roster gives every operator one"
        )
    return {"extension": agent.extension, "digest": digest(agent.extension, agent.sip_password)}


def digest(extension: str, password: str) -> str:
    """Return HA1 of RFC 7616, so that no password stands in a file and none can break its syntax."""
    return hashlib.md5(f"{extension}:{REALM}:{password}".encode(), usedforsecurity=False).hexdigest()
