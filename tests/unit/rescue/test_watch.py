"""Whom the rescue moves: callers whom only a controller can do anything for."""

from dataclasses import replace

from telephony.asterisk.answers import Channel
from telephony.model.ids import Instant, LegId
from telephony.rescue.watch import held

WAITING = Channel(
    id=LegId("a"),
    name="PJSIP/trunk-carrier-1",
    state="Up",
    caller="+819012345678",
    connected="",
    context="from-trunk",
    extension="0120123456",
    application="Stasis",
    created=Instant(1.0),
    sip_call_id="x",
    variables={"MADOGUCHI_CALL": "a"},
)
BACK_FROM_AN_OFFER = replace(WAITING, context="offer", extension="201*20*7*r")


def test_who_is_in_stasis_is_held() -> None:
    assert [WAITING] == held([WAITING])
    assert [BACK_FROM_AN_OFFER] == held([BACK_FROM_AN_OFFER])


def test_who_rings_or_talks_is_not() -> None:
    peer = replace(WAITING, id=LegId("b"))
    assert [] == held([replace(BACK_FROM_AN_OFFER, application="Dial"), peer])


def test_who_waits_in_the_dialplan_already_is_not() -> None:
    assert [] == held([replace(WAITING, context="unattended", extension="s", application="WaitForCondition")])


def test_an_extension_that_ami_cannot_take_is_left_alone() -> None:
    assert [] == held([replace(WAITING, extension="1\r\nAction: Originate")])
