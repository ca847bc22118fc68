"""Operator and supervisor at baresip telephones, and the supervisor's commands by the command line."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from madoguchi.demo.phones import Account
from madoguchi.demo.running import sip_address
from tests.acceptance.copy import Copy
from tests.acceptance.floor.command import said
from tests.acceptance.floor.office import Office
from tests.acceptance.listening.caller import Caller
from tests.acceptance.listening.ears import TONES, Ear
from tests.acceptance.listening.rounds import CHIEF, OPERATOR
from tests.phones.baresip import Baresip

PEOPLE: Final = {"operator": OPERATOR, "supervisor": CHIEF}


@dataclass(slots=True)
class Terminal:
    """Both telephones answer whatever rings."""

    copy: Copy
    ears: Mapping[str, Ear]
    name: str = "cli"

    async def pick_up(self) -> None:
        """The telephone does it."""

    async def want(self, mode: str, call: str) -> None:
        """Give the command of that name."""
        await said(self.copy, mode, call, "--as", CHIEF)

    async def end(self, caller: Caller, *, taken_over: bool) -> str:  # noqa: ARG002 -- whoever talks
        """Let the caller hang up."""
        await caller.leave()
        return "caller"


@asynccontextmanager
async def terminal(copy: Copy, office: Office, folder: Path) -> AsyncIterator[Terminal]:
    """Switch both telephones on; the operator is ready."""
    accounts = {phone["name"]: phone for phone in copy.running["agents"]}
    phones = {}
    async with AsyncExitStack() as exits:
        for who, name in PEOPLE.items():
            account = Account(accounts[name]["extension"], accounts[name]["sip_password"])
            phone = Baresip(account, sip_address(copy.running), folder / name, hertz=TONES[who])
            await phone.start()
            exits.push_async_callback(phone.stop)
            await office.knows_phone(name)
            phones[who] = phone
        await office.set_state(OPERATOR, "ready")
        yield Terminal(copy, phones)
        await office.set_state(OPERATOR, "logged-out")
