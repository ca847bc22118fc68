"""Which packets of a recording belong to one call: its trunk's leg, its callbacks', and operators' phones'.

A leg to an operator's phone has a Call-ID of its own that no record knows. It is found by where and when it
began: an INVITE to the extension that was offered the call, in the moments after the offer.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from madoguchi.tracing.pcap import Packet, header

BEFORE_S, AFTER_S = 0.5, 3.0
_USER = re.compile(r"sips?:([^@;>]+)@")


def of_call(
    packets: Sequence[Packet], call: Mapping[str, Any], extensions: Mapping[str, str]
) -> list[Packet]:
    """Return the packets of *call* (a record with its timeline); *extensions* are the operators' by name."""
    wanted = {*_known(call), *_offered(packets, call.get("offers", ()), extensions)}
    return [packet for packet in packets if packet.call_id in wanted]


def _known(call: Mapping[str, Any]) -> Iterable[str]:
    if call.get("sip_call_id"):
        yield str(call["sip_call_id"])
    for entry in call.get("timeline", ()):
        if entry.get("sip_call_id"):
            yield str(entry["sip_call_id"])


def _offered(
    packets: Sequence[Packet], offers: Iterable[Mapping[str, Any]], extensions: Mapping[str, str]
) -> Iterable[str]:
    for offer in offers:
        at, extension = datetime.fromisoformat(offer["at"]).timestamp(), extensions.get(offer["agent"])
        for packet in packets:
            near = at - BEFORE_S <= packet.at <= at + AFTER_S
            if near and not packet.received and extension is not None and _rings(packet, extension):
                yield packet.call_id


def _rings(packet: Packet, extension: str) -> bool:
    found = _USER.search(header(packet.text, "to", "t"))
    return packet.text.startswith("INVITE ") and found is not None and found[1] == extension
