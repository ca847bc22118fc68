"""The demo's last scene: nobody is signed in; a citizen asks to be called back, and is, when people come."""

import asyncio

from config.schema import Centre, Choice
from madoguchi.demo.phones import CalledPhone, Ring, tones
from madoguchi.demo.running import sip_address
from madoguchi.demo.scenes import (
    CALLER_HZ,
    CLEAR,
    MENU_KEY_S,
    OPERATOR_HZ,
    Cast,
    Expected,
    Played,
    able,
    ear_of,
    hears_something,
    key_for,
    number_of,
    talk,
    until_answered,
)
from madoguchi.demo.stage import Stage

READY = {"type": "state", "state": "ready"}
READ_BACK_S = 3.0
"""How long the citizen listens to the own number before pressing the key."""


async def called_back(stage: Stage, centre: Centre, cast: Cast) -> list[Played]:
    """Play it; returns the call that asks and the call that keeps the promise."""
    outbound = stage.running["trunk"]["outbound"]
    if outbound is None:
        return []
    citizen = CalledPhone(sip_address(stage.running), host=outbound["host"], port=outbound["port"])
    try:
        await stage.leave_seats()
        asked = await _ask(stage, cast, key_for(centre, cast, Choice.CALLBACK))
        # Not waited for: whoever is offered the callback at once never shows as ready.
        await asyncio.gather(*(screen.send(READY) for screen in stage.screens.values()))
        return [asked, await _be_called(stage, centre, cast, citizen)]
    finally:
        citizen.close()


async def _ask(stage: Stage, cast: Cast, key: str) -> Played:
    call = stage.carrier.call(number_of(stage), caller=cast.caller)
    expected = Expected("callback_requested", "system", cast.queue, cast.caller, tuple(cast.keys))
    played = Played(f"{cast.title}: asks", expected, call)
    await call.answered.wait()
    await hears_something(ear_of(call))
    call.press(cast.keys)
    await stage.until_waiting(cast.caller)
    await ear_of(call).listen(MENU_KEY_S)
    call.press(key)
    said = await ear_of(call).listen(READ_BACK_S)
    played.observed["the number is read back"] = tones.loudness(said) > 0
    call.press("1")
    await call.over.wait()
    return played


async def _be_called(stage: Stage, centre: Centre, cast: Cast, citizen: CalledPhone) -> Played:
    agents = able(centre, cast.queue)
    expected = Expected("answered", "caller", cast.queue, cast.caller, agents=agents, offers=("answered",))
    observed: dict[str, bool] = {}
    agent, operator = await until_answered(stage, cast.caller, observed)
    called = await citizen.next_ring()
    played = Played(f"{cast.title}: is called", expected, called, agent, observed)
    observed["the citizen sees the centre's number"] = called.caller == number_of(stage)
    called.answer()
    await _greeted(called, operator)
    observed |= await talk(called, operator)
    called.hang_up()
    await asyncio.gather(called.over.wait(), operator.over.wait())
    return played


async def _greeted(citizen: Ring, operator: Ring) -> None:
    """Wait until the centre has said who calls, and that it is recorded: only then both are connected."""
    operator.say(OPERATOR_HZ)
    citizen.say(CALLER_HZ)
    while tones.share_of_tone(await ear_of(citizen).listen(0.5), OPERATOR_HZ) < CLEAR:
        pass
