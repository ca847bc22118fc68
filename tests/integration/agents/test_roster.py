"""The roster on a real PostgreSQL, and without it."""

import asyncio
import json
from pathlib import Path

import asyncpg
import pytest

from agents.devices import Devices
from agents.errors import AlreadyThere
from agents.people import Credentials, Person
from agents.ports import Unavailable
from agents.roster import Roster
from agents.roster_store import RosterFile, RosterTable
from agents.sample import enter_first_agents
from agents.signing_in import Door, Knock
from config.schema import Agent
from storage import migrate, open_pool
from telephony.model.ids import AgentName
from tests.integration.agents.centre import Running
from tests.postgres_fixture import Cluster
from tests.unit.model.plans import agent, plan

WISH = {"name": "ito", "title": "伊藤", "extension": "210", "level": "trainee", "skills": {"booking": 3}}


async def nobody_told(agents: tuple[Agent, ...]) -> None:
    """Tell nobody."""
    del agents


async def test_an_agent_is_added_changed_and_removed_while_running(centre: Running) -> None:
    async with centre.cli() as cli:
        answer = await cli.post("/api/agents", json=WISH)
        assert answer.status == 201
        added = await answer.json()
        assert (added["state"], added["role"], added["skills"]) == ("logged-out", "operator", {"booking": 3})
        assert len(added["sip_password"]) >= 12
        assert centre.announced[-1] == ["sato", "suzuki", "ito", "tanaka"]
        changed = await (await cli.patch("/api/agents/ito", json={"level": "standard"})).json()
        assert (changed["level"], changed["title"]) == ("standard", "伊藤")
        assert "sip_password" not in changed
        assert (await cli.delete("/api/agents/ito")).status == 204
        assert centre.announced[-1] == ["sato", "suzuki", "tanaka"]
        assert (await cli.get("/api/agents/ito")).status == 404
        assert (await cli.delete("/api/agents/ito")).status == 404
        again = await cli.post("/api/agents", json=WISH | {"name": "kato"})
        assert again.status == 201, "the extension is free again"
        assert (await cli.post("/api/agents", json=WISH | {"extension": "211"})).status == 201, (
            "so is the name"
        )


async def test_who_is_entered_can_sign_in_until_removed_or_given_a_new_password(centre: Running) -> None:
    async with centre.cli() as cli, centre.client() as browser:
        added = await (await cli.post("/api/agents", json=WISH)).json()
        credentials = {"user": "ito", "password": added["password"]}
        assert (await browser.post("/api/session", json=credentials)).status == 201
        renewed = await (await cli.patch("/api/agents/ito", json={"new_password": True})).json()
        assert (await browser.get("/api/session")).status == 401, "signed out by the new password"
        assert (await browser.post("/api/session", json=credentials)).status == 401
        credentials["password"] = renewed["password"]
        assert (await browser.post("/api/session", json=credentials)).status == 201
        assert (await cli.delete("/api/agents/ito")).status == 204
        assert (await browser.get("/api/session")).status == 401
        assert (await browser.post("/api/session", json=credentials)).status == 401


async def test_a_removed_operators_desk_is_closed(centre: Running) -> None:
    async with centre.signed_in("sato") as browser, centre.desk(browser) as desk, centre.cli() as cli:
        await desk.next("snapshot")
        assert (await cli.delete("/api/agents/sato")).status == 204
        async with asyncio.timeout(3):
            while not desk.socket.closed:
                await desk.socket.receive()


async def test_no_list_shows_a_password(centre: Running) -> None:
    async with centre.cli() as cli:
        for path in ("/api/agents", "/api/agents/sato"):
            text = await (await cli.get(path)).text()
            assert "password" not in text
            assert "argon2" not in text


async def test_every_field_at_fault_is_named_at_once(centre: Running) -> None:
    wish = {
        "name": "Ito!",
        "title": 'a"b',
        "extension": "0",
        "level": "standrad",
        "skills": {"bookin": 3},
        "role": "city",
        "colour": "red",
    }
    async with centre.cli() as cli:
        answer = await cli.post("/api/agents", json=wish)
        assert answer.status == 422
        errors = {
            error["field"]: error["detail"] for error in (await answer.json(content_type=None))["errors"]
        }
    assert errors.keys() == wish.keys()
    assert errors["level"] == "has 'standrad', which is not in centre.toml; did you mean standard?"
    assert errors["skills"] == "has 'bookin', which is not in centre.toml; did you mean booking?"
    assert errors["extension"] == "must be 3 to 6 digits and not begin with 0"


async def test_a_name_or_extension_in_use_is_refused(centre: Running) -> None:
    async with centre.cli() as cli:
        answer = await cli.post("/api/agents", json=WISH | {"name": "sato", "extension": "202"})
        errors = {
            error["field"]: error["detail"] for error in (await answer.json(content_type=None))["errors"]
        }
        assert errors == {"name": "sato is taken", "extension": "202 belongs to suzuki"}
        answer = await cli.patch("/api/agents/sato", json={"extension": "202"})
        assert answer.status == 422
        assert (await cli.patch("/api/agents/sato", json={"name": "saito"})).status == 422


