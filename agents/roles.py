"""Who may do what, as names: the five roles of docs/interface.md, and groups of them."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody is here for."""

    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    CITY = "city"
    OPS = "ops"


EVERYONE = frozenset(Role)
DESK = frozenset({Role.OPERATOR, Role.SUPERVISOR})
"""Those who sit at a telephone."""

OFFICE = EVERYONE - DESK
"""Those who only sign in."""

FLOOR = frozenset({Role.SUPERVISOR, Role.MANAGER, Role.OPS})
"""Those who see everybody's calls and states."""

SECOND_FACTOR = EVERYONE - {Role.OPERATOR}
"""Those who sign in with a code besides the password: they see more than their own calls."""
