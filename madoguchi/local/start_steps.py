"""One start of one copy, from a prepared machine to a centre that takes calls. The caller holds its lock."""

from collections.abc import Sequence

from config.settings import Settings
from madoguchi.local import asterisk_root, database, home, passwords, ports, programs, ready, run_file
from madoguchi.local.contents import Contents, Place
from madoguchi.local.postgres import Cluster
from madoguchi.local.programs import Program
from madoguchi.local.run_file import RunFile
from madoguchi.local.runtime import Runtime
from madoguchi.local.steps import Steps


class Start:
    """The steps of a start, in order. Each may raise `LocalError`."""

    def __init__(self, settings: Settings, contents: Contents, steps: Steps, runtime: Runtime) -> None:
        self._settings = settings
        self._layout = settings.layout
        self._contents = contents
        self._steps = steps
        self._runtime = runtime
        self._supervisor = runtime.keeper
        self._cli = runtime.asterisk_cli()

    def run(self, asterisk_version: str) -> RunFile:
        """Start everything and write ``run.json``."""
        with self._steps.step("Sounds", "speech to be rendered") as step:
            self._contents.build_sounds(
                self._settings, lambda done, total, name: step.say(f"{done} of {total}: {name}", done / total)
            )
        secrets = passwords.ensure(self._layout)
        cluster = self._private_cluster(secrets["database_password"])
        place = Place(self._settings, secrets, cluster.url() if cluster else self._given_database())
        services = self._contents.services(place)
        self._launch(cluster, place, services)
        self._start_database(cluster, place)
        self._start_asterisk(place)
        self._start_services(services)
        return self._tell(place, asterisk_version)

    def _private_cluster(self, password: str) -> Cluster | None:
        if self._settings.database_url is not None:
            return None
        cluster = self._runtime.cluster(password)
        with self._steps.step("Database", "its cluster, which the first start makes"):
            cluster.make()
            cluster.choose_port()
        return cluster

    def _given_database(self) -> str:
        url = self._settings.database_url or ""
        database.require_usable(url)
        return url

    def _launch(self, cluster: Cluster | None, place: Place, services: Sequence[Program]) -> None:
        started = [programs.asterisk(self._layout.home, asterisk_root.ROOT), *services]
        if cluster is not None:
            started.insert(0, programs.postgres(cluster.server_argv()))
        self._supervisor.launch(started, programs.environment(self._settings, place.database_url))

    def _start_database(self, cluster: Cluster | None, place: Place) -> None:
        with self._steps.step("PostgreSQL", "it to accept connections") as step:
            if cluster is not None:
                self._supervisor.start("postgres")
                url = cluster.url("postgres")
                self._wait("postgres", lambda: database.accepts_connections(url))
                database.create(cluster)
            step.say("bringing the tables up to date")
            self._contents.fill_database(place)

    def _start_asterisk(self, place: Place) -> None:
        with self._steps.step("Asterisk", "it to load its modules"):
            owner = self._runtime.asterisk_owner()
            home.hand_over(self._layout.asterisk, owner)
            home.hand_over(self._layout.recordings, owner)
            self._contents.write_asterisk(place, owner)
            self._supervisor.start("asterisk")
            self._wait("asterisk", lambda: ready.asterisk_booted(self._cli))

    def _start_services(self, services: Sequence[Program]) -> None:
        self._runtime.own_home()
        for service in services:
            with self._steps.step(service.name.capitalize(), "it to be ready"):
                self._supervisor.start(service.name)
                ready.wait_for(service, self._supervisor)

    def _wait(self, name: str, probe: ready.Probe) -> None:
        ready.wait(name, probe, self._supervisor)

    def _tell(self, place: Place, asterisk_version: str) -> RunFile:
        told = self._contents.describe(place)
        with run_file.writing(self._layout):
            content = RunFile(
                http=place.http_url,
                websocket_sip=self._settings.websocket_sip,
                sip={"host": ports.LOOPBACK, "port": self._settings.sip_port},
                trunk=told.trunk,
                database=place.database_url,
                asterisk={"version": asterisk_version, "cli": self._cli},
                processes={state.name: state.pid for state in self._supervisor.states() if state.pid},
                logins=list(told.logins),
                agents=list(told.phones),
            )
            run_file.write(self._layout, content)
        return content
