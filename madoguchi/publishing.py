"""Publishes what people changed while calls go on: the roster's phones, and another ``centre.toml``.

The controller lives from its own copy of ``centre.toml`` (`Layout.published_plan`), which only a file without
mistakes replaces. So a file that is being edited, or is broken, touches neither the running centre nor its
next start after a crash.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from config.loading import load_centre, parse_centre
from config.schema import Agent, Centre
from config.settings import Settings
from dialplan import Secrets, write
from sounds import catalogue
from sounds.voice import CatalogueVoice
from telephony.asterisk.client import Ari
from telephony.asterisk.errors import AsteriskError
from telephony.model.ids import SoundId

log = structlog.get_logger(__name__)

RELOADS = {
    "extensions.conf": "pbx_config.so",
    "musiconhold.conf": "res_musiconhold.so",
    "pjsip.conf": "res_pjsip.so",
    "pjsip_agents.conf": "res_pjsip.so",
}
"""Which module reads which file again without touching a call; other files wait for Asterisk's next start."""


def published(settings: Settings) -> Centre:
    """Return the ``centre.toml`` in force. Raises `ConfigError` or OSError when there is none."""
    return load_centre(settings.layout.published_plan)


class PublishedPlan:
    """The ``centre.toml`` in force, for a process that nobody tells when another one is published."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._read: tuple[int, Centre] | None = None

    def __call__(self) -> Centre:
        """Return it; the file is read again only when it was replaced. Raises `ConfigError` or OSError."""
        written = self._settings.layout.published_plan.stat().st_mtime_ns
        if self._read is None or self._read[0] != written:
            self._read = (written, published(self._settings))
        return self._read[1]


def publish_file(settings: Settings) -> Centre:
    """Put the edited ``centre.toml`` in force. Raises `ConfigError`, and then the old one stays."""
    text = settings.centre_file.read_text(encoding="utf-8")
    plan = parse_centre(text, settings.centre_file)
    beside = settings.layout.published_plan.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(settings.layout.published_plan)
    return plan


def voice_of(plan: Centre) -> CatalogueVoice[SoundId]:
    """Return what says the plan's prompts."""
    return CatalogueVoice(catalogue.load(plan), SoundId)


@dataclass(frozen=True, slots=True)
class Published:
    """What became of it: files that changed, and those that Asterisk reads at its next start only."""

    changed: frozenset[str]
    waiting: frozenset[str]


class Publisher:
    """Writes Asterisk's files for the plan and the roster, and lets Asterisk read what changed."""

    def __init__(self, settings: Settings, secrets: Secrets, ari: Ari, plan: Callable[[], Centre]) -> None:
        self._settings, self._secrets, self._ari, self._plan = settings, secrets, ari, plan

    async def publish(self, agents: Sequence[Agent]) -> Published:
        """Write and reload. A reload that fails is told in the log: the files are right, and stay."""
        etc = self._settings.layout.asterisk_etc.stat()
        owner = (etc.st_uid, etc.st_gid)
        changed = await asyncio.to_thread(write, self._plan(), agents, self._settings, self._secrets, owner)
        for module in sorted({RELOADS[name] for name in changed if name in RELOADS}):
            await self._reload(module)
        if changed:
            log.info("dialplan.published", files=sorted(changed))
        return Published(changed, changed - RELOADS.keys())

    async def _reload(self, module: str) -> None:
        try:
            await self._ari.reload_module(module)
        except AsteriskError as error:
            log.error("dialplan.not_reloaded", module=module, reason=str(error))
