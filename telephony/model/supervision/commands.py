"""What is to be done for a supervision, in the imperative.

*call* of these commands is the supervision's own id: they are carried out in order among themselves, and
never keep a command of the call waiting that they are about (*of*).
"""

from dataclasses import dataclass

from telephony.model.commands import CallCommand
from telephony.model.events import Event
from telephony.model.ids import CallId, LegId, SupervisionId
from telephony.model.supervision.events import TookOver
from telephony.model.supervision.session import Mode


@dataclass(frozen=True, slots=True)
class CallSupervisor(CallCommand):
    """Make *leg* and let it ring *extension* for *ring_s* seconds."""

    leg: LegId
    extension: str
    ring_s: int


@dataclass(frozen=True, slots=True)
class Hear(CallCommand):
    """Let *leg* hear the operator of call *of* and the caller, and be heard as *mode* says.

    *again*: it hears them already, in another mode.
    """

    leg: LegId
    of: CallId
    mode: Mode
    again: bool


@dataclass(frozen=True, slots=True)
class TakeOver(CallCommand):
    """Connect *leg* with the caller of call *of*, then let the operator's leg go.

    *file* is the recording that goes on with the supervisor's leg (None: do not record), *muted* whether
    silence is written into it. *again* as in `Hear`. `TookOver` follows.
    """

    leg: LegId
    of: CallId
    file: str | None
    muted: bool
    again: bool

    @property
    def done(self) -> Event:
        """What has happened once it was carried out."""
        return TookOver(SupervisionId(self.call))
