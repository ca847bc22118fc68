"""Who may place a call, and what everybody else gets: a refusal that tells them nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable

import psutil
import pytest

from madoguchi.demo.phones import Account, Address, Answer, Call, Carrier, Endpoint, Phone, RegistrationError
from madoguchi.demo.phones.digest import authorization
from telephony.asterisk.client import Ari
from tests.asterisk_fixture import DIALLED, RunningAsterisk
from tests.integration.dialplan.driver import LIMIT_S, Driver

STRANGER = "127.0.0.3"
UNAUTHORIZED, FORBIDDEN = 401, 403


@pytest.fixture
async def driver(ari: Ari) -> AsyncIterator[Driver]:
    async with Driver(ari) as running:
        yield running


@pytest.fixture
async def stranger(asterisk: RunningAsterisk) -> AsyncIterator[Carrier]:
    placed = Carrier(("127.0.0.1", asterisk.sip_port), host=STRANGER)
    yield placed
    await placed.close()


async def refused(call: Call) -> int:
    """Return the status of a call that must not be answered."""
    await asyncio.wait_for(call.over.wait(), LIMIT_S)
    assert not call.answered.is_set()
    return call.status


@pytest.mark.parametrize("dialled", [DIALLED, "0312345678", "h", "s", "x*201", "%24%7BEXTEN%7D"])
async def test_every_number_from_the_carrier_reaches_the_controller(
    carrier: Carrier, driver: Driver, dialled: str
) -> None:
    """Also unknown ones, and those that mean something to Asterisk itself: each gets its record there."""
    call = carrier.call(dialled, caller="09012345678")
    arguments, channel = await driver.entered()
    assert arguments == ["arrived", "allowed_not_screened"]
    assert channel["protocol_id"] == call.call_id
    assert channel["channelvars"]["MADOGUCHI_CALL"] == channel["id"]
    heard = {"h": "dialled-h", "%24%7BEXTEN%7D": "${EXTEN}"}.get(dialled, dialled)
    assert channel["dialplan"] == {**channel["dialplan"], "context": "from-trunk", "exten": heard}
    call.leave()
    await driver.next("StasisEnd")


async def test_the_number_comes_from_the_carriers_assertion(carrier: Carrier, driver: Driver) -> None:
    asserted = (("P-Asserted-Identity", "<sip:0598000001@carrier>"), ("Privacy", "id"))
    call = carrier.call(DIALLED, caller=None, more=asserted)
    arguments, channel = await driver.entered()
    assert channel["caller"]["number"] == "0598000001"
    assert arguments[1].startswith("prohib")
    call.leave()
    await driver.next("StasisEnd")


@pytest.mark.parametrize("claimed", ["09012345678", "trunk-carrier", "201", "madoguchi"])
async def test_a_stranger_is_challenged_whatever_name_is_claimed(
    stranger: Carrier, carrier: Carrier, driver: Driver, claimed: str
) -> None:
    assert await refused(stranger.call(DIALLED, caller=claimed)) == UNAUTHORIZED
    call = carrier.call(DIALLED, caller="09012345678")  # the first call that arrives is the carrier's
    _, channel = await driver.entered()
    assert channel["protocol_id"] == call.call_id
    call.leave()
    await driver.next("StasisEnd")


def sockets_of(asterisk: RunningAsterisk) -> set[tuple[str, int]]:
    """Return address and port of each socket. Two are no doors: PJSIP asks DNS through them."""
    assert asterisk.process is not None
    found = psutil.Process(asterisk.process.pid).net_connections("inet")
    return {(each.laddr.ip, each.laddr.port) for each in found}


async def test_every_door_is_on_loopback_also_those_for_the_sound_of_a_call(
    asterisk: RunningAsterisk, ari: Ari, carrier: Carrier, phone: Callable[..., Phone]
) -> None:
    desk = phone("201")
    desk.behave = lambda _: Answer()
    await desk.register()
    async with Driver(ari) as driver:
        before = sockets_of(asterisk)
        doors = {
            address
            for address, port in before
            if port in (asterisk.sip_port, asterisk.ari_port, asterisk.ami_port)
        }
        assert doors == {"127.0.0.1"}
        call = carrier.call(DIALLED, caller="09012345678")
        await driver.offer(await driver.arrived(), "201*10*1*n")
        await (await desk.next_ring()).answered.wait()
        sound = sockets_of(asterisk) - before
        assert len(sound) == 4  # RTP and RTCP of two legs
        assert {address for address, _ in sound} == {"127.0.0.1"}
        call.leave()
        await call.over.wait()


async def test_a_wrong_password_and_an_unknown_extension_look_the_same(asterisk: RunningAsterisk) -> None:
    said = []
    for extension in ("201", "999"):
        phone = Phone(Account(extension, "wrong"), ("127.0.0.1", asterisk.sip_port))
        with pytest.raises(RegistrationError) as caught:
            await phone.register()
        said.append(str(caught.value).partition(": ")[2])
        phone.close()
    assert said == ["SIP/2.0 401 Unauthorized"] * 2


async def test_nobody_registers_from_the_carriers_address(asterisk: RunningAsterisk) -> None:
    account = Account("201", asterisk.phone_password)
    phone = Phone(account, ("127.0.0.1", asterisk.sip_port), host="127.0.0.2")
    with pytest.raises(RegistrationError, match=r"SIP/2.0 40[34]"):
        await phone.register()
    phone.close()


async def challenge(centre: Address, extension: str) -> str:
    """Return what Asterisk asks a phone that has not proved itself; it holds for every request."""
    endpoint = Endpoint("127.0.0.1")
    me = f"<sip:{extension}@{centre[0]}>"
    head = (("From", f"{me};tag=1"), ("To", me), ("Call-ID", "challenge"), ("CSeq", "1 REGISTER"))
    answer = await endpoint.transact(endpoint.request("REGISTER", f"sip:{centre[0]}", head), centre)
    endpoint.close()
    return answer.get("WWW-Authenticate")


@pytest.mark.parametrize("dialled", [DIALLED, "202", "0312345678", "201*20*1*r"])
async def test_an_operator_who_signed_in_can_dial_nothing(asterisk: RunningAsterisk, dialled: str) -> None:
    desk = Carrier(("127.0.0.1", asterisk.sip_port), host="127.0.0.1")
    proof = authorization(
        await challenge(desk.centre, "201"),
        user="201",
        password=asterisk.phone_password,
        method="INVITE",
        uri=f"sip:{dialled}@127.0.0.1:{asterisk.sip_port}",
    )
    assert await refused(desk.call(dialled, caller="201")) == UNAUTHORIZED
    assert await refused(desk.call(dialled, caller="201", more=(("Authorization", proof),))) == FORBIDDEN
    await desk.close()
