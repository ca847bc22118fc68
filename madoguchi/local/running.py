"""Runs one of the machine's own programs to its end. It knows nothing of what they do."""

import subprocess
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from madoguchi.local.errors import LocalError

_TAIL = 5
"""Lines of output that are kept to explain a failure."""


class CommandFailedError(LocalError):
    """A program ended with an error; `tail` holds the last lines that it printed."""

    def __init__(self, argv: Sequence[str], tail: Sequence[str]) -> None:
        super().__init__(f"{argv[0]} failed: {' / '.join(tail) or 'it printed nothing'}")
        self.tail = tuple(tail)

    @property
    def reason(self) -> str:
        """The last thing it said."""
        return self.tail[-1] if self.tail else "it gave no reason"


def run(
    argv: Sequence[str],
    *,
    on_line: Callable[[str], None] = lambda _line: None,
    env: Mapping[str, str] | None = None,
    keep_open: Sequence[int] = (),
) -> str:
    """Run *argv* in ``/`` without input and return what it printed (both streams).

    *on_line* sees every line as it comes; *keep_open* are file descriptors that the program holds too.
    Raises `CommandFailedError`.
    """
    lines: list[str] = []
    with subprocess.Popen(  # noqa: S603 -- argv is ours, never a shell line
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        cwd=Path("/"),
        env=env,
        pass_fds=keep_open,
    ) as process:
        for line in process.stdout or ():
            lines.append(line.rstrip())
            on_line(lines[-1])
    if process.returncode != 0:
        raise CommandFailedError(argv, list(deque(filter(None, lines), maxlen=_TAIL)))
    return "\n".join(lines)
