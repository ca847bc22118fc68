"""Lets Asterisk read what was published: the centre's plan, the dialplan that ops add, the roster's phones.

The controller lives from its own copy of ``centre.toml`` (`Layout.published_plan`), which only a file without
mistakes replaces. So a file that is being edited, or is broken, touches neither the running centre nor its
next start after a crash. Which version is in force, and how another one gets there, is in
``madoguchi.publication``.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from config.loading import load_centre
from config.schema import Agent, Centre
from config.settings import Settings
from dialplan import USED_MODULES, Custom, Secrets, deviations, meant, render, write_files
from dialplan.added import is_installed
from sounds import catalogue
from sounds.voice import CatalogueVoice
from telephony.asterisk.client import Ari
from telephony.asterisk.errors import AsteriskError
from telephony.asterisk.inventory import inventory
from telephony.asterisk.manager import Manager
from telephony.model.ids import SoundId

log = structlog.get_logger(__name__)

RELOADS: Mapping[str, str] = {
    "extensions.conf": "pbx_config.so",
    "musiconhold.conf": "res_musiconhold.so",
    "pjsip.conf": "res_pjsip.so",
    "pjsip_agents.conf": "res_pjsip.so",
    "pjsip_trunks.conf": "res_pjsip.so",
}
"""Which module reads which file again without touching a call; other files wait for Asterisk's next start."""


def published(settings: Settings) -> Centre:
    """Return the ``centre.toml`` in force. Raises `ConfigError` or OSError when there is none."""
    return load_centre(settings.layout.published_plan)


class PublishedPlan:
    """The ``centre.toml`` in force, for a process that nobody tells when another one is published."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._read: tuple[tuple[int, int], Centre] | None = None

    def __call__(self) -> Centre:
        """Return it; the file is read again only when it was replaced. Raises `ConfigError` or OSError."""
        file = self._settings.layout.published_plan.stat()
        written = (file.st_ino, file.st_mtime_ns)
        if self._read is None or self._read[0] != written:
            self._read = (written, published(self._settings))
        return self._read[1]


def voice_of(plan: Centre) -> CatalogueVoice[SoundId]:
    """Return what says the plan's prompts."""
    return CatalogueVoice(catalogue.load(plan), SoundId)


@dataclass(frozen=True, slots=True)
class InForce:
    """What Asterisk's files are rendered from, beside the roster."""

    plan: Centre
    custom: Custom = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Published:
    """What became of it: files that changed, those that wait for Asterisk's next start, what failed."""

    changed: frozenset[str]
    waiting: frozenset[str]
    failures: tuple[str, ...] = field(default=())


class Publisher:
    """Writes Asterisk's files and lets Asterisk read what changed, one change after another.

    A roster that changes while another plan is on its way is written with that plan. On another machine than
    Asterisk's nothing is written: that machine's controller does it when it leads again.
    """

    def __init__(
        self,
        settings: Settings,
        secrets: Secrets,
        asterisk: tuple[Ari, Manager],
        in_force: InForce,
    ) -> None:
        self._settings, self._secrets, self._told = settings, secrets, in_force
        self._ari, self._manager = asterisk
        self._one = asyncio.Lock()

    async def publish(self, agents: Sequence[Agent]) -> Published:
        """Another roster. A reload that fails is told in the log: the files are right, and stay."""
        async with self._one:
            return await self._put(self._told, agents, frozenset())

    async def put(self, wanted: InForce, agents: Sequence[Agent], *, anew: bool = False) -> Published:
        """Another plan or dialplan, compared afterwards with what Asterisk then has.

        *anew*: Asterisk reads everything again, also files that did not change.
        """
        async with self._one:
            self._told = wanted
            done = await self._put(wanted, agents, frozenset(RELOADS) if anew else frozenset())
            if self._settings.asterisk_is_elsewhere:
                return done
            return Published(
                done.changed, done.waiting, (*done.failures, *await self._compare(wanted, agents))
            )

    async def catch_up(self, wanted: InForce, agents: Sequence[Agent]) -> None:
        """Let an Asterisk that was started before our present version have what this one needs.

        It lives on through an upgrade of everything else. What fails is told in the log.
        """
        if self._settings.asterisk_is_elsewhere:
            return
        async with self._one:
            loaded = await self._load_modules()
            lacks = await self._compare(wanted, agents)
            if loaded or lacks:
                log.warning("dialplan.catches_up", modules=loaded, lacks=lacks)
                try:
                    await self._put(wanted, agents, frozenset(RELOADS))
                except OSError as error:  # a full disk is no reason to drive no calls
                    log.error("dialplan.not_written", reason=str(error))

    async def _load_modules(self) -> list[str]:
        """Load what we use and Asterisk does not run; return what that was."""
        try:
            running = await self._ari.running_modules()
            missing = [module for module in USED_MODULES if module not in running]
            for module in missing:
                await self._ari.load_module(module)
        except AsteriskError as error:
            log.error("dialplan.not_loaded", reason=str(error))
            return []
        return missing

    async def _put(self, wanted: InForce, agents: Sequence[Agent], read: frozenset[str]) -> Published:
        if self._settings.asterisk_is_elsewhere:
            log.warning("dialplan.elsewhere", asterisk=self._settings.asterisk_address)
            return Published(frozenset(), frozenset())
        changed = await asyncio.to_thread(self._write, wanted, agents)
        modules = {module for name in changed | read if (module := reload_for(name))}
        failures = [failure for module in sorted(modules) if (failure := await self._reload(module))]
        if changed:
            log.info("dialplan.published", files=sorted(changed))
        waiting = frozenset(name for name in changed if reload_for(name) is None)
        return Published(changed, waiting, tuple(failures))

    def _write(self, wanted: InForce, agents: Sequence[Agent]) -> frozenset[str]:
        folder = self._settings.layout.asterisk_etc
        etc = folder.stat()
        files = render(wanted.plan, agents, self._settings, self._secrets, wanted.custom)
        return write_files(folder, files, (etc.st_uid, etc.st_gid))

    async def _reload(self, module: str) -> str | None:
        try:
            await self._ari.reload_module(module)
        except AsteriskError as error:
            log.error("dialplan.not_reloaded", module=module, reason=str(error))
            return f"Asterisk did not reload {module}: {error}"
        return None

    async def _compare(self, wanted: InForce, agents: Sequence[Agent]) -> list[str]:
        files = render(wanted.plan, agents, self._settings, self._secrets, wanted.custom)
        try:
            return deviations(meant(files, wanted.plan, agents), await inventory(self._manager.ask))
        except AsteriskError as error:
            return [f"Asterisk cannot be asked what it has now: {error}"]


def reload_for(name: str) -> str | None:
    """Return the module that reads this file again, or None when only a start does."""
    return RELOADS["extensions.conf"] if is_installed(name) else RELOADS.get(name)
