"""Who waits, and whose turn it is when an operator becomes free (R2).

The largest ``priority + slope x seconds waited`` goes first. Within one slope that order never changes, so
calls of one queue and slope stand in sorted lanes, and only the heads of lanes are compared at the moment
of choice. The line must never know an operator, a timer, or why a tier opened.
"""

from collections.abc import Callable, Sequence
from itertools import chain, count

from telephony.model.ids import CallId, Instant, QueueName
from telephony.model.ordered import Entry, SortedLine

Seat = tuple[QueueName, int]
"""A queue that an operator serves, and the tier (0 = best) in which he does."""


class _Waiting:
    """One call's place. *rank* is its value at time 0: ``priority - slope x since``."""

    __slots__ = ("entry", "lane", "tier")

    def __init__(self, call: CallId, lane: "_Lane", rank: float, since: Instant, serial: int) -> None:
        self.lane = lane
        self.tier = -1
        self.entry: Entry[CallId] = (-rank, since, serial, call)


class _Lane:
    """The calls of one queue and slope. Line *t* holds those that have reached tier *t*, so 0 holds all."""

    __slots__ = ("lines", "queue", "slope")

    def __init__(self, queue: QueueName, slope: float) -> None:
        self.queue = queue
        self.slope = slope
        self.lines: list[SortedLine[CallId]] = [SortedLine()]

    def turn(self, entry: Entry[CallId], now: Instant) -> tuple[float, Entry[CallId]]:
        """Return a key that sorts the entries of all lanes into the order they are served at *now*."""
        return entry[0] - self.slope * now, entry

    def open_tier(self, waiting: _Waiting, tier: int) -> None:
        while len(self.lines) <= tier:
            self.lines.append(SortedLine())
        for reached in range(waiting.tier + 1, tier + 1):
            self.lines[reached].add(waiting.entry)
            waiting.tier = reached

    def leave(self, waiting: _Waiting) -> None:
        for line in self.lines[: waiting.tier + 1]:
            line.remove(waiting.entry)


class Line:
    """All waiting calls of all queues."""

    def __init__(self) -> None:
        self._waiting: dict[CallId, _Waiting] = {}
        self._lanes: dict[QueueName, list[_Lane]] = {}
        self._serials = count()

    def __len__(self) -> int:
        return len(self._waiting)

    def __contains__(self, call: object) -> bool:
        return call in self._waiting

    def join(  # noqa: PLR0913 - what decides a place in line is named, one by one
        self,
        call: CallId,
        queue: QueueName,
        *,
        since: Instant,
        priority: float,
        slope: float,
        tier: int = 0,
    ) -> None:
        """Let *call* wait in *queue*, having reached *tier*.

        *since* may lie in the past: who is put back, or asked for a callback, keeps the place.
        *priority* in points (``inf`` goes to the front), *slope* in points per second.

        Raises:
            ValueError: when it waits already.
        """
        if call in self._waiting:
            raise ValueError(f"call {call} waits already")
        lane = self._lane(queue, slope)
        waiting = _Waiting(call, lane, priority - slope * since, since, next(self._serials))
        lane.open_tier(waiting, tier)
        self._waiting[call] = waiting

    def open_tier(self, call: CallId, tier: int) -> None:
        """Let operators down to *tier* answer *call* too. A tier once open stays open.

        Raises:
            KeyError: when it does not wait.
        """
        waiting = self._waiting[call]
        waiting.lane.open_tier(waiting, tier)

    def leave(self, call: CallId) -> None:
        """Take *call* out of the line, if it is in it."""
        waiting = self._waiting.pop(call, None)
        if waiting is None:
            return
        lane = waiting.lane
        lane.leave(waiting)
        lanes = self._lanes[lane.queue]
        if len(lanes) > 1 and not lane.lines[0]:  # a slope that was changed while people waited
            lanes.remove(lane)

    def position(self, call: CallId, now: Instant) -> int:
        """Return the place of *call* among the calls of its queue; 1 is next.

        Raises:
            KeyError: when it does not wait.
        """
        waiting = self._waiting[call]
        own = waiting.lane
        turn = own.turn(waiting.entry, now)
        ahead = own.lines[0].before(waiting.entry)
        for lane in self._lanes[own.queue]:
            if lane is not own:
                ahead += sum(lane.turn(entry, now) < turn for entry in lane.lines[0])
        return ahead + 1

    def ahead(self, call: CallId, now: Instant) -> dict[QueueName, int]:
        """Return, by queue, how many calls would be served before *call* at *now* by somebody for all queues.

        Raises:
            KeyError: when it does not wait.
        """
        waiting = self._waiting[call]
        rank, since, serial, _ = waiting.entry
        counted: dict[QueueName, int] = {}
        for queue, lanes in self._lanes.items():
            for lane in lanes:
                same = (rank + (lane.slope - waiting.lane.slope) * now, since, serial, call)
                counted[queue] = counted.get(queue, 0) + lane.lines[0].before(same)
        return counted

    def waiting(self, now: Instant, queue: QueueName | None = None) -> Sequence[CallId]:
        """Return the calls (of *queue*) in the order they would be served at *now*."""
        lanes = chain(*self._lanes.values()) if queue is None else self._lanes.get(queue, ())
        turns = [lane.turn(entry, now) for lane in lanes for entry in lane.lines[0]]
        return [call for _, (_, _, _, call) in sorted(turns)]

    def length(self, queue: QueueName) -> int:
        """Return how many calls wait in *queue*."""
        return sum(len(lane.lines[0]) for lane in self._lanes.get(queue, ()))

    def next_for(
        self, seats: Sequence[Seat], now: Instant, refused: Callable[[CallId], bool]
    ) -> CallId | None:
        """Return whose turn it is for an operator with these *seats*; it stays in line.

        Only calls that have reached the seat's tier count, and none that the operator *refused*.
        """
        best = None
        for queue, tier in seats:
            for lane in self._lanes.get(queue, ()):
                if tier < len(lane.lines):
                    entry = lane.lines[tier].first(refused)
                    if entry is not None:
                        turn = entry[0] - lane.slope * now, entry  # `_Lane.turn`; a call costs as much again
                        if best is None or turn < best:
                            best = turn
        return best[1][3] if best is not None else None

    def _lane(self, queue: QueueName, slope: float) -> _Lane:
        lanes = self._lanes.setdefault(queue, [])
        for lane in lanes:
            if lane.slope == slope:
                return lane
        lanes.append(_Lane(queue, slope))
        return lanes[-1]
