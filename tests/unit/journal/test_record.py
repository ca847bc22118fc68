"""The fold of a call's journal into its record."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.entries import Entry
from telephony.model.ending import UNSEEN_REASON
from telephony.model.facts import EndedBy, Outcome
from telephony.model.ids import Instant
from telephony.record import JST, fold
from tests.journal_samples import TEN_O_CLOCK, Script, abandoned_call, after_the_call, answered_call

TEN = datetime(2026, 12, 28, 10, tzinfo=JST)
CONTRACT = (
    *(
        "id",
        "sip_call_id",
        "caller",
        "dialled",
        "started_at",
        "answered_at",
        "ended_at",
        "outcome",
        "ended_by",
    ),
    *("queue", "menu_path", "agent", "waited_s", "talked_s", "held_s", "acw_s", "offers", "disposition"),
    *("recording", "reservations", "recovered"),
)


def end(script: Script, second: float, outcome: str, by: str = "caller", **more: Any) -> Script:
    return script.at(
        second, "call.ended", outcome=outcome, ended_by=by, **{"reason": None, "recovered": False, **more}
    )


def arrived() -> Script:
    return Script("m-1.1").at(
        0, "call.arrived", caller="+81312345678", dialled="+81120123456", sip_call_id="sip-1", number="main"
    )


def test_a_callback_as_the_interface_shows_it() -> None:
    """It has waited since its caller stood in line, and says how often the citizen was rung."""
    script = (
        Script("cb-7")
        .at(
            0,
            "callback.requested",
            number="+819012345678",
            asked_by="m-1.1",
            asked_from="+819012345678",
            dialled="+81120123456",
            queue="booking",
            since=TEN_O_CLOCK - 20,
            priority=0,
            due_by=TEN_O_CLOCK + 7200,
        )
        .at(60, "callback.attempted", attempt=1, offer="1", agent="aoki")
        .at(61, "callback.rang", attempt=1, leg="x", sip_call_id="sip-out-1")
        .at(91, "callback.failed", attempt=1, result="no-answer", retry_at=TEN_O_CLOCK + 991)
        .at(991, "callback.attempted", attempt=2, offer="2", agent="baba")
        .at(992, "callback.rang", attempt=2, leg="y", sip_call_id="sip-out-2")
        .at(1000, "callback.reached", attempt=2)
        .at(1000, "call.connected", offer="2", agent="baba", queue="booking", waited_s=1020.0)
    )
    record = fold(end(script, 1060, "answered").entries)
    assert ("outbound", "m-1.1", 2) == (record.direction, record.callback_of, record.attempts)
    assert ("sip-out-2", "+819012345678", "booking") == (record.sip_call_id, record.caller, record.queue)
    assert (1020.0, TEN) == (record.waited_s, record.started_at)


def test_a_callback_that_was_never_attempted_is_no_call() -> None:
    script = Script("cb-7").at(0, "callback.requested", number="+819012345678", asked_by="m-1.1")
    assert not fold(end(script, 60, "failed", reason="cancelled").entries).was_placed


def test_an_answered_call_as_the_interface_shows_it() -> None:
    assert {
        "id": "m-1.1",
        "sip_call_id": "sip-m-1.1",
        "caller": "+81312345678",
        "dialled": "+81120123456",
        "started_at": "2026-12-28T10:00:00.000+09:00",
        "answered_at": "2026-12-28T10:00:00.100+09:00",
        "connected_at": "2026-12-28T10:00:33.000+09:00",
        "ended_at": "2026-12-28T10:02:03.000+09:00",
        "outcome": "answered",
        "ended_by": "caller",
        "reason": None,
        "queue": "booking",
        "menu_path": ["2"],
        "agent": "baba",
        "waited_s": 25.0,
        "talked_s": 90.0,
        "held_s": 10.0,
        "acw_s": 37.0,
        "offers": [
            {"agent": "aoki", "at": "2026-12-28T10:00:10.000+09:00", "result": "rna"},
            {"agent": "baba", "at": "2026-12-28T10:00:30.000+09:00", "result": "answered"},
        ],
        "disposition": "booked",
        "recording": {"file": "2026/12/28/m-1.1.wav", "sha256": None, "seconds": None},
        "reservations": [],
        "recovered": False,
        "direction": "inbound",
        "callback": None,
        "callback_of": None,
        "attempts": 0,
        "outreach": None,
    } == fold(after_the_call(answered_call("m-1.1")).entries).as_json()


def test_every_field_of_the_interface_is_there() -> None:
    assert set(CONTRACT) <= set(fold(arrived().entries).as_json())


def test_late_entries_change_nothing_but_what_they_say() -> None:
    before = fold(answered_call("m-1.1").entries).as_json()
    after = fold(after_the_call(answered_call("m-1.1")).entries).as_json()
    assert {"disposition": (None, "booked"), "acw_s": (None, 37.0)} == {
        name: (before[name], after[name]) for name in before if before[name] != after[name]
    }


def test_an_abandoned_call_says_how_long_it_waited() -> None:
    record = fold(abandoned_call("m-1.1").entries)
    assert ("abandoned", 42.0, None, None) == (record.outcome, record.waited_s, record.talked_s, record.agent)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_is_told_as_it_was_written(outcome: Outcome) -> None:
    record = fold(end(arrived(), 9, outcome.value, "system", reason="because").entries)
    assert (outcome, EndedBy.SYSTEM, "because") == (record.outcome, record.ended_by, record.reason)
    assert (TEN, TEN + timedelta(seconds=9)) == (record.started_at, record.ended_at)


def test_waiting_goes_on_while_phones_ring_and_in_the_next_queue() -> None:
    script = (
        arrived()
        .at(10, "queue.entered", queue="booking", priority=0, position=1)
        .at(20, "queue.left", queue="booking", reason="moved")
        .at(20, "queue.entered", queue="card", priority=0, position=1)
        .at(25, "offer.made", offer="1", agent="aoki", queue="card")
        .at(31, "offer.ended", offer="1", agent="aoki", result="caller-left")
    )
    record = fold(end(script, 31, "abandoned", queue="card").entries)
    assert (21.0, "card") == (record.waited_s, record.queue)


def test_an_offer_began_when_asterisk_invited_the_phone_not_when_it_was_decided() -> None:
    script = arrived().at(25, "offer.made", offer="1", agent="aoki", queue="card")
    assert fold(script.entries).offers[0].at == TEN + timedelta(seconds=25)
    dialled_at = (TEN + timedelta(seconds=26)).timestamp()
    script.at(31, "offer.ended", offer="1", agent="aoki", result="rna", dialled_at=dialled_at)
    assert fold(script.entries).offers[0].at == TEN + timedelta(seconds=26)


def test_a_live_call_has_no_end_and_no_outcome() -> None:
    record = fold(answered_call("m-1.1").entries[:10])
    assert (None, None, None) == (record.ended_at, record.outcome, record.ended_by)
    assert [("aoki", "rna"), ("baba", None)] == [(offer.agent, offer.result) for offer in record.offers]


def test_the_way_through_the_menu_leaves_out_what_was_taken_back_or_not_understood() -> None:
    script = arrived()
    for key, understood in (("1", True), ("*", True), ("9", False), ("2", True), ("0", True)):
        script.at(5, "menu.key", menu="main", key=key, understood=understood)
    assert ("2", "0") == fold(script.entries).menu_path


def test_a_queue_entered_twice_without_leaving_is_one_wait() -> None:
    script = arrived().at(10, "queue.entered", queue="booking").at(20, "queue.entered", queue="card")
    assert 21.0 == fold(end(script, 31, "abandoned").entries).waited_s


def test_talk_without_a_written_end_lasts_until_the_call_ended() -> None:
    script = arrived().at(10, "call.connected", offer="1", agent="aoki", queue="booking", waited_s=4.0)
    script.at(20, "call.held")
    record = fold(end(script, 70, "answered", "system", recovered=True, reason="end time unknown").entries)
    assert (60.0, 50.0, 4.0, True) == (record.talked_s, record.held_s, record.waited_s, record.recovered)


def test_a_journal_without_its_beginning_gives_honest_nulls() -> None:
    record = fold(end(Script("m-1.1"), 5, "answered").entries)
    assert (None, None, None, None) == (record.caller, record.dialled, record.sip_call_id, record.answered_at)
    assert TEN + timedelta(seconds=5) == record.started_at == record.ended_at


@pytest.mark.parametrize("outcome", [None, 7, "vanished"])
def test_an_end_without_a_known_outcome_is_a_failure_that_says_so(outcome: object) -> None:
    record = fold(Script("m-1.1").at(0, "call.ended", outcome=outcome).entries)
    assert ("failed", "system", "the journal names no outcome") == (
        record.outcome,
        record.ended_by,
        record.reason,
    )


def test_no_entries_are_no_call() -> None:
    with pytest.raises(ValueError, match="without entries"):
        fold([])


class TestUnserved:
    """The dialplan's own line about a call that no controller saw to its end."""

    LINE: ClassVar = {
        "caller": "0312345678",
        "dialled": "0120123456",
        "sip_call_id": "sip-1",
        "arrived_at": TEN_O_CLOCK,
        "ended_by": "caller",
        "reason": "no controller",
    }

    def line(self, second: float) -> Script:
        return Script("m-1.1").at(second, "call.unserved", **self.LINE)

    def test_alone_it_is_a_failed_call_with_its_reason(self) -> None:
        record = fold(self.line(30).entries)
        assert ("failed", "caller", "no controller", True) == (
            record.outcome,
            record.ended_by,
            record.reason,
            record.recovered,
        )
        assert (TEN, TEN + timedelta(seconds=30), "sip-1") == (
            record.started_at,
            record.ended_at,
            record.sip_call_id,
        )

    def test_a_caller_who_left_before_any_controller_saw_the_call_has_left_and_nothing_failed(self) -> None:
        told = {**self.LINE, "outcome": "short_abandoned", "reason": "left before"}
        record = fold(Script("m-1.1").at(0.004, "call.unserved", **told).entries)
        assert ("short_abandoned", "caller", "left before") == (
            record.outcome,
            record.ended_by,
            record.reason,
        )
        assert timedelta(milliseconds=4) == record.ended_at - record.started_at

    @pytest.mark.parametrize("late", [False, True])
    def test_whoever_was_promised_a_call_by_the_rescue_asked_for_one(self, *, late: bool) -> None:
        line, wish = self.line(30), {"number": "+81312345678", "source": "rescue"}
        found = fold(
            [*line.entries, *Script("m-1.1").at(20, "callback.number_left", **wish).entries][
                :: 1 if late else -1
            ]
        )
        assert "callback_requested" == found.outcome

    def test_whoever_was_promised_a_call_and_whose_end_nobody_saw_asked_for_one(self) -> None:
        script = arrived().at(20, "callback.promised", callback="cb-1")
        entries = end(script, 30, "failed", "system", recovered=True, reason="unseen").entries
        assert "callback_requested" == fold(entries).outcome

    def test_whoever_was_served_after_all_was_answered(self) -> None:
        wish = {"number": "+81312345678", "source": "rescue"}
        entries = answered_call("m-1.1").at(100, "callback.number_left", **wish).entries
        assert "answered" == fold(entries).outcome

    def test_it_knows_better_than_a_recovery_that_found_the_call_gone(self) -> None:
        script, gone = self.line(30), {"recovered": True, "reason": UNSEEN_REASON}
        script.records += end(arrived(), 300, "failed", "system", **gone).records
        record = fold(script.entries)
        assert ("failed", TEN + timedelta(seconds=30)) == (record.outcome, record.ended_at)
        assert "+81312345678" == record.caller  # what the controller wrote is in normal form

    @pytest.mark.parametrize("recovered", [False, True])
    def test_it_never_knows_better_than_a_controller_that_saw_the_end(self, *, recovered: bool) -> None:
        """Also not when that controller fetched a caller whom nobody drove for a while."""
        script = self.line(30)
        script.records += end(arrived(), 20, "abandoned", recovered=recovered).records
        record = fold(script.entries)
        assert ("abandoned", "caller", recovered) == (record.outcome, record.ended_by, record.recovered)
        assert TEN + timedelta(seconds=20) == record.ended_at

    def test_a_call_that_an_operator_took_was_answered(self) -> None:
        script = self.line(300)
        script.records += arrived().at(9, "call.connected", offer="1", agent="aoki", waited_s=3.0).records
        record = fold(script.entries)
        assert ("answered", "aoki", 291.0, True) == (
            record.outcome,
            record.agent,
            record.talked_s,
            record.recovered,
        )


