"""A citizen asks to be called back, hangs up, and is called: real telephones on both sides, and a kill."""

import asyncio
import json
import subprocess
import sys
from typing import Any

import stamina

from config.layout import Layout
from madoguchi.demo.phones import Answer, CalledPhone, Reject, Ring, RingOut, tones
from madoguchi.local.supervisor import Supervisor
from telephony.clock import SteadyClock
from telephony.model.commands import Record
from telephony.model.ids import Instant
from telephony.model.left_numbers import THANKS_S
from telephony.spool import Spool
from tests.acceptance.copy import Copy
from tests.acceptance.floor.centre import CROWDED
from tests.acceptance.floor.desk import kind
from tests.acceptance.floor.shift import LIMIT_S, Shift, within
from tests.acceptance.test_survival import back, kill

CITIZEN_HZ, OPERATOR_HZ = 1_000, 440
GREETING_S = 15.0
QUEUE, ASK = "3", "4"
TOLD_S = 0.5
"""The keys of an overflow step work once its announcement has begun."""


async def until(shift: Shift, caller: str, state: str) -> dict[str, Any]:
    """Wait until the live call from *caller* is in *state*."""
    async for attempt in stamina.retry_context(
        on=AssertionError, attempts=None, timeout=LIMIT_S, wait_initial=0.02, wait_max=0.1
    ):
        with attempt:
            calls = [call for call in await shift.office.live() if call["caller_written"] == caller]
            assert state in {call["state"] for call in calls}
    return next(call for call in calls if call["state"] == state)


async def ask(shift: Shift, caller: str, written: str) -> str:
    """Call, wait, ask for a callback, confirm the number; return the SIP Call-ID once that call is over."""
    call = shift.call(caller, keys=QUEUE)
    await until(shift, written, "waiting")
    assert call.sound is not None
    await call.sound.listen(TOLD_S)
    call.press(ASK)
    await until(shift, written, "asking")
    call.press("1")
    await within(call.over)
    return call.call_id


async def rings_at(phone: CalledPhone) -> Ring:
    """Wait for the next call at *phone*."""
    async with asyncio.timeout(LIMIT_S):
        return await phone.next_ring()


async def hear_each_other(citizen: Ring, operator: Ring) -> None:
    """Both speak with their tones until each hears the other's: greeting and notice come first."""
    citizen.say(CITIZEN_HZ)
    operator.say(OPERATOR_HZ)
    for ear, tone in ((citizen.sound, OPERATOR_HZ), (operator.sound, CITIZEN_HZ)):
        assert ear is not None
        async with asyncio.timeout(GREETING_S):
            while tones.share_of_tone(await ear.listen(0.3), tone) < 0.8:
                pass


async def record_of(shift: Shift, asking: str) -> dict[str, Any]:
    """Return the record of the callback that was asked for in the call with this SIP Call-ID."""
    async for attempt in stamina.retry_context(
        on=AssertionError, attempts=None, timeout=LIMIT_S, wait_max=0.3
    ):
        with attempt:
            written = await shift.office.written()
            asked = [each for each in written if each["sip_call_id"] == asking]
            assert ["callback_requested"] == [each["outcome"] for each in asked]
            found = [each for each in written if each["id"] == asked[0]["callback"]]
            assert 1 == len(found)
    assert asked[0]["id"] == found[0]["callback_of"]
    return dict(found[0])


async def test_who_asked_for_it_is_called_and_both_talk(
    shift: Shift, outside: CalledPhone, floor_copy: Copy
) -> None:
    asking = await ask(shift, "09055550001", "090-5555-0001")
    (promised,) = json.loads(await run(floor_copy, "callbacks", "--json"))["callbacks"]
    assert ("promised", 1, "+819055550001") == (promised["state"], promised["position"], promised["number"])

    desk = await shift.seat(CROWDED)
    operator = await rings_at(shift.phones[CROWDED])
    popped = await desk.until(kind("offer"))
    assert "+819055550001" == popped["callback"]["number"]
    assert "09055550001" == operator.caller
    assert [] == outside.rings, "nobody is called before an operator has accepted"
    operator.answer()
    citizen = await rings_at(outside)
    assert shift.running["trunk"]["number"] == citizen.caller
    citizen.answer()
    await hear_each_other(citizen, operator)
    citizen.hang_up()
    await within(operator.over)

    record = await record_of(shift, asking)
    assert ("outbound", "answered", "caller", CROWDED, 1) == tuple(
        record[name] for name in ("direction", "outcome", "ended_by", "agent", "attempts")
    )
    assert citizen.call_id == record["sip_call_id"]
    assert record["talked_s"] > 0.3
    await measured(shift, record["id"])


