"""The HTTP interface: who may what, signing in, and what bad requests get."""

import asyncio
from collections import Counter
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from agents.audit.table import AuditFilter
from agents.signing_in import MOST_AT_ONCE, Knock, TooManyTries, WrongPassword
from agents.web.application import make_application
from agents.web.routes import Route
from agents.web.rules import ROUTES
from telephony.model.ids import AgentName
from tests.integration.agents.centre import CLI_TOKEN, PASSWORD, Running, running_centre
from tests.unit.telephony_records import RECORD

SENTENCE_TYPE = "application/problem+json"


async def problem(answer: aiohttp.ClientResponse) -> tuple[int, str]:
    """Return status and code of a problem."""
    assert answer.content_type == SENTENCE_TYPE, await answer.text()
    body = await answer.json(content_type=SENTENCE_TYPE)
    assert body["status"] == answer.status
    assert body["detail"].endswith((".", "?"))
    return answer.status, body["code"]


# --- who may what --------------------------------------------------------------------------------------


def test_no_address_is_served_that_the_table_does_not_name(centre: Running) -> None:
    app = make_application(centre.parts)
    served = {(r.method, r.resource.canonical) for r in app.router.routes() if r.resource is not None}
    assert served == {(route.method, route.path) for route in ROUTES}


async def test_an_address_without_a_rule_refuses_even_the_command_line(centre: Running) -> None:
    app = make_application(centre.parts)

    async def open_door(request: web.Request) -> web.Response:
        return web.Response(text=request.path)

    app.router.add_get("/api/forgotten", open_door)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/forgotten"
        async with centre.cli() as cli:
            assert await problem(await cli.get(url)) == (403, "no-rule")
    finally:
        await runner.cleanup()


def test_a_route_cannot_be_named_twice(centre: Running) -> None:
    with pytest.raises(ValueError, match="GET /healthz is routed twice"):
        make_application(centre.parts, [Route("GET", "/healthz", ROUTES[0].handler, None, "again")])


async def test_operators_see_and_set_only_what_is_theirs(centre: Running) -> None:
    centre.shelf.records = {
        "mine": {"id": "mine", "agent": "sato"},
        "other": {"id": "other", "agent": "suzuki"},
    }
    async with centre.signed_in("sato") as browser:
        assert [r["id"] for r in (await (await browser.get("/api/calls")).json())["calls"]] == ["mine"]
        assert [r["id"] for r in (await (await browser.get("/api/calls?agent=suzuki")).json())["calls"]] == [
            "mine"
        ]
        assert (await browser.get("/api/calls/mine")).status == 200
        assert await problem(await browser.get("/api/calls/other")) == (404, "not-found")
        ready = {"state": "ready"}
        assert (await browser.post("/api/agents/sato/state", json=ready)).status == 204
        answer = await browser.post("/api/agents/suzuki/state", json=ready)
        assert await problem(answer) == (403, "not-allowed")
        view = centre.floor.engine.agent_view(AgentName("suzuki"))
    assert view is not None
    assert view.state == "logged-out"


async def test_in_a_list_the_city_sees_no_whole_number_and_in_a_record_it_does(centre: Running) -> None:
    centre.shelf.records = {"a": RECORD | {"id": "a"}, "b": RECORD | {"id": "b", "caller": None}}
    async with centre.signed_in("shimizu") as city, centre.signed_in("mori") as manager:
        masked = [r["caller"] for r in (await (await city.get("/api/calls")).json())["calls"]]
        whole = [r["caller"] for r in (await (await manager.get("/api/calls")).json())["calls"]]
        assert ["+8190****5678", None] == masked
        assert ["+819012345678", None] == whole
        assert "+819012345678" == (await (await city.get("/api/calls/a")).json())["caller"]


# --- signing in ----------------------------------------------------------------------------------------


