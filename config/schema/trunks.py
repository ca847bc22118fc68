"""Trunks to the carrier, and the numbers that citizens dial (R1)."""

from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from config.schema.base import Part, PhoneNumber, Slug
from config.schema.callbacks import Outbound

WIDEST = 2**16
"""A carrier signals from a few addresses. A wider network is a slip, and would let strangers in."""


def _narrow(network: IPv4Network | IPv6Network) -> IPv4Network | IPv6Network:
    if isinstance(network, IPv4Network) and network.num_addresses > WIDEST:
        raise ValueError(
            f"covers {network.num_addresses} addresses; name the carrier's own, at most a /16 network"
        )
    return network


class Trunk(Part):
    """A carrier that is recognised by the address its packets come from.

    Without *outbound* no call can be placed through it, and no callback is offered to its callers.
    Calls beyond *max_calls* at once, or beyond *max_new_per_s* new ones within one second, hear an
    announcement instead of being let in (R3); ``python -m bench.surge`` measures what a machine can take.
    """

    name: Slug
    addresses: Annotated[
        tuple[Annotated[IPv4Network | IPv6Network, AfterValidator(_narrow)], ...], Field(min_length=1)
    ]
    codecs: Annotated[tuple[Literal["ulaw", "alaw", "g722", "opus"], ...], Field(min_length=1)] = ("ulaw",)
    max_calls: Annotated[int, Field(ge=1, le=10_000)] = 500
    outbound: Outbound | None = None
    max_new_per_s: Annotated[int, Field(ge=1, le=10_000)] = 30


class Number(Part):
    """A number that the carrier delivers to us, and the menu that answers it."""

    number: PhoneNumber
    trunk: Slug
    menu: Slug
    greeting: Slug = "greeting"