async def run(copy: Copy, *arguments: str) -> str:
    """Run the command line; return what it says."""
    command = [sys.executable, "-m", "madoguchi", *arguments]
    done = await asyncio.to_thread(
        subprocess.run, command, env=copy.environment, capture_output=True, text=True, check=True
    )
    return done.stdout


async def measured(shift: Shift, call: str) -> None:
    """Wait until the recording was found and measured."""
    async for attempt in stamina.retry_context(
        on=AssertionError, attempts=None, timeout=LIMIT_S, wait_max=0.3
    ):
        with attempt:
            recording = (await shift.office.get(f"/api/calls/{call}"))["recording"]
            assert recording is not None
            assert (recording["seconds"] or 0) > 0.3


async def test_a_citizen_who_is_busy_or_away_is_tried_again_by_rule(
    shift: Shift, outside: CalledPhone
) -> None:
    behaviours = iter([Reject(486), RingOut(), Answer(0.1, talk_s=6.0)])
    outside.behave = lambda _: next(behaviours)
    asking = await ask(shift, "09055550002", "090-5555-0002")
    await shift.seat(CROWDED, lambda _: Answer(0.05))
    for _ in range(3):
        await rings_at(outside)
    await within(outside.rings[-1].over)
    record = await record_of(shift, asking)
    assert ("answered", 3) == (record["outcome"], record["attempts"])
    timeline = (await shift.office.get(f"/api/calls/{record['id']}"))["timeline"]
    failed = [entry["result"] for entry in timeline if entry["kind"] == "callback.failed"]
    assert ["busy", "no-answer"] == failed
    assert 3 == len(outside.rings)


async def test_one_that_reaches_nobody_at_last_is_a_case(
    shift: Shift, outside: CalledPhone, floor_copy: Copy
) -> None:
    outside.behave = lambda _: Reject(486)
    asking = await ask(shift, "09055550007", "090-5555-0007")
    await shift.seat(CROWDED, lambda _: Answer(0.05))
    record = await record_of(shift, asking)
    assert ("failed", "system", 3) == (record["outcome"], record["ended_by"], record["attempts"])
    async for attempt in stamina.retry_context(
        on=AssertionError, attempts=None, timeout=LIMIT_S, wait_max=0.3
    ):
        with attempt:
            listed = await run(floor_copy, "cases", "--kind", "callback_failed", "--json")
            assert [record["id"]] == [case["call"] for case in json.loads(listed)["cases"]]


async def test_the_controller_dies_between_the_operators_and_the_citizens_answer(
    shift: Shift, outside: CalledPhone, floor_copy: Copy
) -> None:
    asking = await ask(shift, "09055550003", "090-5555-0003")
    await shift.seat(CROWDED)
    operator = await rings_at(shift.phones[CROWDED])
    operator.answer()
    citizen = await rings_at(outside)
    pid = kill(floor_copy, "controller")
    citizen.answer()
    await hear_each_other(citizen, operator)
    await back(floor_copy, "controller", pid)
    await shift.office.ready()
    await until(shift, "090-5555-0003", "talking")
    assert "talking" == (await shift.office.get("/api/agents/" + CROWDED))["state"]
    operator.hang_up()
    await within(citizen.over)
    record = await record_of(shift, asking)
    assert ("answered", "agent", CROWDED, 1, True) == tuple(
        record[name] for name in ("outcome", "ended_by", "agent", "attempts", "recovered")
    )
    assert 1 == len(outside.rings)