async def test_a_session_is_a_strict_cookie_that_scripts_cannot_read(centre: Running) -> None:
    async with centre.client() as client:
        answer = await client.post("/api/session", json={"user": "sato", "password": PASSWORD})
        cookie = answer.headers.getall("Set-Cookie")[0]
        assert cookie.startswith("madoguchi=")
        for attribute in ("HttpOnly", "SameSite=Strict", "Path=/"):
            assert attribute in cookie
        assert "Secure" not in cookie
        assert (await answer.json())["role"] == "operator"


async def test_a_write_without_the_csrf_token_or_from_another_site_is_refused(centre: Running) -> None:
    async with centre.signed_in("sato") as browser:
        token = browser.headers.popone("X-CSRF-Token")
        assert await problem(await browser.post("/api/desk/ticket")) == (403, "csrf")
        wrong = {"X-CSRF-Token": "あ"}
        assert await problem(await browser.post("/api/desk/ticket", headers=wrong)) == (403, "csrf")
        foreign = {"X-CSRF-Token": token, "Origin": "https://evil.example"}
        answer = await browser.post("/api/desk/ticket", headers=foreign)
        assert await problem(answer) == (403, "foreign-origin")
        ours = {"X-CSRF-Token": token, "Origin": centre.url}
        assert (await browser.post("/api/desk/ticket", headers=ours)).status == 201
        answer = await browser.get("/api/session")
        assert (await answer.json())["csrf_token"] == token


async def test_wrong_passwords_slow_down_the_guesser_and_not_the_user_elsewhere(centre: Running) -> None:
    wrong = {"user": "sato", "password": "wrong"}
    async with centre.client() as guesser:
        for _ in range(5):
            answer = await guesser.post("/api/session", json=wrong)
            assert await problem(answer) == (401, "wrong-password")
        answer = await guesser.post("/api/session", json=wrong)
        assert await problem(answer) == (429, "too-many-tries")
        assert int(answer.headers["Retry-After"]) >= 1
    elsewhere = await centre.parts.door.sign_in(Knock("sato", PASSWORD, "192.0.2.7"))
    assert elsewhere.name == "sato"


async def test_a_flood_of_sign_ins_is_put_off(centre: Running) -> None:
    async def knock(number: int) -> str:
        try:
            await centre.parts.door.sign_in(Knock(f"nobody-{number}", "wrong", "192.0.2.9"))
        except (WrongPassword, TooManyTries) as refusal:
            return type(refusal).__name__
        return "let in"

    answers = await asyncio.gather(*(knock(number) for number in range(MOST_AT_ONCE + 3)))
    assert Counter(answers) == {"WrongPassword": MOST_AT_ONCE, "TooManyTries": 3}


async def test_nobody_and_nothing_are_refused_alike(centre: Running) -> None:
    async with centre.client() as client:
        for user in ("nobody", "sato"):
            answer = await client.post("/api/session", json={"user": user, "password": "wrong"})
            assert await problem(answer) == (401, "wrong-password")
        client.cookie_jar.update_cookies({"madoguchi": "forged"})
        assert await problem(await client.get("/api/session")) == (401, "not-signed-in")
        forged = {"Authorization": f"Bearer {CLI_TOKEN}x"}
        assert await problem(await client.get("/api/status", headers=forged)) == (401, "not-signed-in")


