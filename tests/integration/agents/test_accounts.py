"""Accounts: first sign-in, passwords, the second factor, and what operations staff can do."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import pytest

from agents.devices import Devices
from agents.roster import Roster
from agents.roster_store import RosterFile, RosterTable
from agents.second_factor import STEP_S, codes_around, step_of
from agents.signing_in import Door, Knock, WrongCode
from storage import migrate, open_pool
from telephony.model.ids import AgentName
from tests.integration.agents.centre import PASSWORD, TOTP_SECRET, Running, login, running_centre
from tests.integration.agents.test_roster import nobody_told
from tests.integration.agents.test_web import problem
from tests.postgres_fixture import Cluster
from tests.unit.model.plans import plan

GOOD = "plum river copper bicycle"


@asynccontextmanager
async def newcomer(centre: Running) -> AsyncIterator[tuple[aiohttp.ClientSession, dict[str, Any]]]:
    """Give a browser in which somebody signed in for the first time, and the answer to it."""
    async with centre.cli() as cli, centre.client() as browser:
        new = await (await cli.post("/api/accounts", json={"name": "abe", "role": "ops"})).json()
        credentials = {"user": "abe", "password": new["password"]}
        signed = await (await browser.post("/api/session", json=credentials)).json()
        browser.headers["X-CSRF-Token"] = signed["csrf_token"]
        yield browser, new


async def enrol(browser: aiohttp.ClientSession, password: str) -> tuple[str, list[str]]:
    """Enrol an authenticator; return its secret and the recovery codes."""
    begun = await (await browser.post("/api/account/totp", json={"password": password})).json()
    code = codes_around(begun["secret"], time.time())[0]
    answer = await browser.post("/api/account/totp/confirmation", json={"totp": code})
    assert answer.status == 201, await answer.text()
    return begun["secret"], (await answer.json())["recovery_codes"]


# --- the first day ---------------------------------------------------------------------------------------


async def test_a_newcomer_chooses_a_password_and_enrols_and_only_then_works(centre: Running) -> None:
    async with newcomer(centre) as (browser, new):
        change = {"present": new["password"], "new": GOOD}
        assert (await browser.post("/api/account/password", json=change)).status == 204
        assert await problem(await browser.get("/api/accounts")) == (403, "enrol-totp")
        secret, recovery = await enrol(browser, GOOD)
        assert len(set(recovery)) == 10
        assert (await browser.get("/api/accounts")).status == 200
        assert (await (await browser.get("/api/session")).json())["missing"] == []
    async with centre.client() as later:
        plain = {"user": "abe", "password": GOOD}
        assert await problem(await later.post("/api/session", json=plain)) == (401, "totp-required")
        code = codes_around(secret, time.time())[1]
        assert (await later.post("/api/session", json=plain | {"totp": code})).status == 201


async def test_enrolment_shows_a_uri_that_authenticators_read(centre: Running) -> None:
    async with newcomer(centre) as (browser, new):
        begun = await (await browser.post("/api/account/totp", json={"password": new["password"]})).json()
        assert begun["uri"] == f"otpauth://totp/Madoguchi:abe?secret={begun['secret']}&issuer=Madoguchi"
        wrong = await browser.post("/api/account/totp/confirmation", json={"totp": "123"})
        assert await problem(wrong) == (401, "wrong-code")
        assert (await (await browser.get("/api/session")).json())["missing"][-1] == "enrol-totp"


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("short one", "must have at least 12 characters"),
        ("password1234", "too easy to guess"),
        ("madoguchimadoguchi", "too easy to guess"),
        ("abeabeabeabeabe", "too easy to guess"),
    ],
)
async def test_weak_passwords_are_refused_with_a_sentence(centre: Running, wanted: str, said: str) -> None:
    async with newcomer(centre) as (browser, new):
        answer = await browser.post("/api/account/password", json={"present": new["password"], "new": wanted})
        assert answer.status == 422
        (fault,) = (await answer.json(content_type=None))["errors"]
        assert fault["field"] == "new"
        assert said in fault["detail"]


async def test_a_new_password_ends_the_persons_other_sessions_and_not_this_one(centre: Running) -> None:
    async with (
        centre.signed_in("sato") as here,
        centre.signed_in("sato") as there,
        centre.desk(there) as desk,
    ):
        await desk.next("snapshot")
        wrong = {"present": "not it", "new": GOOD}
        assert await problem(await here.post("/api/account/password", json=wrong)) == (401, "wrong-password")
        change = {"present": PASSWORD, "new": GOOD}
        assert (await here.post("/api/account/password", json=change)).status == 204
        assert (await here.get("/api/session")).status == 200
        assert (await there.get("/api/session")).status == 401
        async with asyncio.timeout(1):
            while not desk.socket.closed:
                await desk.socket.receive()


# --- codes -----------------------------------------------------------------------------------------------


async def test_a_code_is_good_once_and_so_is_no_earlier_one(centre: Running) -> None:
    before, now, after = codes_around(TOTP_SECRET, time.time())
    async with centre.client() as browser:

        async def sign_in(code: str) -> int:
            return (await browser.post("/api/session", json={**login("okada"), "totp": code})).status

        assert await sign_in(now) == 201
        assert await sign_in(now) == 401, "the same again"
        assert await sign_in(before) == 401, "an earlier one"
        assert await sign_in(after) == 201


async def test_a_code_is_good_for_one_of_two_controllers(
    centre: Running, database_url: str, tmp_path: Path
) -> None:
    """The other one took over and does not know what this one saw last."""
    pool = await open_pool(database_url, name="test")
    other = Roster(RosterTable(pool), RosterFile(tmp_path / "other.json"), plan, nobody_told)
    await other.load()
    content = login("okada")
    async with centre.client() as browser:
        assert (await browser.post("/api/session", json=content)).status == 201
    with pytest.raises(WrongCode):
        await Door(other, Devices("a key")).sign_in(
            Knock("okada", PASSWORD, "192.0.2.1", code=content["totp"])
        )
    await pool.close()


async def test_without_the_database_too_a_code_is_good_once(
    private_postgres: Cluster, tmp_path: Path
) -> None:
    await migrate(private_postgres.url)
    content = login("okada")
    async with running_centre(private_postgres.url, tmp_path) as centre, centre.client() as browser:
        private_postgres.stop()
        assert (await browser.post("/api/session", json=content)).status == 201
        assert await problem(await browser.post("/api/session", json=content)) == (401, "wrong-code")
        private_postgres.start()
        await centre.parts.roster.load()
        assert await problem(await browser.post("/api/session", json=content)) == (401, "wrong-code")


async def test_used_codes_stay_used_after_a_restart(centre: Running, database_url: str) -> None:
    content = login("okada")
    async with centre.client() as browser:
        assert (await browser.post("/api/session", json=content)).status == 201
        await centre.parts.roster.load()  # what a restarted controller reads
        assert await problem(await browser.post("/api/session", json=content)) == (401, "wrong-code")
    connection = await asyncpg.connect(database_url)
    assert await connection.fetchval("SELECT totp_step FROM agents WHERE name = 'okada'") > 0
    await connection.close()


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off(steps: int, right: bool) -> None:  # noqa: FBT001 - a table
    now = 1_800_000_010.0
    code = codes_around(TOTP_SECRET, now + steps * STEP_S)[1]
    assert (step_of(TOTP_SECRET, code, now) is not None) is right


async def test_parallel_sign_ins_with_one_code_let_one_in(centre: Running) -> None:
    content = login("okada")
    async with centre.client() as browser:
        answers = await asyncio.gather(*(browser.post("/api/session", json=content) for _ in range(4)))
    assert sorted(answer.status for answer in answers) == [201, 401, 401, 401]


async def test_a_recovery_code_opens_once(centre: Running) -> None:
    async with newcomer(centre) as (browser, new):
        _, recovery = await enrol(browser, new["password"])
        content = {"user": "abe", "password": new["password"], "totp": recovery[3].upper()}
        assert (await browser.post("/api/session", json=content)).status == 201
        assert await problem(await browser.post("/api/session", json=content)) == (401, "wrong-code")
        other = {**content, "totp": recovery[4]}
        assert (await browser.post("/api/session", json=other)).status == 201


async def test_whoever_has_a_second_factor_shows_it_before_enrolling_another(centre: Running) -> None:
    async with centre.signed_in("okada") as browser:
        wish = {"password": PASSWORD}
        assert await problem(await browser.post("/api/account/totp", json=wish)) == (401, "totp-required")
        code = codes_around(TOTP_SECRET, time.time())[2]
        assert (await browser.post("/api/account/totp", json=wish | {"totp": code})).status == 201
        assert centre.parts.roster.people[_okada].credentials.totp_secret == TOTP_SECRET, "until confirmed"


# --- operations staff --------------------------------------------------------------------------------------


async def test_a_disabled_account_is_out_within_a_second_everywhere(centre: Running) -> None:
    centre.floor.ready("sato")
    async with centre.signed_in("sato") as browser, centre.desk(browser) as desk, centre.cli() as cli:
        await desk.next("snapshot")
        began = time.monotonic()
        answer = await cli.patch("/api/accounts/sato", json={"disabled": True})
        assert (await answer.json())["disabled"] is True
        async with asyncio.timeout(1):
            while not desk.socket.closed:
                await desk.socket.receive()
            assert (await browser.get("/api/session")).status == 401
        assert time.monotonic() - began < 1
        view = centre.floor.engine.agent_view(_sato)
        assert view is not None
        assert view.state == "logged-out", "no call is offered to somebody who is shut out"
        refused = await browser.post("/api/session", json=login("sato"))
        assert await problem(refused) == (403, "account-disabled")
        assert (await cli.patch("/api/accounts/sato", json={"disabled": False})).status == 200
        assert (await browser.post("/api/session", json=login("sato"))).status == 201


async def test_nobody_can_disable_the_own_account(centre: Running) -> None:
    async with centre.signed_in("okada") as browser:
        answer = await browser.patch("/api/accounts/okada", json={"disabled": True})
        assert await problem(answer) == (409, "own-account")


async def test_a_reset_second_factor_signs_out_and_must_be_enrolled_again(centre: Running) -> None:
    async with centre.signed_in("tanaka") as browser, centre.cli() as cli:
        assert (await cli.patch("/api/accounts/tanaka", json={"reset_second_factor": True})).status == 200
        assert (await browser.get("/api/session")).status == 401
        again = await browser.post("/api/session", json={"user": "tanaka", "password": PASSWORD})
        assert (await again.json())["missing"] == ["enrol-totp"]


async def test_an_account_without_a_phone_is_no_agent(centre: Running) -> None:
    async with centre.cli() as cli:
        for method, path in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/state")):
            answer = await cli.request(method, f"/api/agents/okada{path}", json={"state": "ready"})
            assert await problem(answer) == (404, "not-found"), method
        assert "okada" not in await (await cli.get("/api/agents")).text()
        answer = await cli.patch("/api/accounts/sato", json={"role": "ops"})
        assert await problem(answer) == (422, "invalid")


async def test_no_answer_shows_a_hash_or_a_secret(centre: Running) -> None:
    async with centre.cli() as cli:
        for path in ("/api/accounts", "/api/accounts/okada", "/api/audit"):
            text = await (await cli.get(path)).text()
            assert "argon2" not in text
            assert TOTP_SECRET not in text


_sato, _okada = AgentName("sato"), AgentName("okada")
