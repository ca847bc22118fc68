"""A new controller takes every open callback over as it is: in line, ringing, calling, talking, or over."""

from dataclasses import replace

import pytest

from telephony import callback_recovery, recovery
from telephony.asterisk.answers import Bridge, Channel
from telephony.entries import Entry
from telephony.model import commands as cmd
from telephony.model import events as ev
from telephony.model.ids import AgentName, CallId, Instant, LegId, OfferId
from telephony.model.states import AgentState, CallState
from telephony.record import fold
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


def taken_over(
    entries: tuple[Entry, ...],
    *legs: Channel,
    talking: bool = False,
    noted: ev.NotedDial | None = None,
) -> CallbackStage:
    """Return a stage on which Sato is ready and recovery has found *entries*, *legs* and what was *noted*."""
    stage = CallbackStage(booker()).ready("sato")
    bridges = [Bridge("b", "", (LEG, LegId("citizen")))] if talking else []
    seen = recovery.Snapshot(legs, bridges, {} if noted is None else {OfferId("8"): noted})
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


TALKED = ev.NotedDial(Instant(970.0), Instant(990.0), ev.DialStatus.ANSWER)
"""The citizen picked up at 970 and hung up at 990; the present on a stage is 1000."""


def record_of(stage: CallbackStage, before: tuple[Entry, ...]) -> dict[str, object]:
    """Return the record that *before* and what was written down on *stage* make."""
    told = [c for c in stage.all if isinstance(c, cmd.Record) and c.stream == "call:cb-7"]
    more = [Entry(c.stream, n, c.at, c.kind, c.data) for n, c in enumerate(told, len(before) + 1)]
    return fold([*before, *more]).as_json()


@pytest.mark.parametrize(
    ("noted", "by", "reason"),
    [
        (TALKED, "caller", None),
        (replace(TALKED, by_operator=True), "agent", None),
        (replace(TALKED, ended_at=None, status=None), "system", "the end was not seen; end time unknown"),
    ],
)
def test_race_a_talk_that_begins_and_ends_while_no_controller_lives_is_the_talk_that_was_promised(
    noted: ev.NotedDial, by: str, reason: str | None
) -> None:
    """Asterisk alone saw it. The last row: Asterisk died before it could note the end, too."""
    stage = taken_over(journal(ATTEMPT), noted=noted)
    assert (stage.done(CB), stage.results(CB)) == ("reached", [])
    assert stage.of(cmd.CallOperator) == []
    assert CB not in stage.model.floor.calls
    kept = record_of(stage, journal(ATTEMPT))
    names = ("outcome", "ended_by", "reason", "agent", "attempts", "talked_s", "waited_s")
    talked = 20 if noted.ended_at else 30
    assert [kept[name] for name in names] == ["answered", by, reason, "sato", 1, talked, 70]


def test_a_talk_that_ended_while_no_controller_lived_has_its_true_end_in_the_record() -> None:
    connected = ("call.connected", {"offer": "8", "agent": "sato", "queue": "booking", "waited_s": 60})
    before = journal(ATTEMPT, REACHED, connected)
    kept = record_of(taken_over(before, noted=TALKED), before)
    assert (kept["outcome"], kept["ended_by"], kept["recovered"]) == ("answered", "caller", True)
    assert kept["talked_s"] == 990 - before[-2].at
    assert kept["ended_at"] == "1970-01-01T09:16:30.000+09:00", "at 990 s, not when it was learnt"


def test_a_talk_whose_end_was_written_down_is_not_counted_twice() -> None:
    """Race: the citizen hung up, that was written down, and the controller died before it closed the call."""
    connected = ("call.connected", {"offer": "8", "agent": "sato", "queue": "booking", "waited_s": 60})
    before = journal(ATTEMPT, REACHED, connected, ("call.talk_ended", {"agent": "sato", "talked_s": 20.0}))
    assert record_of(taken_over(before, noted=TALKED), before)["talked_s"] == 20


