"""The console as it is handed out, and what its telephone is told."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agents.web.built import Pages
from dialplan import REALM, digest
from tests.integration.agents.centre import Running, running_centre

WEBSOCKET = "ws://127.0.0.1:8088/ws"
SCRIPT = "main-ABCDEFGH.js"


@pytest.fixture
async def centre(database_url: str, tmp_path: Path) -> AsyncIterator[Running]:
    """A centre with pages of the shape that the build leaves, and a telephone server."""
    built = tmp_path / "dist"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text(f'<script type="module" src="/assets/{SCRIPT}"></script>')
    (built / "assets" / SCRIPT).write_text("const words = '窓口';\n" * 200)
    (built / "secret.txt").write_text("not to be handed out")
    settings = {"pages": Pages.read(built), "sip_websocket": WEBSOCKET}
    async with running_centre(database_url, tmp_path, **settings) as running:
        yield running


async def test_the_page_is_asked_for_anew_and_may_run_nothing_inline(centre: Running) -> None:
    async with centre.client() as browser:
        answer = await browser.get("/")
        assert 200 == answer.status
        assert "text/html" == answer.content_type
        assert "no-cache" == answer.headers["Cache-Control"]
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self'; style-src 'self';" in policy
        assert "unsafe" not in policy
        assert "connect-src 'self' ws://127.0.0.1:8088;" in policy
        assert "DENY" == answer.headers["X-Frame-Options"]


async def test_files_with_their_hash_in_the_name_are_kept_for_ever_and_sent_packed(centre: Running) -> None:
    async with centre.client() as browser:
        answer = await browser.get(f"/assets/{SCRIPT}")
        assert "public, max-age=31536000, immutable" == answer.headers["Cache-Control"]
        assert "gzip" == answer.headers["Content-Encoding"]
        assert "const words = '窓口';\n" * 200 == await answer.text()
        plain = await browser.get(f"/assets/{SCRIPT}", headers={"Accept-Encoding": "identity"})
        assert "Content-Encoding" not in plain.headers


@pytest.mark.parametrize(
    "name", ["secret.txt", "../secret.txt", "..%2Fsecret.txt", "%2e%2e/index.html", "nil"]
)
async def test_nothing_beside_the_built_files_is_handed_out(centre: Running, name: str) -> None:
    async with centre.client() as browser:
        answer = await browser.get(f"/assets/{name}")
        assert 404 == answer.status
        assert "not to be handed out" not in await answer.text()


async def test_a_centre_without_built_pages_says_what_to_do(database_url: str, tmp_path: Path) -> None:
    async with running_centre(database_url, tmp_path) as centre, centre.client() as browser:
        answer = await browser.get("/")
        assert 404 == answer.status
        assert "make console" in (await answer.json(content_type=None))["detail"]


async def test_everybody_is_told_of_the_own_telephone_alone_and_never_its_password(centre: Running) -> None:
    for user, extension in (("sato", "201"), ("suzuki", "202"), ("tanaka", "300")):
        async with centre.signed_in(user) as browser:
            answer = await browser.get("/api/phone")
            assert {
                "extension": extension,
                "realm": REALM,
                "ha1": digest(extension, f"sip-password-{user}"),
                "websocket": WEBSOCKET,
            } == await answer.json()
            assert f"sip-password-{user}" not in await answer.text()
            assert "no-store" == answer.headers["Cache-Control"]
