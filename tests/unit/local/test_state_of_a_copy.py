"""What one copy writes down about itself: passwords, records of processes, configuration, ``run.json``."""

import configparser
import io
import json
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from config.layout import Layout
from madoguchi.local import passwords, processes, run_file, supervisor, supervisor_conf, watch
from madoguchi.local.errors import LocalError
from madoguchi.local.files import write_whole
from madoguchi.local.locks import only_one
from madoguchi.local.programs import Program, asterisk_cli
from madoguchi.local.run_file import RunFile
from madoguchi.local.steps import Steps

RUN: RunFile = {
    "http": "http://127.0.0.1:1",
    "websocket_sip": "ws://127.0.0.1:2/ws",
    "sip": {"host": "127.0.0.1", "port": 3},
    "trunk": {"number": "0120000000", "carrier_address": "127.0.0.2", "outbound": None},
    "database": "postgresql://",
    "asterisk": {"version": "22.10.1", "cli": []},
    "processes": {"controller": 10, "postgres": 11},
    "logins": [],
    "agents": [],
}


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """Return the directories of a copy that has just been laid out."""
    layout = Layout(tmp_path)
    layout.supervisor.mkdir()
    return layout


@pytest.fixture
def sleeper(layout: Layout) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a recorded process that would sleep for long."""
    argv = processes.recorded(layout.supervisor, "sleeper", ["sh", "-c", "echo; exec sleep 600"])
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.kill()


def test_passwords_are_made_once_and_kept_private(layout: Layout) -> None:
    first = passwords.ensure(layout)
    assert passwords.ensure(layout) == first
    assert len(set(first.values())) == len(first)
    assert layout.secrets_file.stat().st_mode & 0o777 == 0o600


def test_passwords_of_other_parts_stay_in_the_file(layout: Layout) -> None:
    write_whole(layout.secrets_file, '{"cli_token": "kept", "sample_logins": [{"user": "a"}]}')
    passwords.ensure(layout)
    kept = json.loads(layout.secrets_file.read_text())
    assert (kept["cli_token"], kept["sample_logins"]) == ("kept", [{"user": "a"}])


@pytest.mark.parametrize("text", ["{half", "17"])
def test_damaged_passwords_are_not_replaced(layout: Layout, text: str) -> None:
    layout.secrets_file.write_text(text)
    with pytest.raises(LocalError, match="restore it from a backup"):
        passwords.ensure(layout)
    assert layout.secrets_file.read_text() == text


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_whole(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "new \udc00")
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("file", "old")]


def test_a_recorded_process_is_known_by_more_than_its_number(
    layout: Layout, sleeper: "subprocess.Popen[bytes]"
) -> None:
    process = processes.read(layout.supervisor, "sleeper")
    assert process is not None
    assert process.pid == sleeper.pid
    assert processes.living(layout.supervisor) == [process]
    assert not replace(process, started=process.started + 1).alive
    assert not replace(process, boot="another boot").alive


def test_a_process_that_only_waits_for_its_parent_counts_as_gone(
    layout: Layout, sleeper: "subprocess.Popen[bytes]"
) -> None:
    living = processes.living(layout.supervisor)
    sleeper.kill()
    assert processes.wait_until_gone(living, 5) == []
    assert processes.living(layout.supervisor) == []


def test_a_stubborn_process_is_killed(layout: Layout) -> None:
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(600)"
    argv = processes.recorded(layout.supervisor, "stubborn", [sys.executable, "-c", stubborn])
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        processes.end(processes.living(layout.supervisor), signal.SIGTERM, patience_s=0.2)
        assert process.wait(5) == -signal.SIGKILL


def test_a_damaged_record_is_nobody(layout: Layout) -> None:
    processes.record_file(layout.supervisor, "half").write_text("12")
    assert processes.living(layout.supervisor) == []


def test_awkward_paths_reach_the_programs_unchanged(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "100% a 'home'")
    argv = ["program", "an argument", "50%", "", "it's"]
    text = supervisor_conf.render(layout, Path("/s"), [Program("p", argv, rank=1)], "root", 1024)
    conf = configparser.RawConfigParser()
    conf.read_string(text)
    command = shlex.split(conf["program:p"]["command"].replace("%%", "%"))
    assert command[-len(argv) :] == argv
    assert command[2] == str(layout.supervisor / "p.process")


def test_programs_are_restarted_for_ever_but_never_started_unasked(tmp_path: Path) -> None:
    program = Program("p", ["p"], rank=7, stop_signal="INT", patience_s=3)
    conf = configparser.RawConfigParser()
    conf.read_string(supervisor_conf.render(Layout(tmp_path), Path("/s"), [program], "root", 1024))
    section = conf["program:p"]
    assert (section["autostart"], section["autorestart"], section["stopsignal"]) == ("false", "true", "INT")
    assert int(section["startretries"]) > 10**6
    assert (section.getint("priority"), section.getint("stopwaitsecs")) == (7, 3)


def test_the_supervisors_socket_fits_however_long_the_home(tmp_path: Path) -> None:
    near, far = Layout(Path("/srv/m")), Layout(tmp_path / ("long" * 40))
    assert supervisor.socket_path(near) == near.supervisor / "socket"
    assert len(str(supervisor.socket_path(far))) < 60
    assert supervisor.socket_path(far) != supervisor.socket_path(Layout(far.home / "other"))


def test_the_command_line_of_asterisk_takes_one_more_argument() -> None:
    argv = asterisk_cli(Path("/home"), Path("/root"))
    assert (argv[0], argv[2:]) == ("sh", ["/home", "/root", "madoguchi-asterisk", "-rx"])
    assert Path(argv[1]).exists()


def test_run_json_is_private_and_whole(layout: Layout) -> None:
    assert run_file.read(layout) is None
    run_file.write(layout, RUN)
    assert layout.run_file.stat().st_mode & 0o777 == 0o600
    assert run_file.read(layout) == RUN


@pytest.mark.parametrize(
    ("event", "payload", "expected"),
    [
        ("PROCESS_STATE_EXITED", "processname:postgres pid:11", {"controller": 10}),
        ("PROCESS_STATE_RUNNING", "processname:postgres pid:12", {"controller": 10, "postgres": 12}),
        ("PROCESS_STATE_RUNNING", "processname:watch pid:13", {"controller": 10, "postgres": 11}),
        ("PROCESS_STATE_STARTING", "processname:postgres tries:0", {"controller": 10, "postgres": 11}),
    ],
)
def test_run_json_follows_the_supervisor(
    layout: Layout, event: str, payload: str, expected: dict[str, int]
) -> None:
    run_file.write(layout, RUN)
    header = f"ver:3.0 server:supervisor serial:1 pool:watch eventname:{event} len:{len(payload)}\n"
    answers = io.BytesIO()
    watch.listen(layout, io.BytesIO(f"{header}{payload}".encode()), answers)
    content = run_file.read(layout)
    assert content is not None
    assert content["processes"] == expected
    assert answers.getvalue() == b"READY\nRESULT 2\nOKREADY\n"


def test_the_controller_in_run_json_is_the_one_that_leads() -> None:
    one, other, again = 10, 12, 14
    known = watch.apply({"controller": one}, "PROCESS_STATE_RUNNING", _controller("standby", other))
    assert known == {"controller": one, "standby": other}
    assert watch.apply(known, "PROCESS_STATE_RUNNING", _controller("controller", one)) == known
    assert watch.apply(known, "PROCESS_STATE_STOPPING", _controller("controller", one)) == known
    known = watch.apply(known, "PROCESS_STATE_EXITED", _controller("controller", one))
    assert known == {"controller": other}
    known = watch.apply(known, "PROCESS_STATE_STARTING", {"processname": "controller", "tries": "0"})
    assert known == {"controller": other}
    known = watch.apply(known, "PROCESS_STATE_RUNNING", _controller("controller", again))
    assert known == {"controller": other, "standby": again}
    known = watch.apply(known, "PROCESS_STATE_EXITED", _controller("controller", again))
    assert known == {"controller": other}


def _controller(program: str, pid: int) -> dict[str, str]:
    return {"processname": program, "pid": str(pid)}


def test_no_run_json_appears_while_a_start_is_unfinished(layout: Layout) -> None:
    watch.update(layout, "PROCESS_STATE_RUNNING", {"processname": "postgres", "pid": "1"})
    assert not layout.run_file.exists()


def test_a_lock_is_held_as_long_as_a_child_holds_it(tmp_path: Path) -> None:
    lock, waited = tmp_path / "lock", []
    with only_one(lock, lambda: waited.append("first")) as descriptor:
        child = subprocess.Popen(["sleep", "0.3"], pass_fds=(descriptor,))
    with child, only_one(lock, lambda: waited.append("second")):
        assert child.wait(0.2) == 0
    assert waited == ["second"]


def test_steps_are_plain_lines_away_from_a_terminal() -> None:
    shown = io.StringIO()
    with Steps(Console(file=shown)).step("Asterisk", "it to start") as step:
        step.say("said too early to be worth a line")
        step.outcome = "22.10.1"
    first, second = shown.getvalue().splitlines()
    assert first == "· Asterisk: waiting for it to start"
    assert second.startswith("✓ Asterisk 22.10.1 (0.0 s)")


def test_a_step_that_fails_gets_no_tick() -> None:
    shown = io.StringIO()
    steps = Steps(Console(file=shown, force_terminal=True))
    with pytest.raises(LocalError), steps.step("Asterisk", "it to start"):
        raise LocalError("no")
    assert "✓" not in shown.getvalue()