# --- any journal that the model can write ---

steps = st.lists(st.tuples(st.sampled_from(["rna", "busy", "withdrawn"]), st.floats(0, 60)), max_size=4)


@st.composite
def journals(draw: st.DrawFn) -> tuple[Script, float, float, float]:
    """A journal, and what its record must say: seconds waited, talked and held."""
    script, clock = arrived(), draw(st.floats(0, 30))
    if not draw(st.booleans()):
        return end(script, clock, "closed", "system"), -1, -1, -1
    began = clock
    script.at(clock, "queue.entered", queue="booking", priority=0, position=1)
    for number, (result, rings) in enumerate(draw(steps)):
        script.at(clock, "offer.made", offer=str(number), agent=f"a{number}", queue="booking")
        clock += rings
        script.at(clock, "offer.ended", offer=str(number), agent=f"a{number}", result=result)
    clock += draw(st.floats(0, 60))
    waited = clock - began
    if not draw(st.booleans()):
        script.at(clock, "queue.left", queue="booking", reason="abandoned")
        return end(script, clock, "abandoned"), waited, -1, -1
    script.at(clock, "offer.made", offer="last", agent="z", queue="booking")
    script.at(clock, "offer.ended", offer="last", agent="z", result="answered")
    script.at(clock, "call.connected", offer="last", agent="z", queue="booking", waited_s=round(waited, 3))
    held, connected = 0.0, clock
    for pause in draw(st.lists(st.floats(0, 20), max_size=3)):
        script.at(clock, "call.held")
        clock, held = clock + pause, held + pause
        script.at(clock, "call.unheld")
    script.at(clock, "call.talk_ended", agent="z", talked_s=round(clock - connected, 3))
    return end(script, clock, "answered"), waited, clock - connected, held


