"""The container engine's command line: where it is, whether it answers, one project. Knows no centre."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from madoguchi.local.errors import LocalError
from madoguchi.local.running import CommandFailedError, run

REPOSITORY = Path(__file__).parents[2]
COMPOSE_FILE = REPOSITORY / "docker-compose.yml"
_DEBIAN = Path("/usr/bin/docker")
_INSTALL = "run: apt-get install docker.io docker-compose"


def client() -> str:
    """Return the client; Debian's own goes before another one on the path. Raises `LocalError`."""
    found = str(_DEBIAN) if _DEBIAN.exists() else shutil.which("docker")
    if found is None:
        raise LocalError(f"RUNTIME=docker needs a container engine; {_INSTALL}")
    return found


def docker(*arguments: str) -> str:
    """Run one command of the engine and return what it printed. Raises `CommandFailedError`."""
    return run([client(), *arguments])


def require_engine() -> None:
    """Raise `LocalError` unless an engine answers."""
    try:
        docker("version", "--format", "{{.Server.Version}}")
    except CommandFailedError as error:
        raise LocalError(
            f"The container engine does not answer ({error.reason}); start it with: systemctl start docker"
        ) from error


def label_of(image: str, label: str) -> str:
    """Return a label of *image*. Raises `LocalError` when the image is not there."""
    try:
        return docker("image", "inspect", "--format", f'{{{{index .Config.Labels "{label}"}}}}', image)
    except CommandFailedError as error:
        raise LocalError(f"There is no image {image}; make it with: make docker-base") from error


def compose_command() -> list[str]:
    """Return Compose: the client's own (2), else ``docker-compose`` (1.29). Raises `LocalError`."""
    told = subprocess.run(  # noqa: S603 -- argv is ours
        [client(), "compose", "version"], capture_output=True, check=False, timeout=30
    )
    if told.returncode == 0:
        return [client(), "compose"]
    alone = shutil.which("docker-compose")
    if alone is None:
        raise LocalError(f"RUNTIME=docker needs Compose; {_INSTALL}")
    return [alone]


@dataclass(frozen=True, slots=True)
class Project:
    """One project of Compose: the containers named ``<name>-<service>``. *environment* fills the file in."""

    name: str
    environment: Mapping[str, str]

    def compose(self, *arguments: str) -> str:
        """Run Compose on the project. Raises `LocalError` and `CommandFailedError`."""
        return run([*self.command(), *arguments], env=self.environment)

    def command(self) -> list[str]:
        """Return Compose's command for this project, without the verb."""
        return [*compose_command(), "-p", self.name, "-f", str(COMPOSE_FILE)]

    def container(self, service: str) -> str:
        """Return what the container of *service* is called."""
        return f"{self.name}-{service}"

    def containers(self) -> list[str]:
        """Return the project's containers, running or not."""
        return docker("ps", "-aq", "--filter", self.label).split()

    @property
    def label(self) -> str:
        """The filter that finds everything of this project."""
        return f"label=com.docker.compose.project={self.name}"


def inspect(containers: Sequence[str], template: str) -> list[str]:
    """Return *template* filled in for each container. Raises `CommandFailedError` when one is gone."""
    return docker("inspect", "--format", template, *containers).splitlines() if containers else []
