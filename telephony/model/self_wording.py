"""The words of the dialogue by keypad, put together from prompts that were rendered ahead (R5).

A venue and a service have a prompt each, made from the plan (``sounds.catalogue``).
"""

from collections.abc import Mapping

from telephony.model.call import Call
from telephony.model.floor import Floor
from telephony.model.ids import Instant
from telephony.model.self_booking import Reservation, SelfService, Talk
from telephony.model.self_typing import own_number

Words = tuple[tuple[str, ...], Mapping[str, object]]

_PLAIN = {
    Talk.OFFER: "self-service-offer",
    Talk.NOTICE: "self-service-notice",
    Talk.BIRTH: "self-service-birth",
    Talk.CANCEL: "self-service-cancel",
}


def question(floor: Floor, call: Call, service: SelfService) -> Words:
    """Return what asks the question that the dialogue is at."""
    if service.talk is Talk.PHONE:
        return (("self-service-phone" if own_number(call) is None else "self-service-phone-own"),), {}
    if service.talk is Talk.FOUND and service.reservation is not None:
        found = service.reservation
        return _choice(floor, call, service, ("found", found.venue, found.starts_at))
    if service.talk is Talk.SLOT and service.slot is not None:
        return _choice(floor, call, service, ("slot", service.slot.venue, service.slot.starts_at))
    return (_PLAIN[service.talk],), {}


def _choice(floor: Floor, call: Call, service: SelfService, told: tuple[str, str, Instant]) -> Words:
    what, venue, starts_at = told
    where, when = _where_and_when(floor, venue, starts_at)
    words = (f"self-service-{what}", *where, f"self-service-{what}-keys")
    if not service.after_hours:
        return (*words, "self-service-operator"), when
    calls_back = floor.trunk_of(call.dialled).outbound is not None
    return (*words, "self-service-callback") if calls_back else words, when


def read_back(floor: Floor, does: str, reservation: Reservation) -> Words:
    """Return what tells of a reservation that was made or moved: its number twice, and what to bring."""
    where, when = _where_and_when(floor, reservation.venue, reservation.starts_at)
    numbers = ("self-service-number", "self-service-number-again")
    known = floor.plan.booking.service(reservation.service)
    bring = () if known is None or not known.bring else (f"bring-{known.name}",)
    return (f"self-service-{does}", *where, *numbers, *bring), {**when, "number": reservation.number}


def _where_and_when(floor: Floor, venue: str, starts_at: Instant) -> Words:
    """Return the place, unless the plan has it no more, and the time."""
    local = floor.calendar.local(starts_at)
    where = () if floor.plan.booking.venue(venue) is None else (f"venue-{venue}",)
    when = {"day": local.date(), "at": local.time().replace(second=0, microsecond=0)}
    return (*where, "self-service-when"), when
