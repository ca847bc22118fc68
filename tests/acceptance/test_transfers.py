"""A call goes to somebody else: real telephones on all sides, one that transfers by itself, and a kill."""

import asyncio
import subprocess
import sys
from typing import Any

import stamina

from madoguchi.demo.phones import Call, CalledPhone, Reject, Ring, RingOut, tones
from tests.acceptance.copy import Copy
from tests.acceptance.floor.ears import ABOVE_MUSIC, hears, until_heard
from tests.acceptance.floor.shift import LIMIT_S, Shift, within
from tests.acceptance.test_survival import back, kill

OPERATOR, CHIEF, KEY = "abe", "chief", "1"
CALLER_HZ, OTHER_HZ = 1_000, 440
HEARD = 0.8


async def talking(shift: Shift) -> tuple[Call, Ring, str]:
    """Let a citizen and the operator talk, and the supervisor have a phone."""
    await shift.seat(OPERATOR)
    await shift.plug_in(CHIEF, lambda _: RingOut())
    call, ring = await shift.talk(OPERATOR, keys=KEY)
    return call, ring, (await state(shift, "talking"))["id"]


async def state(shift: Shift, wanted: str) -> dict[str, Any]:
    """Return the one live call once it is in this state."""
    async for attempt in stamina.retry_context(
        on=AssertionError, attempts=None, timeout=LIMIT_S, wait_initial=0.02, wait_max=0.1
    ):
        with attempt:
            (live,) = await shift.office.live()
            assert wanted == live["state"]
    return dict(live)


async def next_ring(shift: Shift, name: str) -> Ring:
    """Wait for the next call at *name*'s phone."""
    async with asyncio.timeout(LIMIT_S):
        return await shift.phones[name].next_ring()


async def hear_each_other(call: Call, ring: Ring) -> None:
    """Both speak with their tones until each hears the other's."""
    call.say(CALLER_HZ)
    ring.say(OTHER_HZ)
    for ear, tone in ((call.sound, OTHER_HZ), (ring.sound, CALLER_HZ)):
        assert ear is not None
        async with asyncio.timeout(LIMIT_S):
            while tones.share_of_tone(await ear.listen(0.2), tone) < HEARD:
                pass


