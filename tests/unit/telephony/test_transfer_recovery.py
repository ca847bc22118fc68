"""After a connect: who was transferred meanwhile, and who is at a place outside."""

from dataclasses import replace
from math import inf

from telephony.asterisk.answers import Channel
from telephony.entries import Entry
from telephony.model import commands as cmd
from telephony.model.states import AgentState, CallState
from tests.unit.model.plans import agent
from tests.unit.model.stage import Stage, booker
from tests.unit.telephony.test_recovery import ARRIVED, QUEUED, catch_up, entry, leg, snapshot

TALKED = entry(3, "call.connected", 997, offer="7", agent="sato", queue="booking", waited_s=2.0)
TAKEN = entry(4, "call.transferred", 998, how="blind", target="referral", name="koseki", from_agent="sato")
CALLED = entry(5, "referral.called", 998, referral="koseki", offer="8")


def at(context: str, extension: str, application: str = "Stasis") -> Channel:
    """Return caller a's leg at this place of the dialplan."""
    return replace(leg("a", application=application), context=context, extension=extension)


def outside() -> Channel:
    """Return caller a's leg while a place outside rings or talks."""
    return at("referral-carrier", "0598000001*0120000000*30*8", "Dial")


def after_a_restart(seen: Channel, *entries: Entry, talking: bool = False) -> Stage:
    """Let a controller begin with this leg and journal, and sato and kato ready."""
    stage = Stage(booker(), agent("kato", card=9)).ready("sato", "kato")
    peers = [leg("out", application="AppDial")] if seen.application == "Dial" else []
    return catch_up(stage, snapshot(seen, *peers, talking=talking), ARRIVED, QUEUED, *entries)


def test_who_was_transferred_while_no_controller_lived_stands_at_the_front() -> None:
    stage = after_a_restart(at("transfer", "202"), TALKED)
    assert ["sato"] == [offer.agent for offer in stage.of(cmd.Offer)]
    assert inf == stage.call("a").priority
    (fact,) = stage.facts("a", "call.transferred")
    assert ("sato", None) == (fact["from_agent"], fact["name"])


def test_who_had_been_taken_before_is_not_taken_twice() -> None:
    stage = after_a_restart(at("transfer", "0"), TALKED, TAKEN)
    assert [] == stage.facts("a", "call.transferred")
    assert inf == stage.call("a").priority


def test_a_transfer_that_a_lost_connection_hid_goes_on_to_whom_it_meant() -> None:
    stage = Stage(booker(), agent("kato", card=9)).ready("sato", "kato").waiting("a").answered("a")
    extension = stage.operator("kato").profile.extension
    catch_up(stage, snapshot(at("transfer", extension)))
    assert ["kato"] == [offer.agent for offer in stage.of(cmd.Offer)]
    assert AgentState.AFTER_CALL is stage.operator("sato").state


def test_an_answer_after_a_transfer_that_nobody_saw_is_a_talk_of_its_own() -> None:
    """The journal knows the first operator's talk; that the second one has begun is news."""
    first = replace(TALKED, data={**TALKED.data, "agent": "kato"})
    offered = entry(5, "offer.made", 999, offer="9", agent="sato", queue="booking")
    ringing = at("offer", f"{booker().extension}*20*9*r", "Dial")
    stage = after_a_restart(ringing, first, TAKEN, offered, talking=True)
    assert ("sato", 999) == (stage.call("a").agent, stage.call("a").talking_since)
    assert ["sato"] == [fact["agent"] for fact in stage.facts("a", "call.connected")]


def test_who_is_at_a_place_outside_stays_there() -> None:
    ringing = after_a_restart(outside(), TALKED, TAKEN, CALLED)
    assert (CallState.REFERRING, "koseki") == (ringing.call("a").state, ringing.call("a").referral)
    talking = after_a_restart(outside(), TALKED, TAKEN, CALLED, talking=True)
    assert CallState.REFERRED is talking.call("a").state
    assert AgentState.READY is talking.operator("sato").state


def test_an_answer_outside_that_a_lost_connection_hid_is_told() -> None:
    stage = after_a_restart(outside(), TALKED, TAKEN, CALLED)
    seen = snapshot(outside(), leg("out", application="AppDial"), talking=True)
    assert CallState.REFERRED is catch_up(stage, seen).call("a").state


def test_a_ringing_outside_that_a_lost_connection_hid_gives_the_caller_back() -> None:
    stage = after_a_restart(outside(), TALKED, TAKEN, CALLED)
    catch_up(stage, snapshot(at("referral-carrier", outside().extension)))
    assert ["sato"] == [offer.agent for offer in stage.of(cmd.Offer)]
