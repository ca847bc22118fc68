"""Asterisk's own root directory: a small Debian sid that holds an Asterisk new enough to be safe.

It lies outside the checkout, is shared by all copies of the centre and never written to after it was made
(docs/adr/0003-local-asterisk-root.md).
"""

import pwd
import re
import shutil
import socket
from pathlib import Path

from madoguchi.local import machine
from madoguchi.local.errors import LocalError
from madoguchi.local.files import write_whole
from madoguchi.local.locks import only_one
from madoguchi.local.running import CommandFailedError, run
from madoguchi.local.steps import Step, Steps

OLDEST = (22, 10, 1)
"""Earlier ones have published vulnerabilities in ARI, AMI and SIP."""

CACHE = Path.home() / ".cache" / "madoguchi"
ROOT = CACHE / "asterisk-sid"
_NEEDED_MB = 1200
"""The root takes 540 MB; its packages and their unpacking need the rest while it is made."""

USER = "madoguchi-asterisk"
"""A user of this machine. The one that Debian made inside the root has a number that belongs to somebody else
outside, often to PostgreSQL; and a program that talks to the network must not be able to touch that one."""

_MOUNT_POINT = "madoguchi"
_PRIVATE_MOUNTS = ("unshare", "--mount", "--propagation", "private")


def version(root: Path = ROOT) -> str:
    """Return the version of the Asterisk in *root*. Raises `LocalError` for one that is too old."""
    try:
        printed = run(["chroot", str(root), "/usr/sbin/asterisk", "-V"])
    except CommandFailedError as error:
        raise LocalError(
            f"The Asterisk in {root} does not run ({error.reason}); remove it and run this again."
        ) from error
    return new_enough(printed, root)


def new_enough(printed: str, root: Path) -> str:
    """Return the version in what ``asterisk -V`` *printed* as three numbers, unless it is too old.

    Raises `LocalError`.
    """
    again = "remove that directory and run this again"
    found = re.search(r"Asterisk (\d+)\.(\d+)\.(\d+)", printed)
    if found is None:
        raise LocalError(f"The Asterisk in {root} does not tell its version, but {printed!r}; {again}.")
    if tuple(map(int, found.groups())) < OLDEST:
        raise LocalError(
            f"Asterisk {'.'.join(found.groups())} in {root} is older than {'.'.join(map(str, OLDEST))}, "
            f"the oldest without known holes; {again} to get a newer one."
        )
    return ".".join(found.groups())


def account() -> tuple[int, int]:
    """Return the user and group id that Asterisk runs as. Raises KeyError before `prepare`."""
    user = pwd.getpwnam(USER)
    return user.pw_uid, user.pw_gid


def prepare(steps: Steps, root: Path = ROOT) -> None:
    """Make *root* unless it exists. One that was left half-made is thrown away first."""
    if not root.exists():
        with (
            steps.step("Asterisk", "debootstrap to fetch Debian sid's (about a minute)") as step,
            only_one(root.parent / "lock", lambda: step.say("another set-up does it already")) as lock,
        ):
            if not root.exists():
                _make(root, step, lock)
    _name_this_host(root)
    _make_user()


def _make(root: Path, step: Step, lock: int) -> None:
    """Build beside *root* and move it there when it is whole."""
    machine.require_space(root.parent, _NEEDED_MB, "Asterisk's root")
    unfinished = root.with_name(f".{root.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    # What debootstrap mounts stays in its own namespace, so it can be killed and leaves no mount behind.
    argv = [
        *_PRIVATE_MOUNTS,
        "debootstrap",
        "--variant=minbase",
        "--include=asterisk",
        "sid",
        str(unfinished),
    ]
    try:
        run(argv, on_line=lambda line: step.say(line.removeprefix("I: ")), keep_open=(lock,))
    except CommandFailedError as error:
        raise LocalError(
            f"Asterisk could not be fetched ({error.reason}); check the "
            "network and the disk, then run this again."
        ) from error
    shutil.rmtree(unfinished / "var/cache/apt/archives", ignore_errors=True)
    (unfinished / _MOUNT_POINT).mkdir()
    version(unfinished)
    unfinished.rename(root)


def _name_this_host(root: Path) -> None:
    """Let Asterisk look up the name of its own host, which it does at every start."""
    hosts = root / "etc/hosts"
    known = hosts.read_text(encoding="utf-8") if hosts.exists() else ""
    name = socket.gethostname()
    if name not in known.split():
        write_whole(hosts, f"127.0.0.1 localhost {name}\n::1 localhost\n")


def _make_user() -> None:
    try:
        account()
    except KeyError:
        nowhere = ("--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin")
        run(["useradd", "--system", "--user-group", *nowhere, "--comment", "Asterisk of Madoguchi", USER])
