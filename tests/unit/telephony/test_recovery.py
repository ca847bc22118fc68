"""After a connect the model equals Asterisk: who left, who answered, who came back, and who is new."""

from dataclasses import replace
from math import inf

from telephony import recovery
from telephony.asterisk.answers import Bridge, Channel
from telephony.entries import Entry
from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.call import Told
from telephony.model.ids import AgentName, CallId, Instant, LegId
from telephony.model.states import AgentState, CallState
from tests.unit.model.plans import agent
from tests.unit.model.stage import Stage, booker

A, SATO = CallId("a"), AgentName("sato")
EXTENSIONS = {booker().extension: SATO}


def leg(name: str, call: str = "a", application: str = "Stasis", exten: str = "+81120000000") -> Channel:
    """Return a leg of *call*."""
    context = "offer" if "*" in exten else "from-trunk"
    return Channel(
        id=LegId(name),
        name=f"PJSIP/{name}",
        state="Up",
        caller="+819012345678",
        connected="",
        context=context,
        extension=exten,
        application=application,
        created=Instant(990.0),
        sip_call_id=f"{name}@carrier",
        variables={"MADOGUCHI_CALL": call},
    )


def dialling(offer: str) -> Channel:
    """Return the caller's leg while ``Dial()`` rings or connects Sato for *offer*."""
    return leg("a", application="Dial", exten=f"{booker().extension}*20*{offer}*r")


def snapshot(*channels: Channel, talking: bool = False) -> recovery.Snapshot:
    """Return what Asterisk has; with *talking*, all of it in one bridge."""
    bridges = [Bridge("b", "", tuple(channel.id for channel in channels))] if talking else []
    return recovery.Snapshot(channels, bridges)


def catch_up(stage: Stage, seen: recovery.Snapshot, *entries: Entry) -> Stage:
    """Play everything that recovery finds."""
    floor = stage.model.floor
    settled = {call.id: call.last_offer for call in floor.calls.values()}
    events = list(recovery.missed(seen, floor.calls, settled))
    events += recovery.adopted(seen, floor.calls, {A: entries}, EXTENSIONS)
    return stage.play(*events)


def entry(seq: int, kind: str, at: float = 995.0, **data: object) -> Entry:
    """Return a line of call a's journal."""
    return Entry("call:a", seq, Instant(at), kind, data)


ARRIVED = entry(1, "call.arrived", 990, caller="+819012345678", dialled="+81120000000", sip_call_id="x")
QUEUED = entry(2, "queue.entered", 995, queue="booking", priority=0, position=1)


def ringing() -> Stage:
    """Return a stage on which a rings at Sato's phone."""
    return Stage(booker()).ready("sato").waiting("a").rings("a")


def test_nothing_missed_is_no_event() -> None:
    stage = ringing()
    seen = snapshot(dialling(stage.offer("a").offer), leg("peer"))
    assert catch_up(stage, seen).call("a").state is CallState.OFFERED


def test_caller_who_left_meanwhile_has_left() -> None:
    stage = catch_up(ringing(), snapshot())
    assert stage.outcome("a") == ("failed", "system")
    assert "end time unknown" in str(stage.facts("a", "call.ended")[0]["reason"])


def test_conversation_that_vanished_was_a_conversation() -> None:
    stage = catch_up(ringing().answered("a"), snapshot())
    assert stage.outcome("a") == ("answered", "system")


def test_answer_that_was_missed_is_seen() -> None:
    stage = ringing()
    seen = snapshot(dialling(stage.offer("a").offer), leg("peer"), talking=True)
    assert catch_up(stage, seen).call("a").state is CallState.TALKING


def test_offer_that_came_back_unseen_puts_the_caller_into_line() -> None:
    stage = catch_up(ringing(), snapshot(leg("a")))
    assert stage.call("a").state is CallState.WAITING


def test_offer_that_was_made_after_the_snapshot_is_not_taken_for_one_that_came_back() -> None:
    """A tier opened meanwhile: the caller was in our hands then, and rings at an operator's now."""
    stage = ringing()
    assert list(recovery.missed(snapshot(leg("a")), stage.model.floor.calls, {A: None})) == []


def test_conversation_that_ended_unseen_ends() -> None:
    stage = catch_up(ringing().answered("a"), snapshot(leg("a")))
    assert [order.call for order in stage.of(cmd.HangUp)] == ["a"]


def test_waiting_caller_is_adopted_with_place_and_waiting_time() -> None:
    stage = Stage(booker()).waiting("b", "+819000000002")
    catch_up(stage, snapshot(leg("a"), leg("b", call="b")), ARRIVED, QUEUED)
    assert stage.call("a").waiting_since == 995
    assert stage.model.floor.line.position(A, stage.now) == 1
    assert stage.call("a").recovered