async def test_the_command_lines_token_is_good_on_this_machine_only(
    centre: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with centre.cli() as cli:
        assert (await cli.get("/api/status")).status == 200
        monkeypatch.setattr("agents.web.identity.is_local", lambda _: False)
        assert await problem(await cli.get("/api/status")) == (401, "not-signed-in")


# --- bad requests --------------------------------------------------------------------------------------


async def test_bad_requests_get_one_sentence(centre: Running) -> None:
    json = {"Content-Type": "application/json"}
    async with centre.cli() as cli:
        assert await problem(await cli.get("/api/nothing")) == (404, "not-found")
        assert await problem(await cli.put("/api/agents")) == (405, "method-not-allowed")
        assert await problem(await cli.post("/api/agents", data="a=b")) == (415, "not-json")
        assert await problem(await cli.post("/api/agents", data="{", headers=json)) == (400, "not-json")
        assert await problem(await cli.post("/api/agents", data="[]", headers=json)) == (422, "invalid")
        large = await cli.post("/api/agents", data="x" * 300_000, headers=json)
        assert await problem(large) == (413, "request-entity-too-large")
        for query in ("since=yesterday", "outcome=good", "limit=0", "limit=-1", "limit=１", "limit=1e9"):
            assert await problem(await cli.get(f"/api/calls?{query}")) == (422, "invalid")


async def test_times_are_taken_with_offset_and_without(centre: Running) -> None:
    async with centre.cli() as cli:
        for written in (
            "2026-12-01T09:00:00+09:00",
            "2026-12-01T09:00:00%2B09:00",
            "2026-12-01T09:00",
            "2026-12-01",
        ):
            assert (await cli.get(f"/api/calls?since={written}")).status == 200
    hours = {str(wanted.since) for wanted in centre.shelf.wanted}
    assert hours == {"2026-12-01 09:00:00+09:00", "2026-12-01 00:00:00+09:00"}


async def test_a_fault_of_ours_is_one_sentence_without_detail(
    centre: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken() -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(centre.nurse, "status", broken)
    async with centre.cli() as cli:
        answer = await cli.get("/api/status")
        assert "secret" not in await answer.text()
        assert await problem(answer) == (500, "fault")


HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


async def test_every_answer_carries_the_security_headers(
    centre: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Good answers and errors of every kind."""

    async def broken() -> None:
        raise RuntimeError

    monkeypatch.setattr(centre.nurse, "status", broken)
    asked = (("GET", "/healthz"), ("GET", "/api/session"), ("GET", "/nothing"), ("PUT", "/api/agents"))
    async with centre.client() as client, centre.cli() as cli:
        answers = [await client.request(method, path) for method, path in asked]
        answers += [await cli.get("/api/status"), await cli.post("/api/agents", data="x" * 100_000)]
        assert [answer.status for answer in answers] == [200, 401, 404, 405, 500, 413]
        for answer in answers:
            assert HEADERS.items() <= dict(answer.headers).items()
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'self'" in policy
            assert "unsafe" not in policy
        assert answers[1].headers["Cache-Control"] == "no-store"


async def test_what_is_no_http_gets_a_problem_with_the_headers_too(centre: Running) -> None:
    port = int(centre.url.rpartition(":")[2])
    for raw in (b"GET / HTTP/1.1\r\nX: \0\r\n\r\n", b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\n\r\n"):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(raw)
        said = (await reader.read()).decode()
        writer.close()
        assert said.split()[1] == "400", said
        assert "application/problem+json" in said
        assert all(f"{name}: {value}" in said for name, value in HEADERS.items())


async def test_behind_tls_cookies_are_bound_to_the_host(database_url: str, tmp_path: Path) -> None:
    settings = {"public_url": "https://madoguchi.example.jp"}
    async with running_centre(database_url, tmp_path, **settings) as secure, secure.client() as client:
        proxied = {"X-Forwarded-For": "198.51.100.9, 203.0.113.5", "Origin": "https://madoguchi.example.jp"}
        content = {"user": "sato", "password": PASSWORD}
        answer = await client.post("/api/session", json=content, headers=proxied)
        assert answer.status == 201
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
        for cookie in answer.headers.getall("Set-Cookie"):
            assert cookie.startswith("__Host-madoguchi")
            for attribute in ("; Secure", "; HttpOnly", "; Path=/", "; SameSite=Strict"):
                assert attribute in cookie
            assert "Domain" not in cookie
        token = {"Authorization": f"Bearer {CLI_TOKEN}"}
        assert (await client.get("/api/status", headers=token)).status == 200
        through = await client.get("/api/status", headers=token | proxied)
        assert await problem(through) == (401, "not-signed-in"), "the command line comes through no proxy"
        await secure.parts.trail.carry_all()
        (entry,) = await secure.parts.trail.table.find(AuditFilter())
        assert entry["source"] == "203.0.113.5", "what the proxy saw, and not what the sender said"


async def test_without_a_proxy_nobody_is_believed_about_the_address(centre: Running) -> None:
    async with centre.client() as client:
        content = {"user": "sato", "password": PASSWORD}
        await client.post("/api/session", json=content, headers={"X-Forwarded-For": "203.0.113.5"})
    await centre.parts.trail.carry_all()
    (entry,) = await centre.parts.trail.table.find(AuditFilter())
    assert entry["source"] == "127.0.0.1"


# --- health and floor ----------------------------------------------------------------------------------


async def test_health_readiness_and_figures(centre: Running) -> None:
    centre.floor.ready("sato")
    centre.floor.arrive("c1")
    async with centre.client() as client:
        assert await (await client.get("/healthz")).json() == {"status": "alive"}
        assert await (await client.get("/readyz")).json() == {"ready": True, "missing": []}
        centre.nurse.lacks = ["Asterisk is away."]
        answer = await client.get("/readyz")
        assert (answer.status, await answer.json()) == (
            503,
            {"ready": False, "missing": ["Asterisk is away."]},
        )
        text = await (await client.get("/metrics")).text()
        assert 'madoguchi_calls{state="greeting"} 1.0' in text
        assert 'madoguchi_agents{state="ready"} 1.0' in text
        assert 'madoguchi_queue_waiting{queue="booking"} 0.0' in text
        assert 'madoguchi_spool_entries{spool="audit"} 0.0' in text
    async with centre.cli() as cli:
        status = await (await cli.get("/api/status")).json()
        assert (status["role"], status["calls"]) == ("leader", {"greeting": 1})


async def test_a_live_call_is_shown_and_ended(centre: Running) -> None:
    call = centre.floor.arrive("c1")
    async with centre.cli() as cli:
        live = (await (await cli.get("/api/calls/live")).json())["calls"]
        assert [(one["id"], one["state"]) for one in live] == [("c1", "greeting")]
        shown = await (await cli.get("/api/calls/c1")).json()
        assert (shown["live"], shown["caller_written"]) == (True, "090-1234-5678")
        assert (await cli.post("/api/calls/c1/hangup")).status == 204
        centre.floor.leave(call)
        assert await problem(await cli.post("/api/calls/c1/hangup")) == (404, "not-found")
        assert await problem(await cli.get("/api/calls/c1")) == (404, "not-found")


async def test_queues_and_the_queue_log(centre: Running) -> None:
    async with centre.cli() as cli:
        queues = (await (await cli.get("/api/queues")).json())["queues"]
        assert [queue["name"] for queue in queues] == ["booking", "card", "general"]
        answer = await cli.get("/api/export/queue-log?since=2026-12-01&until=2026-12-02")
        lines = (await answer.text()).splitlines()
        assert lines[0] == "2026-12-01T00:00:00+09:00|2026-12-02T00:00:00+09:00"
        assert lines[1] == "sato|['booking', 'general']"


async def test_the_same_key_does_a_thing_once(centre: Running) -> None:
    key = {"Idempotency-Key": "k-1"}
    wish = {"name": "ito", "extension": "210", "level": "standard", "skills": {"booking": 3}}
    async with centre.cli() as cli:
        first, second = await asyncio.gather(
            cli.post("/api/agents", json=wish, headers=key), cli.post("/api/agents", json=wish, headers=key)
        )
        assert (first.status, second.status) == (201, 201)
        assert await first.json() == await second.json()
        other = await cli.post("/api/agents", json=wish | {"extension": "211"}, headers=key)
        assert await problem(other) == (422, "key-reused")
        assert await problem(await cli.post("/api/agents", json=wish)) == (422, "invalid")
