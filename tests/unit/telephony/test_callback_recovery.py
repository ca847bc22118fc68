"""A new controller takes every open callback over as it is: in line, ringing, calling, talking, or over."""

import pytest

from telephony import callback_recovery, recovery
from telephony.asterisk.answers import Bridge, Channel
from telephony.entries import Entry
from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.ids import AgentName, CallId, Instant, LegId
from telephony.model.states import AgentState, CallState
from tests.unit.model.callback_stage import CALLER, CallbackStage, closed
from tests.unit.model.stage import booker

CB = CallId("cb-7")
LEG = LegId(f"cb-7~8~{booker().extension}")
EXTENSIONS = {booker().extension: AgentName("sato")}


def journal(*more: tuple[str, dict[str, object]]) -> tuple[Entry, ...]:
    """Return the journal of a callback that was asked for, and then *more*."""
    asked = {
        "number": CALLER,
        "asked_by": "a",
        "asked_from": CALLER,
        "dialled": "+81120000000",
        "queue": "booking",
        "since": 900.0,
        "priority": 0,
        "due_by": 8_000.0,
    }
    facts = [("callback.requested", asked), *more]
    return tuple(
        Entry("call:cb-7", seq, Instant(950.0 + seq), kind, data) for seq, (kind, data) in enumerate(facts, 1)
    )


ATTEMPT: tuple[str, dict[str, object]] = ("callback.attempted", {"attempt": 1, "offer": "8", "agent": "sato"})
REACHED: tuple[str, dict[str, object]] = ("callback.reached", {"attempt": 1})


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
        variables={"MADOGUCHI_CALL": "cb-7"},
    )


DIALLING = {"context": "callback-carrier", "application": "Dial"}


def taken_over(entries: tuple[Entry, ...], *legs: Channel, talking: bool = False) -> CallbackStage:
    """Return a stage on which Sato is ready and recovery has found *entries* and *legs*."""
    stage = CallbackStage(booker()).ready("sato")
    bridges = [Bridge("b", "", (LEG, LegId("citizen")))] if talking else []
    seen = recovery.Snapshot(legs, bridges)
    stage.play(*callback_recovery.adopted(seen, stage.model.floor.calls, {CB: entries}, EXTENSIONS))
    return stage


def test_one_without_a_leg_stands_at_its_place_and_is_served() -> None:
    stage = taken_over(journal())
    assert [order.call for order in stage.of(cmd.CallOperator)] == [CB]
    assert stage.call(CB).waiting_since == 900.0


def test_an_attempt_that_nobody_saw_end_counts_and_is_not_made_again_at_once() -> None:
    stage = taken_over(journal(ATTEMPT))
    assert stage.results(CB) == ["unknown"]
    assert stage.of(cmd.CallOperator) == []
    assert stage.call(CB).state is CallState.PROMISED


def test_a_rest_goes_on_until_its_end() -> None:
    failed = ("callback.failed", {"attempt": 1, "result": "busy", "retry_at": 1_500.0})
    stage = taken_over(journal(ATTEMPT, failed))
    assert stage.of(cmd.CallOperator) == []
    stage.timer(CB)
    assert stage.now == 1_500
    assert [order.call for order in stage.of(cmd.CallOperator)] == [CB]


def test_a_phone_that_rings_goes_on_ringing() -> None:
    stage = taken_over(journal(), leg("Ringing"))
    assert stage.operator("sato").state is AgentState.OFFERED
    assert stage.call(CB).state is CallState.SUMMONING


def test_a_leg_that_was_never_dialled_is_taken_away() -> None:
    stage = taken_over(journal(), leg("Down"))
    assert LEG in [ended.leg for ended in stage.of(cmd.HangUp)]


def test_an_operator_who_accepted_before_the_attempt_was_written_down_gets_it_now() -> None:
    stage = taken_over(journal(), leg())
    assert len(stage.facts(CB, "callback.attempted")) == 1
    assert len(stage.of(cmd.CallCitizen)) == 1


def test_an_attempt_that_was_written_down_and_not_begun_is_begun_and_not_counted_twice() -> None:
    stage = taken_over(journal(ATTEMPT), leg())
    assert stage.facts(CB, "callback.attempted") == []
    assert len(stage.of(cmd.CallCitizen)) == 1


def test_a_citizen_whose_phone_rings_is_left_ringing() -> None:
    stage = taken_over(journal(ATTEMPT), leg(**DIALLING))
    assert stage.call(CB).state is CallState.CALLING
    assert stage.of(cmd.CallCitizen) == []
    assert stage.operator("sato").state is AgentState.TALKING


