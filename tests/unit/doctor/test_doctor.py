"""Each thing is broken on purpose; the doctor names it and says how to mend it."""

import json
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from config.loading import load_centre
from config.settings import Settings
from madoguchi.cli import main
from madoguchi.doctor import Finding, Health, asterisk, clock, examine, on_disk, services
from madoguchi.local import home
from sounds.names import rendered_names
from storage.migrations import read_migrations
from telephony.spool import Spool
from tests.journal_samples import answered_call

SAMPLE = Path(__file__).parents[3] / "config" / "centre.toml"
ENDPOINTS = " Endpoint:  trunk-carrier                     Not in use    0 of inf\n"

CONTACT = "  Contact:  {}/sip:{}@127.0.0.9:5061      6a6e2d8b1e {}         0.512\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home as a start leaves it, with empty stand-ins for sounds, and nothing running."""
    centre_file = tmp_path / "centre.toml"
    shutil.copy(SAMPLE, centre_file)
    made = Settings(tmp_path / "home", centre_file, None, 5060, 8080, 8088, 5038)
    home.lay_out(made.layout)
    shutil.copy(SAMPLE, made.layout.published_plan)
    made.layout.secrets_file.touch(0o600)
    made.layout.emergency_flag.parent.mkdir(parents=True)
    for name in rendered_names(load_centre(SAMPLE)):
        sound = made.layout.sounds / f"{name}.sln16"
        sound.parent.mkdir(exist_ok=True)
        sound.write_bytes(b"sound")
    return made


def found(settings: Settings, what: str) -> Finding:
    (finding,) = [finding for finding in examine(settings) if finding.what == what]
    return finding


def test_what_is_well_is_called_so(settings: Settings) -> None:
    seen = {finding.what: finding.health for finding in examine(settings)}
    well = ("configuration", "prompts", "permissions", "emergency", "certificate")
    assert {Health.OK} == {seen[what] for what in well}
    assert Health.RED is seen["programs"]


def _deep(settings: Settings) -> None:
    with closing(Spool(settings.layout.journal_file)) as spool:
        spool.append([record for n in range(70) for record in answered_call(f"call-{n}").records])


@pytest.mark.parametrize(
    ("finding", "spoil", "said", "mend"),
    [
        (
            ("configuration", Health.RED),
            lambda settings: settings.layout.published_plan.write_text("title = 1"),
            "mistakes",
            "madoguchi config check",
        ),
        (
            ("configuration", Health.WARNING),
            lambda settings: settings.centre_file.write_text(SAMPLE.read_text() + "\n# edited\n"),
            "is not what is in force",
            "madoguchi config apply",
        ),
        (
            ("prompts", Health.RED),
            lambda settings: (settings.layout.sounds / "greeting.sln16").write_bytes(b""),
            "1 announcements are missing or empty: greeting",
            "madoguchi sounds build",
        ),
        (
            ("permissions", Health.RED),
            lambda settings: settings.layout.secrets_file.chmod(0o644),
            "secrets.json",
            "chmod go-rwx",
        ),
        (
            ("spool: journal", Health.RED),
            lambda settings: settings.layout.journal_file.write_bytes(b"no database" * 100),
            "cannot be read",
            "Do not delete it",
        ),
        (
            ("spool: journal", Health.WARNING),
            _deep,
            "1190 entries wait",
            "Look whether worker and database run",
        ),
        (
            ("emergency", Health.WARNING),
            lambda settings: settings.layout.emergency_flag.touch(),
            "every call",
            "madoguchi emergency off",
        ),
    ],
)
def test_what_is_broken_is_named_with_what_to_do(
    settings: Settings, finding: tuple[str, Health], spoil: Callable[[Settings], object], said: str, mend: str
) -> None:
    spoil(settings)
    made = found(settings, finding[0])
    assert finding[1] is made.health
    assert said in made.said
    assert mend in made.mend


@pytest.mark.parametrize(
    ("free", "health"),
    [(6_000_000_000, Health.OK), (4_000_000_000, Health.WARNING), (900_000_000, Health.RED)],
)
def test_little_room_is_told(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, free: int, health: Health
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(total=free * 2, used=free, free=free))
    assert health is on_disk.disk(settings).health


