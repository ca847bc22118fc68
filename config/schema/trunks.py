"""Trunks to the carrier, and the numbers that citizens dial (R1)."""

from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Network
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from config.schema.base import Account, Host, Part, PhoneNumber, Port, Slug

WIDEST = 2**16
"""A carrier signals from a few addresses. A wider network is a slip, and would let strangers in."""


def _narrow(network: IPv4Network | IPv6Network) -> IPv4Network | IPv6Network:
    if isinstance(network, IPv4Network) and network.num_addresses > WIDEST:
        raise ValueError(
            f"covers {network.num_addresses} addresses; name the carrier's own, at most a /16 network"
        )
    return network


class Transport(StrEnum):
    """What carries SIP."""

    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"


class Identity(StrEnum):
    """Where the carrier reads which of our numbers calls."""

    FROM = "from"
    P_PREFERRED = "p-preferred"
    """P-Preferred-Identity, which a carrier checks before it asserts it (RFC 3325, section 9.2)."""

    P_ASSERTED = "p-asserted"


class SessionTimers(StrEnum):
    """RFC 4028: whether both sides prove now and then that the call is still there."""

    OFF = "off"
    ACCEPT = "accept"
    REQUIRE = "require"


class Registration(Part):
    """The carrier is told where we are; the password stands in ``MADOGUCHI_HOME/trunks/<trunk>.secret``."""

    server: Host
    port: Port = 5060
    user: Account
    expires_s: Annotated[int, Field(ge=60, le=86_400)] = 300


class Outbound(Part):
    """Where a trunk takes the calls that we place, and as whom.

    Without *port* it is the port that our own SIP listens on; without *caller_number* the citizen sees the
    number that he or she had dialled. *domain* is what stands behind the @ of our own address. *account*:
    From names the account that registers, and only *identity* names the number. When the carrier does not
    take a call (no answer, or one like 503), the call goes to the trunk *backup*.
    """

    address: IPv4Address
    port: Port | None = None
    caller_number: PhoneNumber | None = None
    identity: Identity = Identity.FROM
    domain: Host | None = None
    account: bool = False
    backup: Slug | None = None


class Trunk(Part):
    """A carrier that is recognised by the address its packets come from.

    Without *outbound* no call can be placed through it, and no callback is offered to its callers.
    Calls beyond *max_calls* at once, or beyond *max_new_per_s* new ones within one second, hear an
    announcement instead of being let in (R3); ``python -m bench.surge`` measures what a machine can take.
    While the machine is short of processor time no more come in than there are, but always *min_calls*.

    *listen* is the address of this machine that the carrier reaches, where it is not loopback; other
    transports than UDP take *listen_port* there. *encrypted*: sound by SRTP, with keys in the SDP (RFC 4568).
    Every *qualify_s* seconds the carrier is asked by OPTIONS whether it lives (0: never). A call without any
    packet of sound for *rtp_timeout_s* seconds is over (0: never).
    """

    name: Slug
    addresses: Annotated[
        tuple[Annotated[IPv4Network | IPv6Network, AfterValidator(_narrow)], ...], Field(min_length=1)
    ]
    codecs: Annotated[tuple[Literal["ulaw", "alaw", "g722", "opus"], ...], Field(min_length=1)] = ("ulaw",)
    max_calls: Annotated[int, Field(ge=1, le=10_000)] = 500
    min_calls: Annotated[int, Field(ge=1, le=10_000)] = 100
    outbound: Outbound | None = None
    max_new_per_s: Annotated[int, Field(ge=1, le=10_000)] = 26
    transport: Transport = Transport.UDP
    listen: IPv4Address | None = None
    listen_port: Port | None = None
    encrypted: bool = False
    registration: Registration | None = None
    session_timers: SessionTimers = SessionTimers.ACCEPT
    session_expires_s: Annotated[int, Field(ge=90, le=86_400)] = 1_800
    qualify_s: Annotated[int, Field(ge=0, le=3_600)] = 0
    rtp_timeout_s: Annotated[int, Field(ge=0, le=86_400)] = 300

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        if self.transport is not Transport.UDP and self.listen_port is None:
            raise ValueError(f"needs listen_port, where {self.transport} is taken, for example 5061")
        if self.encrypted and self.transport is not Transport.TLS:
            raise ValueError("needs transport tls: the keys of encrypted sound stand in SIP")
        if self.outbound is not None and self.outbound.account and self.registration is None:
            raise ValueError("needs registration, for outbound account names its user")
        if self.qualify_s and self.outbound is None:
            raise ValueError("needs outbound, the address that qualify_s asks")
        return self


class Number(Part):
    """A number that the carrier delivers to us, and the menu that answers it."""

    number: PhoneNumber
    trunk: Slug
    menu: Slug
    greeting: Slug = "greeting"
