"""Where a call's recording lies."""

from datetime import datetime
from zoneinfo import ZoneInfo

from telephony.model.call import Call
from telephony.model.floor import Floor


def recording_file(floor: Floor, call: Call) -> str:
    """Return the recording's path below the recordings directory: the day of arrival, then the call id.

    The dialplan's context ``[offer]`` builds the same path from the same two.
    """
    day = datetime.fromtimestamp(call.arrived_at, ZoneInfo(floor.plan.timezone))
    return f"{day:%Y/%m/%d}/{call.id}.wav"
