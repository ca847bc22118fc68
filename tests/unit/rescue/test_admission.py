"""While the machine is short of time no more calls come in than there are; a moment of it is no reason."""

from telephony.rescue.admission import MORE, PATIENCE, Admission
from telephony.rescue.processors import CALM, PLENTY, SHORT

BUSY, FAIR, FREE = SHORT - 0.01, (SHORT + PLENTY) / 2, PLENTY + 0.01
NO_BOUND = Admission()


def rooms(*looks: tuple[float, int | None], admitted: Admission = NO_BOUND) -> list[int | None]:
    """Return what room there is after each look."""
    found = []
    for unused, calls in looks:
        admitted = admitted.after(unused, calls)
        found.append(admitted.room)
    return found


def bounded(calls: int) -> Admission:
    """Return what a machine says that has been short for a while with so many *calls*."""
    admitted = Admission()
    for _ in range(PATIENCE):
        admitted = admitted.after(BUSY, calls)
    return admitted


def test_a_moment_of_other_work_takes_no_call_away() -> None:
    moment = [(BUSY, 300)] * (PATIENCE - 1)
    assert {None} == set(rooms(*moment, (FAIR, 300), *moment, (FREE, 300)))


def test_whoever_is_short_for_a_while_lets_no_more_in_than_there_are() -> None:
    assert 300 == bounded(300).room
    assert [300, 280, 280] == rooms((BUSY, 310), (BUSY, 280), (BUSY, 295), admitted=bounded(300))


def test_the_bound_stays_until_there_is_plenty_and_then_grows_until_it_is_calm() -> None:
    looks = [(FAIR, 300), (FREE, 300), (FREE, 310), (CALM + 0.01, 40)]
    assert [300, 300 + MORE, 300 + 2 * MORE, None] == rooms(*looks, admitted=bounded(300))


def test_who_was_short_again_has_to_be_so_for_a_while_again() -> None:
    grown = bounded(300).after(FREE, 300)
    assert [310] * (PATIENCE - 1) + [250] == rooms(*[(BUSY, 250)] * PATIENCE, admitted=grown)


def test_where_nobody_says_how_many_calls_there_are_nothing_changes_for_the_worse() -> None:
    assert {None} == set(rooms(*[(BUSY, None)] * 20))
    assert {300} == set(rooms(*[(BUSY, None)] * 20, admitted=bounded(300)))


def test_it_is_said_before_whether_the_next_look_needs_the_number_of_calls() -> None:
    admitted, needed = Admission(), []
    for _ in range(PATIENCE + 1):
        needed.append(admitted.wants_calls)
        admitted = admitted.after(BUSY, 300)
    assert [False] * (PATIENCE - 1) + [True, True] == needed
