"""Cables that can be pulled: the kernel's packet filter drops what one copy's ports send and receive.

Nothing is closed and nobody is told, as with a real cable. Only packets of this copy's own ports are touched.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.acceptance.copy import Copy

NFT = "/usr/sbin/nft"
_RULES = """
table inet {table} {{
    chain lost {{
        type filter hook input priority 0;
        {kind} dport {{ {ports} }} drop
        {kind} sport {{ {ports} }} drop
    }}
}}
"""


@contextmanager
def cut(copy: Copy, *, telephones: bool) -> Iterator[None]:
    """Cut the *telephones* off (SIP, not sound), or else our own programs, while the body runs."""
    known = copy.environment
    sip, http, manager = (known[f"MADOGUCHI_{name}_PORT"] for name in ("SIP", "ASTERISK_HTTP", "AMI"))
    kind, ports = ("udp", sip) if telephones else ("tcp", f"{http}, {manager}")
    table = f"madoguchi_{sip}"
    _nft(_RULES.format(table=table, kind=kind, ports=ports))
    try:
        yield
    finally:
        _nft(f"delete table inet {table}")


def _nft(rules: str) -> None:
    subprocess.run([NFT, "-f", "-"], input=rules, text=True, check=True)
