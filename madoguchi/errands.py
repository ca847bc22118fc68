"""Who does the model's errands (`telephony.ports.Errands`): each part of the house says which it takes."""

from collections.abc import Callable
from typing import TypeVar

from telephony.model.commands import Errand

Kind = TypeVar("Kind", bound=Errand)


class HouseErrands:
    """Hands each errand to the part that takes its kind."""

    def __init__(self) -> None:
        self._takers: dict[type[Errand], Callable[[Errand], None]] = {}

    def give(self, kind: type[Kind], taker: Callable[[Kind], None]) -> None:
        """Let *taker*, which must not block, have the errands of this kind."""

        def take(errand: Errand) -> None:
            if isinstance(errand, kind):
                taker(errand)

        self._takers[kind] = take

    def run(self, errand: Errand) -> None:
        """Begin it. Raises KeyError for a kind that nobody takes."""
        self._takers[type(errand)](errand)
