"""``python -m madoguchi.demo``: plays the programme on the running centre and compares.

Exit status: 0 when every expectation was met, 1 when not, 2 when there is nothing to call.
"""

import asyncio
import sys
from datetime import UTC, datetime

from rich.console import Console

from config.loading import load_centre
from config.schema import Centre
from config.settings import Settings
from madoguchi.demo import door
from madoguchi.demo.door import DoorError
from madoguchi.demo.phones import RegistrationError
from madoguchi.demo.programme import Programme
from madoguchi.demo.records import settled
from madoguchi.demo.report import addresses, table
from madoguchi.demo.running import NotRunningError, read_running, supervisor_of
from madoguchi.demo.scenes import Cast, Played
from madoguchi.demo.screen import Screen, ScreenError
from madoguchi.demo.stage import Stage
from madoguchi.demo.verdict import Finding, findings
from madoguchi.local.run_file import RunFile

SCENE_LIMIT_S = 150
OK, DISAGREES, NOTHING_TO_CALL = 0, 1, 2


async def _play(console: Console, running: RunFile, centre: Centre) -> list[Played]:
    programme = Programme(centre)
    async with Stage(running) as stage:
        early = await _scene(console, programme, stage, programme.early)
        await stage.take_seats()
        console.print(f"{len(stage.phones)} operators are at their phones and screens.")
        meanwhile = asyncio.create_task(
            _scene(console, programme, stage, programme.meanwhile), name="meanwhile"
        )
        played = [early]
        for act in programme.acts:
            played += await asyncio.gather(*(_scene(console, programme, stage, cast) for cast in act))
        played.append(await meanwhile)
        played += await _finale(console, programme, stage)
        async with door.closed():
            played.append(await _scene(console, programme, stage, programme.outside_hours))
        return played


async def _finale(console: Console, programme: Programme, stage: Stage) -> list[Played]:
    console.print("  [dim]calling…[/]  One who asks to be called back")
    try:
        async with asyncio.timeout(SCENE_LIMIT_S):
            return await programme.finale(stage)
    except TimeoutError:
        raise ScreenError(f"The callback was not over after {SCENE_LIMIT_S} s") from None


async def _scene(console: Console, programme: Programme, stage: Stage, cast: Cast) -> Played:
    console.print(f"  [dim]calling…[/]  {cast.title}")
    try:
        async with asyncio.timeout(SCENE_LIMIT_S):
            played = await programme.play(stage, cast)
    except TimeoutError:
        raise ScreenError(f"“{cast.title}” was not over after {SCENE_LIMIT_S} s") from None
    console.print(f"  [green]over[/]      {cast.title}")
    return played


async def demo(console: Console, settings: Settings) -> int:
    """Play and compare; returns the exit status."""
    running = read_running(settings.layout)
    supervisor = supervisor_of(running)
    centre = load_centre(settings.centre_file)
    began = datetime.now(UTC)
    async with door.opened():
        played = await _play(console, running, centre)
    secret = supervisor.get("totp_secret")
    async with Screen(running["http"], supervisor["user"], supervisor["password"], secret) as screen:
        records = await settled(screen, [each.call.call_id for each in played], began)
    results: list[tuple[Played, list[Finding]]] = [
        (each, findings(each, records.get(each.call.call_id), settings.layout.recordings)) for each in played
    ]
    console.print(table(results))
    addresses(console, running)
    met = all(finding.agrees for _, found in results for finding in found)
    return OK if met else DISAGREES


def main() -> int:
    """Run the demo."""
    console = Console(highlight=False)
    try:
        return asyncio.run(demo(console, Settings.from_environment()))
    except (DoorError, NotRunningError, RegistrationError, ScreenError) as error:
        console.print(f"[red]{error}[/]")
        return NOTHING_TO_CALL


if __name__ == "__main__":
    sys.exit(main())
