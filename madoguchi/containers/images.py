"""The images of the centre: built from the two bases on this machine, where nothing has to be downloaded."""

from madoguchi.containers.engine import REPOSITORY, client, require_image
from madoguchi.containers.project import BASE_ASTERISK, BASE_DEBIAN, IMAGES
from madoguchi.local.errors import LocalError
from madoguchi.local.running import CommandFailedError, run
from madoguchi.local.steps import Steps

_BASES = {"centre": BASE_DEBIAN, "postgres": BASE_DEBIAN, "asterisk": BASE_ASTERISK}
FILES = REPOSITORY / "deploy" / "docker"


def build(steps: Steps) -> None:
    """Build the three images; what did not change comes from the engine's cache. Raises `LocalError`."""
    for base in sorted(set(_BASES.values())):
        require_image(base)
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
