"""Runs a program that is killed again and again: ``python -m tests.receiver.nursery MODULE ARGUMENT…``.

Imports once and forks, so that coming back to life takes milliseconds. ``MODULE.prepare(ARGUMENT…)`` runs
before the first birth, ``MODULE.live(prepared)`` in each child. A child that ends by itself ends the whole;
the number of those that were killed is written to standard output.
"""

import importlib
import os
import signal
import sys
from types import FrameType


def main(module: str, *arguments: str) -> None:
    """Raise children until one ends by itself."""
    program = importlib.import_module(module)
    prepared = program.prepare(*arguments)
    child = 0

    def end(number: int, frame: FrameType | None) -> None:
        del number, frame
        if child:
            os.kill(child, signal.SIGKILL)
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    killed = -1
    status = signal.SIGKILL
    while os.WIFSIGNALED(status):
        killed += 1
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            program.live(prepared)
            sys.stdout.flush()
            os._exit(0)
        _, status = os.waitpid(child, 0)
    sys.stdout.write(f"{killed}\n")
    sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main(*sys.argv[1:])
