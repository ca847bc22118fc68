"""The booking's table of addresses: who may use which."""

from dataclasses import replace
from http import HTTPStatus

from agents.roles import DESK, EVERYONE, FLOOR, Role
from agents.web.routes import Route
from booking.office import Office
from booking.web.deliveries import DeliveriesQuery, DeliveryHandlers, DeliveryList, DeliveryShape
from booking.web.notes import CallNoteHandlers
from booking.web.problems import telling
from booking.web.reservations import Reservations
from booking.web.slots import SlotHandlers
from booking.wishes import (
    CallNote,
    HoldWish,
    ReservationChange,
    ReservationWish,
    SettlementWish,
    WaitlistWish,
)

_MAY_BOOK = DESK | FLOOR | {Role.CITY}
"""The city books at its own windows, through a channel of its own."""

_ONE, _HOLD = "/api/reservations/{id}", "/api/holds/{id}"
_REFUSED, _GONE = (HTTPStatus.CONFLICT,), (HTTPStatus.NOT_FOUND,)


def booking_routes(office: Office) -> list[Route]:
    """Return the routes of *office*."""
    slots, found, notes = SlotHandlers(office), Reservations(office), CallNoteHandlers(office)
    deliveries = DeliveryHandlers(office.pool, office.plan, office.clock)
    routes = (
        Route("GET", "/api/venues", slots.venues, EVERYONE, "Venues and services", personal=False),
        Route("GET", "/api/slots", slots.slots, EVERYONE, "Slots with what is free", personal=False),
        Route(
            *("POST", "/api/reservations", found.make, _MAY_BOOK, "Make a reservation", ReservationWish),
            status=HTTPStatus.CREATED,
            errors=_REFUSED,
        ),
        Route("GET", "/api/reservations", found.search, EVERYONE, "Find reservations"),
        Route("GET", _ONE, found.one, EVERYONE, "One reservation with its history", errors=_GONE),
        Route("GET", f"{_ONE}/history", found.history, EVERYONE, "The history of one", errors=_GONE),
        Route(
            *("PATCH", _ONE, found.change, _MAY_BOOK, "Move or change a reservation", ReservationChange),
            errors=(*_GONE, *_REFUSED),
        ),
        Route(
            *("DELETE", _ONE, found.cancel, _MAY_BOOK, "Cancel a reservation"),
            errors=(*_GONE, *_REFUSED),
        ),
        Route("GET", "/api/holds", slots.holds, EVERYONE, "Seats that are held", personal=False),
        Route(
            *("POST", "/api/holds", slots.hold, _MAY_BOOK, "Hold seats of a slot", HoldWish),
            status=HTTPStatus.CREATED,
            errors=_REFUSED,
        ),
        Route("POST", f"{_HOLD}/renew", slots.renew, _MAY_BOOK, "Hold on for longer", errors=_REFUSED),
        Route(
            *("POST", f"{_HOLD}/takeover", slots.take_over, _MAY_BOOK, "Take over a hold"),
            errors=_REFUSED,
        ),
        Route(
            *("DELETE", _HOLD, slots.release, _MAY_BOOK, "Release a hold"),
            status=HTTPStatus.NO_CONTENT,
            errors=_REFUSED,
        ),
        Route(
            *("POST", "/api/calls/{id}/notes", notes.write, _MAY_BOOK, "Note something of a call", CallNote),
            status=HTTPStatus.NO_CONTENT,
        ),
        Route("GET", "/api/waitlist", slots.waiting, EVERYONE, "Who waits for a slot"),
        Route(
            *("POST", "/api/waitlist", slots.enter, _MAY_BOOK, "Put on the waiting list", WaitlistWish),
            status=HTTPStatus.CREATED,
        ),
        Route(
            *("DELETE", "/api/waitlist/{id}", slots.withdraw, _MAY_BOOK, "Take off the waiting list"),
            status=HTTPStatus.NO_CONTENT,
            errors=(*_GONE, *_REFUSED),
        ),
        Route(
            *("GET", "/api/deliveries", deliveries.list, EVERYONE, "Changes on their way to the city"),
            query=DeliveriesQuery,
            answer=DeliveryList,
        ),
        Route(
            *("POST", "/api/deliveries/{key}/settlement", deliveries.settle, FLOOR),
            *("Settle by hand what the city's system does not take", SettlementWish),
            answer=DeliveryShape,
            errors=(*_GONE, *_REFUSED),
        ),
    )
    return [replace(route, handler=telling(route.handler)) for route in routes]