async def test_a_talk_that_begins_and_ends_while_no_controller_lives_is_the_one_that_was_promised(
    shift: Shift, outside: CalledPhone, floor_copy: Copy
) -> None:
    asking = await ask(shift, "09055550010", "090-5555-0010")
    await shift.seat(CROWDED)
    operator = await rings_at(shift.phones[CROWDED])
    operator.answer()
    citizen = await rings_at(outside)
    supervisor = Supervisor(floor_copy.layout)
    supervisor.stop("controller")
    citizen.answer()
    await hear_each_other(citizen, operator)
    citizen.hang_up()
    await asyncio.gather(within(citizen.over), within(operator.over))
    supervisor.start("controller")
    await shift.office.ready()
    assert [] == json.loads(await run(floor_copy, "callbacks", "--json"))["callbacks"]
    record = await record_of(shift, asking)
    assert ("answered", "caller", CROWDED, 1, None, True) == tuple(
        record[name] for name in ("outcome", "ended_by", "agent", "attempts", "reason", "recovered")
    )
    assert 0.3 < record["talked_s"] < LIMIT_S
    assert 1 == len(outside.rings)


async def test_promises_outlive_the_controller_and_keep_their_places_but_for_one_that_is_taken_back(
    shift: Shift, outside: CalledPhone, floor_copy: Copy
) -> None:
    first = await ask(shift, "09055550004", "090-5555-0004")
    second = await ask(shift, "09055550005", "090-5555-0005")
    await ask(shift, "09055550006", "090-5555-0006")
    last = json.loads(await run(floor_copy, "callbacks", "--json"))["callbacks"][-1]
    assert "cancelled" in await run(floor_copy, "callback", last["id"], "cancel")
    pid = kill(floor_copy, "controller")
    await back(floor_copy, "controller", pid)
    await shift.office.ready()
    outside.behave = lambda _: Answer(0.05, talk_s=5.0)
    await shift.seat(CROWDED, lambda _: Answer(0.05))
    dialled = [(await rings_at(outside)).invite.start.split("@")[0] for _ in range(2)]
    assert ["INVITE sip:09055550004", "INVITE sip:09055550005"] == dialled
    await within(outside.rings[-1].over)
    for asking in (first, second):
        record = await record_of(shift, asking)
        assert ("answered", 1) == (record["outcome"], record["attempts"])
    assert 2 == len(outside.rings)


async def test_numbers_that_the_rescue_took_are_called_once_when_the_controller_lives_again(
    shift: Shift, outside: CalledPhone, floor_copy: Copy
) -> None:
    """One was left while the controller was dead, with PostgreSQL killed as well; one while it runs."""
    pids = {process: kill(floor_copy, process) for process in ("controller", "postgres")}
    leave_number(floor_copy.layout, "m-1.1", "+819055550008")
    leave_number(floor_copy.layout, "m-1.2", "+819055550008")
    for process, pid in pids.items():
        await back(floor_copy, process, pid)
    await shift.office.ready()
    outside.behave = lambda _: Answer(0.05, talk_s=5.0)
    await shift.seat(CROWDED, lambda _: Answer(0.05))
    dialled = [(await rings_at(outside)).invite.start.split("@")[0]]
    leave_number(floor_copy.layout, "m-1.3", "+819055550009")
    dialled.append((await rings_at(outside)).invite.start.split("@")[0])
    assert ["INVITE sip:09055550008", "INVITE sip:09055550009"] == dialled
    await within(outside.rings[-1].over)
    assert 2 == len(outside.rings)
    assert {} == Spool(floor_copy.layout.rescue_file).unfinished()


def leave_number(layout: Layout, call: str, number: str) -> None:
    """Write what the rescue writes when a caller has confirmed a number."""
    wish = {"number": number, "caller": number, "source": "rescue", "dialled": "+81120100300"}
    heard = Instant(SteadyClock().now() - THANKS_S)
    fact = wish | {"arrived_at": heard - 60}
    Spool(layout.rescue_file).append([Record(f"call:{call}", heard, "callback.number_left", fact)])
