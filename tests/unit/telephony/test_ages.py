"""Whatever Asterisk tells is as old as Asterisk says: news that waited together stay together."""

from collections.abc import Mapping
from typing import Any, cast

import pytest

from telephony.asterisk.client import Ari
from telephony.asterisk.control import Control
from telephony.asterisk.manager import Manager
from telephony.engine import Engine
from telephony.model import events as ev
from telephony.model.ids import Instant
from telephony.ports import Journal
from telephony.switchboard import OLDEST_S, Asterisk, Switchboard
from tests.unit.asterisk import messages

LATE_S = 0.06


class Taken:
    """An engine that only remembers what it was told, and how old it was."""

    def __init__(self) -> None:
        self.events: list[tuple[type[ev.Event], float]] = []

    def submit(self, event: ev.Event, *, age_s: float = 0.0) -> None:
        self.events.append((type(event), round(age_s, 3)))

    def now(self) -> Instant:
        return messages.AT_INSTANT


def told(message: Mapping[str, Any], late_s: float = LATE_S) -> list[tuple[type[ev.Event], float]]:
    """Return what the engine hears of *message*, which waited for *late_s* in the socket."""
    ari, manager = cast("Ari", None), cast("Manager", None)
    asterisk = Asterisk(ari, manager, Control(ari, manager))
    taken = Taken()
    board = Switchboard(
        asterisk,
        cast("Engine", taken),
        cast("Journal", None),
        {},
        wall_clock=lambda: messages.AT_INSTANT + late_s,
    )
    board._take(message)  # noqa: SLF001 - the one way in is a real socket
    return taken.events


@pytest.mark.parametrize(
    ("message", "event"),
    [
        (messages.destroyed(), ev.CallerLeft),
        (messages.dial("ANSWER"), ev.OfferAnswered),
        (messages.stasis_start("arrived"), ev.CallArrived),
        (messages.playback_finished("done"), ev.PlaybackEnded),
        (messages.key("1"), ev.KeyPressed),
        (messages.stasis_start("after", "17", "BUSY", context="offer"), ev.OfferReturned),
    ],
)
def test_every_event_is_as_old_as_asterisk_says(message: Mapping[str, Any], event: type) -> None:
    assert told(message) == [(event, LATE_S)]


@pytest.mark.parametrize("late_s", [-3_600.0, OLDEST_S + 1, 3_600.0])
def test_an_age_that_cannot_be_comes_from_a_clock_that_was_set(late_s: float) -> None:
    assert told(messages.destroyed(), late_s) == [(ev.CallerLeft, 0.0)]
