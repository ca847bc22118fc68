"""Everything that is true right now: the calls, the operators, the line; and the commands decided so far.

The handlers (`arrival`, `menu`, `waiting`, `offering`, `ending`, `people`) work on this and on nothing else.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from config.schema import Centre, Guide, Menu, Queue, Trunk
from telephony.model.calendar import Calendar, HolidayTable, no_holidays
from telephony.model.call import Call
from telephony.model.commands import ArmTimer, CancelTimer, Command, Record, ShowAgent, ShowCall, ShowQueue
from telephony.model.distribution import ReadyOperators
from telephony.model.errors import UnknownQueue
from telephony.model.estimate import Pace
from telephony.model.events import Timer
from telephony.model.ids import (
    AgentName,
    CallId,
    Instant,
    MeasureId,
    MenuName,
    OfferId,
    PlaybackId,
    QueueName,
    SoundId,
    SupervisionId,
)
from telephony.model.line import Line
from telephony.model.loads import Loads
from telephony.model.measures.measure import Measure, MeasureKind, changed, measure_id
from telephony.model.outreach.shape import OUTREACH
from telephony.model.promise import CALLBACK
from telephony.model.redials import Redials
from telephony.model.roster import Operator, Roster
from telephony.model.rulings import Override
from telephony.model.states import AWAY, BUSY_WITH_CALL, AgentState, CallState
from telephony.model.supervision.session import SUPERVISION, Supervision

DAY_S = 86_400


class Voice(Protocol):
    """Turns a prompt into sound files that already exist (a table look-up)."""

    def phrase(self, prompt: str, variables: Mapping[str, object] | None = None) -> Sequence[SoundId]:
        """Return the sounds that say *prompt*."""
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """A measure that stands, and the number of its timer."""

    measure: Measure
    serial: int


class Floor:
    """The state of the centre, and the small steps every handler shares.

    Args:
        plan: the published ``centre.toml``.
        voice: the sound catalogue.
        rng: randomness from outside, seeded in tests.
        first_id: where offer and playback numbers start; above every number used before.
        holidays: names the public holidays on which the plan may close the centre.
    """

    def __init__(
        self,
        plan: Centre,
        voice: Voice,
        rng: random.Random,
        first_id: int = 1,
        holidays: HolidayTable = no_holidays,
    ) -> None:
        self.voice = voice
        self.emergency: str | None = None
        self.space_is_scarce = False
        self._holidays = holidays
        self._overrides: tuple[Override, ...] = ()
        self.calls: dict[CallId, Call] = {}
        self.roster = Roster()
        self.line = Line()
        self.loads = Loads()
        self.pace = Pace()
        self.redials = Redials()
        self.now = self.happened = Instant(0.0)
        self.out: list[Command] = []
        self.promises: dict[str, CallId] = {}
        """The open callback of each number: at most one."""
        self.supervisions: dict[SupervisionId, Supervision] = {}
        self.measures: dict[MeasureId, Standing] = {}
        self._measure_serials = count(1)
        self._ids = count(first_id)
        self._rng = rng
        self.adopt_plan(plan)

    def adopt_plan(self, plan: Centre) -> None:
        """Use another ``centre.toml`` from now on; calls keep the menu they are in."""
        self.plan = plan
        self.adopt_measures()
        self.menus: dict[MenuName, Menu] = {MenuName(menu.name): menu for menu in plan.menus}
        self.guides: dict[str, Guide] = {guide.name: guide for guide in plan.guides}
        self.pace.expect({name: queue.handling_s for name, queue in self.queues.items()})
        self.numbers = {number.number: number for number in plan.numbers}
        self.priority_callers = {caller.number: caller for caller in plan.priority_callers}
        self.shares = {level.name: level.share for level in plan.levels}
        self.adopt_overrides(self._overrides)
        self.rebuild_index()

    def adopt_measures(self) -> None:
        """Let every queue be what the plan and the measures that stand make of it."""
        standing = [each.measure for each in self.measures.values()]
        self.queues: dict[QueueName, Queue] = {
            QueueName(queue.name): changed(queue, [each for each in standing if each.queue == queue.name])
            for queue in self.plan.queues
        }

    def stand(self, measure: Measure) -> int:
        """Let *measure* stand, in the place of one of its kind; return the number of its timer."""
        serial = next(self._measure_serials)
        self.measures[measure.id] = Standing(measure, serial)
        return serial

    def is_paused(self, queue: QueueName) -> bool:
        """Whether nobody is offered calls of *queue* for now."""
        return bool(self.measures) and measure_id(queue, MeasureKind.PAUSE) in self.measures

    def adopt_overrides(self, overrides: tuple[Override, ...]) -> None:
        """Let these stand, and no others, for what was opened or closed ad hoc."""
        self._overrides = overrides
        zone = ZoneInfo(self.plan.timezone)
        self.calendar = Calendar(self.plan.hours, zone, self._holidays, overrides)

    def rebuild_index(self) -> None:
        """Build the index of the ready anew, after the plan or the roster changed."""
        strategies = {name: queue.strategy for name, queue in self.queues.items()}
        names = [operator.name for operator in self.roster]
        self.ready = ReadyOperators(strategies, names, self.loads, self._rng)
        for operator in self.roster:
            self.index(operator)

    def to_be_recorded(self, call: Call) -> bool:
        """Decide whether the conversation that begins is recorded: not when that would fill the disk up."""
        call.recorded = self.plan.recording.enabled and not self.space_is_scarce
        if self.plan.recording.enabled and not call.recorded:
            self.note(call, "recording.shed")
        return call.recorded

    # --- saying what is to be done -----------------------------------------------------------------

    def do(self, *commands: Command) -> None:
        """Decide these commands."""
        self.out.extend(commands)

    def note(self, call: Call, kind: str, **data: Any) -> None:
        """Write a fact about *call* into the journal."""
        self.note_for(call.id, kind, **data)

    def note_at(self, at: Instant | None, call: Call, kind: str, **data: Any) -> None:
        """Write a fact about *call* that was learnt late, and happened *at*; None as for `note`."""
        self.out.append(Record(f"call:{call.id}", self.happened if at is None else at, kind, data))

    def note_for(self, call: CallId, kind: str, **data: Any) -> None:
        """Write a fact about a call that may be over already, at the moment in which its cause happened."""
        self.out.append(Record(f"call:{call}", self.happened, kind, data))

    def new_offer(self) -> OfferId:
        """Return a number that no offer ever had."""
        return OfferId(str(next(self._ids)))

    def new_callback(self) -> CallId:
        """Return an id that no callback ever had."""
        return CallId(f"{CALLBACK}{next(self._ids)}")

    def new_outreach(self) -> CallId:
        """Return an id that no outreach call ever had."""
        return CallId(f"{OUTREACH}{next(self._ids)}")

    def new_supervision(self) -> SupervisionId:
        """Return an id that no supervision ever had."""
        return SupervisionId(f"{SUPERVISION}{next(self._ids)}")

    def new_playback(self) -> PlaybackId:
        """Return an id that no playback ever had."""
        return PlaybackId(f"play-{next(self._ids)}")

    # --- calls ---------------------------------------------------------------------------------------

    def move(self, call: Call, state: CallState) -> None:
        """Put *call* into *state* and show it."""
        call.state, call.state_since = state, self.now
        self.out.append(ShowCall(call.id))

    def arm(self, call: Call, timer: Timer, seconds: float) -> None:
        """Replace the call's one timer."""
        call.timer_serial += 1
        self.out.append(ArmTimer(call.id, timer, call.timer_serial, Instant(self.now + seconds)))

    def next_opening(self, call: Call) -> Instant:
        """Return when *call* may be served next by the calendar: now, if it is open.

        When no opening is known, tomorrow: somebody may have published hours by then.
        """
        opening = self.calendar.next_opening(self.now, call.dialled, call.queue)
        return Instant(self.now + DAY_S) if opening is None else opening

    def operators_of(self, dialled: str) -> QueueName:
        """Return the queue of whoever chooses nothing in the menu of this number of ours."""
        number = self.numbers.get(dialled)
        menu = self.plan.menus[0] if number is None else self.menus[MenuName(number.menu)]
        return QueueName(menu.operator)

    def trunk_of(self, dialled: str) -> Trunk:
        """Return the trunk that delivers this number of ours; the first one for a number that is gone."""
        number = self.numbers.get(dialled)
        own = (trunk for trunk in self.plan.trunks if number is not None and trunk.name == number.trunk)
        return next(own, self.plan.trunks[0])

    def queue_of(self, call: Call) -> Queue:
        """Return the queue that *call* is in. Raises UnknownQueue when it is in none."""
        if call.queue is None:
            raise UnknownQueue(f"Call {call.id} is in no queue.")
        return self.queue(call.queue)

    def queue(self, name: QueueName) -> Queue:
        """Return a queue of the plan. Raises UnknownQueue."""
        try:
            return self.queues[name]
        except KeyError:
            raise UnknownQueue(f"There is no queue named {name}.") from None

    def show_queue(self, name: QueueName) -> None:
        """The line of this queue changed."""
        self.out.append(ShowQueue(name))

    # --- operators -----------------------------------------------------------------------------------

    def set_agent(self, operator: Operator, state: AgentState, reason: str | None = None) -> None:
        """Put *operator* into *state*, show and record it, and keep the index of the ready in step."""
        if state in AWAY:
            self.loads.left(operator.name, self.ready.floor(operator.seats))
        operator.state, operator.reason, operator.state_since = state, reason, self.now
        self._measure(operator)
        call = operator.call
        self.out.append(
            Record(f"agent:{operator.name}", self.now, "agent.state", _state_fact(state, reason, call))
        )
        self.show_agent(operator)
        self.index(operator)

    def _measure(self, operator: Operator) -> None:
        """Let the pace of calls follow what *operator* is doing now."""
        call = None if operator.call is None else self.calls.get(operator.call)
        if operator.state is AgentState.PAUSED:
            self.pace.away(operator.name, operator.reason, self.now)
        elif operator.state is AgentState.LOGGED_OUT:
            self.pace.gone(operator.name)
        else:
            self.pace.back(operator.name, self.now)
        if operator.state in BUSY_WITH_CALL and call is not None and call.queue is not None:
            talks = operator.state is AgentState.TALKING
            self.pace.taken(operator.name, call.queue, self.now, talks=talks)
        elif operator.state is not AgentState.AFTER_CALL:
            self.pace.free(operator.name, self.now)

    def show_agent(self, operator: Operator) -> None:
        """Something about *operator* changed that people see."""
        self.out.append(ShowAgent(operator.name))

    def index(self, operator: Operator) -> None:
        """Enter *operator* among the ready, or take them out."""
        self.ready.remove(operator.name)
        if operator.can_be_offered:
            self.ready.add(operator.name, operator.seats, self.now)

    def arm_agent(self, operator: Operator, timer: Timer, due: Instant) -> None:
        """Replace the operator's timer."""
        operator.timer_serial += 1
        self.out.append(ArmTimer(operator.name, timer, operator.timer_serial, due))

    def disarm_agent(self, operator: Operator) -> None:
        """The operator needs no timer now; one already on its way is stale."""
        operator.timer_serial += 1
        self.out.append(CancelTimer(operator.name))

    def operator(self, name: AgentName | None) -> Operator | None:
        """Return the operator of that name, if there is one."""
        return None if name is None else self.roster.get(name)


def _state_fact(state: AgentState, reason: str | None, call: CallId | None) -> dict[str, str | None]:
    return {"state": state.value, "reason": reason, "call": call}
