"""Where a call's recording lies, and when it is silent."""

from datetime import datetime
from zoneinfo import ZoneInfo

from telephony.model.call import Call
from telephony.model.commands import PauseRecording, ResumeRecording
from telephony.model.floor import Floor


def recording_file(floor: Floor, call: Call) -> str:
    """Return the recording's path below the recordings directory: the day of arrival, then the call id.

    The dialplan's context ``[offer]`` builds the same path from the same two.
    """
    return f"{_day(floor, call)}/{call.id}.wav"


def record_as_wanted(floor: Floor, call: Call) -> None:
    """Let the recording of a talk be silent, or not, as it should be now. Said twice it has one effect."""
    if floor.plan.recording.enabled and call.recorded:
        silent = call.recording_paused or call.held_for is not None
        floor.do(PauseRecording(call.id) if silent else ResumeRecording(call.id))


def message_name(call: Call) -> str:
    """Return what Asterisk calls the voice message of *call* until it is fetched."""
    return f"{call.id}-message"


def message_file(floor: Floor, call: Call) -> str:
    """Return where the voice message lies once ``telephony.recordings`` has fetched it."""
    return f"{_day(floor, call)}/{message_name(call)}.wav"


def _day(floor: Floor, call: Call) -> str:
    return f"{datetime.fromtimestamp(call.arrived_at, ZoneInfo(floor.plan.timezone)):%Y/%m/%d}"
