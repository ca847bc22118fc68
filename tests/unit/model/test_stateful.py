"""Hypothesis chooses what happens next, one event at a time, and shrinks whatever breaks a promise."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from telephony.model import events as ev
from telephony.model.ids import AgentName, CallId, QueueName
from telephony.model.transferring.events import CallerTransferred, TransferRequested
from telephony.model.transferring.target import Kind, Target
from tests.unit.model.day import NUMBER, Day

CALLS = st.integers(0, 9).map(lambda n: CallId(f"call-{n}"))


class AnyOrder(RuleBasedStateMachine):
    """Callers, operators and supervisors do whatever Hypothesis finds."""

    day: Day

    @initialize(seed=st.integers(0, 1000))
    def opens(self, seed: int) -> None:
        """A new day without callers of its own."""
        self.day = Day(seed, calls=0)
        self.dialled: set[CallId] = set()
        self.people = [AgentName(person.name) for person in self.day.people]

    @rule(call=CALLS, caller=st.sampled_from([None, "+81598534038", "+819012345678"]))
    def a_call_arrives(self, call: CallId, caller: str | None) -> None:
        """Somebody dials, once per id."""
        if call not in self.dialled:
            self.dialled.add(call)
            self.day.later(0, ev.CallArrived(call, caller, NUMBER, f"{call}@carrier"))

    @precondition(lambda self: self.day.agenda)
    @rule(times=st.integers(1, 5))
    def time_passes(self, times: int) -> None:
        """The next things happen."""
        for _ in range(min(times, len(self.day.agenda))):
            self.day.step()

    @rule(call=CALLS, key=st.sampled_from("012345*#"))
    def a_key(self, call: CallId, key: str) -> None:
        """A caller presses a key at any time."""
        self.day.later(0, ev.KeyPressed(call, key))

    @rule(call=CALLS)
    def a_caller_leaves(self, call: CallId) -> None:
        """A caller hangs up at any time."""
        self.day.later(0, ev.CallerLeft(call, 16))

    @rule(call=CALLS, by=st.sampled_from(["agent", "supervisor", "system"]))
    def somebody_ends_it(self, call: CallId, by: str) -> None:
        """One of ours ends a call at any time."""
        self.day.take(ev.HangupRequested(call, by))

    @rule(call=CALLS, queue=st.sampled_from([None, QueueName("card")]), front=st.booleans())
    def a_call_is_moved(self, call: CallId, queue: QueueName | None, *, front: bool) -> None:
        """A supervisor moves a call at any time."""
        self.day.take(ev.MoveRequested(call, queue, to_front=front))

    @rule(call=CALLS, kind=st.sampled_from(Kind), name=st.sampled_from(["op0", "op1", "card", "koseki"]))
    def a_call_is_transferred(self, call: CallId, kind: Kind, name: str) -> None:
        """Somebody transfers a call at any time, to somebody there or not."""
        self.day.take(TransferRequested(call, Target(kind, name), "agent"))

    @rule(call=CALLS, dialled=st.sampled_from([None, "0598000001", "999"]))
    def a_phone_transfers(self, call: CallId, dialled: str | None) -> None:
        """An operator's phone transfers (SIP REFER) at any time."""
        leg = self.day.legs.get(call)
        if leg is not None and leg.offer is not None:
            self.day.later(0, CallerTransferred(call, leg.offer.offer, dialled))

    @rule(who=st.integers(0, 9), deed=st.integers(0, 5))
    def an_operator(self, who: int, deed: int) -> None:
        """An operator does something at any time."""
        name = self.people[who % len(self.people)]
        if name not in {operator.name for operator in self.day.model.floor.roster}:
            return
        deeds: list[ev.Event] = [
            ev.AgentReadied(name),
            ev.AgentPaused(name, "lunch"),
            ev.AgentLoggedOut(name),
            ev.AfterCallRequested(name),
            ev.PhoneChanged(name, registered=True),
            ev.PhoneChanged(name, registered=False),
        ]
        self.day.take(deeds[deed])

    def teardown(self) -> None:
        """Everybody goes home, and nothing is left."""
        if not hasattr(self, "day"):
            return
        for call in list(self.day.legs):
            self.day.later(5_000, ev.CallerLeft(call, 16))
        self.day.run()
        assert not self.day.model.floor.calls


AnyOrder.TestCase.settings = settings(max_examples=100, stateful_step_count=50, deadline=None)
TestAnyOrder = AnyOrder.TestCase