@given(journals())
def test_waited_talked_and_held_are_what_the_clock_says(
    journal: tuple[Script, float, float, float],
) -> None:
    script, *expected = journal
    record = fold(script.entries)
    for told, seconds in zip((record.waited_s, record.talked_s, record.held_s), expected, strict=True):
        assert (told is None) == (seconds < 0)
        assert told is None or abs(told - seconds) < 0.002


@given(journals(), st.data())
def test_any_beginning_of_a_journal_has_a_record_and_more_entries_only_add(
    journal: tuple[Script, float, float, float], data: st.DataObject
) -> None:
    entries = journal[0].entries
    shorter = data.draw(st.integers(1, len(entries)))
    part, whole = fold(entries[:shorter]), fold(entries)
    assert (part.id, part.started_at, part.caller) == (whole.id, whole.started_at, whole.caller)
    assert [o.agent for o in part.offers] == [o.agent for o in whole.offers][: len(part.offers)]
    assert (part.outcome is None) == (shorter < len(entries))


@given(journals())
def test_every_offer_has_one_result_and_only_one_was_answered(
    journal: tuple[Script, float, float, float],
) -> None:
    record = fold(journal[0].entries)
    results = [offer.result for offer in record.offers]
    assert None not in results
    assert (1 if record.outcome == "answered" else 0) == results.count("answered")
    assert all(earlier.at <= later.at for earlier, later in pairwise(record.offers))


