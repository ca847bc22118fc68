"""Where a leg that consults is sent: it names both who talk, also on a call that the centre has placed."""

from collections.abc import Mapping

import pytest

from telephony.asterisk.client import Ari
from telephony.asterisk.control import Control
from telephony.asterisk.manager import Manager
from telephony.model.events import OfferRang
from telephony.model.ids import CallId, LegId, OfferId
from telephony.model.supervision.commands import Hear
from telephony.model.supervision.session import Mode
from telephony.ports import SwitchError
from tests.unit.asterisk.messages import channel
from tests.unit.asterisk.server import Server, said

CALL, CALLBACK = CallId("madoguchi-1.0"), CallId("cb-7")
LEG, OPERATOR, OWN, CITIZEN = "sv-3~499~x", "madoguchi-1.1", "cb-7~9~201", "madoguchi-1.5"


@pytest.fixture
def control(ari: Ari) -> Control:
    return Control(ari, Manager(("127.0.0.1", 1), "madoguchi", "secret"))


def consult(call: CallId, mode: Mode = Mode.CONSULT) -> Hear:
    return Hear(CallId("sv-3"), LegId(LEG), call, mode, again=False)


def leg_of(call: str, identity: str) -> Mapping[str, object]:
    return {**channel(identity=identity), "channelvars": {"MADOGUCHI_CALL": call}}


def sent_to(extension: str) -> str:
    return f"POST /ari/channels/sv-3~499~x/continue?context=supervise&extension={extension}"


async def test_a_leg_that_whispers_names_the_operator_alone(server: Server, control: Control) -> None:
    control.notice(OfferRang(CALL, OfferId("1"), LegId(OPERATOR)))
    server.will(said(204))
    await control.carry_out(consult(CALL, Mode.WHISPER))
    assert [sent_to("2*madoguchi-1.1")] == server.seen


async def test_a_leg_that_consults_names_both(server: Server, control: Control) -> None:
    control.notice(OfferRang(CALL, OfferId("1"), LegId(OPERATOR)))
    server.will(said(204))
    await control.carry_out(consult(CALL))
    assert [sent_to("5*madoguchi-1.1*madoguchi-1.0")] == server.seen


async def test_on_a_callback_it_is_the_citizens_leg_that_waits(server: Server, control: Control) -> None:
    control.notice(OfferRang(CALLBACK, OfferId("9"), LegId(OWN)))
    legs = [leg_of(CALL, CALL), leg_of(CALLBACK, OWN), leg_of(CALLBACK, CITIZEN)]
    server.will(said(200, legs), said(204))
    await control.carry_out(consult(CALLBACK))
    assert ["GET /ari/channels", sent_to("5*cb-7~9~201*madoguchi-1.5")] == server.seen


async def test_nobody_is_consulted_about_a_callback_that_reached_nobody(
    server: Server, control: Control
) -> None:
    control.notice(OfferRang(CALLBACK, OfferId("9"), LegId(OWN)))
    server.will(said(200, [leg_of(CALLBACK, OWN)]))
    with pytest.raises(SwitchError, match="reached"):
        await control.carry_out(consult(CALLBACK))
