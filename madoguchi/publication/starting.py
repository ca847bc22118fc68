"""What a start puts in force before anything runs: the edited files if they are news, else what was there."""

import getpass
from datetime import UTC, datetime

import structlog

from config.loading import ConfigError
from config.problems import Problem
from config.schema import Centre
from config.settings import Settings
from dialplan import Finding, UnreadableCustom, lint
from madoguchi.publication.source import Source, edited, edited_at
from madoguchi.publication.versions import State, Version, Versions

BROKEN_OFF = "The controller ended before it was verified."

log = structlog.get_logger(__name__)


def put_in_force(settings: Settings) -> Source:
    """Publish the edited files for a start and return what is in force.

    Files that were tried before and not touched since (rolled back, taken back, or the web page was used) are
    not published again by a mere start. Raises `ConfigError`, OSError.
    """
    versions = Versions(settings.layout)
    for version in versions.unfinished():
        take_back(versions, version)
        versions.note(version, State.TAKEN_BACK, BROKEN_OFF)
    wanted, current = _edited(settings), versions.current
    present = None if current is None else versions.source(current.number)
    if present is not None and (wanted.digest == present.digest or _is_old(versions, wanted, settings)):
        if wanted.digest != present.digest:
            log.warning("publication.not_again", file=str(settings.centre_file))
        present.plan(settings)
        return present
    _refuse_mistakes(wanted, settings)
    before = None if current is None else current.number
    entry = Version(
        versions.next_number(), State.APPLIED, datetime.now(UTC), getpass.getuser(), "a start", before
    )
    versions.add(entry, wanted)
    versions.switch(entry.number)
    return wanted


def _is_old(versions: Versions, wanted: Source, settings: Settings) -> bool:
    latest = versions.latest
    if latest is None or not versions.knows(wanted):
        return False
    return edited_at(settings) <= latest.at.timestamp()


def take_back(versions: Versions, version: Version) -> None:
    """Let the version before *version* be in force again, on disk."""
    if version.before is not None:
        versions.switch(version.before)


def _edited(settings: Settings) -> Source:
    try:
        return edited(settings)
    except FileNotFoundError as error:
        complaint = "does not exist; write it, or name another one in MADOGUCHI_CONFIG"
        raise _unusable(settings, complaint) from error
    except (UnicodeError, UnreadableCustom) as error:
        raise _unusable(settings, f"cannot be read: {error}") from error


def _unusable(settings: Settings, complaint: str) -> ConfigError:
    return ConfigError(settings.centre_file, [Problem(("the file",), complaint)])


def _refuse_mistakes(source: Source, settings: Settings) -> Centre:
    plan = source.plan(settings)
    if found := lint(source.custom):
        raise ConfigError(settings.custom_folder, [Problem((), _placed(finding)) for finding in found])
    return plan


def _placed(finding: Finding) -> str:
    return str(finding).removesuffix(".")
