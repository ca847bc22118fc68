"""What somebody opened or closed ad hoc, and ``hours.json``, where it stands. Knows no database."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from madoguchi.local.files import write_whole
from telephony.model.ids import Instant
from telephony.model.rulings import Override

_OWNER_ONLY = 0o600


class Entry(BaseModel):
    """One line of the book: opened or closed from *since* to before *until*, and by whom."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    opens: bool
    since: AwareDatetime
    until: AwareDatetime
    message: str | None = None
    numbers: Annotated[tuple[str, ...], Field(description="E.164; empty: all")] = ()
    queues: tuple[str, ...] = ()
    entered_at: AwareDatetime
    entered_by: str
    cancelled_at: AwareDatetime | None = None
    cancelled_by: str | None = None

    def stands(self, now: datetime) -> bool:
        """Return whether it holds now or will hold."""
        return self.cancelled_at is None and now < self.until

    def override(self) -> Override:
        """Return it as the calendar takes it."""
        since, until = Instant(self.since.timestamp()), Instant(self.until.timestamp())
        return Override(self.id, self.opens, since, until, self.message, self.numbers, self.queues)


_ENTRIES = TypeAdapter(tuple[Entry, ...])


class DamagedBook(Exception):
    """``hours.json`` cannot be read; the message says which file."""


def read_entries(file: Path) -> tuple[Entry, ...]:
    """Return what stands in *file*, oldest first; nothing when there is no file. Raises `DamagedBook`."""
    try:
        return _ENTRIES.validate_json(file.read_bytes())
    except FileNotFoundError:
        return ()
    except (OSError, ValidationError) as error:
        raise DamagedBook(
            f"{file} cannot be read; what was opened or closed ad hoc may be missing."
        ) from error


def write_entries(file: Path, entries: Iterable[Entry]) -> None:
    """Replace *file*. Raises OSError."""
    write_whole(file, _ENTRIES.dump_json(tuple(entries), indent=2).decode(), _OWNER_ONLY)


def overrides(entries: Iterable[Entry], now: datetime | None = None) -> tuple[Override, ...]:
    """Return those that stand, as the calendar takes them."""
    moment = now or datetime.now(UTC)
    return tuple(entry.override() for entry in entries if entry.stands(moment))
