"""A real Asterisk for tests: its own home, ports and log, started once a session, stopped by its own pid.

It runs as the product does (private mount namespace, root shared read-only) with the product's own rendered
configuration: trunk ``127.0.0.2``, operators 201 to 204 of the small centre below, sounds ``short`` and
``long``. Fixture: `asterisk`.
"""

import math
import os
import secrets
import shutil
import signal
import socket
import struct
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import dialplan
from config.layout import ASTERISK_VIEW, Layout
from config.schema import Agent, Centre
from config.settings import Settings
from dialplan import Secrets

START_LIMIT_S = 30
STOP_LIMIT_S = 15
EXTENSIONS = ("201", "202", "203", "204")
DIALLED = "0120123456"
BACKUP_ADDRESS = "127.0.0.9"

_ENTER_ROOT = """
mount --bind "$1" "$2$3" && mount -t proc proc "$2/proc" || exit 1
exec chroot --userspec=asterisk:asterisk "$2" /usr/sbin/asterisk -C "$3/asterisk/etc/asterisk.conf" -f
"""
_IN_OWN_NAMESPACE = ("unshare", "--mount", "--propagation", "private", "sh", "-c", _ENTER_ROOT, "sh")


def asterisk_root() -> Path:
    """Return the prepared Asterisk root: ``MADOGUCHI_ASTERISK_ROOT``, else the newest one in the cache."""
    if chosen := os.environ.get("MADOGUCHI_ASTERISK_ROOT"):
        return Path(chosen)
    found = sorted(
        Path.home().glob(".cache/madoguchi/*/usr/sbin/asterisk"), key=lambda path: path.stat().st_mtime
    )
    if not found:
        pytest.fail("There is no Asterisk root in ~/.cache/madoguchi; run `make up` once to prepare it.")
    return found[-1].parents[2]


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """Return a loopback port that nobody uses at the moment."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def small_centre() -> Centre:
    """Return a centre with one number, one menu and one queue; tests of telephony need no more."""
    return Centre.model_validate(
        {
            "title": "Test",
            "city": "松阪市",
            "web_address": "https://example.jp/",
            "trunks": [
                {
                    "name": "carrier",
                    "addresses": ["127.0.0.2"],
                    "outbound": {"address": "127.0.0.2", "backup": "standby"},
                },
                {
                    "name": "standby",
                    "addresses": [BACKUP_ADDRESS],
                    "outbound": {
                        "address": BACKUP_ADDRESS,
                        "identity": "p-preferred",
                        "domain": "carrier.example.jp",
                    },
                },
            ],
            "numbers": [{"number": DIALLED, "trunk": "carrier", "menu": "main"}],
            "menus": [{"name": "main", "prompt": "menu", "operator": "general", "keys": {}}],
            "queues": [{"name": "general", "title": "General", "skill": "general"}],
            "skills": [{"name": "general", "title": "General"}],
            "levels": [{"name": "standard", "title": "Standard", "share": 1.0}],
        }
    )


@dataclass
class RunningAsterisk:
    """One Asterisk below *home*. Passwords and ports are drawn when it is made."""

    home: Path
    root: Path = field(default_factory=asterisk_root)
    sip_port: int = field(default_factory=lambda: free_port(socket.SOCK_DGRAM))
    ari_port: int = field(default_factory=free_port)
    ami_port: int = field(default_factory=free_port)
    user: str = "madoguchi"
    ari_password: str = field(default_factory=lambda: secrets.token_hex(8))
    ami_password: str = field(default_factory=lambda: secrets.token_hex(8))
    phone_password: str = field(default_factory=lambda: secrets.token_hex(8))
    trunk_passwords: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def settings(self) -> Settings:
        """The environment of this copy."""
        return Settings(
            home=self.home,
            centre_file=self.home / "centre.toml",
            database_url=None,
            sip_port=self.sip_port,
            http_port=0,
            asterisk_http_port=self.ari_port,
            ami_port=self.ami_port,
        )

    @property
    def layout(self) -> Layout:
        """The directories of this copy."""
        return Layout(self.home)

    @property
    def ari_url(self) -> str:
        """Where ARI answers, without a slash at the end."""
        return f"http://127.0.0.1:{self.ari_port}/ari"

    @property
    def log(self) -> str:
        """Every NOTICE, WARNING and ERROR line since the start."""
        return (self.layout.asterisk / "log" / "messages.log").read_text()

    def write_configuration(self, centre: Centre | None = None) -> None:
        """Render the product's configuration with this copy's ports and passwords, and make sounds."""
        roster = [
            Agent(
                name=f"op{extension}",
                title=extension,
                extension=extension,
                level="standard",
                sip_password=self.phone_password,
            )
            for extension in EXTENSIONS
        ]
        hidden = Secrets(self.ari_password, self.ami_password, self.trunk_passwords)
        dialplan.write(centre or small_centre(), roster, self.settings, hidden, self.owner())
        self._leave_phones_alone()
        write_tone(self.layout.sounds / "short.sln16", seconds=0.3, hertz=440)
        write_tone(self.layout.sounds / "callback-greeting.sln16", seconds=0.2, hertz=550)
        write_tone(self.layout.sounds / "recording-notice.sln16", seconds=0.2, hertz=770)
        write_tone(self.layout.sounds / "long.sln16", seconds=20, hertz=660)
        write_tone(self.layout.sounds / "moh" / "madoguchi.sln16", seconds=5, hertz=330)
        self.home.chmod(0o755)

    def _leave_phones_alone(self) -> None:
        """Ask no phone whether it is alive: SIPp would take the question for its one call."""
        file = self.layout.asterisk_etc / "pjsip_agents.conf"
        file.write_text(file.read_text().replace("qualify_frequency = 15", "qualify_frequency = 0"))

    def owner(self) -> tuple[int, int]:
        """Return the user and group that Asterisk runs as inside its root."""
        passwd = (self.root / "etc/passwd").read_text()
        entry = next(line.split(":") for line in passwd.splitlines() if line.startswith("asterisk:"))
        return int(entry[2]), int(entry[3])

    def start(self) -> None:
        """Start it and wait until it says that it is fully booted. Raises RuntimeError when it does not."""
        output = self.layout.asterisk / "log" / "stdout"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready, output.open("ab") as printed:
            ready.bind(f"\0madoguchi-test-{os.getpid()}-{secrets.token_hex(4)}")
            ready.settimeout(START_LIMIT_S)
            self.process = subprocess.Popen(
                [*_IN_OWN_NAMESPACE, str(self.home), str(self.root), str(ASTERISK_VIEW)],
                env={**os.environ, "NOTIFY_SOCKET": "@" + ready.getsockname()[1:].decode()},
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.STDOUT,
            )
            self._await_ready(ready)

    def _await_ready(self, ready: socket.socket) -> None:
        try:
            while b"READY=1" not in ready.recv(4096):
                pass
        except TimeoutError as error:
            self.stop()
            raise RuntimeError(f"Asterisk was not ready within {START_LIMIT_S} s:\n{self.log}") from error

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop it; killed outright when it does not follow."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGCONT)
        self.process.send_signal(how)
        try:
            self.process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def restart(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Let it die as a crash does, and start it again."""
        self.stop(how)
        self.start()

    def pause(self) -> None:
        """Freeze the process: connections stay open and nobody answers. `resume` undoes it."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a frozen process go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, what: signal.Signals) -> None:
        if self.process is None:
            raise RuntimeError("Asterisk does not run.")
        self.process.send_signal(what)

    def cli(self, command: str) -> str:
        """Run one command of Asterisk's console and return what it prints."""
        if self.process is None:
            raise RuntimeError("Asterisk does not run.")
        entered = ["nsenter", f"--mount=/proc/{self.process.pid}/ns/mnt", "chroot", str(self.root)]
        asterisk = ["/usr/sbin/asterisk", "-C", f"{ASTERISK_VIEW}/asterisk/etc/asterisk.conf", "-rx", command]
        done = subprocess.run(entered + asterisk, capture_output=True, text=True, check=True, timeout=10)
        return done.stdout


