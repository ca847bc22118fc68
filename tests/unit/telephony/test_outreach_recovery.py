"""A controller dies in the middle of an outreach call: the next one takes it over in whatever state it is."""

import pytest

from telephony import callback_recovery, outreach_recovery, recovery
from telephony.asterisk.answers import Bridge, Channel
from telephony.entries import Entry
from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.ids import AgentName, CallId, Instant, LegId, OfferId
from telephony.model.states import AgentState, CallState
from telephony.record import fold
from tests.unit.model.outreach_stage import ROW, TARGET, OutreachStage
from tests.unit.model.stage import NUMBER, booker

OR = CallId("or-7")
LEG = LegId(f"or-7~8~{booker().extension}")
EXTENSIONS = {booker().extension: AgentName("sato")}

Fact = tuple[str, dict[str, object]]
OFFERED: Fact = ("offer.made", {"offer": "8", "agent": "sato", "queue": None})
DIALLED: Fact = ("outreach.dialled", {"offer": "8", "agent": "sato"})
REACHED: Fact = ("outreach.reached", {})
CONNECTED: Fact = (
    "call.connected",
    {"offer": "8", "agent": "sato", "queue": None, "waited_s": None},
)
FAILED: Fact = ("outreach.failed", {"result": "busy"})


def journal(*more: Fact) -> tuple[Entry, ...]:
    """Return the journal of an outreach call that was dialled, and then *more*."""
    asked = {"outreach": ROW, "number": TARGET, "agent": "sato", "dialled": NUMBER}
    facts = [("outreach.requested", asked), OFFERED, *more]
    return tuple(
        Entry("call:or-7", seq, Instant(950.0 + seq), kind, data) for seq, (kind, data) in enumerate(facts, 1)
    )


def leg(state: str = "Up", context: str = "from-operators", application: str = "Stasis") -> Channel:
    """Return the operator's leg."""
    return Channel(
        id=LEG,
        name="PJSIP/x",
        state=state,
        caller="",
        connected="",
        context=context,
        extension="s",
        application=application,
        created=Instant(960.0),
        sip_call_id="x",
        variables={"MADOGUCHI_CALL": "or-7"},
    )


RINGING, ACCEPTED = leg("Ringing"), leg()
DIALLING = leg(context="callback-carrier", application="Dial")
BACK = leg(context="callback-carrier")


def snapshot(*legs: Channel, talking: bool = False, noted: ev.NotedDial | None = None) -> recovery.Snapshot:
    """Return what Asterisk has, and what its dialplan *noted*."""
    bridges = [Bridge("b", "", (LEG, LegId("target")))] if talking else []
    return recovery.Snapshot(legs, bridges, {} if noted is None else {OfferId("8"): noted})


def taken_over(
    entries: tuple[Entry, ...], *legs: Channel, talking: bool = False, noted: ev.NotedDial | None = None
) -> OutreachStage:
    """Return a stage on which Sato is ready and recovery has found *entries* and *legs*."""
    stage = OutreachStage()
    stage.ready("sato")
    seen = snapshot(*legs, talking=talking, noted=noted)
    stage.play(*outreach_recovery.adopted(seen, stage.model.floor.calls, {OR: entries}, EXTENSIONS))
    return stage


def test_the_own_phone_goes_on_ringing_and_the_target_is_dialled_when_it_is_picked_up() -> None:
    stage = taken_over(journal(), RINGING)
    assert (stage.call(OR).state, stage.operator("sato").state) == (CallState.DIALLING, AgentState.OFFERED)
    stage.play(ev.OfferAnswered(OR, OfferId("8")))
    assert [order.number for order in stage.dialled] == [TARGET]


def test_who_has_picked_up_before_it_was_written_down_is_connected_now() -> None:
    stage = taken_over(journal(), ACCEPTED)
    assert len(stage.facts(OR, "outreach.dialled")) == 1
    assert len(stage.dialled) == 1


def test_what_was_written_down_and_not_ordered_is_ordered_and_not_written_twice() -> None:
    stage = taken_over(journal(DIALLED), ACCEPTED)
    assert stage.facts(OR, "outreach.dialled") == []
    assert (len(stage.dialled), stage.operator("sato").state) == (1, AgentState.TALKING)


def test_a_target_whose_phone_rings_is_left_ringing() -> None:
    stage = taken_over(journal(DIALLED), DIALLING)
    assert (stage.call(OR).state, stage.dialled) == (CallState.REACHING, [])