@pytest.mark.parametrize("known", [(), (REACHED,)])
def test_who_talks_goes_on_talking(known: tuple[tuple[str, dict[str, object]], ...]) -> None:
    stage = taken_over(journal(ATTEMPT, *known), leg(**DIALLING), talking=True)
    assert stage.call(CB).state is CallState.TALKING
    assert len(stage.facts(CB, "callback.reached")) == 1 - len(known)


def test_a_conversation_that_ended_unseen_was_one() -> None:
    stage = taken_over(journal(ATTEMPT, REACHED))
    assert stage.outcome(CB) == ("answered", "system")


def test_one_that_was_over_but_for_its_last_fact_gets_that_and_nothing_else() -> None:
    done = ("callback.done", {"result": "reached", "reason": None})
    stage = taken_over(journal(ATTEMPT, REACHED, done))
    assert stage.outcome(CB) == ("answered", "system")
    assert stage.facts(CB, "callback.done") == []


def test_a_dial_that_came_back_unseen_is_unknown_and_the_leg_is_let_go() -> None:
    stage = taken_over(journal(ATTEMPT), leg(context="callback-carrier"))
    assert stage.results(CB) == ["unknown"]
    assert [ended.leg for ended in stage.of(cmd.HangUp)] == [LEG]


LAST: tuple[str, dict[str, object]] = (
    "callback.failed",
    {"attempt": 3, "result": "busy", "retry_at": None},
)


def test_after_the_last_attempt_there_is_no_other_whatever_died_before_it_was_closed() -> None:
    stage = taken_over(journal(ATTEMPT, LAST))
    assert stage.of(cmd.CallOperator) == []
    assert stage.done(CB) == "not-reached"
    stage = taken_over(journal(ATTEMPT, LAST), leg(context="callback-carrier"))
    assert [ended.leg for ended in stage.of(cmd.HangUp)] == [LEG]
    assert stage.results(CB) == []


def test_a_machine_that_still_talks_is_hung_up_and_not_reached_again() -> None:
    machine = ("callback.failed", {"attempt": 1, "result": "machine", "retry_at": 2_000.0})
    stage = taken_over(journal(ATTEMPT, REACHED, machine), leg(**DIALLING), talking=True)
    assert [ended.leg for ended in stage.of(cmd.HangUp)] == [LEG]
    assert stage.facts(CB, "callback.reached") == []
    assert stage.call(CB).state is CallState.RELEASING


def test_the_same_controller_hears_of_everything_that_it_missed() -> None:
    """The websocket was lost: each row is what Asterisk shows afterwards, and the state that follows."""
    up, dialling = leg(), leg(**DIALLING)
    back = leg(context="callback-carrier")
    for began, seen, bridged, follows in (
        ("summoned", None, False, CallState.PROMISED),
        ("summoned", up, False, CallState.CALLING),
        ("calling", dialling, True, CallState.TALKING),
        ("calling", back, False, CallState.RELEASING),
        ("talking", back, False, CallState.ENDING),
        ("talking", None, False, None),
    ):
        stage = CallbackStage(booker())
        callback = CallId(stage.promised("a"))
        stage.ready("sato")
        {"summoned": lambda _: None, "calling": stage.accepted, "talking": stage.reached}[began](callback)
        own = stage.summons(callback).leg
        channels = [] if seen is None else [_renamed(seen, own)]
        bridges = [Bridge("b", "", (own, LegId("citizen")))] if bridged else []
        snapshot = recovery.Snapshot(channels, bridges)
        calls = stage.model.floor.calls
        settled = {call.id: call.last_offer for call in calls.values()}
        stage.play(*callback_recovery.missed(snapshot, calls, settled))
        live = stage.model.floor.calls.get(callback)
        assert (None if live is None else live.state) is follows, (began, seen)


def test_a_leg_that_is_being_made_while_the_snapshot_is_on_its_way_is_not_taken_for_gone() -> None:
    """Race: the order to ring the operator is under way, so the snapshot cannot show the leg."""
    stage = CallbackStage(booker())
    callback = stage.promised("a")
    stage.ready("sato")
    nothing = recovery.Snapshot([], [])
    assert list(callback_recovery.missed(nothing, stage.model.floor.calls, settled={})) == []
    stage.accepted(callback)
    gone = list(callback_recovery.missed(nothing, stage.model.floor.calls, settled={}))
    assert [type(event).__name__ for event in gone] == ["OperatorLeft"]


