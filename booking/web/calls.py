"""Whether the call that a request names exists and is the caller's own."""

from booking.errors import FieldFault, Invalid
from booking.ports import Calls
from booking.shapes import Who


async def check_call(calls: Calls, call: str | None, who: Who) -> None:
    """Raise `Invalid` for a call that there is not, or that is somebody else's."""
    if call is not None and not await calls.is_of(call, who):
        raise Invalid(FieldFault("call", "この通話は見つからないか、あなたの通話ではありません。"))
