"""The caller waits with music while operator and supervisor talk: a consultation (ADR 30).

Asterisk holds the caller, and lets go, with the supervisor's leg alone. What is left for here is who may,
what the journal says, and the recording, which is silent meanwhile.
"""

from collections.abc import Iterable

from telephony.model.call import Call
from telephony.model.errors import IllegalEvent
from telephony.model.floor import Floor
from telephony.model.recording import record_as_wanted
from telephony.model.states import CallState
from telephony.model.supervision.events import HoldOutlived, SupervisionRequested
from telephony.model.supervision.session import Mode, Phase, Supervision


def check_consultation(floor: Floor, event: SupervisionRequested) -> None:
    """Raise IllegalEvent if *event* would let the caller hear somebody while on hold, or hold them twice."""
    if event.mode is Mode.CONSULT and event.invited_by is None:
        raise IllegalEvent("Only the operator of a call can consult somebody about it.")
    for other in _others(floor, event):
        if event.mode is Mode.CONSULT and (other.invited_by is not None or other.mode is Mode.BARGE):
            raise IllegalEvent(f"{other.supervisor} is on this call too; consult when they have left.")
        if other.mode is Mode.CONSULT and (event.invited_by is not None or event.mode is Mode.BARGE):
            raise IllegalEvent(f"{other.supervisor} is being consulted on this call; end that first.")


def _others(floor: Floor, event: SupervisionRequested) -> Iterable[Supervision]:
    """Yield who else is on the call; also whose leg is on its way out, but not whose call it has become."""
    for each in floor.supervisions.values():
        if (
            each.call == event.call
            and each.supervisor != event.supervisor
            and each.phase is not Phase.TALKING
        ):
            yield each


def follow_mode(floor: Floor, session: Supervision) -> None:
    """The leg hears in another mode from now on: hold the caller, or let them talk again."""
    call = floor.calls[session.call]
    if session.mode is Mode.CONSULT:
        _hold(floor, session, call)
    elif session.mode is not Mode.TAKEOVER and call.held_for == session.id:
        let_talk(floor, call)  # a takeover lets go once caller and supervisor are connected


def _hold(floor: Floor, session: Supervision, call: Call) -> None:
    if call.held_for != session.id:
        call.held_for = session.id
        floor.note(call, "call.held", supervision=session.id)
    record_as_wanted(floor, call)  # also when the journal has it: a controller may have died over that


def settle(floor: Floor, call: Call | None) -> None:
    """Let a caller go who is on hold for somebody that is not there any more; later, if they do not talk now.

    A call that is just being taken from its operator may stay with them after all.
    """
    if call is None or call.held_for is None or call.state is not CallState.TALKING:
        return
    if call.held_for not in floor.supervisions:
        let_talk(floor, call)


def let_talk(floor: Floor, call: Call) -> None:
    """The hold is over: Asterisk has let the caller go, or does so now."""
    held_for, call.held_for = call.held_for, None
    floor.note(call, "call.unheld", supervision=held_for)
    record_as_wanted(floor, call)


def on_outlived(floor: Floor, event: HoldOutlived) -> None:
    """Whoever was consulted hung up while no controller lived; when is not known."""
    call = floor.calls.get(event.call)
    if call is not None and call.state is CallState.TALKING:
        call.held_for = event.supervision
        settle(floor, call)
