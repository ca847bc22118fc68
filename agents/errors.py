"""What can be wrong with a request about people; each says it in one sentence."""

from dataclasses import dataclass


class RosterError(Exception):
    """A change to the roster was refused; nothing has changed."""


class NoSuchAgent(RosterError):
    """Nobody of this name is on the roster."""


class AlreadyThere(RosterError):
    """The name or the extension belongs to somebody else."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One field that is wrong, and what would be right."""

    field: str
    detail: str

    def __str__(self) -> str:
        """Return the whole sentence."""
        said = f"{self.field} {self.detail}"
        return said if said.endswith("?") else f"{said}."


class Invalid(RosterError):
    """Some fields are wrong; all of them are named at once."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(" ".join(map(str, faults)))
        self.faults = faults
