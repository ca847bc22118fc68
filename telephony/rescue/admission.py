"""How many calls may come in: as many as the machine has time for, whatever ``centre.toml`` guesses.

More calls than are served make a line that grows, and its music takes the time of those who are served, so
that fewer are (docs/adr/0010-overload.md). While time is short, no more calls come in than there are; each
trunk has a number (``min_calls``) that it carries all the same. A moment of other work takes no call away.
"""

from dataclasses import dataclass, replace

from telephony.rescue.processors import CALM, PLENTY, SHORT

VARIABLE = "MADOGUCHI_ROOM"
"""Dialplan global: how many calls a trunk may carry at once. An Asterisk that has just started does not know
it, and has no such bound until it is told."""

NO_BOUND = 1_000_000
"""What it is told then: more calls than any machine carries."""

PATIENCE = 4
"""Looks in a row that found too little time, before that is believed: two seconds."""

MORE = 10
"""How many more may come in after each look that found plenty of time."""


@dataclass(frozen=True, slots=True)
class Admission:
    """*room* calls may be there at once, None: no bound. *short* looks in a row found too little time."""

    room: int | None = None
    short: int = 0

    def after(self, unused: float, calls: int | None) -> "Admission":
        """Return what follows from a look: the share *unused* of the time, and how many *calls* there were.

        *calls* is None where nobody could say: then nothing changes for the worse.
        """
        if unused < SHORT:
            return self._while_short(calls)
        if self.room is None or unused > CALM:
            return Admission()
        return Admission(self.room + MORE if unused > PLENTY else self.room)

    def _while_short(self, calls: int | None) -> "Admission":
        short = self.short + 1
        if not self.wants_calls or calls is None:
            return replace(self, short=short)
        return Admission(calls if self.room is None else min(calls, self.room), short)

    @property
    def told(self) -> int:
        """The value of `VARIABLE`."""
        return NO_BOUND if self.room is None else self.room

    @property
    def wants_calls(self) -> bool:
        """Whether the next look has to know how many calls there are, if it finds too little time."""
        return self.short + 1 >= PATIENCE
