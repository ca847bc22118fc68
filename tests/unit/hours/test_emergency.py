"""The disaster mode's switch: a file for Asterisk, and two persons where the plan wants them."""

from pathlib import Path

import pytest

from config.layout import Layout
from config.schema import Centre
from madoguchi.hours import emergency
from madoguchi.hours.emergency import EmergencyRefused, Wish, message_in_force, switch
from tests.unit.model.plans import plan


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path)
    layout.sounds.mkdir()
    layout.emergency_flag.parent.mkdir(parents=True)
    for name in ("emergency", "typhoon"):
        (layout.sounds / f"{name}.sln16").touch()
    return layout


@pytest.fixture
def two() -> Centre:
    return plan(emergency={"two_persons": True})


def test_it_is_on_while_the_file_is_there(layout: Layout) -> None:
    assert message_in_force(layout) is None
    assert switch(layout, plan(), Wish("typhoon", "sato"))
    assert message_in_force(layout) == "typhoon"
    assert layout.emergency_flag.read_text().splitlines()[:2] == ["typhoon", "sato"]
    assert layout.emergency_flag.stat().st_mode & 0o777 == 0o644, "Asterisk's user must read it"
    assert switch(layout, plan(), Wish(None, "sato"))
    assert message_in_force(layout) is None


@pytest.mark.parametrize("message", ["tsunami", "../typhoon", "typhoon&x", ""])
def test_a_message_that_could_not_be_said_is_refused_and_nothing_changes(
    layout: Layout, message: str
) -> None:
    with pytest.raises(EmergencyRefused, match="There is no sound"):
        switch(layout, plan(), Wish(message, "sato"))
    assert message_in_force(layout) is None


def test_one_person_alone_is_not_enough_where_two_must_agree(layout: Layout, two: Centre) -> None:
    assert not switch(layout, two, Wish("emergency", "sato"))
    assert not switch(layout, two, Wish("emergency", "sato"))
    assert message_in_force(layout) is None


def test_the_second_person_switches_it_on_and_two_switch_it_off(layout: Layout, two: Centre) -> None:
    switch(layout, two, Wish("emergency", "sato"))
    assert switch(layout, two, Wish("emergency", "suzuki"))
    assert message_in_force(layout) == "emergency"
    assert not switch(layout, two, Wish(None, "suzuki")), "the request was used up"
    assert switch(layout, two, Wish(None, "sato"))


def test_the_second_person_must_want_the_same(layout: Layout, two: Centre) -> None:
    switch(layout, two, Wish("emergency", "sato"))
    assert not switch(layout, two, Wish("typhoon", "suzuki"))


def test_a_request_is_forgotten_after_a_while(
    layout: Layout, two: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch(layout, two, Wish("emergency", "sato"))
    monkeypatch.setattr(emergency, "CONFIRMED_WITHIN", emergency.CONFIRMED_WITHIN * 0)
    assert not switch(layout, two, Wish("emergency", "suzuki"))


def test_a_damaged_request_confirms_nothing(layout: Layout, two: Centre) -> None:
    layout.emergency_request.write_text("{")
    assert not switch(layout, two, Wish("emergency", "suzuki"))
