"""What runs of one copy, since when, and what is wrong with it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from config.settings import Settings
from madoguchi.local import run_file
from madoguchi.local.run_file import RunFile
from madoguchi.local.runtime import runtime_of
from madoguchi.local.supervisor import State

JAPAN = ZoneInfo("Asia/Tokyo")


@dataclass(frozen=True, slots=True)
class Status:
    """*run* is None unless a start was finished; *programs* is empty when no supervisor answers."""

    run: RunFile | None
    programs: tuple[State, ...]

    @property
    def up(self) -> bool:
        """Whether everything that should run does."""
        return self.run is not None and bool(self.programs) and all(state.running for state in self.programs)


def status(settings: Settings | None = None) -> Status:
    """Return the state of the copy that *settings* name. Never raises for one that is down."""
    settings = settings or Settings.from_environment()
    keeper = runtime_of(settings).keeper
    programs = tuple(keeper.states()) if keeper.answers() else ()
    return Status(run_file.read(settings.layout), programs)


def show(state: Status, console: Console) -> None:
    """Print *state* for a person."""
    if not state.programs:
        stale = " (run.json is left from one that was killed; make up cleans up)" if state.run else ""
        console.print(f"Madoguchi is down{stale}.", highlight=False)
        return
    table = Table("process", "state", "pid", "since", box=None)
    for program in state.programs:
        since = datetime.fromtimestamp(program.started_at, JAPAN).isoformat() if program.started_at else ""
        table.add_row(program.name, program.state.lower(), str(program.pid or ""), since)
    console.print(table)
    if state.run is None:
        console.print("It is still starting, or its start was broken off; make up goes on.", highlight=False)
        return
    console.print(
        f"console {state.run['http']} · SIP {state.run['sip']['host']}:{state.run['sip']['port']} · "
        f"Asterisk {state.run['asterisk']['version']}",
        highlight=False,
        soft_wrap=True,
    )
