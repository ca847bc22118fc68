"""The very first start: the operators of ``centre.toml`` are entered, so that phones can register at once.

Only in sample mode (the demonstration, tests) do they get passwords for signing in; these are kept readable
in ``secrets.json`` for whoever tries the system out. In a real centre ops makes them, one by one:
``agent set NAME --new-password``.
"""

import asyncio
import os
from pathlib import Path

import orjson

from agents.passwords import hash_password, new_password
from agents.people import Person
from agents.roster_store import RosterTable
from config.schema import Centre

_OWNER_ONLY = 0o600


async def enter_first_agents(table: RosterTable, plan: Centre, sample_secrets: Path | None) -> bool:
    """Enter the plan's agents if nobody was ever entered; return whether it was so.

    With *sample_secrets* (``secrets.json``) they can sign in, and their passwords are written there under
    ``sample_logins``: ``[{"user", "password", "role"}]``. Raises `Unavailable`.
    """
    if not await table.is_empty():
        return False
    people, logins = [], []
    for agent in plan.agents:
        entered = agent.model_copy(update={"sip_password": agent.sip_password or new_password()})
        password = new_password() if sample_secrets else None
        people.append(Person(entered, await hash_password(password) if password else None))
        logins.append({"user": agent.name, "password": password, "role": agent.role})
    if sample_secrets:
        await asyncio.to_thread(_keep, sample_secrets, logins)
    await table.put_all(people)
    return True


def _keep(secrets_file: Path, logins: list[dict[str, str | None]]) -> None:
    kept = orjson.loads(secrets_file.read_bytes()) if secrets_file.exists() else {}
    draft = secrets_file.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
    with os.fdopen(descriptor, "wb") as file:
        file.write(orjson.dumps(kept | {"sample_logins": logins}, option=orjson.OPT_INDENT_2))
    draft.replace(secrets_file)
