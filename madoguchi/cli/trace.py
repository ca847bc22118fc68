"""``trace``: the SIP of one call, from a recording that operations staff let run for a while."""

import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from madoguchi.cli import running
from madoguchi.cli.audit import note
from madoguchi.cli.errors import CommandError, WrongUsage
from madoguchi.cli.showing import AsJson, say, show_json


def trace(
    call: Annotated[str | None, typer.Argument(metavar="[CALL]")] = None,
    *,
    record: Annotated[
        float | None,
        typer.Option(
            min=0.01, max=120, help="Record for so many minutes; Ctrl-C ends it.", metavar="MINUTES"
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """The SIP messages of one call, without credentials; --record lets Asterisk keep them for a while."""
    if (call is None) is (record is None):
        raise WrongUsage("Name a call, or say --record MINUTES first to have its SIP recorded.")
    if record is not None:
        _record(record)
    elif call is not None:
        _show(call, as_json=as_json)


def _record(minutes: float) -> None:
    from madoguchi.doctor.asterisk import cli_of  # noqa: PLC0415 - a command loads what it needs
    from madoguchi.tracing import recording  # noqa: PLC0415

    layout = running.settings().layout
    note("cli.trace", "sip", minutes=f"{minutes:g}")
    say(f"Asterisk records SIP for {minutes:g} minutes, at most {recording.MOST_BYTES >> 20} MB.")
    try:
        size = recording.record(layout, cli_of(running.asterisk_cli()), minutes * 60)
    except KeyboardInterrupt:
        size = recording.file_of(layout).stat().st_size
    except (OSError, subprocess.SubprocessError) as error:
        raise CommandError(f"Nothing could be recorded: {error}.") from error
    say(f"{size:,} bytes are recorded; show a call with: madoguchi trace CALL")


def _show(call: str, *, as_json: bool) -> None:
    from madoguchi.tracing import belonging, pcap, recording  # noqa: PLC0415 - a command loads what it needs

    found: dict[str, Any] = running.get(running.at("api", "calls", call))
    extensions = {each["name"]: each["extension"] for each in running.get("/api/agents")["agents"]}
    file = recording.file_of(running.settings().layout)
    try:
        recorded = list(pcap.packets(file.read_bytes()))
    except OSError as error:
        raise CommandError(f"Nothing is recorded ({error.strerror}); see --record.") from error
    except pcap.NotARecording as error:
        raise CommandError(str(error)) from error
    note("cli.trace", f"calls/{call}")
    _print(belonging.of_call(recorded, found, extensions), as_json=as_json)


def _print(packets: Sequence[Any], *, as_json: bool) -> None:
    from madoguchi.tracing.redacting import redacted  # noqa: PLC0415 - a command loads what it needs

    messages = [
        {
            "at": datetime.fromtimestamp(packet.at, UTC).isoformat(timespec="milliseconds"),
            "way": "in" if packet.received else "out",
            "peer": packet.peer,
            "message": redacted(packet.text),
        }
        for packet in packets
    ]
    if as_json:
        show_json({"messages": messages})
        return
    if not messages:
        raise CommandError("The recording has nothing of this call.")
    for each in messages:
        say(f"{each['at']}  {'from' if each['way'] == 'in' else 'to'} {each['peer']}\n{each['message']}")
