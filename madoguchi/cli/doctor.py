"""``doctor``: what is wrong with this copy, and how to mend it."""

from rich.console import Console
from rich.text import Text

from madoguchi.cli import running
from madoguchi.cli.showing import AsJson, show_json, speaks_japanese

_COLOURS = {"ok": "green", "warning": "yellow", "red": "red"}


def doctor(*, as_json: AsJson = False) -> int:
    """Look at everything that the centre needs; exit status 1 when something is red."""
    from madoguchi.doctor import Health, examine  # noqa: PLC0415 - a command loads what it needs

    findings = examine(running.settings())
    ill = any(finding.health is Health.RED for finding in findings)
    if as_json:
        show_json({"healthy": not ill, "findings": [finding.as_json() for finding in findings]})
        return int(ill)
    console = Console(highlight=False, soft_wrap=True)
    for finding in findings:
        line = Text(f"{finding.health.value:8}", style=_COLOURS[finding.health.value])
        said = (finding.said_ja, finding.mend_ja) if speaks_japanese() else (finding.said, finding.mend)
        console.print(line + Text(f"{finding.what:16} {' '.join(said)}".rstrip(), style="none"))
    return int(ill)
