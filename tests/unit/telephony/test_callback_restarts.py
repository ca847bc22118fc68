"""Callbacks across kills of the controller: each citizen is called once per attempt, and in order."""

import random
from collections import Counter

import pytest

from telephony.model.events import DialStatus
from telephony.model.ids import CallId
from tests.unit.model.plans import plan
from tests.unit.model.stage import booker
from tests.unit.telephony.callback_world import Behaviour, World

REQUESTS = 200
ATTEMPTS = 3


def number(index: int) -> str:
    """Return the number of the citizen who calls as number *index*."""
    return f"+8190{10_000_000 + index:08}"


def citizens(seed: int) -> dict[str, list[Behaviour]]:
    """Return what each citizen's phone does at each ring."""
    rng = random.Random(seed)
    talk = (DialStatus.ANSWER, 20.0)
    kinds: list[list[Behaviour]] = [
        [talk],
        [talk],
        [(DialStatus.BUSY, 0.2), talk],
        [(DialStatus.NOANSWER, 20.0), (DialStatus.BUSY, 0.2), talk],
        [(DialStatus.CHANUNAVAIL, 0.1), talk],
        [(DialStatus.BUSY, 0.2)],  # always
    ]
    return {number(index): rng.choice(kinds) for index in range(REQUESTS)}


def world(seed: int, operators: int = 1) -> World:
    """Return a world in which all citizens behave as *seed* says."""
    behaviours = citizens(seed)

    def behave(called: str, nth: int) -> Behaviour:
        return behaviours[called][min(nth, len(behaviours[called])) - 1]

    people = tuple(booker(f"sato{index}") for index in range(operators))
    centre = plan(calling={"acw_s": 0}, callbacks={"window_s": 86_400})
    return World(seed, people, behave, centre)


@pytest.mark.parametrize("seed", range(3))
def test_two_hundred_requests_with_restarts_in_between(seed: int) -> None:
    """Each is promised once, called exactly once per attempt, first calls in the order of the places."""
    played = world(seed)
    for index in range(REQUESTS):
        played.dial(f"m-{index}", number(index))
        played.run(4, kills=index % 3 == 0)
    played.run(120)
    promised = dict(played.model.floor.promises)
    assert sorted(promised) == [number(index) for index in range(REQUESTS)]
    floor = played.model.floor
    order = [str(floor.calls[call].caller) for call in floor.line.waiting(played.now)]
    since = {call: floor.calls[promised[call]].waiting_since or 0.0 for call in promised}
    assert order == sorted(promised, key=since.__getitem__)

    played.open()
    for _ in range(REQUESTS):
        played.run(120, kills=1)
    played.run(10_000)
    assert played.kills > REQUESTS
    assert list(dict.fromkeys(ring.number for ring in played.rung)) == order
    rings = Counter(ring.call for ring in played.rung)
    played.journal.flush()
    for called, call in promised.items():
        attempts = [entry.data["attempt"] for entry in played.journal.of(call, "callback.attempted")]
        assert attempts == list(range(1, rings[call] + 1)), called
        assert len(attempts) <= ATTEMPTS
        (ended,) = played.journal.of(call, "call.ended")
        done = [entry.data["result"] for entry in played.journal.of(call, "callback.done")]
        assert done == ["reached" if ended.data["outcome"] == "answered" else "not-reached"]
        assert (done == ["reached"], played.talks.count(call)) in {(True, 1), (False, 0)}, called
    assert played.model.floor.calls == {}
    assert played.legs == {}


@pytest.mark.parametrize("seed", range(4))
def test_a_kill_at_any_instant_of_one_callback_rings_nobody_twice_for_one_attempt(seed: int) -> None:
    """The kill falls between any two facts: asked, promised, summoned, attempted, rung, reached, ended."""
    for instant in range(60):
        played = world(seed, operators=2)
        played.dial("m-0", number(0))
        played.open() if instant % 2 else played.later(20, played.open)
        played.run(0.5 * instant + played.rng.random())
        played.kill()
        played.run(8_000)
        calls = {ring.call for ring in played.rung}
        played.journal.flush()
        for call in calls:
            attempts = len(played.journal.of(CallId(call), "callback.attempted"))
            assert attempts == sum(ring.call == call for ring in played.rung), (seed, instant)
            assert len(played.journal.of(CallId(call), "call.ended")) == 1, (seed, instant)
            assert played.talks.count(call) <= 1, (seed, instant)
        assert len(calls) <= 1
        assert played.model.floor.promises == {}
