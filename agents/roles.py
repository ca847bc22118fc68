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

FLOOR = frozenset({Role.SUPERVISOR, Role.MANAGER, Role.OPS})
"""Those who see everybody's calls and states."""
