"""Agreed answers: found however they are asked for, in the version in force, and noted on the call."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from booking.database import KNOWLEDGE
from booking.knowledge.sample import enter_sample_answers
from tests.integration.booking.rooms import MY_NUMBER, RoomsCentre, said
from tests.integration.commands import commands

HEADING = "番号,分類,質問,回答,検索語,合意日,有効開始日,有効終了日\n"


async def take_in(centre: RoomsCentre, *lines: str, **more: Any) -> tuple[int, dict[str, Any]]:
    """Take in a table from the command line."""
    async with centre.running.cli() as client:
        body = {"csv": HEADING + "\n".join(lines), **more}
        return await said(await client.post("/api/knowledge/import", json=body))


async def found(centre: RoomsCentre, **query: str) -> list[str]:
    """Return the numbers that are found, the best first."""
    async with centre.running.cli() as client:
        _, answer = await said(await client.get("/api/knowledge", params=query))
    return [each["number"] for each in answer["knowledge"]]


ASKED = (
    ("暗証番号を忘れたんですけど", "K-06"),
    ("アンショウバンゴウ わすれた", "K-06"),
    ("ﾊﾟｽﾜｰﾄﾞ ロック", "K-07"),
    ("電子証明書の期限が切れた", "K-03"),
    ("ＰＩＮ　コンビニ", "K-08"),
    ("まいなぽーたる ログインできない", "K-10"),
    ("保険証 登録 やめたい", "K-13"),
    ("公金口座 変更", "K-15"),
    ("受け取りの持ち物", "K-16"),
    ("カード 無くした", "K-21"),
    ("赤ちゃん", "K-22"),
)


async def test_a_question_finds_its_answer_first(rooms: RoomsCentre) -> None:
    assert await enter_sample_answers(rooms.pool)
    best = {asked: (await found(rooms, q=asked))[:1] for asked, _ in ASKED}
    assert best == {asked: [number] for asked, number in ASKED}


async def test_one_letter_a_category_and_nonsense(rooms: RoomsCentre) -> None:
    await enter_sample_answers(rooms.pool)
    assert not await enter_sample_answers(rooms.pool)
    assert "K-06" in await found(rooms, q="忘")
    assert await found(rooms, q="魑魅魍魎") == []
    assert await found(rooms, category="公金受取口座") == ["K-14", "K-15"]
    assert len(await found(rooms)) == 22
    assert await found(rooms, q="…！") == await found(rooms)


async def test_only_the_agreed_version_of_the_day_is_shown(rooms: RoomsCentre) -> None:
    first = "A-1,分類,質問,最初の回答,,2026-04-01,2026-04-01,"
    assert (await take_in(rooms, first))[1] == {"added": 1, "changed": 0, "unchanged": 0, "drafts": 0}
    assert (await take_in(rooms, first))[1]["unchanged"] == 1
    later = "A-1,分類,質問,12月8日からの回答,,2026-12-01,2026-12-08,2026-12-09"
    draft = "A-1,分類,質問,まだ案の回答,,,2026-12-01,"
    assert (await take_in(rooms, later))[1]["changed"] == 1
    assert (await take_in(rooms, draft))[1]["drafts"] == 1
    async with rooms.running.signed_in("sato") as operator, rooms.running.signed_in("shimizu") as city:

        async def shown() -> tuple[str | None, list[int], list[int]]:
            listed = (await said(await operator.get("/api/knowledge?q=質問")))[1]["knowledge"]
            mine = (await said(await operator.get("/api/knowledge/A-1")))[1]
            theirs = (await said(await city.get("/api/knowledge/A-1")))[1]
            assert mine["in_force"] == bool(listed)
            versions = [[each["version"] for each in answer["versions"]] for answer in (mine, theirs)]
            return listed[0]["answer"] if listed else None, *versions

        assert await shown() == ("最初の回答", [2, 1], [3, 2, 1])
        rooms.clock.on(days=1)
        assert await shown() == ("12月8日からの回答", [2, 1], [3, 2, 1])
        rooms.clock.on(days=2)  # it has run out, and the older one does not come back
        assert await shown() == (None, [2, 1], [3, 2, 1])
        assert (await operator.get("/api/knowledge/A-2")).status == 404
    with pytest.raises(asyncpg.RestrictViolationError):
        await rooms.pool.execute("UPDATE knowledge SET answer = 'x'")
    with pytest.raises(asyncpg.RestrictViolationError):
        await rooms.pool.execute("DELETE FROM knowledge")


async def test_every_mistake_of_a_table_is_named_at_once_and_nothing_is_taken(rooms: RoomsCentre) -> None:
    status, refused = await take_in(
        rooms,
        "A-1,分類,質問,回答,,2026-04-01,,",
        "A 2,分類,,回答,,2026-04-01,,",
        f'A-3,分類,質問,"二行の\n回答 {MY_NUMBER}",,4月1日,,',
        "A-4,分類,個人番号カードとは,回答,,2026-04-01,,",
        "A-5,分類,質問,回答,,2026-04-01,2026-05-01,2026-04-01",
        "A-6,分類,質問,回答,,2026-02-30,,,あまり",
    )
    assert (status, refused["code"]) == (422, "invalid")
    places = [(fault["line"], fault["column"]) for fault in refused["errors"]]
    assert places == [
        *((3, "番号"), (3, "質問"), (4, "回答"), (4, "合意日"), (6, "質問"), (7, None)),
        *((8, None), (8, "合意日")),
    ]
    assert "マイナンバーカード" in refused["errors"][4]["detail"]
    twice = await take_in(rooms, "A-1,分類,質問,回答,,,,", "A-1,分類,質問,別の回答,,,,")
    assert [(fault["line"], fault["column"]) for fault in twice[1]["errors"]] == [(3, "番号")]
    async with rooms.running.cli() as manager:
        for text in ("番号,質問,色\nA-1,質問,青", "", "番号", '番号,分類,質問,回答\nA-1,"分類'):
            body = {"csv": text or "\n"}
            status, refused = await said(await manager.post("/api/knowledge/import", json=body))
            assert (status, refused["errors"][0]["line"] >= 1) == (422, True), text
    assert await rooms.pool.fetchval("SELECT count(*) FROM knowledge") == 0


async def test_a_check_takes_nothing_and_a_large_table_is_taken(rooms: RoomsCentre) -> None:
    lines = [f"B-{i},分類,質問{i}ですか,{'回答です。' * 40},,2026-04-01,," for i in range(500)]
    assert sum(len(line.encode()) for line in lines) > 64 * 1024
    assert (await take_in(rooms, *lines, check=True))[1]["added"] == 500
    assert await found(rooms) == []
    assert (await take_in(rooms, *lines))[1]["added"] == 500
    assert (await found(rooms, q="質問321"))[0] == "B-321"
    async with rooms.running.cli() as manager:
        huge = io.BytesIO(b"x" * 2_200_000)
        headers = {"Content-Type": "application/json"}
        assert (await manager.post("/api/knowledge/import", data=huge, headers=headers)).status == 413
        small = await manager.post("/api/cases", json={"what": "x" * 100_000})
        assert small.status == 413

        async def endless() -> Any:
            yield b"{"

        assert (await manager.post("/api/cases", data=endless(), headers=headers)).status == 411


async def test_what_was_given_on_a_call_is_noted_once(rooms: RoomsCentre) -> None:
    await enter_sample_answers(rooms.pool)
    async with rooms.running.signed_in("sato") as operator:
        for _ in range(2):
            answer = await said(await operator.post("/api/knowledge/K-06/used", json={"call": "call-1"}))
            assert answer == (200, {"number": "K-06", "version": 1})
        assert (await operator.post("/api/knowledge/K-99/used", json={"call": "call-1"})).status == 404
        assert (await operator.post("/api/knowledge/K-06/used", json={"call": "call-9"})).status == 422
        used = (await said(await operator.get("/api/knowledge/K-06")))[1]
    assert (used["uses"], rooms.calls.noted) == (1, [("call-1", "K-06/1")] * 2)


async def test_the_index_is_used_when_there_are_many(rooms: RoomsCentre) -> None:
    await rooms.pool.execute(
        "INSERT INTO knowledge SELECT 'F-' || n, 1, 'c', 'q', 'a', '{}', $1, $1, NULL, 'k', 'k', "
        "ARRAY['k' || n], $2, 'test' FROM generate_series(1, 20000) AS n",
        datetime(2026, 1, 1, tzinfo=UTC).date(),
        datetime(2026, 1, 1, tzinfo=UTC),
    )
    await rooms.pool.execute("ANALYZE knowledge")
    asked = (datetime(2026, 12, 7, tzinfo=UTC).date(), [{"text": "k17", "grams": ["k17"]}], ["k17"])
    plan = await rooms.pool.fetch(f"EXPLAIN {KNOWLEDGE['search']}", *asked, None, 0.3, 50)
    assert "knowledge_by_grams" in "\n".join(row[0] for row in plan)


async def test_referrals_say_who_answers_now_and_are_noted(rooms: RoomsCentre) -> None:
    async with rooms.running.signed_in("sato") as operator:

        async def open_now() -> dict[str, bool]:
            listed = (await said(await operator.get("/api/referrals")))[1]["referrals"]
            return {each["name"]: each["open_now"] for each in listed}

        monday_at_eight = {"national": False, "national-loss": True, "koseki": False, "card-centre": False}
        assert await open_now() == monday_at_eight
        rooms.clock.on(hours=2)
        assert set((await open_now()).values()) == {True}
        rooms.clock.now = datetime(2026, 11, 23, 18, 0, tzinfo=rooms.clock.now.tzinfo)  # a holiday, Monday
        assert await open_now() == monday_at_eight
        rooms.clock.now = datetime(2026, 12, 30, 11, 0, tzinfo=rooms.clock.now.tzinfo)
        assert await open_now() == monday_at_eight
        (loss,) = (await said(await operator.get("/api/referrals?q=盗まれた")))[1]["referrals"]
        assert (loss["number_written"], loss["hours_written"]) == ("0120-95-0178", "24時間、年中無休")
        (city,) = (await said(await operator.get("/api/referrals?topic=戸籍")))[1]["referrals"]
        assert city["name"] == "koseki"
        use = {"call": "call-1"}
        assert (await operator.post("/api/referrals/koseki/used", json=use)).status == 204
        through = use | {"how": "transferred"}
        assert (await operator.post("/api/referrals/koseki/used", json=through)).status == 204
        assert (await operator.post("/api/referrals/nowhere/used", json=use)).status == 404
        assert (await operator.post("/api/referrals/koseki/used", json={"call": "call-9"})).status == 422
    assert rooms.calls.noted == [("call-1", "koseki guided"), ("call-1", "koseki transferred")]
    (made,) = await rooms.pool.fetch("SELECT call, referral, how, by FROM referrals_made")
    assert tuple(made) == ("call-1", "koseki", "transferred", "sato")


async def test_the_command_line_takes_in_finds_and_names_mistakes(
    rooms: RoomsCentre,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    command = commands(rooms.running, tmp_path, monkeypatch, capfd)
    file = tmp_path / "answers.csv"
    file.write_bytes((HEADING + "A-1,暗証番号,忘れました,窓口へ,,2026/4/1,,").encode("cp932"))
    assert (await command("knowledge", "import", str(file), "--check"))[1].startswith("1 would be added")
    assert (await command("knowledge", "import", str(file)))[0] == 0
    assert "A-1" in (await command("knowledge", "search", "暗証番号 忘れた"))[1]
    shown = json.loads((await command("knowledge", "show", "A-1", "--json"))[1])
    assert (shown["agreed_on"], shown["answer"]) == ("2026-04-01", "窓口へ")
    file.write_text("\ufeff" + HEADING + "A-2,分類,,回答,,,,\n,分類,質問,回答,,,,", encoding="utf-8")
    status, _, mistakes = await command("knowledge", "import", str(file))
    assert (status, "answers.csv:2: 質問" in mistakes, "answers.csv:3: 番号" in mistakes) == (1, True, True)
    file.write_bytes(b"abc\x81")
    assert "Shift_JIS" in (await command("knowledge", "import", str(file)))[2]
    assert "0120-95-0178" in (await command("referrals", "マイナポータル"))[1]
