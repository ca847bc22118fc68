"""The command ``madoguchi`` (docs/interface.md, "Command line").

What needs the running centre asks it over HTTP on this machine; nothing here touches Asterisk's interfaces
or the database. Errors are one sentence on stderr: exit 1 when something was refused or failed, 2 for wrong
usage.
"""

import sys
from collections.abc import Sequence

from madoguchi.cli import programs
from madoguchi.cli.errors import CommandError, WrongUsage
from madoguchi.loading import loading


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command line and exit."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    name = words[0] if len(words) == 1 else ""
    try:
        status = programs.run(name) if name in programs.NAMES else _command(words)
    except CommandError as error:
        print(error, file=sys.stderr)  # noqa: T201 - this is what the command says
        sys.exit(error.status)
    except BrokenPipeError:
        sys.exit(1)
    sys.exit(status)


def _command(words: Sequence[str]) -> int:
    """Do what a person typed; return the exit status. Raises `CommandError`."""
    with loading():
        import typer  # noqa: PLC0415 - `programs` need none of this

        from madoguchi.cli.commands import app  # noqa: PLC0415
    command = typer.main.get_command(app)
    try:
        status = command.main(args=list(words), prog_name="madoguchi", standalone_mode=False)
    except typer.Abort:
        raise CommandError("Stopped.") from None
    except typer.TyperException as error:
        complaint = error.format_message() if isinstance(error, typer.BadParameter) else str(error)
        raise WrongUsage(_sentence(complaint)) from error
    return status if isinstance(status, int) else 0


def _sentence(complaint: str) -> str:
    """Return what typer complains of as a sentence; its help text, which it also raises, stays as it is."""
    if "\n" in complaint or complaint.endswith("?"):
        return complaint
    return f"{complaint.rstrip('.')}; --help shows how it is written."
