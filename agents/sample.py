"""The very first start: the operators of ``centre.toml`` are entered, so that phones can register at once.

Only in sample mode (the demonstration, tests) do they get passwords for signing in, and is there an account
for each of the other roles; all are kept readable in ``secrets.json`` for whoever tries the system out. In a
real centre operations staff make accounts, one by one: ``account add NAME --role ops`` is the first.
"""

import asyncio
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import orjson

from agents.passwords import hash_password, new_password
from agents.people import Credentials, Person
from agents.roles import SECOND_FACTOR, Role
from agents.roster_store import RosterTable
from agents.second_factor import new_secret
from config.schema import Agent, Centre
from telephony.model.ids import AgentName

_OWNER_ONLY = 0o600

_OFFICE = (
    ("sample-manager", "見本 総括管理責任者", Role.MANAGER),
    ("sample-city", "見本 戸籍住民課", Role.CITY),
    ("sample-ops", "見本 運用担当", Role.OPS),
)
"""Accounts without a phone that sample mode makes."""


async def enter_first_agents(table: RosterTable, plan: Centre, sample_secrets: Path | None) -> bool:
    """Enter the plan's agents if nobody was ever entered; return whether it was so.

    With *sample_secrets* (``secrets.json``) they can sign in, as can `_OFFICE`, and it is written there
    how, under ``sample_logins``: ``[{"user", "password", "role", "totp_secret"?}]``. Raises `Unavailable`.
    """
    if not await table.is_empty():
        return False
    people = [Person.answering(_with_phone(agent), Credentials()) for agent in plan.agents]
    if sample_secrets is not None:
        people += _office()
        logins = list(map(_login, people))
        people = [await _able(person, login) for person, login in zip(people, logins, strict=True)]
        await asyncio.to_thread(_keep, sample_secrets, logins)
    await table.put_all(people)
    return True


def _with_phone(agent: Agent) -> Agent:
    return agent.model_copy(update={"sip_password": agent.sip_password or new_password()})


def _office() -> Iterator[Person]:
    for name, title, role in _OFFICE:
        yield Person(AgentName(name), title, role, None, Credentials())


def _login(person: Person) -> dict[str, str]:
    login = {"user": person.name, "password": new_password(), "role": person.role.value}
    return login | ({"totp_secret": new_secret()} if person.role in SECOND_FACTOR else {})


async def _able(person: Person, login: dict[str, str]) -> Person:
    secret = login.get("totp_secret")
    credentials = Credentials(
        await hash_password(login["password"]), totp_secret=secret, totp_confirmed=secret is not None
    )
    return replace(person, credentials=credentials)


def _keep(secrets_file: Path, logins: list[dict[str, str]]) -> None:
    kept = orjson.loads(secrets_file.read_bytes()) if secrets_file.exists() else {}
    draft = secrets_file.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
    with os.fdopen(descriptor, "wb") as file:
        file.write(orjson.dumps(kept | {"sample_logins": logins}, option=orjson.OPT_INDENT_2))
    draft.replace(secrets_file)
