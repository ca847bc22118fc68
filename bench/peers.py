"""The peers: ``Dial()`` alone and app_queue, on a private Asterisk of the same binary, modules and phones.

A second instance, because the peers would otherwise pay for the events that our controller asks Asterisk
for, and ours for app_queue's device-state watching. Everything else in it is what `dialplan` renders for
ours; app_queue, its queue, four extensions, its journal (``queue_log``) and its screen-pop
(`bench.peer_desk`) are added.
"""

import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import dialplan
from bench import peer_desk
from bench.centre import extensions
from config.layout import ASTERISK_VIEW
from config.loading import load_centre
from config.schema import Agent, Centre
from config.settings import Settings
from dialplan import Secrets
from madoguchi.demo.phones import Address
from madoguchi.local import programs
from madoguchi.local.asterisk_root import ROOT, account
from madoguchi.local.ready import asterisk_booted
from tests.acceptance.copy import Copy, free_port

START_LIMIT_S = STOP_LIMIT_S = 30
POLL_S = 0.1

DIAL, QUEUE = "Dial()", "app_queue"
DIALLED: Mapping[tuple[str, bool], str] = {
    (DIAL, True): "dial-recorded",
    (DIAL, False): "dial",
    (QUEUE, True): "queue-recorded",
    (QUEUE, False): "queue",
}
"""What to dial for which peer, with recording (and its notice) or without."""

_MODULES = ("app_queue", "func_global", "func_math")
_QUEUES = """[general]
persistentmembers = no
autofill = yes

[line]
strategy = rrmemory
autofill = yes
retry = 1
timeout = 20
wrapuptime = 0
ringinuse = no
joinempty = yes
"""

_RECORD = f"""Answer()
 same = n,Playback({ASTERISK_VIEW}/sounds/@NOTICE@)
 same = n,MixMonitor({ASTERISK_VIEW}/recordings/${{UNIQUEID}}.wav,b)"""

# AMI makes what the screen-pop shows, and nothing else: what is left of ours is switched off as well.
_SILENT = (
    "ContactStatus,DeviceStateChange,Hold,Unhold,PeerStatus,MusicOnHoldStart,MusicOnHoldStop,QueueCallerJoin,"
    "QueueCallerLeave,QueueCallerAbandon,QueueMemberStatus,AgentRingNoAnswer,HangupRequest,SoftHangupRequest"
)
_MANAGER = """
[@USER@]
secret = @SECRET@
deny = 0.0.0.0/0.0.0.0
permit = 127.0.0.1/255.255.255.255
read = agent
"""

# Dial() alone chooses nobody: the callers go round the operators.
_DIAL = """Set(GLOBAL(NEXT)=$[(0${GLOBAL(NEXT)} + 1) % @COUNT@])
 same = n,Dial(PJSIP/$[@FIRST@ + ${GLOBAL(NEXT)}]@desk,20,gm)
 same = n,Hangup()"""
_QUEUE = """Queue(line)
 same = n,Hangup()"""

_DIALPLAN = f"""
[from-trunk]
exten = dial,1,Answer()
 same = n,{_DIAL}
exten = dial-recorded,1,{_RECORD}
 same = n,{_DIAL}
exten = queue,1,Answer()
 same = n,{_QUEUE}
exten = queue-recorded,1,{_RECORD}
 same = n,{_QUEUE}
"""


@dataclass(frozen=True, slots=True)
class Peers:
    """The running private Asterisk, and the screen-pop beside it."""

    settings: Settings
    process: subprocess.Popen[bytes]
    desk: subprocess.Popen[bytes]
    desk_port: int

    @property
    def address(self) -> Address:
        """Where it speaks SIP."""
        return ("127.0.0.1", self.settings.sip_port)

    @property
    def pid(self) -> int:
        """Its process: everything before Asterisk replaced itself by what it started (asterisk.sh)."""
        return self.process.pid

    def stop(self) -> None:
        """End it."""
        for process in (self.desk, self.process):
            process.terminate()
            process.wait(STOP_LIMIT_S)


def start_peers(ours: Copy, home: Path, operators: int) -> Peers:
    """Start the peers' Asterisk: configured like *ours*, for as many *operators* as take part."""
    settings = Settings(
        home=home,
        centre_file=Path(ours.environment["MADOGUCHI_CONFIG"]),
        database_url=None,
        sip_port=free_port(socket.SOCK_DGRAM),
        http_port=free_port(socket.SOCK_STREAM),
        asterisk_http_port=free_port(socket.SOCK_STREAM),
        ami_port=free_port(socket.SOCK_STREAM),
    )
    home.mkdir(mode=0o755, parents=True)
    centre = load_centre(settings.centre_file)
    passwords = Secrets(secrets.token_hex(), secrets.token_hex())
    desk_password = secrets.token_hex()
    dialplan.write(centre, _roster(ours, centre), settings, passwords, account())
    _add_peers(settings.layout.asterisk_etc, centre, operators)
    _add_desk(settings.layout.asterisk_etc / "manager.conf", desk_password)
    shutil.copytree(ours.layout.sounds, settings.layout.sounds)
    asterisk = programs.asterisk(home, ROOT)
    process = subprocess.Popen(asterisk.argv, stdout=subprocess.DEVNULL)
    _await_boot(process, settings)
    desk, port = peer_desk.start(settings.ami_port, desk_password)
    return Peers(settings, process, desk, port)


def _await_boot(process: subprocess.Popen[bytes], settings: Settings) -> None:
    cli = programs.asterisk_cli(settings.home, ROOT)
    until = time.monotonic() + START_LIMIT_S
    while not asterisk_booted(cli):  # it waits by itself once Asterisk listens
        if time.monotonic() > until or process.poll() is not None:
            process.terminate()
            process.wait(STOP_LIMIT_S)
            raise RuntimeError(f"the peers' Asterisk does not start; see {settings.layout.asterisk}/log")
        time.sleep(POLL_S)


def _roster(ours: Copy, centre: Centre) -> list[Agent]:
    passwords = {seat["name"]: seat["sip_password"] for seat in ours.running["agents"]}
    return [agent.model_copy(update={"sip_password": passwords[agent.name]}) for agent in centre.agents]


def _add_peers(etc: Path, centre: Centre, operators: int) -> None:
    with (etc / "modules.conf").open("a") as modules:
        modules.writelines(f"load = {module}.so\n" for module in _MODULES)
    logger = etc / "logger.conf"
    logger.write_text(logger.read_text().replace("queue_log = no", "queue_log = yes"))
    members = "".join(f"member = PJSIP/{extension}@desk\n" for extension in extensions()[:operators])
    (etc / "queues.conf").write_text(_QUEUES + members)
    words = {"@NOTICE@": centre.recording.notice, "@COUNT@": str(operators), "@FIRST@": extensions()[0]}
    text = _DIALPLAN
    for mark, word in words.items():
        text = text.replace(mark, word)
    (etc / "extensions.conf").write_text(text)


def _add_desk(manager_conf: Path, password: str) -> None:
    lines = manager_conf.read_text().splitlines(keepends=True)
    lines = [
        f"{line.rstrip()},{_SILENT}\n" if line.startswith("disabledevents = ") else line for line in lines
    ]
    words = {"@USER@": peer_desk.USER, "@SECRET@": password}
    text = "".join(lines) + _MANAGER
    for mark, word in words.items():
        text = text.replace(mark, word)
    manager_conf.write_text(text)
