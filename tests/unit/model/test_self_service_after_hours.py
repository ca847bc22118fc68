"""Self-service by keypad for who calls outside hours, and in a disaster."""

import pytest

from config.schema import Centre
from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model import self_booking as sb
from telephony.model.ids import CallId
from telephony.model.states import CallState
from tests.unit.model.callback_stage import CALLER, closed
from tests.unit.model.plans import plan
from tests.unit.model.self_stage import BOOKED, LATER, NOTICE, OPENS, SLOT, SelfStage, after_hours_plan


def shut(centre: Centre | None = None) -> SelfStage:
    """Return a centre that is closed until `OPENS`, and a caller who hears so."""
    stage = SelfStage(centre=centre or after_hours_plan())
    stage.play(ev.OverridesChanged((closed(0, OPENS),)))
    stage.dial("a")
    return stage


def test_outside_hours_the_reason_comes_first_and_then_the_offer() -> None:
    stage = shut()
    assert stage.hears()[0] == "closed-exception"
    assert stage.hears()[-1] == "self-service-offer"
    stage.key("a", "1")
    assert stage.facts("a", "self_service.started") == [{"after_hours": True}]
    stage.keys(f"{NOTICE}#").answer(sb.Known(None)).answer(sb.Kept(SLOT))
    assert stage.hears()[-1] == "self-service-callback"
    stage.key("a", "1")
    stage.answer(sb.Done(BOOKED)).spoken("a").play(ev.CallerLeft(CallId("a"), 16))
    assert stage.outcome("a") == ("self_service", "system")


def test_outside_hours_silence_and_a_hang_up_are_closed_calls_as_ever() -> None:
    stage = shut()
    stage.spoken("a").timer("a")
    assert stage.hears() == ("call-again",)
    stage.spoken("a").play(ev.CallerLeft(CallId("a"), 16))
    assert stage.outcome("a") == ("closed", "system")
    stage = shut()
    stage.play(ev.CallerLeft(CallId("a"), 16))
    assert stage.outcome("a") == ("closed", "caller")


def test_outside_hours_the_way_on_is_a_callback_after_the_opening() -> None:
    stage = shut()
    stage.ready("sato").keys(f"1{NOTICE}#")
    stage.answer(sb.NoAnswer())
    assert stage.call("a").state is CallState.ASKING
    assert stage.hears() == ("self-service-unavailable", f"callback-confirm{{'number': '{CALLER}'}}")
    assert not stage.in_line()
    stage.key("a", "1")
    assert stage.hears()[0].startswith("callback-promised-later")
    stage.spoken("a").play(ev.CallerLeft(CallId("a"), 16))
    assert stage.outcome("a") == ("callback_requested", "system")
    (promise,) = stage.model.floor.promises.values()
    rests = stage.call(promise).promise
    assert rests is not None
    assert rests.rests_until == OPENS
    assert stage.of(cmd.Offer) == []


@pytest.mark.parametrize("key", ["*", "999"])
def test_outside_hours_who_wants_no_callback_either_hears_when_to_call(key: str) -> None:
    stage = shut()
    stage.ready("sato").keys(f"1{NOTICE}#")
    stage.answer(sb.NoAnswer()).keys(key)
    assert stage.hears() == ("call-again",)
    stage.spoken("a").play(ev.CallerLeft(CallId("a"), 16))
    assert stage.outcome("a") == ("closed", "system")


def test_outside_hours_without_calls_of_ours_it_ends_with_when_to_call() -> None:
    raw = after_hours_plan().model_dump(mode="json")
    raw["trunks"][0]["outbound"] = None
    stage = shut(Centre.model_validate(raw))
    stage.keys(f"1{NOTICE}#")
    stage.answer(sb.NoAnswer())
    assert stage.hears() == ("self-service-unavailable", "call-again")


def test_outside_hours_who_has_a_callback_keeps_it() -> None:
    stage = shut()
    stage.keys(f"1{NOTICE}#")
    stage.answer(sb.NoAnswer()).key("a", "1")
    stage.spoken("a").play(ev.CallerLeft(CallId("a"), 16))
    stage.dial("b").keys(f"1{NOTICE}#", "b")
    stage.answer(sb.NoAnswer(), "b")
    assert stage.hears() == ("self-service-unavailable", "callback-kept")


def test_a_disaster_ends_it_and_gives_the_seat_back() -> None:
    stage = SelfStage()
    stage.offered().play(ev.EmergencyChanged("emergency"))
    assert stage.hears() == ("emergency",)
    assert stage.of(cmd.ForgetBooking) == [cmd.ForgetBooking(CallId("a"))]
    stage.answer(sb.Kept(LATER))
    assert stage.call("a").state is CallState.ENDING


def test_what_was_published_away_meanwhile_leads_on() -> None:
    stage = SelfStage()
    stage.begins().keys(f"{NOTICE}#")
    stage.play(ev.PlanChanged(plan(self_service=None))).answer(sb.Known(None))
    assert stage.hears() == ("self-service-unavailable", "back-in-line")
