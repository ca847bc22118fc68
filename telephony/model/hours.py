"""The hours changed while calls are up: what becomes of those who are here (R4, R17)."""

from telephony.model.closed import sent_away, turned_away
from telephony.model.events import EmergencyChanged
from telephony.model.floor import Floor
from telephony.model.outreach import beginning as outreach
from telephony.model.promised import on_emergency
from telephony.model.promised import on_hours_changed as call_back_if_open
from telephony.model.self_offer import forget
from telephony.model.states import CallState
from telephony.model.waiting import arm_wait

NOT_IN_LINE_YET = frozenset({CallState.GREETING, CallState.MENU, CallState.SELF_SERVICE})
WAITS = frozenset({CallState.WAITING, CallState.ASKING, CallState.GUIDANCE})


def on_hours_changed(floor: Floor) -> None:
    """Let everybody in line know when their waiting ends now."""
    for call in [call for call in floor.calls.values() if call.state is CallState.WAITING]:
        if not sent_away(floor, call):
            arm_wait(floor, call)
    call_back_if_open(floor)


def on_emergency_changed(floor: Floor, event: EmergencyChanged) -> None:
    """The disaster mode begins or ends. Who waits or chooses hears of it; other calls go on."""
    floor.emergency = event.message
    if event.message is None:
        call_back_if_open(floor)
        return
    on_emergency(floor)
    outreach.on_emergency(floor)
    for call in list(floor.calls.values()):
        if call.state in WAITS:
            sent_away(floor, call)
        elif call.state in NOT_IN_LINE_YET:
            forget(floor, call)
            turned_away(floor, call)
