"""What the engine needs from the outside, as protocols; ``madoguchi.controller`` plugs the real parts in."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from telephony.model.commands import CallCommand, DeskCommand, Errand, Record
from telephony.model.ids import SoundId


class SwitchError(Exception):
    """Asterisk did not do what it was told; the message says what and why."""


class Unsure(SwitchError):
    """Asterisk did not say whether it did it, or will: it stands still, is away, or has too much to do."""


class LegGone(SwitchError):
    """The leg that the command was for does not exist any more. Usually a caller who has just left."""


class AlreadyAnswered(SwitchError):
    """An offer was to be withdrawn; its operator has answered, and they talk."""


class Switch(Protocol):
    """Carries commands out on Asterisk."""

    async def carry_out(self, command: CallCommand) -> None:
        """Do it, or raise `LegGone`, `AlreadyAnswered`, `Unsure` or `SwitchError`.

        Doing it twice has one effect.
        """
        ...


class Journal(Protocol):
    """Writes facts down durably; never waits for a disk or a database on the call's path."""

    def write(self, *records: Record) -> None:
        """Queue *records* for their streams, in order. Never blocks and never raises for a slow disk."""
        ...

    async def flush(self) -> None:
        """Return when everything written before is durable; with a full disk that is never."""
        ...


class Desk(Protocol):
    """Tells people at their screens."""

    def show(self, command: DeskCommand) -> None:
        """Publish; never blocks."""
        ...


class Errands(Protocol):
    """Does what takes its time and is neither Asterisk's nor the desk's; an answer comes as an event."""

    def run(self, errand: Errand) -> None:
        """Begin it; never blocks."""
        ...


class Voice(Protocol):
    """Turns a prompt of the catalogue into sound files that already exist."""

    def phrase(self, prompt: str, variables: Mapping[str, object] | None = None) -> Sequence[SoundId]:
        """Return the sounds that say *prompt*. Raises KeyError for a prompt that is not in the catalogue."""
        ...
