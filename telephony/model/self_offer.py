"""Self-service by keypad is offered to a caller outside hours (R3, R4). The rest is in ``self_service``."""

from collections.abc import Mapping, Sequence

from telephony.model.call import Call
from telephony.model.commands import ForgetBooking
from telephony.model.events import Timer
from telephony.model.floor import Floor
from telephony.model.hearing import say
from telephony.model.self_booking import SelfService, Talk
from telephony.model.states import CallState


def is_offered(floor: Floor) -> bool:
    """Whether callers outside hours may book by keypad."""
    settings = floor.plan.self_service
    return settings is not None and settings.after_hours


def offer(floor: Floor, call: Call, prompts: Sequence[str], variables: Mapping[str, object]) -> None:
    """Say *prompts*, which tell that nobody answers, and then that the caller can book by keypad."""
    call.self_service = SelfService(Talk.OFFER, after_hours=True)
    floor.move(call, CallState.SELF_SERVICE)
    say(floor, call, (*prompts, "self-service-offer"), variables)
    floor.arm(call, Timer.SELF_SERVICE, floor.plan.calling.announcement_limit_s)


def forget(floor: Floor, call: Call) -> None:
    """End the dialogue, if there is one; a seat that is kept for it is given back."""
    if call.self_service is not None:
        call.self_service = None
        floor.do(ForgetBooking(call.id))
