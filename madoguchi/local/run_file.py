"""``run.json``: what runs and how to reach it, for people and tools (docs/interface.md)."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NotRequired, TypedDict, cast

from config.layout import Layout
from madoguchi.local.files import write_whole
from madoguchi.local.locks import only_one


class Sip(TypedDict):
    """Where phones register and the carrier calls."""

    host: str
    port: int


class Trunk(TypedDict):
    """The number that citizens dial, and the address from which the carrier's calls come.

    *outbound* is where the calls go that the centre places, None when it places none.
    """

    number: str
    carrier_address: str
    outbound: Sip | None


class Asterisk(TypedDict):
    """Its version, and the command to which one line for its command line is added."""

    version: str
    cli: list[str]


class Login(TypedDict):
    """A sample account of the console."""

    user: str
    password: str
    role: str
    totp_secret: NotRequired[str]


class Phone(TypedDict):
    """Somebody's phone."""

    name: str
    role: str
    extension: str
    sip_password: str


class RunFile(TypedDict):
    """The whole file."""

    http: str
    websocket_sip: str
    sip: Sip
    trunk: Trunk
    database: str
    asterisk: Asterisk
    processes: dict[str, int]
    logins: list[Login]
    agents: list[Phone]


@contextmanager
def writing(layout: Layout) -> Iterator[None]:
    """Hold off the other writer: whoever starts the centre, or the watcher that follows restarts."""
    with only_one(layout.supervisor / "run.lock", on_wait=lambda: None):
        yield


def write(layout: Layout, content: RunFile) -> None:
    """Replace the file; only the home's owner may read it, for there are passwords in it."""
    write_whole(layout.run_file, json.dumps(content, ensure_ascii=False, indent=2) + "\n", 0o600)
    owner = layout.home.stat()
    os.chown(layout.run_file, owner.st_uid, owner.st_gid)  # programs in containers are not root


def read(layout: Layout) -> RunFile | None:
    """Return the file, or None if nothing is up. What is there was written by `write`."""
    try:
        text = layout.run_file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    return cast("RunFile", json.loads(text))
