"""Prints the demo's table and how to go on by hand."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from madoguchi.demo.scenes import Played
from madoguchi.demo.verdict import Finding
from madoguchi.local.run_file import RunFile


def table(results: Sequence[tuple[Played, Sequence[Finding]]]) -> Table:
    """One row for each call; a disagreement is shown with both sides."""
    shown = Table(title="What was expected, and what the record says", show_lines=True)
    for column in ("call", "expected", "recorded", "agrees"):
        shown.add_column(column, overflow="fold")
    for played, findings in results:
        wrong = [finding for finding in findings if not finding.agrees]
        verdict = f"[green]{len(findings)} of {len(findings)}[/]"
        if wrong:
            verdict = f"[red]{len(findings) - len(wrong)} of {len(findings)}[/]"
        shown.add_row(
            played.title,
            _lines(findings, wrong, expected=True),
            _lines(findings, wrong, expected=False),
            verdict,
        )
    return shown


def _lines(findings: Sequence[Finding], wrong: Sequence[Finding], *, expected: bool) -> str:
    main = [finding for finding in findings if finding.about in {"outcome", "queue", "operator", "offers"}]
    lines = [f"{each.about}: {each.expected if expected else each.found}" for each in main if each.agrees]
    lines += [f"[red]{each.about}: {each.expected if expected else each.found}[/]" for each in wrong]
    return "\n".join(lines)


def addresses(console: Console, running: RunFile) -> None:
    """Say where everything is; the centre stays up."""
    sip, trunk = running["sip"], running["trunk"]
    console.print(f"\nThe centre stays up (stop it with: make down).\n  console   {running['http']}")
    for login in running["logins"]:
        code = f"  (authenticator: {login['totp_secret']})" if "totp_secret" in login else ""
        console.print(f"            {login['role']:<10} {login['user']} / {login['password']}{code}")
    console.print(f"  SIP       {sip['host']}:{sip['port']}/UDP, {running['websocket_sip']}")
    for phone in running["agents"]:
        console.print(f"            {phone['extension']} / {phone['sip_password']}  ({phone['name']})")
    target = f"sip:{trunk['number']}@{sip['host']}:{sip['port']}"
    console.print(f"  trunk     INVITE {target} from {trunk['carrier_address']}")
    console.print(
        "  hours     those of centre.toml again: outside them callers hear so.\n"
        "            To try it at any hour: .venv/bin/madoguchi open --until TIME"
    )