def test_one_that_was_moved_to_the_front_is_taken_over_before_everybody_else_who_waits() -> None:
    moved = ("queue.entered", {"queue": "booking", "priority": None, "position": None})
    front, behind = (
        next(iter(callback_recovery.adopted(recovery.Snapshot([], []), {}, {CB: entries}, EXTENSIONS)))
        for entries in (journal(moved), journal())
    )
    assert sorted([behind, front], key=callback_recovery.turn) == [front, behind]


def _renamed(channel: Channel, name: LegId) -> Channel:
    return Channel(**{**{f: getattr(channel, f) for f in Channel.__slots__}, "id": name})


def test_a_leg_that_nobody_owns_is_named_and_one_that_dials_is_left_alone() -> None:
    assert list(callback_recovery.ownerless(recovery.Snapshot([leg()], []), {})) == [LEG]
    assert list(callback_recovery.ownerless(recovery.Snapshot([leg(**DIALLING)], []), {})) == []


def test_a_caller_who_has_been_promised_one_only_hears_so_again() -> None:
    stage = CallbackStage(booker()).ready("sato")
    entries = (
        Entry("call:a", 1, Instant(990.0), "call.arrived", {"caller": CALLER, "dialled": "+81120000000"}),
        Entry("call:a", 2, Instant(991.0), "queue.entered", {"queue": "booking", "priority": 0}),
        Entry("call:a", 3, Instant(992.0), "callback.promised", {"callback": "cb-7"}),
    )
    stage.play(recovery.returning(CallId("a"), None, entries))
    assert stage.of(cmd.Offer) == []
    assert [played.sounds for played in stage.of(cmd.Play)] == [("callback-promised",)]


def test_a_repeat_callers_place_survives_a_restart() -> None:
    entries = (
        Entry("call:a", 1, Instant(990.0), "call.arrived", {"caller": CALLER, "dialled": "+81120000000"}),
        Entry(
            "call:a", 2, Instant(991.0), "queue.entered", {"queue": "booking", "priority": 0, "since": 900.0}
        ),
    )
    assert recovery.returning(CallId("a"), None, entries).waiting_since == 900.0


REST: dict[str, object] = {"until": 5_000.0, "due_by": 9_000.0, "untold": True}


def test_one_that_rests_for_the_hours_and_was_not_told_so_is_called_when_it_opens_earlier() -> None:
    """Race: it closed, the controller died, and somebody opens ad hoc after the restart."""
    stage = CallbackStage(booker()).ready("sato")
    stage.play(ev.OverridesChanged((closed(0, 5_000),)))
    stage.play(*callback_recovery.adopted(NOTHING, {}, {CB: journal(("callback.moved", REST))}, EXTENSIONS))
    assert stage.of(cmd.CallOperator) == []
    stage.play(ev.OverridesChanged(()), after=10)
    assert [order.call for order in stage.of(cmd.CallOperator)] == [CB]


def test_one_that_was_told_the_opening_rests_until_then() -> None:
    told = ("callback.moved", {**REST, "untold": False})
    stage = CallbackStage(booker()).ready("sato")
    stage.play(ev.OverridesChanged((closed(0, 5_000),)))
    stage.play(*callback_recovery.adopted(NOTHING, {}, {CB: journal(told)}, EXTENSIONS))
    stage.play(ev.OverridesChanged(()), after=10)
    assert stage.of(cmd.CallOperator) == []


NOTHING = recovery.Snapshot([], [])


@pytest.mark.parametrize("seen", [leg("Ringing"), leg()])
@pytest.mark.parametrize("entries", [journal(), journal(ATTEMPT)])
def test_in_a_disaster_nobody_is_rung_for_a_callback_that_the_restart_interrupted(
    seen: Channel, entries: tuple[Entry, ...]
) -> None:
    """Race: the disaster began while no controller lived, and an operator's leg is up for a callback."""
    stage = CallbackStage(booker()).ready("sato")
    stage.play(ev.EmergencyChanged("emergency"))
    stage.play(*callback_recovery.adopted(recovery.Snapshot([seen], []), {}, {CB: entries}, EXTENSIONS))
    assert [ended.leg for ended in stage.of(cmd.HangUp)] == [LEG]
    assert stage.of(cmd.CallCitizen) == []
    assert stage.call(CB).state is CallState.PROMISED
    assert stage.operator("sato").state is AgentState.READY
