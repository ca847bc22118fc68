"""Who waits, and whose turn it is: the rules one by one."""

import random
from collections import Counter
from math import inf

import pytest

from telephony.model.ids import CallId, Instant, QueueName
from telephony.model.line import Line

BOOK, PIN = QueueName("book"), QueueName("pin")
BOTH = [(BOOK, 0), (PIN, 0)]


def nobody(_: CallId) -> bool:
    return False


def join(  # noqa: PLR0913 - as many as decide a place in line
    line: Line, name: str, since: float, queue: QueueName = BOOK, *, priority: float = 0, slope: float = 1
) -> CallId:
    call = CallId(name)
    line.join(call, queue, since=Instant(since), priority=priority, slope=slope)
    return call


def served(line: Line, now: float, seats: list[tuple[QueueName, int]] = BOTH) -> list[CallId]:
    """Serve everybody and return the order."""
    order = []
    while (call := line.next_for(seats, Instant(now), nobody)) is not None:
        line.leave(call)
        order.append(call)
    return order


def test_equal_priority_and_slope_is_first_come_first_served_over_all_queues() -> None:
    line = Line()
    for since, (name, queue) in enumerate([("a", BOOK), ("b", PIN), ("c", BOOK), ("d", PIN)]):
        join(line, name, since, queue)
    assert ["a", "b", "c", "d"] == served(line, 10)


def test_those_who_came_at_the_same_instant_go_in_the_order_they_joined() -> None:
    line = Line()
    for name in "cab":
        join(line, name, 5)
    assert ["c", "a", "b"] == served(line, 5)


def test_priority_counts_like_seconds_waited_times_slope() -> None:
    line = Line()
    join(line, "early", 0)
    join(line, "city", 60, priority=50)
    assert ["early", "city"] == line.waiting(Instant(60))
    join(line, "mayor", 60, priority=61)
    assert ["mayor", "early", "city"] == served(line, 60)


def test_a_steeper_slope_overtakes_when_its_value_is_larger_and_not_before() -> None:
    line = Line()
    join(line, "book", 0, BOOK, slope=1)
    join(line, "pin", 60, PIN, slope=3)
    assert line.next_for(BOTH, Instant(89), nobody) == "book"
    assert line.next_for(BOTH, Instant(91), nobody) == "pin"


def test_whoever_is_put_back_keeps_the_place() -> None:
    line = Line()
    first, second = join(line, "first", 0), join(line, "second", 1)
    line.leave(first)
    join(line, "first", 0)
    assert [first, second] == served(line, 100)


def test_infinite_priority_goes_to_the_front() -> None:
    line = Line()
    join(line, "early", 0, priority=1_000_000)
    join(line, "moved", 900, priority=inf)
    assert ["moved", "early"] == served(line, 1000)


def test_an_operator_of_a_lower_tier_gets_only_calls_that_have_reached_it() -> None:
    line = Line()
    waiting = [join(line, name, since) for since, name in enumerate("abc")]
    second_tier = [(BOOK, 1)]
    assert line.next_for(second_tier, Instant(9), nobody) is None
    line.open_tier(waiting[1], 1)
    assert line.next_for(second_tier, Instant(9), nobody) == "b"
    assert line.next_for([(BOOK, 0)], Instant(9), nobody) == "a"


def test_a_tier_once_open_stays_open() -> None:
    line = Line()
    call = join(line, "a", 0)
    line.open_tier(call, 2)
    line.open_tier(call, 1)
    assert line.next_for([(BOOK, 2)], Instant(1), nobody) == call


def test_a_call_that_the_operator_refused_is_passed_over() -> None:
    line = Line()
    for since, name in enumerate("abc"):
        join(line, name, since)
    assert line.next_for(BOTH, Instant(9), lambda call: call in "ab") == "c"
    assert line.next_for(BOTH, Instant(9), lambda _: True) is None


def test_position_counts_those_of_the_own_queue_who_go_first() -> None:
    line = Line()
    join(line, "a", 0)
    join(line, "other", 1, PIN)
    b = join(line, "b", 2)
    assert line.position(b, Instant(5)) == 2
    join(line, "city", 4, priority=1000)
    assert line.position(b, Instant(5)) == 3
    line.leave(CallId("a"))
    assert line.position(b, Instant(5)) == 2


def test_a_slope_that_operations_change_holds_for_new_calls_and_old_ones_keep_theirs() -> None:
    line = Line()
    old, new = join(line, "old", 0, slope=1), join(line, "new", 60, slope=3)
    assert [old, new] == line.waiting(Instant(70), BOOK)
    assert [new, old] == line.waiting(Instant(100), BOOK)
    assert line.position(old, Instant(100)) == 2
    assert [new, old] == served(line, 100)


def test_leaving_twice_is_leaving_once() -> None:
    line = Line()
    call = join(line, "a", 0)
    line.leave(call)
    line.leave(call)
    assert (len(line), line.length(BOOK), call in line) == (0, 0, False)


def test_waiting_twice_at_once_is_refused_and_changes_nothing() -> None:
    line = Line()
    join(line, "a", 0)
    with pytest.raises(ValueError, match="waits already"):
        join(line, "a", 5, PIN)
    assert (line.length(BOOK), line.length(PIN)) == (1, 0)


def test_who_does_not_wait_has_no_position_and_no_tier() -> None:
    line = Line()
    with pytest.raises(KeyError):
        line.position(CallId("nobody"), Instant(0))
    with pytest.raises(KeyError):
        line.open_tier(CallId("nobody"), 1)


def test_who_is_ahead_is_counted_by_queue_whatever_the_slopes() -> None:
    """Beside the line's own order: fifty calls of three queues with different slopes and priorities."""
    rng = random.Random(7)
    line, now = Line(), Instant(1_000)
    queues = [QueueName("a"), QueueName("b"), QueueName("c")]
    queue_of = {CallId(f"c{n}"): rng.choice(queues) for n in range(50)}
    for call, queue in queue_of.items():
        slope, priority = rng.choice([1.0, 0.5]), rng.choice([0.0, 40.0])
        line.join(call, queue, since=Instant(rng.uniform(0, 900)), priority=priority, slope=slope)
    order = line.waiting(now)
    for place, call in enumerate(order):
        before = Counter(queue_of[other] for other in order[:place])
        assert {queue: count for queue, count in line.ahead(call, now).items() if count} == before
