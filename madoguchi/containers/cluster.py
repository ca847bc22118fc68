"""The private database of a copy in containers: the same directory, another user, programs from the image."""

from dataclasses import dataclass
from pathlib import Path

from madoguchi.containers.engine import client
from madoguchi.containers.project import IMAGES, POSTGRES
from madoguchi.local.home import hand_over
from madoguchi.local.postgres import SEEN_AS, Cluster


@dataclass(frozen=True, slots=True)
class ContainerCluster(Cluster):
    """Its server is the service ``postgres``; what runs here ends by itself (``initdb``)."""

    def own(self, path: Path) -> None:
        """Let *path* belong to the container's user."""
        hand_over(path, POSTGRES)

    def argv(self, program: str, *arguments: str) -> list[str]:
        """Return the command that runs *program* in a container of its own, without a network."""
        guarded = ("--network=none", "--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges:true")
        mounted = ("--tmpfs", "/tmp", "-v", f"{self.directory}:{SEEN_AS}")  # noqa: S108 -- the container's
        user = "{}:{}".format(*POSTGRES)
        options = ("--rm", "--user", user, *guarded, *mounted)
        return [client(), "run", *options, f"{IMAGES}/postgres", program, *arguments]