def test_a_database_that_does_not_answer_is_red() -> None:
    (finding,) = services.database("postgresql://nobody:secret@127.0.0.1:1/nothing")
    assert ("database", Health.RED) == (finding.what, finding.health)
    assert "secret" not in finding.said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda _applied: None, "holds no centre"),
        (lambda applied: {n: s for n, s in applied.items() if n != max(applied)}, "are not applied"),
        (lambda applied: applied | {9999: "0"}, "does not know: [9999]"),
        (lambda applied: applied | {1: "0"}, "does not know: [1]"),
    ],
)
def test_tables_of_another_version_are_red(
    change: Callable[[dict[int, str]], dict[int, str] | None], said: str
) -> None:
    right = {migration.number: migration.sha256 for migration in read_migrations()}
    assert Health.OK is services.migrations(right).health
    finding = services.migrations(change(right))
    assert Health.RED is finding.health
    assert said in finding.said


def test_a_controller_that_is_away_is_red() -> None:
    assert Health.RED is services.readiness("http://127.0.0.1:1").health


def test_trunks_and_phones_are_read_from_asterisks_own_words() -> None:
    there = CONTACT.format("201", "201", "Avail") + CONTACT.format("202", "202", "NonQual")
    assert Health.OK is asterisk.trunk("carrier", ENDPOINTS, there).health
    assert Health.RED is asterisk.trunk("other", ENDPOINTS, there).health
    silent = CONTACT.format("trunk-carrier", "x", "Unavail")
    assert "carrier does not answer" in asterisk.trunk("carrier", ENDPOINTS, silent).said
    assert "2 phones" in asterisk.registrations(there + silent).said
    assert "No phone" in asterisk.registrations(silent).said
    gone = asterisk.registrations(there + CONTACT.format("203", "203", "Unavail"))
    assert (Health.WARNING, "Registered, but silent: 203.") == (gone.health, gone.said)


def test_an_asterisk_that_does_not_answer_or_is_too_old_is_red() -> None:
    (finding,) = asterisk.asterisk(asterisk.cli_of(["/bin/false"]), None)
    assert Health.RED is finding.health
    answers = asterisk.asterisk(lambda line: "Asterisk 20.1.0 built" if "version" in line else "", None)
    assert "published holes" in answers[0].said


def test_the_clock_is_asked_without_setting_it() -> None:
    assert "time" == clock.clock().what


def test_a_certificate_that_ends_is_told_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    ends = datetime(2030, 1, 31, tzinfo=UTC)
    monkeypatch.setattr(services, "not_after", lambda _host, _port: ends)
    said = [
        services.certificate("https://centre.example", datetime(2030, month, day, tzinfo=UTC)).health
        for month, day in ((1, 1), (1, 15), (1, 30))
    ]
    assert said == [Health.OK, Health.WARNING, Health.RED]


def test_a_certificate_that_nobody_signed_is_red(tmp_path: Path) -> None:
    with _tls_server(tmp_path) as port:
        finding = services.certificate(f"https://localhost:{port}")
    assert Health.RED is finding.health
    assert "cannot be trusted" in finding.said


@contextmanager
def _tls_server(folder: Path) -> Iterator[int]:
    """A server with a certificate of its own making."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    made += ["-subj", "/CN=localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(made, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor(1) as thread:
        thread.submit(_refused_handshake, context, listening)
        yield listening.getsockname()[1]


def _refused_handshake(context: ssl.SSLContext, listening: socket.socket) -> None:
    connection, _ = listening.accept()
    with connection, suppress(ssl.SSLError, OSError):
        context.wrap_socket(connection, server_side=True)


def test_the_command_ends_with_1_when_something_is_red(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MADOGUCHI_HOME", str(settings.home))
    monkeypatch.setenv("MADOGUCHI_CONFIG", str(settings.centre_file))
    for arguments in (["doctor", "--json"], ["doctor"]):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert 1 == ended.value.code
    said = capsys.readouterr().out
    told = json.JSONDecoder().raw_decode(said)[0]
    assert told["healthy"] is False
    assert {"what", "health", "said", "mend", "japanese"} == set(told["findings"][0])
    assert "Start the centre with `make up`" in said


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ({"LANG": "ja_JP.UTF-8"}, "では何も動いていません。"),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": "C.UTF-8"}, "Nothing runs in"),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": ""}, "では何も動いていません。"),
    ],
)
def test_the_command_speaks_the_language_of_the_terminal(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    locale: dict[str, str],
    said: str,
) -> None:
    monkeypatch.setenv("MADOGUCHI_HOME", str(settings.home))
    monkeypatch.setenv("MADOGUCHI_CONFIG", str(settings.centre_file))
    for name in ("LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    for name, value in locale.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit):
        main(["doctor"])
    assert said in capsys.readouterr().out
