"""The whole brain: ``handle(event, now) -> commands``.

Reads no clock, no network and no disk. It looks the event up in `table`, lets the one handler change the
`Floor`, and hands back the commands that were decided. A stale event (a timer, playback or offer that is
no longer the current one) is dropped here, once, so that no handler needs to think of it.
"""

import random
from collections.abc import Callable, Mapping
from typing import Any

from config.schema import Centre as Plan
from telephony.model import arrival, callbacks_recovered, left_numbers, promised, table
from telephony.model import events as ev
from telephony.model.calendar import HolidayTable, no_holidays
from telephony.model.call import Call
from telephony.model.commands import Command
from telephony.model.errors import BrokenTable, IllegalEvent
from telephony.model.floor import Floor, Voice
from telephony.model.hours import on_emergency_changed, on_hours_changed
from telephony.model.ids import Instant
from telephony.model.measures import handling as measures
from telephony.model.outreach import beginning as outreach
from telephony.model.outreach.events import OutreachRecovered, OutreachRequested
from telephony.model.outreach.recovered import on_recovered as on_outreach_recovered
from telephony.model.people import on_plan_changed, on_roster_changed
from telephony.model.recovered import on_recovered
from telephony.model.roster import Operator
from telephony.model.states import AgentState
from telephony.model.supervision import table as supervising
from telephony.model.transferring.events import CallerTransferred


class Centre:
    """All calls and all operators. One instance, one thread, one event after another.

    Args:
        plan: the published ``centre.toml``.
        voice: the sound catalogue (look-ups only).
        rng: seeded randomness.
        first_id: where offer and playback numbers start; above every number used before.
        holidays: names the public holidays on which the plan may close the centre.
    """

    def __init__(
        self,
        plan: Plan,
        voice: Voice,
        rng: random.Random,
        first_id: int = 1,
        holidays: HolidayTable = no_holidays,
    ) -> None:
        self.floor = Floor(plan, voice, rng, first_id, holidays)

    def use_voice(self, voice: Voice) -> None:
        """Say prompts with another catalogue from now on; hand it over before the plan that needs it."""
        self.floor.voice = voice

    def handle(self, event: ev.Event, now: Instant, happened: Instant | None = None) -> list[Command]:
        """Take *event* at *now* and return what is to be done, in order.

        *now* never goes back. What *event* tells of a call is written down at *happened*, which may be a
        little earlier than what was written before: news of several calls wait for us together.

        Raises:
            IllegalEvent: the event has no place in the present state; nothing has changed.
            UnknownAgent, UnknownQueue: it names somebody or something we do not have; nothing has changed.
        BrokenTable: a handler went where its row forbids; a fault of ours.
        """
        floor = self.floor
        floor.now, floor.happened = now, now if happened is None else happened
        if supervising.concerns(floor, event):
            supervising.handle(floor, event)
        elif isinstance(event, ev.CallEvent):
            self._call_event(floor, event)
            supervising.follow(floor, event.call)
        elif isinstance(event, ev.AgentEvent):
            self._agent_event(floor, event)
        elif isinstance(event, ev.PlanChanged):
            on_plan_changed(floor, event)
            on_hours_changed(floor)
        elif isinstance(event, ev.OverridesChanged):
            floor.adopt_overrides(event.overrides)
            on_hours_changed(floor)
        elif isinstance(event, ev.SpaceChanged):
            floor.space_is_scarce = event.scarce
        elif (handler := _OF_THE_CENTRE.get(type(event))) is not None:
            handler(floor, event)
        else:
            measures.handle(floor, event)
        decided, floor.out = floor.out, []
        return decided

    def _call_event(self, floor: Floor, event: ev.CallEvent) -> None:
        call = floor.calls.get(event.call)
        if call is None:
            _new_call(floor, event)
            return
        if _is_stale(call, event):
            return
        row = table.CALLS[call.state].get(type(event))
        if row is None:
            raise IllegalEvent(table.describe(event, call.state))
        if isinstance(event, ev.MoveRequested) and event.queue is not None:
            floor.queue(event.queue)
        handler, allowed = row
        handler(floor, call, event)
        if call.id not in floor.calls:
            promised.release_after(floor, call.id)
        reached = call.state if call.id in floor.calls else table.GONE
        if reached not in allowed:
            raise BrokenTable(f"{handler.__name__} led call {call.id} to {reached}, which its row forbids")

    def _agent_event(self, floor: Floor, event: ev.AgentEvent) -> None:
        operator = floor.roster[event.agent]
        if _is_stale_for(operator, event):
            return
        handler = table.AGENTS[operator.state].get(type(event))
        if handler is None:
            raise IllegalEvent(table.describe(event, operator.state))
        handler(floor, operator, event)


_OF_THE_CENTRE: Mapping[type[ev.Event], Callable[[Floor, Any], None]] = {
    ev.RosterChanged: on_roster_changed,
    ev.EmergencyChanged: on_emergency_changed,
    ev.NumberLeft: left_numbers.on_number_left,
    OutreachRequested: outreach.on_requested,
}
"""What concerns neither one call that is up nor one operator, and is done by one handler."""


def _new_call(floor: Floor, event: ev.CallEvent) -> None:
    """Take a call that the model does not know; anything else about such a call came too late."""
    if isinstance(event, ev.CallArrived):
        arrival.on_arrived(floor, event)
    elif isinstance(event, ev.CallRecovered):
        on_recovered(floor, event)
    elif isinstance(event, ev.CallbackRecovered):
        callbacks_recovered.on_recovered(floor, event)
    elif isinstance(event, OutreachRecovered):
        on_outreach_recovered(floor, event)
    own = floor.calls.get(event.call)
    if own is not None:
        promised.hold_for(floor, own)


_OF_ONE_OFFER = (
    ev.OfferDialled,
    ev.OfferRang,
    ev.OfferAnswered,
    ev.OfferReturned,
    ev.OperatorLeft,
    ev.CitizenRang,
    ev.CitizenAnswered,
    ev.CitizenReturned,
    CallerTransferred,
)


def _is_stale(call: Call, event: ev.CallEvent) -> bool:
    """Whether *event* speaks of a timer, playback, question or offer that is not the call's current one."""
    if isinstance(event, ev.CallTimerFired):
        return event.serial != call.timer_serial
    if isinstance(event, ev.PlaybackEnded):
        return event.playback != call.playback
    if isinstance(event, ev.BookingAnswered):
        return call.self_service is None or event.question != call.self_service.asked
    if isinstance(event, _OF_ONE_OFFER):
        return event.offer != call.last_offer
    return False


def _is_stale_for(operator: Operator, event: ev.AgentEvent) -> bool:
    if isinstance(event, ev.AgentTimerFired):
        return operator.state is not AgentState.AFTER_CALL or event.serial != operator.timer_serial
    if isinstance(event, ev.OfferRejected) and event.offer != operator.offer:
        raise IllegalEvent("This offer is over.")
    if isinstance(event, ev.Disposed) and event.call not in (operator.call, operator.last_call):
        raise IllegalEvent("This is not your present or last call.")
    return False
