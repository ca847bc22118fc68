"""The calls of the demo, one function each: who calls, what they press, who answers and who hangs up.

A scene drives real telephones and notes what was heard on them. What the record should say of it is an
`Expected`; comparing is done elsewhere.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from config.schema import Centre, Choice
from madoguchi.demo.booking import book
from madoguchi.demo.phones import Behaviour, Call, EndedBy, Ring, RingOut, tones
from madoguchi.demo.phones.rtp import Sound
from madoguchi.demo.stage import Stage

CALLER_HZ, OPERATOR_HZ = 1_000, 440
"""The voices: a citizen and an operator, far enough apart to be told from each other in a recording."""

TALK_S = 1.0
CLEAR = 0.8  # share of energy at the tone when nothing else is heard
AUDIBLE = 0.01
MENU_KEY_S = 0.5
LISTEN_S = 0.2
BEEP_HZ = 1_000
ENOUGH_KEY, KEEP_KEY = "#", "1"


@dataclass(frozen=True, slots=True)
class Expected:
    """What the record of a call must say. *agents* holds everybody who might have answered."""

    outcome: str
    ended_by: str
    queue: str | None
    caller: str | None
    menu_path: tuple[str, ...] = ()
    agents: frozenset[str] = frozenset()
    offers: tuple[str, ...] = ()


@dataclass(slots=True)
class Played:
    """What happened: the citizen's leg, and sentences about sound and screens, each true or not."""

    title: str
    expected: Expected
    call: Call | Ring
    agent: str | None = None
    observed: dict[str, bool] = field(default_factory=dict)
    reservations: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Cast:
    """One conversation: who calls, the keys they press, who hangs up, and whether a day is booked."""

    title: str
    caller: str | None
    queue: str | None
    keys: str = ""
    hangs_up: str = "caller"
    behaviours: Sequence[Behaviour] = ()
    books: bool = False


Scene = Callable[[Stage], Awaitable[Played]]


async def conversation(stage: Stage, centre: Centre, cast: Cast) -> Played:
    """A call that reaches an operator: both must hear each other, and the screen must pop up first."""
    stage.plan(cast.caller, cast.behaviours)
    call = stage.carrier.call(number_of(stage), caller=cast.caller)
    played = Played(cast.title, _expected(centre, cast), call)
    await call.answered.wait()
    played.observed["caller hears the prompt"] = await hears_something(ear_of(call))
    call.press(cast.keys)
    played.agent, ring = await until_answered(stage, cast.caller, played.observed)
    played.observed |= await talk(call, ring)
    if cast.books and cast.caller is not None and played.agent is not None:
        number, seen = await book(stage, played.agent, cast.caller)
        played.reservations.append(number)
        played.observed |= seen
    if cast.hangs_up == "agent":
        ring.hang_up()
    else:
        call.leave()
    await asyncio.gather(call.over.wait(), ring.over.wait())
    return played


async def gives_up(stage: Stage, centre: Centre, cast: Cast) -> Played:
    """A caller who hangs up while the phone rings: it must fall silent at once."""
    stage.plan(cast.caller, [RingOut()])
    call = stage.carrier.call(number_of(stage), caller=cast.caller)
    played = Played(cast.title, _abandoned(centre, cast), call)
    await call.answered.wait()
    call.press(cast.keys)
    _, ring = await stage.next_ring(cast.caller)
    await ring.ringing.wait()
    waiting = await ear_of(call).listen(centre.calling.short_abandon_s + 0.5)
    played.observed["caller hears music while waiting"] = tones.loudness(waiting) > AUDIBLE
    call.leave()
    await asyncio.gather(call.over.wait(), ring.over.wait())
    played.observed["the phone falls silent within 100 ms"] = _apart(call, ring) < 0.1  # noqa: PLR2004
    return played


async def turned_away(stage: Stage, cast: Cast) -> Played:
    """A call outside hours: the caller hears the announcement to its end, and no phone rings."""
    call = stage.carrier.call(number_of(stage), caller=cast.caller)
    expected = Expected("closed", "system", cast.queue, cast.caller)
    played = Played(cast.title, expected, call)
    await call.answered.wait()
    played.observed["caller hears the announcement"] = await hears_something(ear_of(call))
    await call.over.wait()
    played.observed["caller is hung up on, not the other way round"] = call.ended_by is EndedBy.THEM
    return played


