"""How many callers beyond the bounds hear a voice follows what the processors have left."""

from telephony.rescue.voices import LEAST, MOST, first, next_room

BEGINNING = 40


def after(at_once: int, *unused: float) -> list[int]:
    """Return what follows from each look."""
    found = []
    for share in unused:
        at_once = next_room(at_once, share, BEGINNING)
        found.append(at_once)
    return found


def test_where_time_is_short_there_are_a_third_fewer_each_time_but_never_none() -> None:
    assert [420, 294, 205] == after(600, 0.1, 0.0, 0.34)
    assert LEAST == after(600, *[0.0] * 50)[-1]


def test_where_there_is_plenty_of_time_there_are_some_more_each_time_up_to_what_the_ports_allow() -> None:
    assert [45, 50] == after(BEGINNING, 0.6, 0.6)
    assert MOST == after(BEGINNING, *[0.6] * 150)[-1]


def test_in_between_and_in_calm_times_nothing_swings() -> None:
    assert [300, 300] == after(300, 0.36, 0.49)
    assert [BEGINNING] == after(600, 0.9)
    assert [BEGINNING] == after(LEAST, 0.9)


def test_a_large_machine_begins_with_more() -> None:
    assert (20, 40, MOST) == (first(1), first(2), first(64))
