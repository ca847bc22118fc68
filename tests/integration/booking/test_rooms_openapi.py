"""What ``/api/openapi.json`` says of the booking's rooms is true, also for hostile requests."""

from datetime import datetime
from pathlib import Path
from typing import Any

from booking.knowledge.sample import enter_sample_answers
from telephony.record import JST
from tests.integration.agents.test_openapi import judged
from tests.integration.attack import attack
from tests.integration.booking.rooms import RoomsCentre
from tests.integration.booking.test_rooms_matrix import MATRIX


async def test_real_answers_are_as_the_document_says(rooms: RoomsCentre) -> None:
    """Every route once, as it is used, and some refusals."""
    rooms.clock.now = datetime(2026, 12, 15, 10, 0, tzinfo=JST)
    await enter_sample_answers(rooms.pool)
    async with judged(rooms.running) as (cli, judge):

        async def ask(method: str, path: str, name: object = "", **options: Any) -> Any:
            real = path.replace("{name}", str(name)).replace("{id}", str(name))
            return await judge(method, path, await cli.request(method, real, **options))

        case = await ask("POST", "/api/cases", json={"kind": "complaint", "content": "対応が遅い"})
        await ask("POST", "/api/cases", json={"kind": "letter"})
        assert len((await ask("GET", "/api/cases"))["cases"]) == 1
        await ask("GET", "/api/cases", params={"kind": "letter"})
        assert (await ask("GET", "/api/cases/{id}", case["number"]))["mails"]
        await ask("GET", "/api/cases/{id}", "C1")
        await ask("PATCH", "/api/cases/{id}", case["number"], json={"version": 1, "note": "電話した"})
        await ask("PATCH", "/api/cases/{id}", case["number"], json={"version": 1, "note": "電話した"})

        assert (await ask("GET", "/api/knowledge", params={"q": "暗証番号"}))["knowledge"]
        await ask("GET", "/api/knowledge", params={"limit": "0"})
        await ask("GET", "/api/knowledge/{id}", "K-01")
        await ask("POST", "/api/knowledge/{id}/used", "K-01", json={"call": "call-1"})
        sheet = "番号,分類,質問,回答\nX-1,分類,質問,回答"
        await ask("POST", "/api/knowledge/import", json={"csv": sheet})
        await ask("POST", "/api/knowledge/import", json={"csv": "番号"})
        assert (await ask("GET", "/api/referrals"))["referrals"]
        await ask("POST", "/api/referrals/{name}/used", "koseki", json={"call": "call-1"})
        await ask("POST", "/api/referrals/{name}/used", "nowhere", json={"call": "call-1"})

        targets = "名称,電話番号\n松阪商店,0598-53-4000\n松阪園,0598-53-4001"
        await ask("POST", "/api/outreach/import", json={"csv": targets, "list": "12月"})
        assert (await ask("GET", "/api/outreach/gate"))["allowed"]
        target = (await ask("POST", "/api/outreach/next"))["id"]
        await ask("POST", "/api/outreach/{id}/dial", target, json={})
        await ask("POST", "/api/outreach/{id}/dial", target, json={"phone": "other"})
        await ask("POST", "/api/outreach/{id}/result", target, json={"outcome": "busy"})
        await ask("POST", "/api/outreach/{id}/result", target, json={"outcome": "busy"})
        await ask("POST", "/api/outreach/{id}/release", (await ask("POST", "/api/outreach/next"))["id"])
        assert (await ask("GET", "/api/outreach"))["targets"]
        assert (await ask("GET", "/api/outreach/calls"))["calls"]
        bar = {"phone": "0598-53-4001", "note": "希望"}
        await ask("POST", "/api/outreach/do-not-call", json=bar)
        assert (await ask("GET", "/api/outreach/do-not-call"))["numbers"]
    asked = {f"{method} {path}" for method, path, _ in judge.judged}
    assert set(MATRIX) <= asked


async def test_hostile_requests_break_nothing_and_are_refused(rooms: RoomsCentre, tmp_path: Path) -> None:
    await attack(rooms.running, MATRIX, tmp_path, examples=8)
