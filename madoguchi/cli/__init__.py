"""The command ``madoguchi`` (docs/interface.md, "Command line").

What needs the running centre asks it over HTTP on this machine; nothing here touches Asterisk's interfaces
or the database. Errors are one sentence on stderr: exit 1 when something was refused or failed, 2 for wrong
usage.
"""

import sys
from collections.abc import Sequence

import typer

from madoguchi.cli.errors import CommandError

USAGE_EXIT = 2


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command line and exit."""
    from madoguchi.cli.commands import app  # noqa: PLC0415 - `controller` needs none of what commands import

    command = typer.main.get_command(app)
    try:
        status = command.main(args=arguments, prog_name="madoguchi", standalone_mode=False)
    except typer.Abort:
        _fail("Stopped.", 1)
    except typer.TyperException as error:
        _fail(_usage(error), USAGE_EXIT)
    except CommandError as error:
        _fail(str(error), error.status)
    except BrokenPipeError:
        sys.exit(1)
    else:
        sys.exit(status if isinstance(status, int) else 0)


def _usage(error: typer.TyperException) -> str:
    """Return typer's complaint as a sentence; the help text, which it also raises, stays as it is."""
    complaint = error.format_message() if isinstance(error, typer.BadParameter) else str(error)
    return (
        complaint
        if "\n" in complaint or complaint.endswith("?")
        else f"{complaint.rstrip('.')}; --help shows how it is written."
    )


def _fail(sentence: str, status: int) -> None:
    print(sentence, file=sys.stderr)  # noqa: T201 - this is what the command says
    sys.exit(status)
