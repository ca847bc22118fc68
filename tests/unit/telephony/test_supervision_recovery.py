"""Which supervisors' legs a controller finds again after a connect, and which it lets go."""

import pytest

from telephony import supervision_recovery as recovery
from telephony.asterisk.answers import Channel
from telephony.model.ids import AgentName, CallId, Instant, LegId, SupervisionId
from telephony.model.supervision.events import SupervisionRecovered, SupervisorLeft
from telephony.model.supervision.session import Mode, Supervision, supervisor_leg
from telephony.recovery import Snapshot

NAME, CALL, CHIEF = SupervisionId("sv-3"), CallId("madoguchi-5060-17.4"), AgentName("chief")
LEG = supervisor_leg(NAME, "499", CALL)
PEOPLE = {"499": CHIEF}


def leg(context: str, extension: str, identity: LegId = LEG) -> Channel:
    return Channel(
        identity, "PJSIP/499-01", "Up", "", "", context, extension, "ChanSpy", Instant(0.0), "x", {}
    )


def seen(*legs: Channel) -> Snapshot:
    return Snapshot(legs, ())


def known() -> dict[SupervisionId, Supervision]:
    return {NAME: Supervision(NAME, CALL, CHIEF, Mode.LISTEN, LEG)}


@pytest.mark.parametrize(
    ("digit", "mode"), [("1", "listen"), ("2", "whisper"), ("3", "barge"), ("4", "takeover")]
)
def test_a_leg_that_hears_is_found_by_name_and_place(digit: str, mode: str) -> None:
    found = list(recovery.adopted(seen(leg("supervise", f"{digit}*x.1")), {}, PEOPLE))
    assert [SupervisionRecovered(NAME, CALL, CHIEF, Mode(mode), LEG)] == found


@pytest.mark.parametrize("channel", [leg("default", "s"), leg("supervise", "9*x.1"), leg("supervise", "h")])
def test_a_leg_that_only_rings_or_is_nowhere_is_let_go(channel: Channel) -> None:
    assert [] == list(recovery.adopted(seen(channel), {}, PEOPLE))
    assert [LEG] == list(recovery.ownerless(seen(channel), {}))
    assert [] == list(recovery.ownerless(seen(channel), known()))


def test_a_phone_of_nobody_on_the_roster_is_let_go() -> None:
    assert [] == list(recovery.adopted(seen(leg("supervise", "1*x.1")), {}, {}))


def test_no_other_leg_is_taken_for_a_supervisors() -> None:
    other = leg("supervise", "1*x.1", LegId("madoguchi-5060-17.5"))
    assert [] == [*recovery.adopted(seen(other), {}, PEOPLE), *recovery.ownerless(seen(other), {})]


def test_one_that_is_gone_has_left_unless_it_is_just_being_made() -> None:
    assert [SupervisorLeft(NAME)] == list(recovery.missed(seen(), known(), [NAME]))
    assert [] == list(recovery.missed(seen(), known(), []))
    assert [] == list(recovery.missed(seen(leg("supervise", "1*x.1")), known(), [NAME]))
