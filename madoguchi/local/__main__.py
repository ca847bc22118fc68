"""``python -m madoguchi.local up|down|status|logs|prepare|console|serve``: for the Makefile and systemd."""

import logging
import sys
from collections.abc import Callable, Sequence

import structlog
from rich.console import Console

from config.settings import Settings, SettingsError
from madoguchi.local import LocalError, console, down, follow_logs, prepare, status, up
from madoguchi.local.serving import serve
from madoguchi.local.state import show
from madoguchi.local.steps import Steps

_INTERRUPTED = 130


def _up() -> int:
    run = up()
    console = Console(highlight=False, soft_wrap=True)
    console.print(
        f"Ready: {run['http']} · SIP {run['sip']['host']}:{run['sip']['port']} · sign-ins in run.json"
    )
    return 0


def _down() -> int:
    if not down():
        print("Nothing was running.")  # noqa: T201 -- this is a command
    return 0


def _status() -> int:
    state = status()
    show(state, Console())
    return 0 if state.up else 1


def _logs() -> int:
    follow_logs()


def _serve() -> int:
    serve(Settings.from_environment(), up)
    return 0


def _prepare() -> int:
    print(f"Prepared: Asterisk {prepare()}")  # noqa: T201 -- this is a command
    return 0


def _console() -> int:
    console.prepare(Steps())
    return 0


_COMMANDS: dict[str, Callable[[], int]] = {
    "up": _up,
    "down": _down,
    "status": _status,
    "logs": _logs,
    "prepare": _prepare,
    "console": _console,
    "serve": _serve,
}


def main(arguments: Sequence[str]) -> int:
    """Run one command; a failure is one sentence on standard error."""
    if len(arguments) != 1 or arguments[0] not in _COMMANDS:
        print(f"usage: python -m madoguchi.local {'|'.join(_COMMANDS)}", file=sys.stderr)  # noqa: T201
        return 2
    # Steps tell what happens; what the parts below log would only tear their lines apart.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    try:
        return _COMMANDS[arguments[0]]()
    except (LocalError, SettingsError) as error:
        print(error, file=sys.stderr)  # noqa: T201 -- this is a command
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