def test_conversation_is_adopted_and_ends_in_one_record() -> None:
    stage = Stage(booker()).ready("sato")
    connected = entry(3, "call.connected", 996, offer="7", agent="sato", queue="booking", waited_s=1)
    catch_up(stage, snapshot(dialling("7"), leg("peer"), talking=True), ARRIVED, QUEUED, connected)
    assert stage.operator("sato").state is AgentState.TALKING
    assert stage.facts("a", "call.connected") == []
    stage.play(ev.CallerLeft(A, 16), after=10)
    assert stage.outcome("a") == ("answered", "caller")
    assert stage.facts("a", "call.talk_ended")[0]["talked_s"] == 14


def test_conversation_that_a_supervisor_took_over_is_the_supervisors() -> None:
    stage = Stage(booker(), agent("chief")).ready("sato")
    connected = entry(3, "call.connected", 996, offer="7", agent="sato", queue="booking", waited_s=1)
    taken = entry(4, "call.taken_over", 998, agent="chief", from_agent="sato", supervision="sv-1")
    seen = snapshot(dialling("7"), leg("peer"), talking=True)
    catch_up(stage, seen, ARRIVED, QUEUED, connected, taken)
    assert stage.operator("sato").state is AgentState.READY
    stage.play(ev.CallerLeft(A, 16), after=10)
    (ended,) = stage.facts("a", "call.talk_ended")
    assert ("chief", 12) == (ended["agent"], ended["talked_s"])


def test_a_pause_of_the_recording_outlives_the_controller() -> None:
    stage = Stage(booker()).ready("sato")
    connected = entry(3, "call.connected", 996, offer="7", agent="sato", queue="booking", waited_s=1)
    paused, resumed = entry(4, "recording.paused", 997), entry(5, "recording.resumed", 998)
    seen = snapshot(dialling("7"), leg("peer"), talking=True)
    assert catch_up(stage, seen, ARRIVED, QUEUED, connected, paused).call("a").recording_paused
    again = Stage(booker()).ready("sato")
    assert not catch_up(again, seen, ARRIVED, QUEUED, connected, paused, resumed).call("a").recording_paused


def test_conversation_that_the_journal_knows_is_one_although_its_bridge_was_not_seen() -> None:
    """Legs and bridges are two answers; whoever hangs up between them leaves a leg without a bridge."""
    stage = Stage(booker()).ready("sato")
    connected = entry(3, "call.connected", 996, offer="7", agent="sato", queue="booking", waited_s=1)
    catch_up(stage, snapshot(dialling("7"), leg("peer")), ARRIVED, QUEUED, connected)
    stage.play(ev.CallerLeft(A, 16))
    assert stage.outcome("a") == ("answered", "caller")


def test_answer_in_the_dead_time_is_written_down_late() -> None:
    stage = Stage(booker()).ready("sato")
    catch_up(stage, snapshot(dialling("7"), leg("peer"), talking=True), ARRIVED, QUEUED)
    assert stage.facts("a", "call.connected")[0]["agent"] == "sato"


def test_ringing_is_adopted_and_comes_back() -> None:
    stage = Stage(booker()).ready("sato")
    catch_up(stage, snapshot(dialling("7"), leg("peer")), ARRIVED, QUEUED)
    assert stage.operator("sato").state is AgentState.OFFERED
    stage.play(ev.OfferReturned(A, stage.call("a").last_offer or "", ev.DialStatus.NOANSWER))
    assert stage.call("a").state is CallState.WAITING


def test_ringing_whose_place_in_line_was_lost_waits_with_a_timer_that_lets_time_pass() -> None:
    """The controller died before the queue was on disk; without a place the timer fired again and again."""
    stage = Stage(booker()).ready("sato")
    catch_up(stage, snapshot(dialling("7"), leg("peer")), ARRIVED)
    stage.play(ev.OfferReturned(A, stage.call("a").last_offer or "", ev.DialStatus.NOANSWER), after=3)
    assert stage.call("a").waiting_since == 990
    (armed,) = [order for order in stage.of(cmd.ArmTimer) if order.owner == "a"][-1:]
    assert armed.due > stage.now


def test_caller_moved_to_the_front_is_still_there_after_a_restart() -> None:
    """The front is an infinite priority, which JSON writes as null."""
    moved = entry(3, "queue.entered", 996, queue="booking", priority=None, position=1)
    stage = catch_up(
        Stage(booker()).waiting("b"), snapshot(leg("a"), leg("b", call="b")), ARRIVED, QUEUED, moved
    )
    assert stage.model.floor.line.waiting(stage.now) == ["a", "b"]
    assert stage.call("a").priority == inf


def test_caller_whom_the_journal_never_saw_is_written_down_answered_and_greeted() -> None:
    """The last controller died with the news: nothing was played yet, not even the recording notice."""
    seen = snapshot(replace(leg("a"), caller="09012345678", extension="0120000000"))
    stage = catch_up(Stage(), seen)
    (stranger,) = recovery.strangers(seen, {}, {}).values()
    stage.play(recovery.arrival(stranger))
    arrived = stage.facts("a", "call.arrived")[0]
    assert (arrived["sip_call_id"], arrived["caller"]) == ("a@carrier", "+819012345678")
    assert [order.call for order in stage.of(cmd.Answer)] == ["a"]
    assert stage.call("a").state is CallState.GREETING