async def leaves_message(stage: Stage, centre: Centre, cast: Cast) -> Played:
    """A caller for whom nobody is there: is told so, and speaks a message after the beep."""
    call = stage.carrier.call(number_of(stage), caller=cast.caller)
    played = Played(cast.title, _left_message(cast), call)
    await call.answered.wait()
    call.press(cast.keys)
    await stage.until_waiting(cast.caller)
    await ear_of(call).listen(MENU_KEY_S)
    call.press(key_for(centre, cast, Choice.MESSAGE))
    while tones.share_of_tone(await ear_of(call).listen(LISTEN_S), BEEP_HZ) < CLEAR:
        pass
    call.say(CALLER_HZ)
    await ear_of(call).listen(TALK_S * 2)
    call.press(ENOUGH_KEY + KEEP_KEY)
    await call.over.wait()
    return played


def key_for(centre: Centre, cast: Cast, wanted: Choice) -> str:
    """Return the key that offers *wanted* while nobody is at work."""
    queue = next(each for each in centre.queues if each.name == cast.queue)
    step = next(step for step in queue.overflow if step.nobody_signed_in)
    return next(key for key, choice in step.keys.items() if choice.does is wanted)


async def until_answered(stage: Stage, caller: str | None, observed: dict[str, bool]) -> tuple[str, Ring]:
    """Follow the call from phone to phone until somebody picks up; returns who, and the ring."""
    while True:
        agent, ring = await stage.next_ring(caller)
        await stage.pop(agent, caller)
        popped_first = not ring.answered.is_set()
        await _first(ring.answered, ring.over)
        if ring.answered.is_set():
            observed["the screen pops up before the answer"] = popped_first
            return agent, ring


async def talk(call: Call | Ring, ring: Ring) -> dict[str, bool]:
    """Let both speak, and return what each heard."""
    call.say(CALLER_HZ)
    ring.say(OPERATOR_HZ)
    # The first half is thrown away: it may hold the end of the music.
    await asyncio.gather(ear_of(call).listen(TALK_S / 2), ear_of(ring).listen(TALK_S / 2))
    by_caller, by_operator = await asyncio.gather(ear_of(call).listen(TALK_S), ear_of(ring).listen(TALK_S))
    return {
        "caller hears the operator": tones.share_of_tone(by_caller, OPERATOR_HZ) > CLEAR,
        "operator hears the caller": tones.share_of_tone(by_operator, CALLER_HZ) > CLEAR,
    }


async def _first(*events: asyncio.Event) -> None:
    waiting = [asyncio.create_task(event.wait()) for event in events]
    _, pending = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()


async def hears_something(ear: Sound) -> bool:
    """Wait for speech: prompts begin with a breath of silence."""
    while tones.loudness(await ear.listen(MENU_KEY_S)) < AUDIBLE:
        pass
    return True


def ear_of(leg: Call | Ring) -> Sound:
    """Return what is heard at this phone."""
    if leg.sound is None:
        raise RuntimeError("the demo's telephones all have sound")
    return leg.sound


def _apart(call: Call, ring: Ring) -> float:
    return abs((ring.times.ended or 0.0) - (call.times.ended or 0.0))


def number_of(stage: Stage) -> str:
    """Return the number that citizens dial."""
    return stage.running["trunk"]["number"]


def _expected(centre: Centre, cast: Cast) -> Expected:
    missed = ("rna",) * sum(isinstance(behaviour, RingOut) for behaviour in cast.behaviours)
    return Expected(
        outcome="answered",
        ended_by=cast.hangs_up,
        queue=cast.queue,
        caller=cast.caller,
        menu_path=tuple(cast.keys),
        agents=able(centre, cast.queue),
        offers=(*missed, "answered"),
    )


def _abandoned(centre: Centre, cast: Cast) -> Expected:
    return Expected(
        outcome="abandoned",
        ended_by="caller",
        queue=cast.queue,
        caller=cast.caller,
        menu_path=tuple(cast.keys),
        agents=able(centre, cast.queue),
        offers=("caller-left",),
    )


def _left_message(cast: Cast) -> Expected:
    return Expected(
        outcome="message_left",
        ended_by="system",
        queue=cast.queue,
        caller=cast.caller,
        menu_path=tuple(cast.keys),
    )


def able(centre: Centre, queue: str | None) -> frozenset[str]:
    """Everybody whose skill is enough for *queue* from the first second: nobody else should be needed."""
    wanted = next(each for each in centre.queues if each.name == queue)
    least = min(wanted.tiers, key=lambda tier: tier.after_s).min_weight
    return frozenset(agent.name for agent in centre.agents if agent.skills.get(wanted.skill, 0) >= least)