@pytest.mark.parametrize("known", [(DIALLED,), (DIALLED, REACHED, CONNECTED)])
def test_a_conversation_goes_on_and_is_one_record(known: tuple[Fact, ...]) -> None:
    stage = taken_over(journal(*known), DIALLING, talking=True)
    assert (stage.call(OR).state, stage.operator("sato").state) == (CallState.TALKING, AgentState.TALKING)
    assert len(stage.facts(OR, "call.connected")) + (CONNECTED in known) == 1
    stage.play(ev.OperatorLeft(OR, OfferId("8"), 16), after=30)
    assert stage.outcome(OR) == ("answered", "agent")


def test_a_conversation_that_ended_meanwhile_is_closed_with_its_leg() -> None:
    stage = taken_over(journal(DIALLED, REACHED, CONNECTED), BACK)
    assert [ended.leg for ended in stage.of(cmd.HangUp)] == [LEG]
    assert stage.operator("sato").state is AgentState.AFTER_CALL


def test_a_call_whose_end_nobody_saw_is_never_dialled_again() -> None:
    stage = taken_over(journal(DIALLED), BACK)
    assert ([ended.leg for ended in stage.of(cmd.HangUp)], stage.dialled) == ([LEG], [])
    assert [fact["result"] for fact in stage.facts(OR, "outreach.failed")] == ["unknown"]
    assert stage.over


@pytest.mark.parametrize(
    ("known", "outcome", "results"),
    [
        ((), "failed", ["not-dialled"]),
        ((DIALLED,), "failed", ["unknown"]),
        ((DIALLED, FAILED), "failed", []),
        ((DIALLED, REACHED, CONNECTED), "answered", []),
    ],
)
def test_a_call_without_a_leg_is_over(known: tuple[Fact, ...], outcome: str, results: list[str]) -> None:
    stage = taken_over(journal(*known))
    assert (stage.outcome(OR), stage.over) == ((outcome, "system"), True)
    assert [fact["result"] for fact in stage.facts(OR, "outreach.failed")] == results
    assert stage.operator("sato").state is AgentState.READY


TALKED = ev.NotedDial(Instant(970.0), Instant(990.0), ev.DialStatus.ANSWER, by_operator=True)


@pytest.mark.parametrize(
    ("known", "legs"),
    [((DIALLED,), ()), ((DIALLED,), (BACK,)), ((DIALLED, REACHED, CONNECTED), ())],
)
def test_race_a_talk_that_ends_while_no_controller_lives_is_in_the_record(
    known: tuple[Fact, ...], legs: tuple[Channel, ...]
) -> None:
    stage = taken_over(journal(*known), *legs, noted=TALKED)
    assert (stage.outcome(OR), stage.over, stage.dialled) == (("answered", "agent"), True, [])
    (ended,) = stage.facts(OR, "call.talk_ended")
    assert ended["talked_s"] == 990.0 - (970.0 if REACHED not in known else journal(*known)[3].at)


@pytest.mark.parametrize(
    ("status", "result"), [(ev.DialStatus.BUSY, "busy"), (ev.DialStatus.NOANSWER, "no-answer")]
)
def test_how_a_call_failed_that_nobody_saw_end_is_what_the_dialplan_noted(
    status: ev.DialStatus, result: str
) -> None:
    stage = taken_over(journal(DIALLED), noted=ev.NotedDial(None, Instant(990.0), status))
    assert [fact["result"] for fact in stage.facts(OR, "outreach.failed")] == [result]
    assert (stage.over, stage.dialled) == (True, [])


def test_a_leg_that_was_never_dialled_is_taken_away() -> None:
    stage = taken_over(journal(), leg("Down"))
    assert ([ended.leg for ended in stage.of(cmd.HangUp)], stage.over) == ([LEG], True)


def test_an_operator_who_is_on_another_call_meanwhile_is_not_connected() -> None:
    stage = OutreachStage()
    stage.ready("sato").waiting("a")
    seen = snapshot(RINGING)
    stage.play(*outreach_recovery.adopted(seen, stage.model.floor.calls, {OR: journal()}, EXTENSIONS))
    assert [ended.leg for ended in stage.of(cmd.HangUp)] == [LEG]
    assert list(stage.model.floor.calls) == ["a"]


