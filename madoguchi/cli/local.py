"""What commands read from this copy's files, with nothing running: the plan, the calendar, times."""

import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from config.loading import ConfigError, load_centre
from config.schema import Centre
from madoguchi.cli import running
from madoguchi.cli.errors import CommandError, WrongUsage
from madoguchi.hours.entries import DamagedBook, Entry, overrides, read_entries
from telephony.model.calendar import Calendar
from telephony.model.ids import Instant
from telephony.model.rulings import Override
from telephony.public_holidays import japanese_holiday


def plan_in(file: Path) -> Centre:
    """Return the centre that *file* describes. Raises `CommandError` with everything that is wrong."""
    try:
        return load_centre(file)
    except ConfigError as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error


def published_plan() -> Centre:
    """Return the ``centre.toml`` in force; before the first start, the one that would be put in force."""
    settings = running.settings()
    published = settings.layout.published_plan
    return plan_in(published if published.exists() else settings.centre_file)


@dataclass(frozen=True, slots=True)
class Offline:
    """The calendar as the controller has it, read from the same files."""

    plan: Centre
    entries: tuple[Entry, ...]
    overrides: tuple[Override, ...]
    calendar: Calendar

    @classmethod
    def read(cls) -> "Offline":
        """Read it. Raises `CommandError`."""
        plan = published_plan()
        try:
            entries = read_entries(running.settings().layout.overrides_file)
        except DamagedBook as error:
            raise CommandError(str(error)) from error
        zone = ZoneInfo(plan.timezone)
        standing = overrides(entries)
        return cls(plan, entries, standing, Calendar(plan.hours, zone, japanese_holiday, standing))

    def now(self) -> Instant:
        """Return the present moment."""
        return Instant(time.time())


def moment(text: str, option: str, zone: ZoneInfo | None = None) -> datetime:
    """Return the time that was given for *option*; without an offset it is the centre's own.

    Raises `WrongUsage`.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise WrongUsage(f"{option} {text!r} is not a time, for example 2027-01-04T09:00+09:00.") from None
    return at if at.tzinfo is not None or zone is None else at.replace(tzinfo=zone)
