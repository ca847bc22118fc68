"""The directories of one copy of the centre, in one place, so that no part invents a path."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

ASTERISK_VIEW = PurePosixPath("/madoguchi")
"""Where Asterisk, inside its own root, sees the home directory."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything below *home*. Asterisk sees the same tree below `ASTERISK_VIEW`."""

    home: Path

    @property
    def run_file(self) -> Path:
        """``run.json``: what runs, for people and tools (docs/interface.md)."""
        return self.home / "run.json"

    @property
    def secrets_file(self) -> Path:
        """Generated passwords, JSON, mode 0600."""
        return self.home / "secrets.json"

    @property
    def delivery_secret(self) -> Path:
        """What changes to the city's own system are signed with, agreed with the city; mode 0600."""
        return self.home / "delivery.secret"

    @property
    def alerts_secret(self) -> Path:
        """What alerts to the webhook are signed with, agreed with whoever receives them; mode 0600."""
        return self.home / "alerts.secret"

    @property
    def alerts_file(self) -> Path:
        """Alerts that are open, and what is still to be told of them; mode 0600."""
        return self.home / "alerts.json"

    @property
    def asterisk_log(self) -> Path:
        """Where Asterisk writes its notices, warnings and errors."""
        return self.asterisk / "log" / "messages.log"

    @property
    def sms_secret(self) -> Path:
        """The token of whoever sends our SMS; mode 0600."""
        return self.home / "sms.secret"

    @property
    def citizen_messages(self) -> Path:
        """Where SMS and e-mail to citizens are written that nobody sends; mode 0700."""
        return self.home / "citizen-messages"

    @property
    def reports(self) -> Path:
        """Reports of days and months that were made on their own; mode 0700."""
        return self.home / "reports"

    @property
    def roster_file(self) -> Path:
        """The last roster read from the database, for a start without it; mode 0600."""
        return self.home / "roster.json"

    @property
    def overrides_file(self) -> Path:
        """``hours.json``: what was opened or closed ad hoc."""
        return self.home / "hours.json"

    @property
    def emergency_flag(self) -> Path:
        """There while the disaster mode is on, which Asterisk itself sees. Its first line names a prompt."""
        return self.asterisk / "spool" / "emergency"

    @property
    def emergency_request(self) -> Path:
        """There while the disaster mode waits for the second person."""
        return self.home / "emergency-request.json"

    @property
    def published_plan(self) -> Path:
        """The ``centre.toml`` in force: that of the version which `publications` calls the current one."""
        return self.home / "centre.toml"

    @property
    def publications(self) -> Path:
        """Every published version, a directory each, and ``current``, a link to the one in force."""
        return self.home / "published"

    @property
    def journal_file(self) -> Path:
        """The journal's spool (SQLite)."""
        return self.home / "journal" / "spool.sqlite"

    @property
    def audit_spool(self) -> Path:
        """Entries of the audit trail that are not in PostgreSQL yet (SQLite); mode 0600."""
        return self.home / "journal" / "audit.sqlite"

    @property
    def rescue_file(self) -> Path:
        """The rescue's own spool (SQLite), drained like the journal's."""
        return self.home / "journal" / "rescue.sqlite"

    @property
    def heartbeat_file(self) -> Path:
        """The sign of life of the controller that drives the calls (``telephony.heartbeat``)."""
        return self.home / "supervisor" / "heartbeat"

    @property
    def leader_lock(self) -> Path:
        """Locked by the controller that leads on this machine (``telephony.leadership``)."""
        return self.home / "supervisor" / "leader.lock"

    @property
    def clock_file(self) -> Path:
        """What the engine's clock is anchored to (``telephony.clock``)."""
        return self.home / "supervisor" / "clock"

    @property
    def standby_file(self) -> Path:
        """The process id of the controller that stands by on this machine, while one does."""
        return self.home / "supervisor" / "standing-by"

    @property
    def sounds(self) -> Path:
        """Published sound files, ``<SoundId>.sln16`` and ``<SoundId>.wav``."""
        return self.home / "sounds"

    @property
    def recordings(self) -> Path:
        """Call recordings, ``YYYY/MM/DD/<call id>.wav``."""
        return self.home / "recordings"

    @property
    def messages(self) -> Path:
        """Where Asterisk writes voice messages (ARI); the worker fetches them into `recordings`."""
        return self.asterisk / "spool" / "recording"

    @property
    def asterisk(self) -> Path:
        """Asterisk's own: ``etc`` (rendered files), ``lib``, ``log``, ``run``, ``spool``."""
        return self.home / "asterisk"

    @property
    def asterisk_etc(self) -> Path:
        """Asterisk's rendered configuration."""
        return self.asterisk / "etc"

    @property
    def asterisk_tls(self) -> Path:
        """The certificate and key of SIP over TLS, and the certificates that are trusted."""
        return self.asterisk / "tls"

    @property
    def trunk_passwords(self) -> Path:
        """A file ``<trunk>.secret`` for each trunk that registers; mode 0600 each."""
        return self.home / "trunks"

    @property
    def postgres(self) -> Path:
        """The private PostgreSQL cluster."""
        return self.home / "postgres"

    @property
    def supervisor(self) -> Path:
        """The process supervisor's configuration, pid file and state."""
        return self.home / "supervisor"

    @property
    def logs(self) -> Path:
        """What each process prints."""
        return self.home / "logs"

    def seen_by_asterisk(self, path: Path) -> PurePosixPath:
        """Return *path* (below home) as Asterisk sees it. Raises ValueError for one outside home."""
        return ASTERISK_VIEW / path.relative_to(self.home)
