"""What the booking needs from the running centre, as a protocol; ``madoguchi.controller`` fills it."""

from typing import Protocol

from booking.shapes import Who


class Calls(Protocol):
    """The calls in which things are done for citizens."""

    async def is_of(self, call: str, who: Who) -> bool:
        """Return whether there is such a call and *who* may write to it. Raises `Unavailable`."""
        ...

    def note(self, call: str, reservation: str) -> None:
        """Write into the call's record that this reservation was made, changed or cancelled in it.

        Never blocks. Noting the same again changes nothing.
        """
        ...

    async def caller_of(self, call: str) -> str | None:
        """Return who called, in E.164; None for a withheld number. Raises `Unavailable`."""
        ...

    def note_answer(self, call: str, number: str, version: int) -> None:
        """Write into the call's journal that this version of an agreed answer was given. Never blocks."""
        ...

    def note_referral(self, call: str, referral: str, how: str) -> None:
        """Write into the call's journal to whom the caller was referred. Never blocks."""
        ...

    def note_case(self, call: str, case: str) -> None:
        """Write into the call's journal that this case was opened in it. Never blocks."""
        ...

    def write_down(self, call: str, by: str, text: str) -> None:
        """Write into the call's record what *by* noted. Never blocks."""
        ...
