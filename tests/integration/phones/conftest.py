"""An Asterisk whose dialplan answers, rings and reads keys, for the telephones to try themselves on."""

import shutil
from collections.abc import AsyncIterator, Iterator

import pytest

from madoguchi.demo.phones import Account, Carrier, Phone
from tests.asterisk_fixture import RunningAsterisk

EXTENSIONS = """
[from-trunk]
exten = 201,1,Answer()
 same = n,Dial(PJSIP/201@desk,20)
 same = n,Hangup()
exten = keys,1,Answer()
 same = n,Read(KEYS,,3,,1,3)
 same = n,SendDTMF(${KEYS})
 same = n,Wait(0.5)
 same = n,Hangup()
exten = ring,1,Ringing()
 same = n,Wait(60)
[from-operators]
"""
MODULES = ("app_read.so", "app_senddtmf.so")


@pytest.fixture(scope="package")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAsterisk]:
    home = tmp_path_factory.mktemp("exchange")
    for directory in (home, *home.parents[:2]):
        directory.chmod(0o755)
    running = RunningAsterisk(home)
    running.write_configuration()  # the product's own phones and trunk
    (running.layout.asterisk_etc / "extensions.conf").write_text(EXTENSIONS)
    with (running.layout.asterisk_etc / "modules.conf").open("a") as modules:
        modules.writelines(f"load = {module}\n" for module in MODULES)
    running.start()
    try:
        yield running
    finally:
        running.stop()
        shutil.rmtree(home)


@pytest.fixture
async def carrier(exchange: RunningAsterisk) -> AsyncIterator[Carrier]:
    carrier = Carrier(("127.0.0.1", exchange.sip_port))
    yield carrier
    await carrier.close()


@pytest.fixture
async def phone(exchange: RunningAsterisk) -> AsyncIterator[Phone]:
    phone = Phone(Account("201", exchange.phone_password), ("127.0.0.1", exchange.sip_port))
    await phone.register()
    yield phone
    await phone.unregister()
    phone.close()
