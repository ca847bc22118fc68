"""Ring a place on the referral list through the trunk that the call came in by (R10)."""

from telephony.model.call import Call
from telephony.model.events import Timer
from telephony.model.floor import Floor
from telephony.model.hearing import hush
from telephony.model.matching import RING_GRACE_S
from telephony.model.states import CallState
from telephony.model.transferring.commands import CallReferral
from telephony.model.transferring.reaching import referral

RING_S = 30
"""A department's telephone is not on a desk where somebody waits for it: longer than for an operator."""


def ring(floor: Floor, call: Call, name: str) -> None:
    """Let the telephone of referral *name* ring; `reaching.check` has found it before."""
    place, trunk = referral(floor, name), floor.trunk_of(call.dialled)
    if place is None or trunk.outbound is None:
        raise RuntimeError(f"{name} was not checked")
    hush(floor, call)
    call.last_offer, call.referral = floor.new_offer(), name
    floor.note(call, "referral.called", referral=name, offer=call.last_offer)
    shown = trunk.outbound.caller_number or call.dialled
    floor.do(CallReferral(call.id, call.last_offer, place.number, trunk.name, shown, RING_S))
    floor.move(call, CallState.REFERRING)
    floor.arm(call, Timer.RING, RING_S + RING_GRACE_S)
