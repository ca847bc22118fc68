"""What is published reaches the real Asterisk, or is found not to have, and taken back; people talk on."""

import asyncio
import errno
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import stamina
import tomlkit

from config.schema import Agent
from dialplan import Finding, Secrets, live_files, meant
from madoguchi import publishing
from madoguchi.demo.phones import Carrier, Phone
from madoguchi.local import asterisk_root
from madoguchi.local.trial import try_out
from madoguchi.publication.assembly import Running, in_force, open_publication
from madoguchi.publication.candidate import Candidate, candidate
from madoguchi.publication.publication import Publication, TakenBack, Wish
from madoguchi.publication.source import Source
from madoguchi.publication.starting import put_in_force
from madoguchi.publishing import InForce, Publisher
from storage import open_pool
from telephony.asterisk.client import Ari
from telephony.asterisk.inventory import inventory
from telephony.asterisk.manager import Limits, Manager, ManagerConnected
from tests.asterisk_fixture import EXTENSIONS, RunningAsterisk
from tests.integration.dialplan.conftest import full_soon
from tests.integration.dialplan.driver import Driver
from tests.integration.dialplan.test_roster import conversation, hear_each_other

OWN = {
    "own.conf": """\
[custom-from-operators]
exten => 71,1,Answer()
 same => n,Playback(short)
 same => n,Hangup()
"""
}
ODD = {"odd.conf": "[custom-from-operators]\n; not seen by us\nexten => 72,n,Answer()\n"}
"""Asterisk knows no priority that this one could be next to."""

NOBODY = "postgresql://127.0.0.1:1/nobody"
AT_MOST_S = 5.0
IMPATIENT_S = 1.5


@dataclass
class House:
    """A publication in front of the real Asterisk."""

    publication: Publication
    publisher: Publisher
    original: InForce
    manager: Manager
    agents: tuple[Agent, ...]
    secrets: Secrets
    asterisk: RunningAsterisk
    centre: str

    async def publish(self, custom: dict[str, str], *, trunk: str = "127.0.0.2/32") -> int:
        """Publish without a trial; return the version."""
        text = self.centre.replace("127.0.0.2/32", trunk, 1)
        wish = Wish(Source(text, custom), "okada", "a test", trial=False)
        return (await self.publication.apply(wish)).version.number


@pytest.fixture
async def manager(asterisk: RunningAsterisk) -> AsyncIterator[Manager]:
    address = ("127.0.0.1", asterisk.ami_port)
    limits = Limits(answer_s=IMPATIENT_S)
    manager = Manager(address, asterisk.user, asterisk.ami_password, limits=limits)
    connected = asyncio.Event()

    async def listen() -> None:
        async with aclosing(manager.listen()) as items:
            async for item in items:
                if isinstance(item, ManagerConnected):
                    connected.set()

    listening = asyncio.create_task(listen(), name="manager")
    await connected.wait()
    yield manager
    listening.cancel()
    await asyncio.wait({listening})


@pytest.fixture
async def impatient(asterisk: RunningAsterisk) -> AsyncIterator[Ari]:
    """ARI that gives a hung Asterisk up soon."""
    async with Ari(asterisk.ari_url, asterisk.user, asterisk.ari_password, timeout_s=IMPATIENT_S) as entered:
        yield entered


@pytest.fixture
async def house(
    asterisk: RunningAsterisk, impatient: Ari, manager: Manager, tmp_path: Path
) -> AsyncIterator[House]:
    prompts = {"prompts": {"menu": "番号をどうぞ。"}}
    centre = tomlkit.dumps(full_soon().model_dump(mode="json", exclude_unset=True) | prompts)
    place = replace(
        asterisk.settings, centre_file=tmp_path / "centre.toml", custom_folder=tmp_path / "custom"
    )
    place.centre_file.write_text(centre)
    put_in_force(place)
    agents = tuple(
        Agent(
            name=f"op{extension}",
            title="",
            extension=extension,
            level="standard",
            sip_password=asterisk.phone_password,
        )
        for extension in EXTENSIONS
    )
    secrets = Secrets(asterisk.ari_password, asterisk.ami_password)
    now = [in_force(place)]

    async def no_trial(_: Candidate) -> list[Finding]:
        return []

    async def adopt(new: InForce) -> None:
        now.append(new)

    publisher = Publisher(place, secrets, (impatient, manager), now[-1])
    running = Running(publisher, lambda: agents, lambda: now[-1], adopt, lambda: None, no_trial)
    pool = await open_pool(NOBODY, name="test")
    publication, _ = open_publication(place, secrets, pool, running)
    original = now[0]
    yield House(publication, publisher, original, manager, agents, secrets, asterisk, centre)
    await publisher.put(original, agents, anew=True)
    await pool.close()


