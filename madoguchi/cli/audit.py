"""``audit`` and ``audit verify``: who read or changed what, and whether the trail is whole."""

from typing import Annotated

import typer

from madoguchi.cli import running
from madoguchi.cli.errors import CommandError
from madoguchi.cli.floor import Since, Until
from madoguchi.cli.showing import AsJson, say, show_json, show_table

_COLUMNS = ("seq", "at", "who", "role", "what", "object", "source", "result", "detail")

audit = typer.Typer(invoke_without_command=True, help="Who read or changed what.")


@audit.callback()
def rows(  # noqa: PLR0913 - one option for each bound
    context: typer.Context,
    *,
    since: Since = None,
    until: Until = None,
    who: Annotated[str | None, typer.Option(help="Only what this account did.")] = None,
    what: Annotated[str | None, typer.Option(help='For example "PATCH /api/agents/{name}".')] = None,
    thing: Annotated[str | None, typer.Option("--object", help="For example agents/sato.")] = None,
    limit: Annotated[int, typer.Option(help="At most so many rows.")] = 100,
    as_json: AsJson = False,
) -> None:
    """Show the newest rows of the audit trail."""
    if context.invoked_subcommand is not None:
        return
    bounds = {"since": since, "until": until, "who": who, "what": what, "object": thing, "limit": str(limit)}
    found = running.get("/api/audit", bounds)
    if as_json:
        show_json(found)
    else:
        show_table(found["entries"], _COLUMNS, "The trail has no such row.")


@audit.command()
def verify(*, as_json: AsJson = False) -> None:
    """Compute the whole chain again; exit status 1, and the first broken link, when it is not whole."""
    verdict = running.get("/api/audit/verification")
    if as_json:
        show_json(verdict)
    if not verdict["whole"]:
        raise CommandError(f"The audit trail is broken: {verdict['problem']}.")
    if not as_json:
        say(f"The audit trail is whole: {verdict['rows']} rows, the last has the hash {verdict['head']}.")


def note(what: str, thing: str, **detail: str) -> None:
    """Note a command that does not go through the centre, straight into the spool on this machine.

    The centre may be down; what it then finds in the spool it carries over.
    """
    from agents.audit.entry import Entry  # noqa: PLC0415 - a command loads what it needs
    from agents.audit.spool import Spool  # noqa: PLC0415

    spool = Spool(running.settings().layout.audit_spool)
    told = {**detail, "system_user": running.system_user()}
    spool.append([Entry("cli", "ops", what, thing, "command line", "begun", told)])
    spool.close()
