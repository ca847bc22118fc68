"""Telephones for trying the centre: citizens behind the carrier, and operators with a phone.

A small SIP user agent of our own, so that one process runs thirty operators to the millisecond and
keeps a ledger of every message. It speaks G.711 µ-law and RFC 4733 over UDP; nothing here knows the centre.
"""

from madoguchi.demo.phones.caller import Call, Carrier
from madoguchi.demo.phones.endpoint import Address, Endpoint, NoAnswerError
from madoguchi.demo.phones.ledger import Entry, Ledger, Way
from madoguchi.demo.phones.leg import EndedBy, Leg
from madoguchi.demo.phones.operator import (
    Account,
    Answer,
    Behaviour,
    CalledPhone,
    Phone,
    RegistrationError,
    Reject,
    Ring,
    RingOut,
)

__all__ = [
    "Account",
    "Address",
    "Answer",
    "Behaviour",
    "Call",
    "CalledPhone",
    "Carrier",
    "EndedBy",
    "Endpoint",
    "Entry",
    "Ledger",
    "Leg",
    "NoAnswerError",
    "Phone",
    "RegistrationError",
    "Reject",
    "Ring",
    "RingOut",
    "Way",
]