async def test_what_asterisk_has_is_what_the_files_mean(house: House) -> None:
    await house.publish(OWN)
    wanted = meant(live_files(house.asterisk.layout.asterisk_etc), full_soon(), house.agents)
    found = await inventory(house.manager.ask)
    assert wanted == found
    assert len(found.steps) > 100


async def test_a_change_reaches_asterisk_while_somebody_talks(
    house: House, ari: Ari, carrier: Carrier, phone: Callable[..., Phone]
) -> None:
    async with Driver(ari) as driver:
        call, ring = await conversation(driver, carrier, phone("201"))
        await house.publish(OWN, trunk="127.0.0.2/31")
        assert "'71' =>" in house.asterisk.cli("dialplan show custom-from-operators")
        assert "127.0.0.2/31" in house.asterisk.cli("pjsip show identifies")
        await hear_each_other(call, ring)
        await house.publication.roll_back(None, "okada", "back")
        assert "'71' =>" not in house.asterisk.cli("dialplan show custom-from-operators")
        await hear_each_other(call, ring)
        call.leave()
        await ring.over.wait()


async def test_a_controller_that_is_newer_than_asterisk_lets_it_catch_up_while_somebody_talks(
    house: House, ari: Ari, carrier: Carrier, phone: Callable[..., Phone]
) -> None:
    """It lived on through an upgrade that needs another module and another step of the dialplan."""
    async with Driver(ari) as driver:
        call, ring = await conversation(driver, carrier, phone("203"))
        house.asterisk.cli("module unload func_volume.so")
        house.asterisk.cli("dialplan remove extension h@from-trunk")
        assert "func_volume.so" not in await ari.running_modules()
        serving = asyncio.create_task(house.publication.run())
        async for attempt in stamina.retry_context(
            on=AssertionError, attempts=None, timeout=AT_MOST_S, wait_max=0.1
        ):
            with attempt:
                assert "'h' =>" in house.asterisk.cli("dialplan show from-trunk")
                assert "func_volume.so" in await ari.running_modules()
        serving.cancel()
        await asyncio.wait({serving})
        await hear_each_other(call, ring)
        call.leave()
        await ring.over.wait()


async def test_a_full_disk_ends_no_controller_that_lets_asterisk_catch_up(
    house: House, ari: Ari, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def full(*_: object) -> frozenset[str]:
        tried.append(True)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    house.asterisk.cli("module unload func_volume.so")
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "write_files", full)
        await house.publisher.catch_up(house.original, house.agents)
    assert tried
    assert "func_volume.so" in await ari.running_modules(), "what needs no disk is done"


async def test_what_asterisk_refuses_is_seen_and_taken_back_at_once(
    house: House, ari: Ari, carrier: Carrier, phone: Callable[..., Phone]
) -> None:
    before = live_files(house.asterisk.layout.asterisk_etc)
    async with Driver(ari) as driver:
        call, ring = await conversation(driver, carrier, phone("202"))
        await house.publish(OWN)
        kept = live_files(house.asterisk.layout.asterisk_etc)
        began = time.monotonic()
        with pytest.raises(TakenBack, match="Asterisk lacks Answer") as taken:
            await house.publish(OWN | ODD)
        seconds = time.monotonic() - began
        print(f"\ntaken back after {taken.value.seconds:.2f} s, the command took {seconds:.2f} s")  # noqa: T201
        assert seconds < AT_MOST_S
        assert live_files(house.asterisk.layout.asterisk_etc) == kept != before
        assert "'71' =>" in house.asterisk.cli("dialplan show custom-from-operators")
        await hear_each_other(call, ring)
        call.leave()
        await ring.over.wait()


async def test_an_asterisk_that_does_not_answer_is_no_success(house: House) -> None:
    house.asterisk.pause()
    try:
        with pytest.raises(TakenBack, match=r"too long|did not reload|cannot be asked"):
            await house.publish(OWN)
    finally:
        house.asterisk.resume()


async def test_the_throw_away_asterisk_takes_what_is_right_and_says_where_it_is_wrong(house: House) -> None:
    if os.geteuid() != 0 or not asterisk_root.ROOT.exists():
        pytest.skip("a throw-away Asterisk runs as root, in the prepared root")
    place = replace(house.asterisk.settings, centre_file=Path("centre.toml"))

    async def said(custom: dict[str, str]) -> list[Finding]:
        found = candidate(Source(house.centre, custom), house.agents, place, house.secrets)
        return list(await try_out(found, place, house.secrets))

    assert await said(OWN) == []
    findings = await said(ODD)
    assert [(finding.file, finding.line) for finding in findings if finding.line] == [("odd.conf", 3)]
    assert [] == list(house.asterisk.home.glob("trial-*")), "nothing of it is left"
