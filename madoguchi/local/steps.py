"""Shows which step runs, what it waits for and how long it took. It knows nothing of the steps themselves.

On a terminal one line lives while a step runs; elsewhere (CI, a log file) every step is two plain lines.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

_QUIET_S = 10.0
"""Away from a terminal, how often a long step may say that it is still at work."""


class Step:
    """The running step; its owner tells here how it goes."""

    def __init__(self, console: Console, name: str, bar: Progress | None, task: TaskID | None) -> None:
        self._console = console
        self._name = name
        self._bar = bar
        self._task = task
        self._said_at = time.monotonic()
        self.outcome = ""

    def say(self, detail: str, fraction: float | None = None) -> None:
        """Show *detail*, and how much of the step is done if somebody knows (0 to 1)."""
        if self._bar is not None and self._task is not None:
            total = None if fraction is None else 1.0
            self._bar.update(self._task, detail=detail, total=total, completed=fraction or 0.0)
        elif time.monotonic() - self._said_at > _QUIET_S:
            self._said_at = time.monotonic()
            self._console.print(Text(f"  {self._name}: {detail}"))


class Steps:
    """A sequence of steps on one console."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False)

    @contextmanager
    def step(self, name: str, waiting_for: str) -> Iterator[Step]:
        """Run the body as one step. What it stores in ``outcome`` stands behind the tick."""
        started = time.monotonic()
        if self.console.is_terminal:
            with self._live(name, waiting_for) as step:
                yield step
        else:
            self.console.print(Text(f"· {name}: waiting for {waiting_for}"))
            step = Step(self.console, name, None, None)
            yield step
        took = f"({time.monotonic() - started:.1f} s)"
        self.console.print(Text(" ".join(part for part in ("✓", name, step.outcome, took) if part)))

    @contextmanager
    def _live(self, name: str, waiting_for: str) -> Iterator[Step]:
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=20),
            TimeElapsedColumn(),
            TextColumn("{task.fields[detail]}", style="dim", markup=False),
        )
        with Progress(*columns, console=self.console, transient=True) as bar:
            task = bar.add_task(name, total=None, detail=f"waiting for {waiting_for}")
            yield Step(self.console, name, bar, task)