def write_tone(file: Path, *, seconds: float, hertz: float, rate: int = 16_000) -> None:
    """Write a quiet sine as signed linear samples, which Asterisk plays by the ending ``.sln16``."""
    file.parent.mkdir(parents=True, exist_ok=True)
    count = int(seconds * rate)
    samples = (int(8_000 * math.sin(2 * math.pi * hertz * n / rate)) for n in range(count))
    file.write_bytes(struct.pack(f"<{count}h", *samples))


def write_ulaw_tone(file: Path, *, seconds: float, hertz: float) -> None:
    """Write a sine as 8 kHz µ-law (ITU-T G.711), which SIPp can send as RTP."""
    samples = (8_000 * math.sin(2 * math.pi * hertz * n / 8_000) for n in range(int(seconds * 8_000)))
    file.write_bytes(bytes(_ulaw(int(sample)) for sample in samples))


def _ulaw(sample: int) -> int:
    sign = 0x80 if sample < 0 else 0
    magnitude = min(abs(sample), 32_635) + 132
    exponent = magnitude.bit_length() - 8
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    return ~(sign | exponent << 4 | mantissa) & 0xFF


@pytest.fixture(scope="session")
def asterisk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAsterisk]:
    """Yield a real Asterisk with the small test configuration, up and fully booted."""
    home = tmp_path_factory.mktemp("asterisk")
    for directory in (home, *home.parents[:2]):
        directory.chmod(0o755)
    running = RunningAsterisk(home)
    running.write_configuration()
    running.start()
    try:
        yield running
    finally:
        running.stop()
        shutil.rmtree(home)
