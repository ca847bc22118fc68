"""A key while waiting: what the overflow step offers for it (R3)."""

from collections.abc import Callable, Mapping

from config.schema import Choice, OverflowKey
from telephony.model import callbacks, guidance, message, self_service
from telephony.model.call import Call
from telephony.model.events import KeyPressed
from telephony.model.floor import Floor
from telephony.model.hearing import hush
from telephony.model.waiting import stay_in_line


def on_key(floor: Floor, call: Call, event: KeyPressed) -> None:
    """Do what the key does in the step that the caller was last told about; other keys do nothing."""
    steps = floor.queue_of(call).overflow
    if call.step is None or call.step >= len(steps):
        return
    key = steps[call.step].keys.get(event.key)
    if key is not None:
        floor.note(call, "overflow.key", key=event.key, does=key.does.value)
        hush(floor, call)
        DOES[key.does](floor, call, key)


def _stay(floor: Floor, call: Call, key: OverflowKey) -> None:
    del key
    stay_in_line(floor, call, "stay-in-line")


def _call_back(floor: Floor, call: Call, key: OverflowKey) -> None:
    del key
    callbacks.begin(floor, call)


DOES: Mapping[Choice, Callable[[Floor, Call, OverflowKey], None]] = {
    Choice.STAY: _stay,
    Choice.CALLBACK: _call_back,
    Choice.GUIDANCE: guidance.begin,
    Choice.MESSAGE: message.begin,
    Choice.SELF_SERVICE: self_service.begin,
}
"""What each choice does with somebody who waits."""
