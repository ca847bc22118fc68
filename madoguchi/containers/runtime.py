"""A copy in containers. Fills `madoguchi.local.runtime.Runtime`."""

import os
from pathlib import Path
from typing import NoReturn

from config.settings import Settings
from madoguchi.containers import images
from madoguchi.containers.cluster import ContainerCluster
from madoguchi.containers.engine import client, docker, require_engine
from madoguchi.containers.project import CENTRE, IMAGES, name_of
from madoguchi.containers.supervisor import Containers
from madoguchi.local import asterisk_root, console
from madoguchi.local.home import hand_over
from madoguchi.local.postgres import Cluster
from madoguchi.local.runtime import DOCKER, Keeper
from madoguchi.local.steps import Steps


class ContainerRuntime:
    """Compose, with the images that are built on this machine."""

    name = DOCKER

    def __init__(self, settings: Settings) -> None:
        require_engine()
        self._layout = settings.layout
        self._asterisk = f"{name_of(settings.home)}-asterisk"
        self._containers = Containers(settings)
        self.keeper: Keeper = self._containers

    def prepare(self, steps: Steps) -> str:
        """Build the console's pages and the images; return the version of the Asterisk in one of them."""
        console.prepare(steps)
        images.build(steps)
        printed = docker("run", "--rm", "--network=none", f"{IMAGES}/asterisk", "asterisk", "-V")
        return asterisk_root.new_enough(printed, Path(f"image {IMAGES}/asterisk"))

    def cluster(self, password: str) -> Cluster:
        """Return the private database."""
        return ContainerCluster(self._layout.postgres, password, as_postgres=True)

    def asterisk_cli(self) -> list[str]:
        """Return Asterisk's command line, in its container."""
        inside = ("asterisk", "-C", "/madoguchi/asterisk/etc/asterisk.conf", "-rx")
        return [client(), "exec", self._asterisk, *inside]

    def asterisk_owner(self) -> tuple[int, int]:
        """Return the user that Asterisk's container runs as."""
        return CENTRE

    def own_home(self) -> None:
        """Hand everything over but the database's directory, which has its own owner."""
        home = self._layout.home
        for path in home.iterdir():
            if path != self._layout.postgres:
                hand_over(path, CENTRE)
        os.chown(home, *CENTRE)

    def follow_logs(self) -> NoReturn:
        """Become what follows the containers' output."""
        self._containers.follow_logs()
