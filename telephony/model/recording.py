"""Where a call's recording lies."""

from datetime import datetime
from zoneinfo import ZoneInfo

from telephony.model.call import Call
from telephony.model.floor import Floor


def recording_file(floor: Floor, call: Call) -> str:
    """Return the recording's path below the recordings directory: the day of arrival, then the call id.

    The dialplan's context ``[offer]`` builds the same path from the same two.
    """
    return f"{_day(floor, call)}/{call.id}.wav"


def message_name(call: Call) -> str:
    """Return what Asterisk calls the voice message of *call* until it is fetched."""
    return f"{call.id}-message"


def message_file(floor: Floor, call: Call) -> str:
    """Return where the voice message lies once ``telephony.recordings`` has fetched it."""
    return f"{_day(floor, call)}/{message_name(call)}.wav"


def _day(floor: Floor, call: Call) -> str:
    return f"{datetime.fromtimestamp(call.arrived_at, ZoneInfo(floor.plan.timezone)):%Y/%m/%d}"