@pytest.mark.parametrize(
    ("status", "by_operator", "result"),
    [
        (ev.DialStatus.BUSY, False, "busy"),
        (ev.DialStatus.NOANSWER, False, "no-answer"),
        (ev.DialStatus.CHANUNAVAIL, False, "unreachable"),
        (ev.DialStatus.CANCEL, True, "operator-left"),
    ],
)
@pytest.mark.parametrize("legs", [(), (leg(context="callback-carrier"),)])
def test_an_attempt_that_failed_unseen_has_failed_as_the_dialplan_says(
    legs: tuple[Channel, ...], status: ev.DialStatus, by_operator: object, result: str
) -> None:
    noted = ev.NotedDial(None, Instant(990.0), status, by_operator=bool(by_operator))
    stage = taken_over(journal(ATTEMPT), *legs, noted=noted)
    assert stage.results(CB) == [result]
    assert [ended.leg for ended in stage.of(cmd.HangUp)] == [each.id for each in legs]
    assert stage.call(CB).promise is not None


def test_what_was_noted_of_an_attempt_before_says_nothing_of_this_one() -> None:
    """Each phone has one line, and the operator's leg may have died before ``Dial()``."""
    failed: dict[str, object] = {"attempt": 1, "result": "machine", "retry_at": 970.0}
    again: tuple[str, dict[str, object]] = (
        "callback.attempted",
        {"attempt": 2, "offer": "9", "agent": "sato"},
    )
    stage = taken_over(journal(ATTEMPT, ("callback.failed", failed), again), noted=TALKED)
    assert stage.results(CB) == ["unknown"]


def test_race_a_hung_controller_is_ended_after_the_talk_and_the_leg_is_back() -> None:
    """It had not heard the answer; the rescue killed it, and the operator's leg waits in ``Stasis``."""
    stage = taken_over(journal(ATTEMPT), leg(context="callback-carrier"), noted=TALKED)
    assert [ended.leg for ended in stage.of(cmd.HangUp)] == [LEG]
    stage.play(ev.OperatorLeft(CB, OfferId("8"), 16))
    assert (stage.done(CB), stage.outcome(CB)) == ("reached", ("answered", "caller"))
    assert stage.operator("sato").state is AgentState.AFTER_CALL


def test_race_a_controller_begins_while_the_citizen_hears_the_greeting_and_the_operator_hangs_up() -> None:
    """Nobody tells it that the citizen has picked up: without the note the citizen would be rung again."""
    stage = taken_over(journal(ATTEMPT), leg(**DIALLING), noted=ev.NotedDial(Instant(970.0)))
    assert stage.call(CB).state is CallState.TALKING
    stage.play(ev.OperatorLeft(CB, OfferId("8"), 16), after=5)
    assert (stage.done(CB), stage.results(CB)) == ("reached", [])
    assert record_of(stage, journal(ATTEMPT))["talked_s"] == 35


def test_who_talks_on_has_talked_since_the_citizen_picked_up() -> None:
    stage = taken_over(journal(ATTEMPT), leg(**DIALLING), talking=True, noted=ev.NotedDial(Instant(970.0)))
    assert stage.call(CB).talking_since == 970


@pytest.mark.parametrize(
    ("began", "noted", "outcome", "results"),
    [
        ("calling", TALKED, ("answered", "caller"), []),
        ("calling", replace(TALKED, by_operator=True), ("answered", "agent"), []),
        ("calling", ev.NotedDial(Instant(970.0)), ("answered", "system"), []),
        ("calling", ev.NotedDial(None, Instant(990.0), ev.DialStatus.BUSY), None, ["busy"]),
        ("talking", TALKED, ("answered", "caller"), []),
        ("talking", replace(TALKED, by_operator=True), ("answered", "agent"), []),
    ],
)
def test_race_the_events_are_cut_off_while_the_talk_begins_and_ends(
    began: str, noted: ev.NotedDial, outcome: tuple[str, str] | None, results: list[str]
) -> None:
    """The controller lives, and the leg is gone when it hears again."""
    stage = CallbackStage(booker())
    callback = CallId(stage.promised("a"))
    stage.ready("sato")
    {"calling": stage.accepted, "talking": stage.reached}[began](callback)
    offer = stage.summons(callback).offer
    seen = recovery.Snapshot([], [], {offer: noted})
    calls = stage.model.floor.calls
    stage.play(*callback_recovery.missed(seen, calls, {callback: offer}))
    assert stage.results(callback) == results
    assert (None if callback in calls else stage.outcome(callback)) == outcome


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