async def test_the_database_itself_keeps_extensions_apart(centre: Running) -> None:
    """Another controller may have added somebody whom this one does not know."""
    pool = centre.parts.roster._table._pool  # noqa: SLF001 - plays the other controller
    table = RosterTable(pool)
    stranger = centre.parts.roster.person(AgentName("sato"))
    assert stranger.agent is not None
    twin = Person.answering(stranger.agent.model_copy(update={"name": "twin"}), Credentials())
    with pytest.raises(AlreadyThere, match="Extension 201 belongs to somebody else"):
        await table.put(twin)
    with pytest.raises(AlreadyThere, match="named sato already"):
        await table.put(stranger)


async def test_without_the_database_reading_and_signing_in_work_and_changes_are_refused(
    private_postgres: Cluster, tmp_path: Path
) -> None:
    await migrate(private_postgres.url)
    pool = await open_pool(private_postgres.url, name="test")
    table, file = RosterTable(pool), RosterFile(tmp_path / "roster.json")
    secrets_file = tmp_path / "secrets.json"
    secrets_file.write_text('{"cli_token": "t"}')
    centre = plan(agents=[agent("sato", booking=5).model_dump()])
    assert await enter_first_agents(table, centre, secrets_file)
    assert not await enter_first_agents(table, centre, secrets_file), "only at the very first start"
    assert (await Roster(table, file, lambda: centre, nobody_told).load())[0].name == "sato"
    kept = json.loads(secrets_file.read_text())
    assert kept["cli_token"] == "t"
    login = kept["sample_logins"][0]
    roles = [one["role"] for one in kept["sample_logins"]]
    assert roles == ["operator", "manager", "city", "ops"]
    assert ["totp_secret" in one for one in kept["sample_logins"]] == [False, True, True, True]

    private_postgres.stop()
    late = Roster(table, file, lambda: centre, nobody_told)
    (known,) = await late.load()
    assert known.sip_password is not None
    assert len(known.sip_password) >= 12
    door = Door(late, Devices("a key"))
    person = await door.sign_in(Knock(login["user"], login["password"], "127.0.0.1"))
    assert person.role == "operator"
    with pytest.raises(Unavailable, match="database cannot be reached; nothing was changed"):
        await late.add(WISH)
    assert [one.name for one in late.agents] == ["sato"]
    await pool.close()


async def test_without_database_and_copy_the_roster_is_not_known(tmp_path: Path) -> None:
    pool = await open_pool("postgresql://postgres@127.0.0.1:1/none", name="test")
    file = RosterFile(tmp_path / "roster.json")
    roster = Roster(RosterTable(pool), file, plan, nobody_told)
    with pytest.raises(Unavailable, match=r"there is no .*roster\.json"):
        await roster.load()
    (tmp_path / "roster.json").write_text('[{"name": ')
    with pytest.raises(Unavailable, match=r"roster\.json is damaged"):
        await roster.load()
    await pool.close()


async def test_the_copy_is_readable_by_its_owner_only(centre: Running, tmp_path: Path) -> None:
    assert centre.parts.roster.agents
    assert (tmp_path / "roster.json").stat().st_mode & 0o777 == 0o600


async def test_a_start_from_the_copy_catches_up_with_the_database(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agents.roster.RETRY_S", 0.01)
    pool = await open_pool(database_url, name="test")
    away = await open_pool("postgresql://postgres@127.0.0.1:1/none", name="test")
    centre = plan(agents=[agent("sato", booking=5).model_dump()])
    await enter_first_agents(RosterTable(pool), centre, None)
    file = RosterFile(tmp_path / "roster.json")
    await file.write(())
    told: list[tuple[str, ...]] = []

    async def tell(agents: tuple[Agent, ...]) -> None:
        told.append(tuple(one.name for one in agents))

    table = RosterTable(away)
    roster = Roster(table, file, lambda: centre, tell)
    assert await roster.load() == ()
    monkeypatch.setattr(table, "_pool", pool)  # the database comes back
    async with asyncio.timeout(5):
        await roster.run()
    assert told == [("sato",)]
    credentials = roster.person(AgentName("sato")).credentials
    assert credentials.password_hash is None, "no password outside sample mode"
    assert list(roster.people) == ["sato"]
    await pool.close()
    await away.close()


async def test_removed_people_stay_in_the_table_without_passwords(centre: Running, database_url: str) -> None:
    async with centre.cli() as cli:
        await cli.delete("/api/agents/sato")
    connection = await asyncpg.connect(database_url)
    row = await connection.fetchrow(
        "SELECT active, sip_password, password_hash, title FROM agents WHERE name = 'sato'"
    )
    await connection.close()
    assert row is not None
    assert tuple(row) == (False, None, None, "Sato")
