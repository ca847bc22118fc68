"""What Asterisk says about its trunks and the operators' phones, asked over its own command line."""

import re
import subprocess
from collections.abc import Callable, Sequence

from config.schema import Centre
from madoguchi.doctor.finding import Finding, ok, red, warning
from madoguchi.local.asterisk_root import OLDEST

PATIENCE_S = 15.0
Cli = Callable[[str], str]
"""Gives Asterisk's command line one line and returns what it prints. Raises OSError or SubprocessError."""

_VERSION = re.compile(r"Asterisk (\d+)\.(\d+)\.(\d+)")
_CONTACT = re.compile(r"^ *Contact: +(?P<endpoint>[^/ ]+)/\S+ +\S+ +(?P<state>\w+)", re.MULTILINE)
_NEVER_ASKED = "NonQual"
"""A carrier that is not asked by OPTIONS whether it lives."""

_AWAY = frozenset({"Unavail", "Removed"})
_RESTART = "Look into asterisk.log (`make logs`); supervision starts it again if it ended."


def cli_of(argv: Sequence[str]) -> Cli:
    """Return what asks the Asterisk of ``run.json``."""

    def ask(line: str) -> str:
        done = subprocess.run(  # noqa: S603 -- run.json is ours, 0600
            [*argv, line], capture_output=True, text=True, check=True, timeout=PATIENCE_S
        )
        return done.stdout

    return ask


def asterisk(cli: Cli, centre: Centre | None) -> list[Finding]:
    """Say how Asterisk, every trunk and the phones are."""
    try:
        version = _VERSION.search(cli("core show version"))
        endpoints, contacts = cli("pjsip show endpoints"), cli("pjsip show contacts")
        registering = () if centre is None else [t.name for t in centre.trunks if t.registration is not None]
        outgoing = cli("pjsip show registrations") if registering else ""
    except (OSError, subprocess.SubprocessError) as error:
        return [red("asterisk", "It does not answer ({error}).", _RESTART, error=error)]
    trunks = () if centre is None else tuple(trunk.name for trunk in centre.trunks)
    return [
        _version(version),
        *(trunk(name, endpoints, contacts) for name in trunks),
        *(registration(name, outgoing) for name in registering),
        registrations(contacts),
    ]


def _version(found: re.Match[str] | None) -> Finding:
    if found is None:
        return red("asterisk", "It does not tell its version.", _RESTART)
    shown = ".".join(found.groups())
    if tuple(map(int, found.groups())) < OLDEST:
        mend = "Remove its root and run `make up`."
        return red("asterisk", "Version {version} has published holes.", mend, version=shown)
    return ok("asterisk", "Version {version} answers.", version=shown)


def trunk(name: str, endpoints: str, contacts: str) -> Finding:
    """Say whether Asterisk knows the trunk, and whether the carrier answers where that is asked for."""
    what, endpoint = f"trunk: {name}", f"trunk-{name}"
    if not re.search(rf"Endpoint: +{re.escape(endpoint)}\b", endpoints):
        return red(what, "Asterisk does not know it.", "Publish it with `madoguchi config apply`.")
    states = [found["state"] for found in _CONTACT.finditer(contacts) if found["endpoint"] == endpoint]
    states = [state for state in states if state != _NEVER_ASKED]
    if states and all(state in _AWAY for state in states):
        return red(
            what,
            "The carrier does not answer.",
            "Look at the line to the carrier; the address is in centre.toml, [[trunks]].",
        )
    return ok(
        what, "Asterisk takes its calls." if not states else "Asterisk takes its calls, the carrier answers."
    )


def registration(name: str, outgoing: str) -> Finding:
    """Say whether the carrier of a trunk has taken our registration."""
    what, line = f"registration: {name}", re.search(rf"(?m)^ *trunk-{re.escape(name)}/.*$", outgoing)
    if line is not None and re.search(r"\bRegistered\b", line[0]):
        return ok(what, "The carrier has taken it.")
    return red(
        what,
        "The carrier has not taken it: nobody can call us through this trunk.",
        "Look at user and server in centre.toml, and the password in MADOGUCHI_HOME/trunks/{name}.secret.",
        name=name,
    )


def registrations(contacts: str) -> Finding:
    """Say how many phones are there."""
    found = [each for each in _CONTACT.finditer(contacts) if not each["endpoint"].startswith("trunk-")]
    away = sorted({each["endpoint"] for each in found if each["state"] in _AWAY})
    phones = {each["endpoint"] for each in found} - set(away)
    if away:
        mend = "Look at these phones and their network."
        return warning("phones", "Registered, but silent: {phones}.", mend, phones=", ".join(away))
    if not phones:
        return warning("phones", "No phone is registered.", "Operators register with extension and password.")
    return ok("phones", "{count} phones are registered.", count=len(phones))