def test_in_a_disaster_nobody_is_dialled_any_more() -> None:
    stage = OutreachStage()
    stage.ready("sato").play(ev.EmergencyChanged("emergency"))
    seen = snapshot(ACCEPTED)
    stage.play(*outreach_recovery.adopted(seen, stage.model.floor.calls, {OR: journal()}, EXTENSIONS))
    assert ([ended.leg for ended in stage.of(cmd.HangUp)], stage.dialled) == ([LEG], [])


def test_the_recovery_of_callers_leaves_it_alone() -> None:
    assert list(recovery.lost(snapshot(RINGING), {OR: journal()}, Instant(1_000.0))) == []
    stage = OutreachStage()
    stage.ready("sato")
    stage.dials()
    assert list(recovery.missed(snapshot(), stage.model.floor.calls, {})) == []


@pytest.mark.parametrize(
    ("began", "now", "talking", "after"),
    [
        ("dialled", ACCEPTED, False, CallState.REACHING),
        ("accepted", DIALLING, True, CallState.TALKING),
        ("accepted", BACK, False, CallState.ENDING),
        ("talking", BACK, False, CallState.ENDING),
    ],
)
def test_what_happened_while_the_events_were_cut_off_is_made_up_for(
    began: str, now: Channel, talking: object, after: CallState
) -> None:
    stage = OutreachStage()
    stage.ready("sato")
    stage.dials()
    {"dialled": lambda: None, "accepted": stage.picks_up, "talking": stage.reached}[began]()
    order = stage.order
    own = Channel(**{name: getattr(now, name) for name in Channel.__slots__} | {"id": order.leg})
    bridges = [Bridge("b", "", (order.leg, LegId("target")))] if talking else []
    seen = recovery.Snapshot([own], bridges)
    stage.play(*callback_recovery.missed(seen, stage.model.floor.calls, {order.call: order.offer}))
    assert stage.call(order.call).state is after


def test_a_leg_that_is_gone_meanwhile_ends_the_call() -> None:
    stage = OutreachStage()
    stage.ready("sato")
    stage.dials().picks_up()
    settled = {stage.order.call: stage.order.offer}
    stage.play(*callback_recovery.missed(snapshot(), stage.model.floor.calls, settled))
    assert (stage.outcome(stage.name), stage.results) == (("failed", "system"), ["unknown"])


def test_a_leg_of_a_call_that_is_over_is_nobodys() -> None:
    assert list(callback_recovery.ownerless(snapshot(ACCEPTED), {})) == [LEG]


# --- the record ---------------------------------------------------------------------------------------------


def record_of(stage: OutreachStage) -> dict[str, object]:
    """Return the record of the last outreach call, from what was written down."""
    facts = [c for c in stage.all if isinstance(c, cmd.Record) and c.stream == f"call:{stage.name}"]
    entries = [Entry(fact.stream, seq, fact.at, fact.kind, fact.data) for seq, fact in enumerate(facts, 1)]
    return fold(entries).as_json()


def test_the_record_is_outbound_and_names_its_row() -> None:
    stage = OutreachStage()
    stage.ready("sato")
    stage.dials().reached().back(ev.DialStatus.ANSWER, after=60).gone()
    kept = record_of(stage)
    names = ("direction", "outreach", "callback_of", "caller", "attempts", "outcome", "agent", "talked_s")
    assert [kept[name] for name in names] == ["outbound", ROW, None, TARGET, 1, "answered", "sato", 60]
    assert (kept["queue"], kept["waited_s"], kept["sip_call_id"]) == (None, None, "sip-1")


def test_a_busy_target_is_in_the_record_and_a_phone_of_ones_own_is_no_call() -> None:
    stage = OutreachStage()
    stage.ready("sato")
    stage.dials().picks_up().back(ev.DialStatus.BUSY).gone()
    kept = record_of(stage)
    assert (kept["outcome"], kept["reason"]) == ("failed", "not reached: busy")
    stage.play(ev.AgentReadied(AgentName("sato")))
    stage.dials(row=ROW + 1).gone(cause=19)
    facts = [c for c in stage.all if isinstance(c, cmd.Record) and c.stream == f"call:{stage.name}"]
    entries = [Entry(fact.stream, seq, fact.at, fact.kind, fact.data) for seq, fact in enumerate(facts, 1)]
    assert not fold(entries).was_placed
