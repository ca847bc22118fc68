"""What fills a running copy with its centre: the shape that a start knows. `centre_contents` fills it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from config.settings import Settings
from madoguchi.local.passwords import Passwords
from madoguchi.local.ports import LOOPBACK
from madoguchi.local.programs import Program
from madoguchi.local.run_file import Login, Phone, Trunk

Progress = Callable[[int, int, str], None]
"""Called with how many are done, how many there are, and which one was just finished."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a copy lives and what its parts say to each other, once its database can be reached."""

    settings: Settings
    passwords: Passwords
    database_url: str

    @property
    def http_url(self) -> str:
        """Where the console is."""
        return f"http://{LOOPBACK}:{self.settings.http_port}"


@dataclass(frozen=True, slots=True)
class Description:
    """What ``run.json`` tells about the centre."""

    trunk: Trunk
    logins: Sequence[Login]
    phones: Sequence[Phone]


class Contents(Protocol):
    """Called in this order, every time a copy starts; doing it again changes nothing."""

    def check(self, settings: Settings) -> None:
        """Read what operations staff wrote. Raises `LocalError` before anything was started."""
        ...

    def read_in_force(self, settings: Settings) -> None:
        """Instead of `check`, for a copy that runs: read what is in force there. Raises `LocalError`."""
        ...

    def build_sounds(self, settings: Settings, progress: Progress) -> None:
        """Make every sound that callers may hear."""
        ...

    def fill_database(self, place: Place) -> None:
        """Bring the tables up to date and create the first people."""
        ...

    def write_asterisk(self, place: Place, owner: tuple[int, int]) -> None:
        """Write Asterisk's configuration and make the directories that it writes, all for *owner*."""
        ...

    def services(self, place: Place) -> Sequence[Program]:
        """Return our own programs, in the order in which they start."""
        ...

    def describe(self, place: Place) -> Description:
        """Return what people and tools need to know."""
        ...
