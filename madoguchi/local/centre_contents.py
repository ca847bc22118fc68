"""The real centre of a running copy: what every other floor puts in place before calls are taken.

The only file of the set-up that knows the other floors.
"""

import asyncio
import json
from collections.abc import Sequence

import asyncpg

from agents.people import Person
from agents.ports import Unavailable
from agents.roster_store import RosterFile, RosterTable
from agents.sample import enter_first_agents
from booking.knowledge.sample import enter_sample_answers
from config.loading import ConfigError
from config.schema import Agent, Centre, Trunk
from config.schema.base import national_digits
from config.settings import Settings
from config.trunk_passwords import TrunkPasswords
from dialplan import NO_CUSTOM, Owner, Secrets, make_directories, outbound_address, render, write_files
from madoguchi.local import certificate, programs
from madoguchi.local.contents import Description, Place, Progress
from madoguchi.local.errors import LocalError
from madoguchi.local.programs import Program
from madoguchi.local.run_file import Login, Phone, Sip
from madoguchi.publication.source import Source
from madoguchi.publication.starting import put_in_force
from madoguchi.publishing import published
from sounds import build as build_sounds
from sounds.errors import SoundsError
from storage import StorageError, migrate, open_pool


class CentreContents:
    """Fills `contents.Contents`. `check` or `read_in_force` comes first: they read ``centre.toml``."""

    def __init__(self) -> None:
        self._plan: Centre | None = None
        self._source: Source | None = None
        self._people: Sequence[Person] = ()

    @property
    def _centre(self) -> Centre:
        if self._plan is None:
            raise RuntimeError("check() reads the centre and comes first")
        return self._plan

    @property
    def _roster(self) -> list[Agent]:
        return [person.agent for person in self._people if person.agent is not None]

    def check(self, settings: Settings) -> None:
        """Put ``centre.toml`` in force. Raises `LocalError` with everything that is wrong in it."""
        try:
            source = put_in_force(settings)
            self._plan, self._source = source.plan(settings), source
        except (ConfigError, OSError) as error:
            raise LocalError(str(error)) from error

    def read_in_force(self, settings: Settings) -> None:
        """Read the ``centre.toml`` in force. Raises `LocalError` if this version cannot make use of it."""
        try:
            self._plan = published(settings)
        except (ConfigError, OSError) as error:
            raise LocalError(str(error)) from error

    def build_sounds(self, settings: Settings, progress: Progress) -> None:
        """Render what callers hear; an announcement that cannot be rendered stops the start."""
        try:
            result = build_sounds(self._centre, settings.layout.sounds, progress)
        except SoundsError as error:
            raise LocalError(str(error)) from error
        if result.problems:
            raise LocalError(f"Some sounds cannot be made: {' '.join(result.problems)}")

    def fill_database(self, place: Place) -> None:
        """Bring the tables up to date, enter the first operators, copy the roster."""
        try:
            self._people = asyncio.run(self._fill(place))
        except (StorageError, Unavailable, asyncpg.PostgresError, OSError) as error:
            raise LocalError(f"The database could not be made ready: {error}") from error

    def write_asterisk(self, place: Place, owner: Owner) -> None:
        """Write Asterisk's files for everybody on the roster."""
        layout = place.settings.layout
        known = Secrets(
            place.passwords["ari_password"],
            place.passwords["ami_password"],
            TrunkPasswords(layout.trunk_passwords),
        )
        custom = NO_CUSTOM if self._source is None else self._source.custom
        make_directories(layout, owner)
        certificate.ensure(layout, owner)
        files = render(self._centre, self._roster, place.settings, known, custom)
        write_files(layout.asterisk_etc, files, owner)

    def services(self, place: Place) -> Sequence[Program]:
        """Return the rescue, the controller or two of them, and the worker."""
        settings = place.settings
        file = settings.layout.standby_file
        return programs.services(place.http_url, standby=settings.standby, standby_file=file)

    def describe(self, place: Place) -> Description:
        """Return the first number, its carrier, the sample accounts and everybody's phone."""
        kept = json.loads(place.settings.layout.secrets_file.read_text(encoding="utf-8"))
        logins: list[Login] = kept.get("sample_logins", [])
        number = self._centre.numbers[0]
        trunk = next(trunk for trunk in self._centre.trunks if trunk.name == number.trunk)
        return Description(
            trunk={
                "number": national_digits(number.number),
                "carrier_address": str(trunk.addresses[0].network_address),
                "outbound": _outbound(trunk, place.settings),
            },
            logins=logins,
            phones=[_phone(agent) for agent in self._roster],
        )

    async def _fill(self, place: Place) -> Sequence[Person]:
        await migrate(place.database_url)
        layout = place.settings.layout
        pool = await open_pool(place.database_url, name="set-up", size=1)
        try:
            table = RosterTable(pool)
            sample = layout.secrets_file if place.settings.sample_accounts else None
            await enter_first_agents(table, self._centre, sample)
            if place.settings.sample_accounts:
                await enter_sample_answers(pool)
            people = await table.everybody()
        finally:
            await pool.close()
        await RosterFile(layout.roster_file).write(people)
        return people


def _outbound(trunk: Trunk, settings: Settings) -> Sip | None:
    address = outbound_address(trunk, settings)
    if address is None:
        return None
    host, _, port = address.rpartition(":")
    return {"host": host, "port": int(port)}


def _phone(agent: Agent) -> Phone:
    return {
        "name": agent.name,
        "role": agent.role,
        "extension": agent.extension,
        "sip_password": agent.sip_password or "",
    }
