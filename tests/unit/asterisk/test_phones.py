"""Device states become what the model wants to know about phones."""

import pytest

from telephony.asterisk.phones import Phones, hold_changed
from telephony.model.events import HoldChanged, PhoneChanged
from telephony.model.ids import AgentName, CallId

SATO, ITO = AgentName("sato"), AgentName("ito")


class Floor:
    """Phones 201 and 202, and who has a call of ours."""

    def __init__(self) -> None:
        self.busy_with_us: set[AgentName] = set()
        self.phones = Phones({"201": SATO, "202": ITO}, self.busy_with_us.__contains__)


@pytest.mark.parametrize("state", ["UNAVAILABLE", "INVALID", "UNKNOWN"])
def test_a_phone_without_a_contact_is_not_registered(state: str) -> None:
    phones = Floor().phones
    assert phones.device_changed("PJSIP/201@desk", "NOT_INUSE") == PhoneChanged(SATO, registered=True)
    assert phones.device_changed("PJSIP/201@desk", state) == PhoneChanged(SATO, registered=False)


@pytest.mark.parametrize("state", ["INUSE", "BUSY", "RINGING", "RINGINUSE", "ONHOLD"])
def test_a_use_that_is_not_ours_is_told(state: str) -> None:
    phones = Floor().phones
    assert phones.device_changed("PJSIP/201", state) == PhoneChanged(SATO, registered=True, in_use=True)


def test_our_own_offers_and_calls_are_not_told() -> None:
    floor = Floor()
    floor.phones.device_changed("PJSIP/201", "NOT_INUSE")
    floor.busy_with_us.add(SATO)
    assert floor.phones.device_changed("PJSIP/201", "RINGING") is None
    assert floor.phones.device_changed("PJSIP/201", "INUSE") is None
    floor.busy_with_us.clear()
    assert floor.phones.device_changed("PJSIP/201", "NOT_INUSE") is None


def test_a_use_that_outlives_our_call_is_found_when_looked_at_again() -> None:
    floor = Floor()
    floor.busy_with_us.add(SATO)
    floor.phones.device_changed("PJSIP/201", "INUSE")
    floor.busy_with_us.clear()
    assert floor.phones.recheck(SATO) == PhoneChanged(SATO, registered=True, in_use=True)
    assert floor.phones.recheck(SATO) is None


def test_the_browser_and_the_desk_phone_are_one_operator() -> None:
    phones = Floor().phones
    phones.device_changed("PJSIP/201", "NOT_INUSE")
    assert phones.device_changed("PJSIP/201@desk", "UNAVAILABLE") is None
    changed = PhoneChanged(SATO, registered=True, in_use=True)
    assert phones.device_changed("PJSIP/201@desk", "INUSE") == changed
    assert phones.device_changed("PJSIP/201", "UNAVAILABLE") is None
    assert phones.device_changed("PJSIP/201@desk", "UNAVAILABLE") == PhoneChanged(SATO, registered=False)


def test_a_snapshot_tells_only_what_is_new() -> None:
    phones = Floor().phones
    phones.device_changed("PJSIP/201", "NOT_INUSE")
    states = {"PJSIP/201": "NOT_INUSE", "PJSIP/202": "NOT_INUSE", "PJSIP/trunk-carrier": "UNAVAILABLE"}
    assert list(phones.snapshot(states)) == [PhoneChanged(ITO, registered=True)]
    assert list(phones.snapshot({"PJSIP/202": "NOT_INUSE"})) == [PhoneChanged(SATO, registered=False)]


def test_devices_of_nobody_are_ignored() -> None:
    phones = Floor().phones
    assert phones.device_changed("PJSIP/trunk-carrier", "INUSE") is None
    assert phones.device_changed("PJSIP/999", "NOT_INUSE") is None


def test_a_new_operator_whose_phone_was_there_already_is_told_at_once() -> None:
    phones = Floor().phones
    phones.device_changed("PJSIP/203", "NOT_INUSE")
    kato = AgentName("kato")
    assert list(phones.assign({"201": SATO, "203": kato})) == [PhoneChanged(kato, registered=True)]


def test_the_operators_hold_names_the_call_and_the_callers_own_does_not_count() -> None:
    operators = {"Event": "Hold", "Uniqueid": "m-2.1", "Linkedid": "m-1.0"}
    assert hold_changed(operators) == HoldChanged(CallId("m-1.0"), held=True)
    assert hold_changed({**operators, "Event": "Unhold"}) == HoldChanged(CallId("m-1.0"), held=False)
    assert hold_changed({**operators, "Uniqueid": "m-1.0"}) is None
