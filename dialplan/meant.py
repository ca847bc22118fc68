"""What Asterisk must have after it has read the rendered files, and how what it has differs from that.

Pure. What Asterisk has is asked by ``telephony.asterisk.inventory``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from config.schema import Agent, Centre
from dialplan.added import is_installed
from dialplan.reading import Step, entries, includes, steps
from dialplan.render import DESK

MOST = 5
"""How many differences are told; whoever sees these looks at the files."""


@dataclass(frozen=True, slots=True)
class Inventory:
    """The parts of Asterisk's configuration that decide where calls go.

    *matches*: which addresses (``127.0.0.2/32``) are taken for which endpoint.
    """

    steps: frozenset[Step]
    includes: frozenset[tuple[str, str]]
    endpoints: frozenset[str]
    matches: frozenset[tuple[str, str]]


def meant(files: Mapping[str, str], centre: Centre, roster: Sequence[Agent]) -> Inventory:
    """Return what the rendered *files* of *centre* and *roster* mean."""
    dialplans = [
        list(entries(text)) for name, text in files.items() if name == "extensions.conf" or is_installed(name)
    ]
    phones = {endpoint for agent in roster for endpoint in (agent.extension, f"{agent.extension}@{DESK}")}
    return Inventory(
        steps=frozenset(placed.step for lines in dialplans for placed in steps(lines)),
        includes=frozenset(pair for lines in dialplans for pair in includes(lines)),
        endpoints=frozenset({f"trunk-{trunk.name}" for trunk in centre.trunks} | phones),
        matches=frozenset(
            (f"trunk-{trunk.name}", str(address)) for trunk in centre.trunks for address in trunk.addresses
        ),
    )


def deviations(wanted: Inventory, found: Inventory) -> list[str]:
    """Return one sentence for each thing that Asterisk lacks or has too much, the first few."""
    told = [*_between(wanted, found, "lacks"), *_between(found, wanted, "still has")]
    more = [f"… and {len(told) - MOST} more."] if len(told) > MOST else []
    return told[:MOST] + more


def _between(these: Inventory, those: Inventory, verb: str) -> Iterator[str]:
    for step in sorted(these.steps - those.steps):
        called = f"{step.application}({step.data})"
        yield f"Asterisk {verb} {called} at {step.extension}@{step.context}, priority {step.priority}."
    for context, included in sorted(these.includes - those.includes):
        yield f"Asterisk {verb} the inclusion of {included} in {context}."
    for endpoint in sorted(these.endpoints - those.endpoints):
        yield f"Asterisk {verb} the endpoint {endpoint}."
    for endpoint, address in sorted(these.matches - those.matches):
        yield f"Asterisk {verb} the address {address} for {endpoint}."
