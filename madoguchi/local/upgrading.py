"""Another version of our programs takes a running copy over while calls go on; upwards and downwards alike.

It is run by the version that takes over. Its controller stands by first, and only then the running one ends
gently: a takeover as after a death, without the death (docs/adr/0011, 0028). Asterisk and PostgreSQL run on.
Should the new controller not take calls, the earlier version gets them back.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.settings import Settings
from madoguchi.local import asterisk_root, machine, passwords, programs, ready, run_file
from madoguchi.local.contents import Contents, Place
from madoguchi.local.errors import LocalError
from madoguchi.local.locks import only_one
from madoguchi.local.postgres import Cluster
from madoguchi.local.programs import Program
from madoguchi.local.runtime import LOCAL, remembered, runtime_of
from madoguchi.local.starting import refuse_elsewhere
from madoguchi.local.steps import Steps
from madoguchi.local.supervisor import Supervisor
from telephony.heartbeat import Pulse
from telephony.leadership import stands_by

HERE = Path(__file__).parents[2]
"""Where this version's programs are."""

CONTROLLER, STANDBY = "controller", "standby"

_TAKES_OVER_S = 20.0
"""How long callers may hear music before the earlier version gets them back."""

_POLL_S = 0.05
_STARTS = 2
"""A controller that ended so often will not get ready; the supervisor starts it again and again."""

_NONE = -1
"""No process."""


def upgrade(settings: Settings, contents: Contents, steps: Steps) -> None:
    """Let this version take over the copy that *settings* name. Raises `LocalError`; then it is as before."""
    refuse_elsewhere(settings)
    machine.require_root()
    layout = settings.layout
    known = run_file.read(layout)
    supervisor = runtime_of(settings).keeper
    if known is None or not supervisor.answers():
        raise LocalError(f"{settings.home} is not up; start this version with: make up")
    if remembered(layout) != LOCAL or not isinstance(supervisor, Supervisor):
        raise LocalError("This copy runs in containers; replace its images one after another instead.")
    place = Place(settings, passwords.ensure(layout), known["database"])
    if known["http"] != place.http_url:
        raise LocalError(f"{settings.home} runs at {known['http']}; set the same ports as for its start.")
    with only_one(layout.supervisor / "lock", lambda: steps.console.print("Waiting for a start or stop.")):
        _Upgrade(place, contents, steps, supervisor).run()


@dataclass(slots=True)
class _Upgrade:
    """One upgrade of the copy at *place*."""

    place: Place
    contents: Contents
    steps: Steps
    supervisor: Supervisor
    touched: bool = False
    """Whether the running controller was asked to end."""

    def run(self) -> None:
        """Take over: what is slow comes before anything is touched."""
        settings = self.place.settings
        with self.steps.step("Configuration", "this version to read it"):
            self.contents.read_in_force(settings)
        with self.steps.step("Sounds", "speech to be rendered") as step:
            self.contents.build_sounds(
                settings, lambda done, total, name: step.say(f"{done} of {total}: {name}", done / total)
            )
        with self.steps.step("Database", "its tables to be brought up to date"):
            self.contents.fill_database(self.place)
        wanted = self.contents.services(self.place)
        second = Program(STANDBY, _named(wanted, CONTROLLER).argv, rank=350, ahead=True)
        with self._configured([*[each for each in wanted if each.name != STANDBY], second]):
            self._take_calls_over()
        for program in wanted:
            if program.name not in {CONTROLLER, STANDBY}:
                with self.steps.step(program.name.capitalize(), "this version of it to run"):
                    self.supervisor.replace(program.name)
                    ready.wait_for(program, self.supervisor)
        if all(program.name != STANDBY for program in wanted):
            self._send_home()

    @contextmanager
    def _configured(self, services: Sequence[Program]) -> Iterator[None]:
        """Let the supervisor know *services*; when the body fails, let it know again what it knew before."""
        known = self.supervisor.configuration()
        self.supervisor.configure([*self._machines(), *services])
        try:
            yield
        except BaseException:
            self.supervisor.restore(known)
            self._give_back()
            raise

    def _machines(self) -> list[Program]:
        """Return what runs on under everything: Asterisk, and the private database if there is one."""
        layout = self.place.settings.layout
        found = [programs.asterisk(layout.home, asterisk_root.ROOT)]
        if self.place.settings.database_url is None:
            cluster = Cluster.of(layout.postgres, self.place.passwords["database_password"])
            found.append(programs.postgres(cluster.server_argv()))
        return found

    def _take_calls_over(self) -> None:
        with self.steps.step("Standby", "this version's controller to stand by"):
            self.supervisor.replace(STANDBY)
            self._until_stands_by(STANDBY)
        with self.steps.step("Controller", "it to take the calls over"):
            self.touched = True
            self.supervisor.stop(CONTROLLER)
            self._until_leads(STANDBY)
        with self.steps.step("Second controller", "this version of it to stand by"):
            self.supervisor.replace(CONTROLLER)
            self._until_stands_by(CONTROLLER)

    def _send_home(self) -> None:
        """This copy has no standby: the controller takes over from the one that carried us across."""
        with self.steps.step("Controller", "it to take the calls over"):
            self.supervisor.stop(STANDBY)
            self._until_leads(CONTROLLER)
            self.supervisor.remove(STANDBY)

    def _give_back(self) -> None:
        """Let the earlier version have what it had."""
        with self.steps.step("Earlier version", "it to take calls again"):
            if self.touched:
                self.supervisor.replace(CONTROLLER)
            if self.place.settings.standby:
                self.supervisor.replace(STANDBY)
            else:
                self.supervisor.remove(STANDBY)
            ready.wait(CONTROLLER, self._serves, self.supervisor)

    def _until_stands_by(self, name: str) -> None:
        """Wait until *name* has loaded everything. Raises `LocalError` when it ends instead, and again."""
        file, seen = self.place.settings.layout.standby_file, set[int]()

        def probe() -> bool:
            pid = self._pid(name)
            seen.add(pid)
            if len(seen - {_NONE}) > _STARTS:
                raise LocalError(f"{name} did not get ready: {self.supervisor.last_words(name)}.")
            return stands_by(file) == pid

        ready.wait(name, probe, self.supervisor)

    def _until_leads(self, name: str) -> None:
        """Wait until *name* takes calls. Raises `LocalError` before callers have waited too long."""
        pulse = Pulse(self.place.settings.layout.heartbeat_file)
        deadline = time.monotonic() + _TAKES_OVER_S
        while pulse.pid() != self._pid(name) or not self._serves():
            if time.monotonic() > deadline:
                said = self.supervisor.last_words(name)
                raise LocalError(f"This version took no calls within {_TAKES_OVER_S:.0f} s: {said}.")
            time.sleep(_POLL_S)

    def _serves(self) -> bool:
        return ready.answers(f"{self.place.http_url}/readyz")

    def _pid(self, name: str) -> int:
        return next((state.pid for state in self.supervisor.states() if state.name == name), 0) or _NONE


def _named(services: Sequence[Program], name: str) -> Program:
    return next(program for program in services if program.name == name)
