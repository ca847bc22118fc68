"""A caller whom Asterisk kept while no controller lived is taken over where they are.

Place in line and waiting time are those from before; who talks goes on talking and notices nothing.
"""

import math

from telephony.model import menu, message
from telephony.model.arrival import welcome
from telephony.model.call import Call, OfferInFlight
from telephony.model.callbacks import say_promise
from telephony.model.closed import turned_away
from telephony.model.commands import Follow, ShowOffer
from telephony.model.events import CallRecovered, Timer
from telephony.model.floor import Floor
from telephony.model.ids import AgentName, Instant, MenuName, QueueName
from telephony.model.matching import RING_GRACE_S
from telephony.model.promised import cancel_for
from telephony.model.roster import Operator
from telephony.model.states import BUSY_WITH_CALL, AgentState, CallState
from telephony.model.transferring.dialling import RING_S
from telephony.model.transferring.target import Kind, Target, Transfer, words
from telephony.model.waiting import stand_in_line, wait_or_be_served


def on_recovered(floor: Floor, event: CallRecovered) -> None:
    """Take the call over: talking, ringing, waiting, or else back at the beginning of the menu."""
    call = _call(floor, event)
    floor.calls[call.id] = call
    if event.sip_call_id is not None:
        floor.note(
            call, "call.arrived", caller=call.caller, dialled=call.dialled, sip_call_id=event.sip_call_id
        )
    floor.do(Follow(call.id))
    operator = floor.operator(event.agent)
    if event.taken_from is not None:
        _taken(floor, call, event.taken_from)
    if event.referral is not None:
        _at_a_place_outside(floor, call, event, event.referral)
    elif event.offer is not None and operator is not None and operator.state not in BUSY_WITH_CALL:
        _with_operator(floor, call, event, operator)
    elif event.promised:
        say_promise(floor, call)
    else:
        _without_operator(floor, call, event)


def _call(floor: Floor, event: CallRecovered) -> Call:
    queue = event.queue if event.queue in floor.queues else None
    if queue is None and event.queue is not None:
        queue = QueueName(floor.plan.queues[0].name)
    call = Call(event.call, event.caller, event.dialled, event.arrived_at, CallState.GREETING, floor.now)
    call.queue, call.priority, call.waiting_since = queue, event.priority, event.waiting_since
    call.served = event.served
    call.menu_path, call.recovered, call.told = list(event.menu_path), True, event.told
    call.next_announcement = Instant(floor.now + floor.queues[queue].announce_first_s) if queue else None
    return call


def _with_operator(floor: Floor, call: Call, event: CallRecovered, operator: Operator) -> None:
    if event.offer is None:
        return
    operator.call, call.last_offer = call.id, event.offer
    if call.queue is None:
        _put_in_some_queue(floor, call)
    if event.talking_since is None:
        call.offer = OfferInFlight(event.offer, operator.name, floor.now, event.leg)
        operator.offer = event.offer
        floor.set_agent(operator, AgentState.OFFERED)
        floor.do(ShowOffer(operator.name, event.offer, call.id))
        floor.move(call, CallState.OFFERED)
        floor.arm(call, Timer.RING, floor.queue_of(call).ring_s + RING_GRACE_S)
        return
    call.agent, call.talking_since, call.served = AgentName(operator.name), event.talking_since, True
    call.recording_paused = event.recording_paused
    floor.set_agent(operator, AgentState.TALKING)
    if not event.connected_known:
        _note_connection(floor, call, event, operator)
    cancel_for(floor, call)
    floor.move(call, CallState.TALKING)
    floor.arm(call, Timer.TALK, floor.plan.calling.max_talk_s)


def _taken(floor: Floor, call: Call, operator: AgentName) -> None:
    """Write down that the talk is over, as late as it became known; the caller stands at the front."""
    floor.note(call, "call.talk_ended", agent=operator, talked_s=None)
    floor.note(call, "call.transferred", how="blind", by="phone", from_agent=operator, **words(None))
    call.priority, call.waiting_since = math.inf, floor.now


def _at_a_place_outside(floor: Floor, call: Call, event: CallRecovered, referral: str) -> None:
    call.last_offer, call.referral, call.referral_leg = event.offer, referral, event.leg
    call.transfer = Transfer(Target(Kind.REFERRAL, referral), None, "agent")
    if call.queue is None:
        _put_in_some_queue(floor, call)
    if event.talking_since is None:
        floor.move(call, CallState.REFERRING)
        floor.arm(call, Timer.RING, RING_S + RING_GRACE_S)
        return
    call.transfer, call.talking_since = None, event.talking_since
    floor.move(call, CallState.REFERRED)
    floor.arm(call, Timer.TALK, floor.plan.calling.max_talk_s)


def _put_in_some_queue(floor: Floor, call: Call) -> None:
    """The journal lost where the caller stood before the offer: the plan's first queue, since the arrival."""
    queue = floor.plan.queues[0]
    call.queue, call.priority = QueueName(queue.name), queue.priority
    call.waiting_since = call.arrived_at
    call.next_announcement = Instant(floor.now + queue.announce_first_s)


def _note_connection(floor: Floor, call: Call, event: CallRecovered, operator: Operator) -> None:
    since = floor.now if call.waiting_since is None else call.waiting_since
    floor.note(
        call,
        "call.connected",
        offer=event.offer,
        agent=operator.name,
        queue=call.queue,
        waited_s=round(max(0.0, floor.now - since), 3),
    )


def _without_operator(floor: Floor, call: Call, event: CallRecovered) -> None:
    number = floor.numbers.get(call.dialled)
    if call.queue is not None and event.message_since is not None:
        message.resume(floor, call, event.message_since)
        return
    if call.queue is not None:
        stand_in_line(floor, call)
        wait_or_be_served(floor, call)
    elif number is not None and not event.greeted:
        welcome(floor, call)
    elif not turned_away(floor, call):
        name = floor.plan.menus[0].name if number is None else number.menu
        menu.enter(floor, call, floor.menus[MenuName(name)])
