"""What must be true after every event, whatever happened before (the model's promises)."""

from typing import TYPE_CHECKING

from telephony.model.call import Call
from telephony.model.events import Timer
from telephony.model.matching import may_be_served
from telephony.model.promise import is_callback
from telephony.model.roster import Operator
from telephony.model.states import BUSY_WITH_CALL, AgentState, CallState
from tests.unit.model.day_consulting import nobody_stays_on_hold

if TYPE_CHECKING:
    from tests.unit.model.day import Day


TIMER_OF = {
    CallState.GREETING: Timer.GREETING,
    CallState.MENU: Timer.KEY,
    CallState.WAITING: Timer.WAIT,
    CallState.GUIDANCE: Timer.GUIDANCE,
    CallState.MESSAGE: Timer.MESSAGE,
    CallState.SELF_SERVICE: Timer.SELF_SERVICE,
    CallState.OFFERED: Timer.RING,
    CallState.TALKING: Timer.TALK,
    CallState.PARTING: Timer.TRANSFER,
    CallState.REFERRING: Timer.RING,
    CallState.REFERRED: Timer.TALK,
    CallState.ENDING: Timer.CLOSING,
    CallState.ASKING: Timer.KEY,
    CallState.PROMISED: Timer.WAIT,
    CallState.SUMMONING: Timer.RING,
    CallState.CALLING: Timer.RING,
    CallState.RELEASING: Timer.CLOSING,
}
WITH_OPERATOR = {CallState.TALKING, CallState.PARTING, CallState.CALLING, CallState.RELEASING}


def stands(call: Call) -> bool:
    """Whether *call* belongs into the line now."""
    if call.promise is not None:
        free = not call.promise.held_by and call.promise.rests_until is None
        return call.state is CallState.PROMISED and free
    if call.state is CallState.ASKING:
        return call.waiting_since is not None  # outside hours there is no line
    return call.state is CallState.WAITING


def check(day: "Day") -> None:
    """Assert every promise."""
    every_live_call_has_one_timer(day)
    nobody_has_two_calls(day)
    the_line_holds_who_waits(day)
    nobody_waits_in_silence(day)
    a_message_belongs_to_its_state(day)
    nobody_waits_while_somebody_is_free(day)
    first_come_first_served(day)
    each_open_offer_is_in_flight(day)
    nothing_leaks(day)
    one_callback_for_a_number(day)
    nobody_stays_on_hold(day)


def every_live_call_has_one_timer(day: "Day") -> None:
    floor, timers = day.model.floor, day.watch.timers
    for call in floor.calls.values():
        armed = timers[call.id]
        assert (armed.serial, armed.timer) == (call.timer_serial, TIMER_OF[call.state]), call.id
    for operator in floor.roster:
        assert (operator.name in timers) is (operator.state is AgentState.AFTER_CALL), (
            f"timer of {operator.name}"
        )


def nobody_has_two_calls(day: "Day") -> None:
    floor = day.model.floor
    holders = [c.offer.agent for c in floor.calls.values() if c.offer is not None]
    holders += [c.agent for c in floor.calls.values() if c.state in WITH_OPERATOR and c.agent]
    assert len(holders) == len(set(holders)), f"one operator, two calls: {holders}"
    for operator in floor.roster:
        assert (operator.state in BUSY_WITH_CALL) is (operator.name in holders), operator.name


def the_line_holds_who_waits(day: "Day") -> None:
    floor = day.model.floor
    for call in floor.calls.values():
        if call.state is not CallState.GUIDANCE:
            assert (call.id in floor.line) is stands(call), call.id
    assert len(floor.line) == sum(call.id in floor.line for call in floor.calls.values())


def nobody_waits_in_silence(day: "Day") -> None:
    for call in day.model.floor.calls.values():
        if call.state is CallState.WAITING:
            assert call.playback is not None or call.music, f"{call.id} waits in silence"
        service = call.self_service
        if service is not None and service.pending is not None and service.told:
            assert call.playback is not None or call.music, f"{call.id} hears nothing of the booking"


def a_message_belongs_to_its_state(day: "Day") -> None:
    for call in day.model.floor.calls.values():
        if call.state is CallState.MESSAGE:
            assert call.message is not None
        leg = day.legs.get(call.id)
        if leg is not None and leg.recording is not None:
            assert call.state in {CallState.MESSAGE, CallState.ENDING}, f"{call.id} is recorded alone"


def _may_serve(operator: Operator, call: Call) -> bool:
    open_seat = any(queue == call.queue and tier <= call.tier for queue, tier in operator.seats)
    return open_seat and operator.name not in call.refused_by


def nobody_waits_while_somebody_is_free(day: "Day") -> None:
    floor = day.model.floor
    free = [operator for operator in floor.roster if operator.can_be_offered]
    for call in floor.calls.values():
        if call.id in floor.line and may_be_served(floor, call):
            idle = [operator.name for operator in free if _may_serve(operator, call)]
            assert not idle, f"{call.id} waits while {idle} are free"


def first_come_first_served(day: "Day") -> None:
    """Who was offered a call at this instant passed nobody who came before with equal priority."""
    floor = day.model.floor
    for call in floor.calls.values():
        if call.offer is None or call.offer.made_at != day.now or call.waiting_since is None:
            continue
        if call.transfer is not None:  # somebody chose this operator
            continue
        operator = floor.roster[call.offer.agent]
        for other in floor.calls.values():
            if not stands(other) or other.waiting_since is None or not _may_serve(operator, other):
                continue
            if not may_be_served(floor, other):
                continue
            same_rank = other.priority == call.priority
            assert not (same_rank and other.waiting_since < call.waiting_since), (call.id, other.id)


def each_open_offer_is_in_flight(day: "Day") -> None:
    floor = day.model.floor
    in_flight = {c.offer.id: c.offer.agent for c in floor.calls.values() if c.offer is not None}
    assert in_flight == day.watch.open_offers


def nothing_leaks(day: "Day") -> None:
    floor = day.model.floor
    live, watch = set(floor.calls), day.watch
    assert watch.arrived - watch.ended == live, "a call without its one record"
    left = {call for call, outcome in watch.outcomes.items() if outcome == "message_left"}
    opened = {call for call in watch.cases.keys() & watch.ended if not is_callback(call)}
    opened -= watch.connected.keys()  # who was transferred was answered, whatever became of it
    assert left == opened, "a message without its case, or a case without one"
    assert set(watch.cases.values()) <= {1}, "one message, two cases"
    names = {operator.name for operator in floor.roster}
    assert set(watch.timers) <= live | names, "a timer that nobody owns"
    books = {call.id for call in floor.calls.values() if call.self_service is not None}
    assert watch.kept <= books, "a seat that is kept for nobody"
    booking = {call.id for call in floor.calls.values() if call.state is CallState.SELF_SERVICE}
    assert books == booking
    assert len(floor.ready) == sum(operator.can_be_offered for operator in floor.roster)


def one_callback_for_a_number(day: "Day") -> None:
    """At most one is open for each number, and nobody is rung for a citizen who has a call here."""
    floor = day.model.floor
    open_ones = [call for call in floor.calls.values() if call.promise is not None]
    assert {call.promise.number: call.id for call in open_ones if call.promise} == floor.promises
    assert len(open_ones) == len(floor.promises)
    for call in open_ones:
        held = set(call.promise.held_by) if call.promise else set()
        assert held <= set(floor.calls), "held by a call that is over"
