"""Single values change; comments and everything else stay."""

import pytest

from madoguchi.publication.editing import WrongPath, edit

TEXT = """\
# the centre
title = "A"  # as callers know it

[calling]
acw_s = 60   # seconds

[[queues]]
name = "booking"
tiers = [
  { after_s = 0, min_weight = 7 },  # the best first
  { after_s = 15, min_weight = 1 },
]
"""


def test_values_change_and_comments_stay() -> None:
    changes = {"title": "B", "calling.acw_s": 90, "queues.booking.tiers.1.after_s": 20}
    wanted = TEXT.replace('"A"', '"B"').replace("= 60", "= 90").replace("after_s = 15", "after_s = 20")
    assert edit(TEXT, changes) == wanted


def test_a_new_value_is_added_where_it_belongs() -> None:
    assert "ring_s = 25" in edit(TEXT, {"queues.booking.ring_s": 25})


@pytest.mark.parametrize("path", ["queues.card.ring_s", "queues.5.ring_s", "nothing.here", "title.a"])
def test_a_path_that_leads_nowhere_is_said(path: str) -> None:
    with pytest.raises(WrongPath, match=path):
        edit(TEXT, {path: 1})


def test_what_is_not_toml_is_said() -> None:
    with pytest.raises(WrongPath, match="not TOML"):
        edit("a = ", {"a": 1})