def test_caller_who_was_in_the_menu_is_asked_again_and_not_greeted() -> None:
    stage = catch_up(Stage(), snapshot(leg("a")), ARRIVED, entry(2, "menu.entered", menu="main"))
    assert stage.of(cmd.Answer) == []
    assert stage.call("a").state is CallState.MENU


def test_nobody_known_is_a_stranger() -> None:
    stage = Stage().waiting("b", "+819000000002")
    seen = snapshot(leg("a"), leg("b", call="b"), leg("c", call="c", application="Dial"))
    assert recovery.strangers(seen, stage.model.floor.calls, {A: (ARRIVED,)}) == {}


def test_who_was_first_in_line_is_taken_over_first_and_who_talks_before_everybody() -> None:
    legs = [leg(name, call=name) for name in "bcd"]
    seen = snapshot(*legs, dialling("7"))
    waits = {"b": (997.0, 0), "c": (995.0, 0), "d": (998.0, 5)}
    journal = {
        CallId(name): (entry(2, "queue.entered", at, queue="booking", priority=priority),)
        for name, (at, priority) in waits.items()
    }
    found = recovery.adopted(seen, {}, journal, EXTENSIONS)
    assert [event.call for event in found] == ["a", "d", "c", "b"]


def test_who_waits_in_the_dialplan_is_known_by_its_context() -> None:
    outside = replace(leg("b", call="b", application="WaitForCondition"), context="unattended", extension="s")
    assert recovery.unattended([leg("a"), outside]) == {"b"}


def test_call_that_is_gone_is_closed_with_an_honest_reason() -> None:
    (record,) = recovery.lost(snapshot(), {A: (ARRIVED, QUEUED)}, Instant(2_000.0))
    assert (record.kind, record.data["outcome"]) == ("call.ended", "failed")
    assert "end time unknown" in record.data["reason"]


STARTED = entry(3, "message.started", 1_000, file="1970/01/01/a-message.wav")


def test_caller_who_was_leaving_a_message_is_adopted_with_it() -> None:
    stage = catch_up(Stage(booker()), snapshot(leg("a")), ARRIVED, QUEUED, STARTED)
    assert stage.call("a").state is CallState.MESSAGE
    assert [command.name for command in stage.of(cmd.StopMessage)] == ["a-message"]


def test_caller_who_had_discarded_a_message_stands_in_line() -> None:
    entries = (ARRIVED, QUEUED, STARTED, entry(4, "message.discarded", 1_010))
    assert catch_up(Stage(booker()), snapshot(leg("a")), *entries).call("a").state is CallState.WAITING


def test_message_of_a_caller_who_is_gone_is_a_case() -> None:
    facts = list(recovery.lost(snapshot(), {A: (ARRIVED, QUEUED, STARTED)}, Instant(2_000.0)))
    assert [fact.kind for fact in facts] == ["message.kept", "case.opened", "call.ended"]
    assert facts[1].data["details"]["file"] == "1970/01/01/a-message.wav"
    assert facts[2].data["outcome"] == "message_left"


def test_the_wait_that_was_told_is_remembered() -> None:
    told = entry(3, "wait.announced", 1_000, minutes=4, ahead=2, operators=3, cause=None)
    stage = catch_up(Stage(booker()), snapshot(leg("a")), ARRIVED, QUEUED, told)
    assert stage.call("a").told == Told(4, 2, 3)


def test_operators_are_what_they_were() -> None:
    latest = {
        SATO: Entry("agent:sato", 1, Instant(1.0), "agent.state", {"state": "paused", "reason": "lunch"}),
        AgentName("ito"): Entry("agent:ito", 1, Instant(1.0), "agent.state", {"state": "talking"}),
        AgentName("abe"): Entry("agent:abe", 1, Instant(1.0), "agent.state", {"state": "logged-out"}),
    }
    assert list(recovery.duties(latest)) == [ev.AgentPaused(SATO, "lunch"), ev.AgentReadied(AgentName("ito"))]


def test_caller_who_is_elsewhere_in_the_dialplan_comes_in_by_itself() -> None:
    seen = snapshot(leg("a", application="MusicOnHold"))
    assert list(recovery.adopted(seen, {}, {A: (ARRIVED, QUEUED)}, EXTENSIONS)) == []
    assert list(recovery.lost(seen, {A: (ARRIVED, QUEUED)}, Instant(2_000.0))) == []


def test_offer_that_fell_out_of_our_hands_keeps_its_place() -> None:
    stage = ringing()
    stage.play(ev.CallArrived(A, None, "201*20*7*r", "x@carrier"))
    assert stage.call("a").state is CallState.WAITING
    assert stage.facts("a", "offer.ended")[0]["result"] == "unreachable"
