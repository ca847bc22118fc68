"""``make docker-base``: the images that all others begin with, made from Debian's archive and no registry.

Both roots are kept in the cache that a copy without containers uses too. A change of the locked libraries
makes Debian's anew; removing ``~/.cache/madoguchi`` fetches everything again.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from madoguchi.containers.engine import REPOSITORY, client, require_engine
from madoguchi.containers.images import MADE_FOR, requirements
from madoguchi.containers.project import BASE_ASTERISK, BASE_DEBIAN
from madoguchi.local import asterisk_root, machine, packages
from madoguchi.local.errors import LocalError
from madoguchi.local.locks import only_one
from madoguchi.local.running import CommandFailedError, run
from madoguchi.local.steps import Step, Steps

SUITE, PYTHON = "bookworm", "3.11"
"""Debian 12 and its Python: the libraries are fetched for that one, whatever this machine has."""

_CACHE = asterisk_root.CACHE / "docker"
_ROOT = _CACHE / f"debian-{SUITE}"
_REQUIREMENTS = REPOSITORY / "requirements.txt"
_SCRIPT = Path(__file__).with_name("base.sh")
_NEEDED_MB = 3_000


def make(steps: Steps) -> None:
    """Make both base images. Raises `LocalError`."""
    machine.require_root()
    machine.require_debian()
    require_engine()
    _CACHE.mkdir(parents=True, exist_ok=True)
    machine.require_space(_CACHE, _NEEDED_MB, "The base of the images")
    packages.install(("debootstrap",), steps)
    asterisk_root.prepare(steps)
    with only_one(_CACHE / "lock", lambda: steps.console.print("Waiting for another make docker-base.")):
        _make_debian(steps)
    for image, root in ((BASE_DEBIAN, _ROOT), (BASE_ASTERISK, asterisk_root.ROOT)):
        with steps.step(image, "the engine to take it in"):
            _import(root, image)


def _make_debian(steps: Steps) -> None:
    made_for = _ROOT / "opt/madoguchi/installed.txt"
    if made_for.exists() and made_for.read_bytes() == _REQUIREMENTS.read_bytes():
        return
    with steps.step("Debian", "its packages and Python's libraries (some minutes)") as step:
        wheels = _fetch_wheels(step)
        unfinished = _ROOT.with_name(f".{_ROOT.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        if _ROOT.exists():
            _ROOT.rename(unfinished)
        argv = ["sh", str(_SCRIPT), str(unfinished), SUITE, str(_REQUIREMENTS), str(wheels)]
        try:
            run(argv, on_line=lambda line: step.say(line.removeprefix("I: ")))
        except CommandFailedError as error:
            raise LocalError(
                f"The base could not be made ({error.reason}); check network and disk, and run this again."
            ) from error
        unfinished.rename(_ROOT)


def _fetch_wheels(step: Step) -> Path:
    """Fetch every locked library as it is packed for Debian's Python; they are checked by their hashes."""
    wheels = _CACHE / "wheels"
    wheels.mkdir(exist_ok=True)
    argv = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"]
    argv += ["--python-version", PYTHON, "--require-hashes", "-r", str(_REQUIREMENTS), "-d", str(wheels)]
    try:
        run(argv, on_line=step.say)
    except CommandFailedError as error:
        raise LocalError(
            f"The Python libraries could not be fetched ({error.reason}); check the network, run this again."
        ) from error
    return wheels


def _import(root: Path, image: str) -> None:
    """Hand *root* to the engine as an image of one layer."""
    tar = ["tar", "-C", str(root), "-c", "--numeric-owner"]
    tar += [f"--exclude=./{name}/*" for name in ("proc", "sys", "dev")]
    with subprocess.Popen([*tar, "."], stdout=subprocess.PIPE) as packing:  # noqa: S603 -- argv is ours
        taken = subprocess.run(  # noqa: S603 -- argv is ours
            [client(), "import", "--change", f"LABEL {MADE_FOR}={requirements()}", "-", image],
            stdin=packing.stdout,
            capture_output=True,
            text=True,
            check=False,
        )
    if taken.returncode or packing.returncode:
        raise LocalError(f"The engine did not take {image} in: {taken.stderr.strip() or 'tar failed'}.")
