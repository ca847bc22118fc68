"""A throw-away Asterisk: reads a candidate's files in a folder and on ports of its own, and takes no call.

It runs in the same root as the real one. Any warning or error while it loads is a finding, and so is every
difference between what it has then and what was meant.
"""

import asyncio
import os
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

from config.layout import Layout
from config.settings import Settings
from dialplan import Finding, Inventory, Secrets, deviations, make_directories, meant, render, write_files
from dialplan.added import is_installed, own_name
from madoguchi.local import asterisk_root, certificate, home, ports, programs
from madoguchi.priority import BEHIND
from madoguchi.publication.candidate import Candidate
from telephony.asterisk.errors import AsteriskError
from telephony.asterisk.inventory import inventory
from telephony.asterisk.manager_link import Link

LIMIT_S = 30.0
"""An Asterisk is up within a second or two, on a busy machine within ten."""

_ANSWER_S = 5.0
_USER = "madoguchi"
_MUSIC = Path("moh")
_SAID = re.compile(r"^\[[^]]+\] (?P<level>WARNING|ERROR)\[\d+\](?:\[[^]]+\])? (?P<said>.*)")
_PLACE = re.compile(r"line (?P<line>\d+) of (?:'?)(?P<file>[\w./-]+\.conf)")
_FILE = re.compile(r"(?P<file>[\w-]+\.conf)")


class NoTrial(Exception):
    """No Asterisk can be started here; the message says why."""


async def try_out(candidate: Candidate, settings: Settings, secrets: Secrets) -> list[Finding]:
    """Return what an Asterisk of its own says about *candidate*. Raises `NoTrial`."""
    if os.geteuid() != 0 or not asterisk_root.ROOT.exists():
        raise NoTrial("A throw-away Asterisk can only run where root runs the real one; there is none here.")
    folder = Path(tempfile.mkdtemp(prefix="trial-", dir=settings.home))
    try:
        own = _own_place(settings, folder)
        # In a thread: a controller has calls to look after.
        wanted = await asyncio.to_thread(_furnish, candidate, settings, own, secrets)
        return await _tried(wanted, own, secrets)
    except OSError as error:
        raise NoTrial(f"A throw-away Asterisk could not be started: {error}.") from error
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def _own_place(settings: Settings, folder: Path) -> Settings:
    return replace(
        settings,
        home=folder,
        sip_port=ports.any_free(ports.UDP),
        asterisk_http_port=ports.any_free(ports.TCP),
        ami_port=ports.any_free(ports.TCP),
    )


def _furnish(candidate: Candidate, settings: Settings, own: Settings, secrets: Secrets) -> Inventory:
    """Write the files for Asterisk's user, lay the music there that they name; return what they mean."""
    owner = asterisk_root.account()
    own.home.chmod(0o711)
    make_directories(own.layout, owner)
    certificate.lend(settings.layout, own.layout, owner)
    files = render(candidate.plan, candidate.roster, own, secrets, candidate.source.custom)
    write_files(own.layout.asterisk_etc, files, owner)
    own.layout.sounds.mkdir()
    if (settings.layout.sounds / _MUSIC).exists():
        shutil.copytree(settings.layout.sounds / _MUSIC, own.layout.sounds / _MUSIC)
    home.hand_over(own.layout.asterisk, owner)
    return meant(files, candidate.plan, candidate.roster)


async def _tried(wanted: Inventory, own: Settings, secrets: Secrets) -> list[Finding]:
    try:
        async with _running(own), asyncio.timeout(LIMIT_S), _asked(own, secrets) as link:
            found = await inventory(link.ask)
    except (AsteriskError, TimeoutError) as error:
        said = complaints(_log(own.layout))
        return said or [Finding("", 0, f"The throw-away Asterisk does not come up: {error or 'no answer'}.")]
    differ = [Finding("", 0, sentence) for sentence in deviations(wanted, found)]
    return complaints(_log(own.layout)) + differ


@asynccontextmanager
async def _running(own: Settings) -> AsyncIterator[None]:
    program = programs.asterisk(own.home, asterisk_root.ROOT)
    process = await asyncio.create_subprocess_exec(
        *(*BEHIND, *program.argv),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


@asynccontextmanager
async def _asked(own: Settings, secrets: Secrets) -> AsyncIterator[Link]:
    """Yield an AMI connection once it can be made: Asterisk tells nobody that it listens."""
    while True:
        link = Link((ports.LOOPBACK, own.ami_port), _USER, secrets.ami_password, limit_s=_ANSWER_S)
        try:
            await link.open()
            break
        except AsteriskError:
            link.close()
            await asyncio.sleep(0.1)
    try:
        yield link
    finally:
        link.close()


def _log(layout: Layout) -> Sequence[str]:
    file = layout.asterisk / "log" / "messages.log"
    return file.read_text(encoding="utf-8", errors="replace").splitlines() if file.exists() else ()


def complaints(lines: Sequence[str]) -> list[Finding]:
    """Return the warnings and errors among *lines* of Asterisk's log, with file and line if they say them."""
    said = [found["said"] for line in lines if (found := _SAID.match(line))]
    return [Finding(*_place(sentence), f"Asterisk says: {sentence}") for sentence in dict.fromkeys(said)]


def _place(sentence: str) -> tuple[str, int]:
    place = _PLACE.search(sentence) or _FILE.search(sentence)
    if place is None:
        return "", 0
    name = Path(place["file"]).name
    return own_name(name) if is_installed(name) else name, int(place.groupdict().get("line") or 0)
