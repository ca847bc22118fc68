"""Self-service by keypad: what callers can book without an operator, and when (R3, R5)."""

from config.schema.base import Part, Slug


class SelfService(Part):
    """What is booked by keypad: *service* of ``[booking]``, through its channel ``keypad``.

    With *after_hours* it is offered behind the announcement of closed hours as well; while waiting it is an
    overflow key that does ``self-service``.
    """

    service: Slug
    after_hours: bool = True
