"""The images of the centre: built from the two bases on this machine, where nothing has to be downloaded."""

import hashlib

from madoguchi.containers.engine import REPOSITORY, client, label_of
from madoguchi.containers.project import BASE_ASTERISK, BASE_DEBIAN, IMAGES
from madoguchi.local.errors import LocalError
from madoguchi.local.running import CommandFailedError, run
from madoguchi.local.steps import Steps

_BASES = {"centre": BASE_DEBIAN, "postgres": BASE_DEBIAN, "asterisk": BASE_ASTERISK}
MADE_FOR = "madoguchi.requirements"
"""The label of a base that says which locked libraries it was made for."""

FILES = REPOSITORY / "deploy" / "docker"


def requirements() -> str:
    """Return which libraries are locked at the moment: a checksum."""
    return hashlib.sha256((REPOSITORY / "requirements.txt").read_bytes()).hexdigest()[:16]


def build(steps: Steps) -> None:
    """Build the three images; what did not change comes from the engine's cache. Raises `LocalError`."""
    for base in sorted(set(_BASES.values())):
        if label_of(base, MADE_FOR) != requirements():
            raise LocalError(f"The image {base} was made for other libraries; run: make docker-base")
    with steps.step("Images", "the engine to build them") as step:
        for place, (name, base) in enumerate(_BASES.items()):
            step.say(name, place / len(_BASES))
            _build(name, base)


def _build(name: str, base: str) -> None:
    file = FILES / f"{name}.Dockerfile"
    options = ("--network=host", "--build-arg", f"BASE={base}", "-t", f"{IMAGES}/{name}", "-f", str(file))
    try:
        run([client(), "build", "--quiet", *options, str(REPOSITORY)])
    except CommandFailedError as error:
        raise LocalError(f"The image {IMAGES}/{name} could not be built: {error.reason}") from error
