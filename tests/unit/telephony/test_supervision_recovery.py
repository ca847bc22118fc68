"""Which supervisors' legs a controller finds again after a connect, and which it lets go."""

import pytest

from telephony import supervision_recovery as recovery
from telephony.asterisk.answers import Channel
from telephony.entries import Entry
from telephony.model.ids import AgentName, CallId, Instant, LegId, SupervisionId
from telephony.model.supervision.events import HoldOutlived, SupervisionRecovered, SupervisorLeft
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


def fact(kind: str, supervision: str | None = NAME) -> Entry:
    """Return a journal entry of the call."""
    data = {} if supervision is None else {"supervision": supervision}
    return Entry(f"call:{CALL}", 1, 1.0, kind, data)


def known() -> dict[SupervisionId, Supervision]:
    return {NAME: Supervision(NAME, CALL, CHIEF, Mode.LISTEN, LEG)}


@pytest.mark.parametrize(
    ("digit", "mode"),
    [("1", "listen"), ("2", "whisper"), ("3", "barge"), ("4", "takeover"), ("5", "consult")],
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


HELD, UNHELD = fact("call.held"), fact("call.unheld")


@pytest.mark.parametrize(
    ("facts", "holds"),
    [
        ((HELD,), True),
        ((HELD, UNHELD), False),
        ((HELD, fact("call.unheld", None)), True),  # the operator's phone had held the caller, too
        ((HELD, fact("call.unheld", "sv-2")), True),
        ((HELD, fact("call.talk_ended", None)), False),
        ((fact("call.held", None),), False),
        ((HELD, UNHELD, HELD), True),
    ],
)
def test_the_journal_says_whether_the_caller_is_on_hold_for_a_leg(
    facts: tuple[Entry, ...], *, holds: bool
) -> None:
    consults = leg("supervise", "5*x.1*x.0")
    (found,) = recovery.adopted(seen(consults), {}, PEOPLE, {CALL: facts})
    assert holds is found.holds
    assert [] == list(recovery.outlived(seen(consults), {CALL: facts}))
    ended = [HoldOutlived(CALL, NAME)] if holds else []
    assert ended == list(recovery.outlived(seen(), {CALL: facts}))
