"""The line behaves like a plain list that is sorted at every question, whatever happens to it."""

from dataclasses import dataclass
from itertools import count

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from telephony.model.ids import CallId, Instant, QueueName
from telephony.model.line import Line, Seat

QUEUES = [QueueName(name) for name in "xyz"]
TIERS = 3
seats = st.lists(
    st.tuples(st.sampled_from(QUEUES), st.integers(0, TIERS - 1)), unique_by=lambda seat: seat[0]
)


@dataclass
class Naive:
    """A waiting call as the rule book sees it."""

    call: CallId
    queue: QueueName
    since: int
    priority: int
    slope: int
    tier: int
    joined: int

    def turn(self, now: int) -> tuple[float, ...]:
        """Larger value first; of equals the gentler slope, then who came first, then who joined first."""
        return -(self.priority + self.slope * (now - self.since)), self.slope, self.since, self.joined


class LineMachine(RuleBasedStateMachine):
    """Random comings and goings; every answer is compared."""

    def __init__(self) -> None:
        super().__init__()
        self.line = Line()
        self.naive: dict[CallId, Naive] = {}
        self.serials = count(1)
        self.now = 1

    def in_order(self) -> list[Naive]:
        return sorted(self.naive.values(), key=lambda waiting: waiting.turn(self.now))

    def some_call(self, data: st.DataObject) -> CallId:
        return data.draw(st.sampled_from(sorted(self.naive)))

    @rule(seconds=st.integers(0, 30))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    @rule(
        queue=st.sampled_from(QUEUES),
        ago=st.integers(0, 20),
        priority=st.sampled_from([0, 0, 0, 5, 100]),
        slope=st.sampled_from([1, 1, 2, 3]),
        tier=st.integers(0, TIERS - 1),
    )
    def join(self, queue: QueueName, ago: int, priority: int, slope: int, tier: int) -> None:
        serial = next(self.serials)
        call = CallId(f"call-{serial:03}")
        since = self.now - ago
        self.line.join(call, queue, since=Instant(since), priority=priority, slope=slope, tier=tier)
        self.naive[call] = Naive(call, queue, since, priority, slope, tier, serial)

    @precondition(lambda self: self.naive)
    @rule(data=st.data(), tier=st.integers(0, TIERS - 1))
    def open_tier(self, data: st.DataObject, tier: int) -> None:
        call = self.some_call(data)
        self.line.open_tier(call, tier)
        self.naive[call].tier = max(self.naive[call].tier, tier)

    @precondition(lambda self: self.naive)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        call = self.some_call(data)
        self.line.leave(call)
        del self.naive[call]

    @rule(seats=seats, refusing=st.sets(st.integers(0, 9)), take=st.booleans())
    def next_for(self, seats: list[Seat], refusing: set[int], *, take: bool) -> None:
        def refused(call: CallId) -> bool:
            return int(call[-1]) in refusing

        served = dict(seats)
        expected = [
            waiting.call
            for waiting in self.in_order()
            if waiting.queue in served and waiting.tier >= served[waiting.queue] and not refused(waiting.call)
        ]
        found = self.line.next_for(seats, Instant(self.now), refused)
        assert found == (expected[0] if expected else None)
        if take and found is not None:
            self.line.leave(found)
            del self.naive[found]

    @invariant()
    def order_lengths_and_positions_agree(self) -> None:
        order = self.in_order()
        now = Instant(self.now)
        assert [waiting.call for waiting in order] == self.line.waiting(now)
        assert len(order) == len(self.line)
        for queue in QUEUES:
            own = [waiting.call for waiting in order if waiting.queue == queue]
            assert own == self.line.waiting(now, queue)
            assert len(own) == self.line.length(queue)
            assert list(range(1, len(own) + 1)) == [self.line.position(call, now) for call in own]


TestLine = LineMachine.TestCase
TestLine.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_a_thousand_calls_that_come_and_go_leave_nothing_behind() -> None:
    line = Line()
    for n in range(1000):
        line.join(CallId(f"{n}"), QUEUES[n % 3], since=Instant(n), priority=0, slope=1 + n % 2)
        if n >= 10:
            line.leave(CallId(f"{n - 10}"))
    assert [f"{n}" for n in range(990, 1000)] == sorted(line.waiting(Instant(1000)), key=int)
    for n in range(990, 1000):
        line.leave(CallId(f"{n}"))
    assert line.waiting(Instant(1000)) == []
    assert len(line) == 0