async def legs_of(shift: Shift, call: Call, live: str) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Return the one record of a call that is over, and who talked and why."""
    await within(call.over)
    await shift.office.records(call.call_id)
    record = dict(await shift.office.get(f"/api/calls/{live}"))
    return record, [(leg["who"], leg["why"]) for leg in record["legs"]]


async def transfer(copy: Copy, call: str, target: str) -> None:
    """Transfer by command line."""
    command = [sys.executable, "-m", "madoguchi", "transfer", call, target]
    await asyncio.to_thread(
        subprocess.run, command, env=copy.environment, capture_output=True, text=True, check=True
    )


async def test_a_caller_goes_to_the_supervisor_by_command_line(shift: Shift, floor_copy: Copy) -> None:
    call, first, live = await talking(shift)
    await transfer(floor_copy, live, CHIEF)
    ring = await next_ring(shift, CHIEF)
    await within(first.over)
    ring.answer()
    await hear_each_other(call, ring)
    ring.hang_up()
    record, legs = await legs_of(shift, call, live)
    assert [(OPERATOR, "queue"), (CHIEF, "transfer")] == legs
    assert ("answered", "agent", CHIEF) == (record["outcome"], record["ended_by"], record["agent"])
    assert record["recording"] is not None
    await shift.office.free(OPERATOR)


async def test_an_operators_phone_transfers_by_itself(shift: Shift) -> None:
    """SIP REFER (RFC 3515): Asterisk accepts it, and the centre rings whom the phone means."""
    call, first, live = await talking(shift)
    chief = next(phone for phone in shift.running["agents"] if phone["name"] == CHIEF)
    host, port = shift.sip
    refer_to = ("Refer-To", f"<sip:{chief['extension']}@{host}:{port}>")
    headers = (*first.dialog.headers("REFER"), first.contact, refer_to)
    request = first.endpoint.request("REFER", first.dialog.target, headers)
    assert 202 == (await first.endpoint.transact(request, first.dialog.peer)).status
    ring = await next_ring(shift, CHIEF)
    first.hang_up()  # as phones do that hear of the transfer; Asterisk leaves them a minute for it
    ring.answer()
    await hear_each_other(call, ring)
    call.leave()
    _, legs = await legs_of(shift, call, live)
    assert [(OPERATOR, "queue"), (CHIEF, "transfer")] == legs


async def test_a_caller_whom_the_supervisor_turns_down_is_back_with_the_operator(
    shift: Shift, floor_copy: Copy
) -> None:
    call, _, live = await talking(shift)
    shift.phones[CHIEF].behave = lambda _: Reject(486)
    await transfer(floor_copy, live, CHIEF)
    ring = await next_ring(shift, OPERATOR)
    ring.answer()
    await hear_each_other(call, ring)
    call.leave()
    _, legs = await legs_of(shift, call, live)
    assert [(OPERATOR, "queue"), (OPERATOR, "returned")] == legs


async def test_a_department_is_reached_through_the_trunk(
    shift: Shift, floor_copy: Copy, outside: CalledPhone
) -> None:
    call, _, live = await talking(shift)
    await transfer(floor_copy, live, "referral:koseki")
    async with asyncio.timeout(LIMIT_S):
        ring = await outside.next_ring()
    assert "sip:0598000001@" in ring.invite.start
    ring.answer()
    await hear_each_other(call, ring)
    await state(shift, "referred")
    ring.hang_up()
    record, legs = await legs_of(shift, call, live)
    assert [(OPERATOR, "queue"), ("koseki", "transfer")] == legs
    assert ("answered", "agent") == (record["outcome"], record["ended_by"])


CONSULTED = hears(operator="supervisor", caller="music", supervisor="operator")
ADVISED = hears(operator="caller supervisor", caller="operator", supervisor="operator caller")
EVERY = hears(operator="caller supervisor", caller="operator supervisor", supervisor="operator caller")


async def test_a_supervisor_is_consulted_while_the_caller_waits_and_is_handed_the_call(shift: Shift) -> None:
    """Each way of joining follows another in place, and the caller never hears what the two say alone."""
    call, first, live = await talking(shift)
    path = f"/api/calls/{live}/consultation"
    await shift.office.post(path, {"operator": CHIEF, "mode": "consult"})
    chief = await next_ring(shift, CHIEF)
    chief.answer()
    legs = {"caller": call, "operator": first, "supervisor": chief}
    for who, leg in legs.items():
        leg.say(ABOVE_MUSIC[who])
    await until_heard(legs, CONSULTED, ABOVE_MUSIC)
    for mode, ears in (("advise", ADVISED), ("conference", EVERY), ("consult", CONSULTED)):
        await shift.office.post(path, {"operator": CHIEF, "mode": mode})
        await until_heard(legs, ears, ABOVE_MUSIC)
    assert 1 == len(shift.phones[CHIEF].rings), "changing what for rings no phone"
    await shift.office.post(path, {"operator": CHIEF, "mode": "complete"})
    await until_heard(legs, hears(caller="supervisor", supervisor="caller"), ABOVE_MUSIC)
    await within(first.over)
    call.leave()
    record, talks = await legs_of(shift, call, live)
    assert [(OPERATOR, "queue"), (CHIEF, "transfer")] == talks
    kinds = [entry["kind"] for entry in record["timeline"] if "held" in entry["kind"]]
    assert ["call.held", "call.unheld"] * 2 == kinds
    assert 0 < record["held_s"] < record["talked_s"]
    await within(chief.over)


async def test_a_controller_that_dies_while_it_rings_costs_nobody_anything(
    shift: Shift, floor_copy: Copy
) -> None:
    call, _, live = await talking(shift)
    await transfer(floor_copy, live, CHIEF)
    ring = await next_ring(shift, CHIEF)
    pid = kill(floor_copy, "controller")
    ring.answer()
    await hear_each_other(call, ring)
    await back(floor_copy, "controller", pid)
    await shift.office.ready()
    assert CHIEF == (await state(shift, "talking"))["agent"]
    call.leave()
    _, legs = await legs_of(shift, call, live)
    assert [(OPERATOR, "queue"), (CHIEF, "transfer")] == legs