anything: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, -1, 0, 3.5, 2**70, float("nan"), float("inf"), "", "x", "answered", [], {"a": 1}]
)
fields = st.sampled_from(
    [*CONTRACT, "offer", "result", "reason", "key", "file", "arrived_at", "leg", "position"]
)
kinds = st.sampled_from(
    sorted({entry.kind for entry in answered_call("m").entries} | {"call.unserved", "unheard.of"})
)


@given(
    st.lists(st.tuples(kinds, st.dictionaries(fields, anything), st.floats(0, 4e9)), min_size=1, max_size=12)
)
def test_no_journal_however_odd_is_without_a_record(facts: list[tuple[str, dict[str, Any], float]]) -> None:
    entries = [Entry("call:m-1.1", n, Instant(at), kind, data) for n, (kind, data, at) in enumerate(facts, 1)]
    record = fold(entries)
    if record.ended_at is not None:
        assert record.ended_at >= record.started_at
        assert record.outcome in set(Outcome)
        assert record.ended_by in set(EndedBy)
        assert record.reason or record.outcome != "failed"
        assert record.agent or not record.connected_at
    assert all(s is None or s >= 0 for s in (record.waited_s, record.talked_s, record.held_s, record.acw_s))


def test_reservations_made_in_a_call_stand_in_its_record_once() -> None:
    script = answered_call("c1")
    for number in ("111111111", "222222222", "111111111"):
        script.at(90, "call.reserved", reservation=number)
    script.at(91, "call.reserved")
    assert fold(script.entries).reservations == ("111111111", "222222222")


def test_a_call_that_was_taken_over_is_the_supervisors_and_says_who_answered() -> None:
    script = (
        arrived()
        .at(1, "offer.made", offer="1", agent="sato", queue="booking")
        .at(2, "offer.ended", offer="1", agent="sato", result="answered")
        .at(2, "call.connected", offer="1", agent="sato", queue="booking", waited_s=1)
        .at(5, "call.talk_ended", agent="sato", talked_s=3)
        .at(5, "call.taken_over", agent="chief", from_agent="sato", supervision="sv-1")
        .at(9, "call.talk_ended", agent="chief", talked_s=4)
    )
    record = fold(end(script, 9, "answered", "agent").entries)
    assert ("chief", 7) == (record.agent, record.talked_s)
    assert ["sato"] == [offer.agent for offer in record.offers]
