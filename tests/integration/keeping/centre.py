"""A centre that is down, with a private database: calls, a reservation, an audit trail, recordings."""

import asyncio
import shutil
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import asyncpg

from agents.audit.entry import Entry
from agents.audit.spool import Spool as AuditSpool
from agents.audit.table import AuditTable, Verdict
from config.settings import Settings
from madoguchi.keeping.server import serving
from madoguchi.local import home, passwords
from madoguchi.local.postgres import Cluster
from storage import migrate, open_pool
from telephony.drain import Drain
from telephony.spool import Spool
from tests.integration.booking.office import CITIZEN, booking_centre, booking_plan
from tests.journal_samples import Script, answered_call

SAMPLE = Path(__file__).parents[3] / "config" / "centre.toml"
RECORDED = b"RIFF" + bytes(range(256)) * 40
ROWS = "SELECT t::text FROM {} AS t ORDER BY 1"
LATE_CALL = "call-late"
"""A call that is still in the spool, not in the database."""


@dataclass(frozen=True)
class Contents:
    """Everything that a database holds: each table's rows as text, each sequence's last number."""

    tables: dict[str, list[str]]
    sequences: dict[str, int | None]

    @classmethod
    async def of(cls, url: str) -> "Contents":
        connection = await asyncpg.connect(url)
        try:
            names = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            tables = {
                name: [row[0] for row in await connection.fetch(ROWS.format(name))]
                for (name,) in names
                if name != "schema_migrations"
            }
            sequences = await connection.fetch("SELECT sequencename, last_value FROM pg_sequences")
            return cls(tables, dict(map(tuple, sequences)))
        finally:
            await connection.close()


@dataclass
class KeptCentre:
    """The centre's place, and what was in it when it was filled."""

    settings: Settings
    contents: Contents

    @property
    def cluster(self) -> Cluster:
        """Its private database."""
        layout = self.settings.layout
        return Cluster.of(layout.postgres, passwords.ensure(layout)["database_password"])

    def files(self) -> dict[str, bytes]:
        """Return everything of the home that belongs into a backup, as it is."""
        home = self.settings.home
        kept = ("recordings", "secrets.json", "roster.json", "hours.json", "sms.secret", "asterisk/spool")
        found = [file for name in kept for file in (home / name, *(home / name).rglob("*")) if file.is_file()]
        return {str(file.relative_to(home)): file.read_bytes() for file in found}


def settings_in(folder: Path) -> Settings:
    """Return a copy's settings; its ports are never listened on."""
    centre_file = folder / "centre.toml"
    shutil.copy(SAMPLE, centre_file)
    return Settings(folder / "home", centre_file, None, 5060, 8080, 8088, 5038)


def filled_centre(folder: Path) -> KeptCentre:
    """Make one, in a folder that only root can walk into."""
    settings = settings_in(folder)
    layout = settings.layout
    home.lay_out(layout)
    cluster = Cluster.of(layout.postgres, passwords.ensure(layout)["database_password"])
    cluster.make()
    with serving(cluster, layout.logs / "postgres.log") as url:
        asyncio.run(_fill(settings, url))
        contents = asyncio.run(Contents.of(url))
    for name in ("recordings/2026/12/28/call-1.wav", "asterisk/spool/recording/message-1.wav"):
        (settings.home / name).parent.mkdir(parents=True)
        (settings.home / name).write_bytes(RECORDED)
    layout.overrides_file.write_text("[]")
    (settings.home / "sms.secret").write_text("token")
    layout.run_file.write_text("{}")  # of a copy that was killed
    shutil.copy(settings.centre_file, layout.published_plan)
    return KeptCentre(settings, contents)


async def _fill(settings: Settings, url: str) -> None:
    await migrate(url)
    layout = settings.layout
    with closing(Spool(layout.journal_file)) as spool:
        spool.append(answered_call("call-1").records)
        await _carry(layout.journal_file, url)
        spool.append(_late_call().records)
    async with booking_centre(url, settings.home, booking_plan()) as centre:
        async with centre.running.signed_in("sato") as operator:
            slot = await centre.slot(operator)
            answer = await operator.post(
                "/api/reservations", json=CITIZEN | {"slot": slot["id"], "people": 2}
            )
            assert 201 == answer.status, await answer.text()
        await centre.running.parts.trail.carry_all()
    with closing(AuditSpool(layout.audit_spool)) as trail:
        trail.append([Entry("sato", "operator", "desk.hangup", "call-1", "192.0.2.1", "ok")])


def _late_call() -> Script:
    return answered_call(LATE_CALL)


async def _carry(spool: Path, url: str) -> None:
    pool = await open_pool(url, name="test")
    drain = Drain(spool, pool)
    await drain.all()
    drain.close()
    await pool.close()


async def carry_over(settings: Settings, url: str) -> Verdict:
    """Do what worker and controller do after a start: empty the spools; then check the audit trail."""
    await _carry(settings.layout.journal_file, url)
    pool = await open_pool(url, name="test")
    table = AuditTable(pool)
    with closing(AuditSpool(settings.layout.audit_spool)) as spool:
        waiting = spool.waiting(10)
        spool.acknowledge(waiting.upto, await table.add(waiting.rows))
        verdict = await table.verify(spool.head())
    await pool.close()
    return verdict


def elsewhere(settings: Settings, folder: Path) -> Settings:
    """Return the same copy with another home."""
    return replace(settings, home=folder / "new home")
