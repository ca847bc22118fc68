"""Debian packages: which are needed, which are missing, how they come in. Never removes or upgrades one."""

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from madoguchi.local.errors import LocalError
from madoguchi.local.running import CommandFailedError, run
from madoguchi.local.steps import Step, Steps

SERVER = ("postgresql", "debootstrap", "openssl")
"""What running the centre needs. Asterisk is not here: Debian's releases carry none that is new enough."""

CALLERS = ("sip-tester", "baresip-core", "sox", "chromium", "fonts-noto-cjk", "nftables")
"""What places and answers calls in the demo and the tests: phones, and a browser that can write Japanese."""

_SERVER_MB = 600
_CREATE_CLUSTER = Path("/etc/postgresql-common/createcluster.conf")


def missing(packages: Sequence[str]) -> list[str]:
    """Return those of *packages* that are not installed."""
    listing = subprocess.run(  # noqa: S603 -- argv is ours
        ["/usr/bin/dpkg-query", "-W", "-f=${Package} ${db:Status-Status}\n", *packages],
        capture_output=True,
        text=True,
        check=False,  # it fails when it does not know one of them; those are the missing ones
    )
    installed = {
        line.removesuffix(" installed") for line in listing.stdout.splitlines() if line.endswith(" installed")
    }
    return [package for package in packages if package not in installed]


def install(packages: Sequence[str], steps: Steps) -> None:
    """Install what is missing of *packages*. Raises `LocalError` with the reason apt gave."""
    wanted = missing(packages)
    if not wanted:
        return
    with steps.step("Debian packages", f"apt-get to install {', '.join(wanted)}") as step:
        _apt(["-o", "APT::Update::Error-Mode=any", "update"], step)
        if "postgresql" in wanted and not Path("/usr/lib/postgresql").exists():
            _apt(["install", "postgresql-common"], step)
            keep_default_cluster_away(_CREATE_CLUSTER)
        _apt(["install", *wanted], step)


def keep_default_cluster_away(settings: Path) -> None:
    """Tell Debian not to start a cluster of its own on port 5432 when we install the server."""
    text = settings.read_text(encoding="utf-8")
    line = re.compile(r"^#?\s*create_main_cluster\s*=.*$", re.MULTILINE)
    settings.write_text(line.sub("create_main_cluster = false", text, count=1), encoding="utf-8")


def _apt(arguments: Sequence[str], step: Step) -> None:
    """Run apt-get; it reports on its standard output how far it is (``APT::Status-Fd``)."""
    argv = ["apt-get", "-q", "-y", "-o", "APT::Status-Fd=1", "-o", "DPkg::Lock::Timeout=300"]
    try:
        run(
            [*argv, "--no-install-recommends", *arguments],
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"},
            on_line=lambda line: _show(line, step),
        )
    except CommandFailedError as error:
        reasons = [line for line in error.tail if line.startswith(("E:", "W:"))] or list(error.tail)
        raise LocalError(
            f"apt-get failed ({reasons[0]}); check the network, the disk and apt's sources, "
            "then run this again."
        ) from error


def _show(line: str, step: Step) -> None:
    told = progress(line)
    if told is not None:
        step.say(*told)


def progress(line: str) -> tuple[str, float] | None:
    """Return what apt does and how far it is (0 to 1): ``dlstatus:1:20.5:Retrieving file 1 of 3`` → 0.205."""
    kind, _, rest = line.partition(":")
    if kind not in {"dlstatus", "pmstatus"}:
        return None
    _what, percent, text = rest.split(":", 2)
    return text, float(percent) / 100
