"""An operator answered and transferred at once, and no news of the answer had reached us."""

from telephony.model.call import Call
from telephony.model.floor import Floor
from telephony.model.offering import take_up
from telephony.model.transferring.beginning import on_sent_by_phone
from telephony.model.transferring.events import CallerTransferred


def on_transferred_unseen(floor: Floor, call: Call, event: CallerTransferred) -> None:
    """They have talked, and the operator's phone sent the caller on."""
    if call.offer is None:
        raise RuntimeError(f"call {call.id} has no offer")  # the table allows no such event
    take_up(floor, call, call.offer)
    on_sent_by_phone(floor, call, event)
