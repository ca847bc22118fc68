"""Transfers in a random day: who wishes for them, and what the switch does."""

from typing import TYPE_CHECKING

from telephony.model import events as ev
from telephony.model.ids import CallId, LegId
from telephony.model.transferring.commands import CallReferral
from telephony.model.transferring.events import CallerTransferred, TransferRequested
from telephony.model.transferring.target import Kind, Target

if TYPE_CHECKING:
    from tests.unit.model.day import Day, Leg


def wish_to_transfer(day: "Day", call: CallId) -> None:
    """Let somebody transfer *call* at any time, if at all; at a screen or at a phone."""
    rng = day.rng
    for _ in range(rng.choice([0, 0, 1, 3])):
        kind = rng.choice(list(Kind))
        names = {
            Kind.OPERATOR: [person.name for person in day.people],
            Kind.QUEUE: ["booking", "card"],
            Kind.REFERRAL: ["koseki", "told-only"],
        }
        target = Target(kind, rng.choice(names[kind]))
        day.later(rng.uniform(0, 200), TransferRequested(call, target, rng.choice(["agent", "supervisor"])))


def take_from_operator(day: "Day", leg: "Leg", call: CallId) -> None:
    """Redirect the caller: mostly done, sometimes refused, and refused for one who is not talking."""
    after = day.rng.uniform(0, 0.02)
    if leg.place == "bridged" and leg.offer is not None and day.rng.random() < 0.9:
        day.later(after, CallerTransferred(call, leg.offer.offer, None))
    else:
        day.later(after, ev.CommandRefused(call, "TakeFromOperator", "no such channel"))


def transferred(leg: "Leg", event: CallerTransferred) -> bool:
    """Whether the caller still talked to that operator; then they are in our hands."""
    true = leg.place == "bridged" and leg.offer is not None and leg.offer.offer == event.offer
    if true:
        leg.place, leg.offer, leg.peer, leg.silent = "stasis", None, None, False
    return true


def dial_outside(day: "Day", leg: "Leg", order: CallReferral) -> None:
    """Ring a place outside, which answers or does not."""
    rng, call, offer = day.rng, order.call, order.offer
    leg.place, leg.offer = "dial", order
    day.later(rng.uniform(0, 1), ev.OfferRang(call, offer, LegId(f"out-{offer}")))
    if rng.random() < 0.5:
        day.later(rng.uniform(1, order.ring_s - 1), ev.OfferAnswered(call, offer))
    status = rng.choice([each for each in ev.DialStatus if each is not ev.DialStatus.ANSWER])
    day.later(order.ring_s, ev.OfferReturned(call, offer, status))
