"""A command is taken back once, by whoever gave it, within a minute."""

from agents.undoing import GOOD_FOR_S, Undoing


class Clock:
    """Seconds that a test lets pass."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def nothing() -> None:
    """Do nothing."""


def test_the_last_command_of_whoever_asks_is_taken_back_once() -> None:
    undoing = Undoing(Clock())
    undoing.keep("tanaka", "first", nothing)
    undoing.keep("tanaka", "second", nothing)
    undoing.keep("mori", "theirs", nothing)

    taken = [undoing.take("tanaka") for _ in range(3)]

    assert [each and each.what for each in taken] == ["second", "first", None]


def test_a_token_takes_back_exactly_its_command_and_nobody_elses() -> None:
    undoing = Undoing(Clock())
    token = undoing.keep("tanaka", "first", nothing)
    undoing.keep("tanaka", "second", nothing)

    assert undoing.take("mori", token) is None
    taken = undoing.take("tanaka", token)
    assert taken is not None
    assert taken.what == "first"


def test_a_minute_later_it_is_too_late() -> None:
    clock = Clock()
    undoing = Undoing(clock)
    token = undoing.keep("tanaka", "first", nothing)

    clock.now = GOOD_FOR_S

    assert undoing.take("tanaka", token) is None
