"""The centre's HTTP interface as the command line uses it: by token, without a screen."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

import aiohttp
import stamina

from tests.acceptance.copy import Copy

RECORDED_S = 20.0
PAGE = 10_000
"""As many records as one answer may hold."""
"""How long a record may take from the end of its call to PostgreSQL."""

Json = Mapping[str, Any]


class Office:
    """One test's way into the interface; `records` judges the calls placed since it was opened."""

    def __init__(self, copy: Copy) -> None:
        token = json.loads(copy.layout.secrets_file.read_text())["cli_token"]
        self.http = copy.running["http"]
        self.began = datetime.now(UTC)
        self._session = aiohttp.ClientSession(self.http, headers={"Authorization": f"Bearer {token}"})

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def get(self, path: str, **query: str) -> Json:
        """Read *path*; raises aiohttp.ClientResponseError unless the answer is 2xx."""
        async with self._session.get(path, params=query, raise_for_status=True) as answer:
            content: Json = await answer.json()
            return content

    async def set_state(self, agent: str, state: str) -> None:
        """Set what *agent* is doing."""
        path = f"/api/agents/{agent}/state"
        async with self._session.post(path, json={"state": state}, raise_for_status=True):
            return

    async def post(self, path: str, content: Json) -> None:
        """Ask for something; raises aiohttp.ClientResponseError unless the answer is 2xx."""
        async with self._session.post(path, json=content, raise_for_status=True):
            return

    async def free(self, agent: str) -> None:
        """Wait until *agent* is ready for the next call."""
        async for attempt in stamina.retry_context(
            on=AssertionError, attempts=None, timeout=20, wait_initial=0.02, wait_max=0.1
        ):
            with attempt:
                assert "ready" == (await self.get(f"/api/agents/{agent}"))["state"]

    async def live(self) -> list[Json]:
        """Return the calls that are up now."""
        calls: list[Json] = (await self.get("/api/calls/live"))["calls"]
        return calls

    async def records(self, *sip_call_ids: str) -> dict[str, Json]:
        """Return the one record of each call, once all are written.

        PostgreSQL tells nobody that a record has arrived, so it is asked again; it may still start. Fails
        when a call has none or more than one.
        """
        async for attempt in stamina.retry_context(
            on=(AssertionError, aiohttp.ClientResponseError), attempts=None, timeout=RECORDED_S, wait_max=0.3
        ):
            with attempt:
                found = [each for each in await self.written() if each["sip_call_id"] in sip_call_ids]
                assert sorted(sip_call_ids) == sorted(each["sip_call_id"] for each in found)
        return {each["sip_call_id"]: each for each in found}

    async def written(self) -> list[Json]:
        """Return every record since this office was opened, however many pages that takes."""
        found: dict[str, Json] = {}
        until: dict[str, str] = {}
        while True:
            asked = {"since": self.began.isoformat(), "limit": str(PAGE), **until}
            page: list[Json] = (await self.get("/api/calls", **asked))["calls"]
            before = len(found)
            found |= {each["id"]: each for each in page}
            if len(page) < PAGE or len(found) == before:
                return list(found.values())
            oldest = datetime.fromisoformat(page[-1]["started_at"])  # shown in whole milliseconds
            until = {"until": (oldest + timedelta(milliseconds=1)).isoformat()}

    async def ready(self, limit_s: float = 60.0) -> None:
        """Wait until the centre takes calls (again)."""
        async for attempt in stamina.retry_context(
            on=aiohttp.ClientError, attempts=None, timeout=limit_s, wait_initial=0.05, wait_max=0.2
        ):
            with attempt:
                await self.get("/readyz")

    async def knows_phone(self, agent: str, *, registered: bool = True) -> None:
        """Wait until the centre has heard that *agent*'s phone has come, or gone.

        A contact that an Asterisk finds after its death counts once it was asked for life: within 15 s.
        """
        async for attempt in stamina.retry_context(
            on=(AssertionError, aiohttp.ClientError),
            attempts=None,
            timeout=20,
            wait_initial=0.02,
            wait_max=0.1,
        ):
            with attempt:
                assert (await self.get(f"/api/agents/{agent}"))["registered"] is registered
