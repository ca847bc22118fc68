"""A mistake is shown at its line."""

from pathlib import Path

import pytest

from config.loading import ConfigError, Problem, parse_centre
from config.places import line_of

TEXT = """\
title = "x"
trunks = [{ name = "carrier", addresses = ["1"] }]
[hours]
year_end = { first = "12-29" }
[[hours.weekly]]
opens = "09:00"
[[queues]]
name = "a"
[[queues]]
name = "b"
"ring_s" = 20 # [[queues]]
[[queues.tiers]]
after_s = 10
  [[queues.tiers]]
  after_s = 20
[prompts]
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 1),
        (("trunks", 0, "addresses", 0), 2),
        (("hours", "year_end", "first"), 4),
        (("hours", "weekly", 0, "opens"), 6),
        (("queues", 0, "name"), 8),
        (("queues", 1, "ring_s"), 11),
        (("queues", 0, "ring_s"), 7),
        (("queues", 1, "tiers", 1, "after_s"), 15),
        (("prompts", "none"), 16),
        (("nowhere",), 0),
    ],
)
def test_the_line_of_a_path(path: tuple[str | int, ...], line: int) -> None:
    assert line == line_of(TEXT, Problem(path, "is wrong"))


def test_the_parsers_own_line_is_taken() -> None:
    text = "title = 1\n= 2\n"
    with pytest.raises(ConfigError) as refused:
        parse_centre(text, Path("centre.toml"))
    (problem,) = refused.value.problems
    assert 2 == line_of(text, problem)
