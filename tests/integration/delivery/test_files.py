"""Delivery in files: whole or not at all, the same again after a crash, and the city's replies."""

import csv
from pathlib import Path

import pytest

from booking.delivery.store import Store
from tests.integration.delivery.city import Connected, connected


def keys_in(file: Path) -> list[str]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return [row["key"] for row in csv.DictReader(opened)]


def folders(home: Path) -> tuple[Path, Path]:
    out, back = home / "out", home / "back"
    out.mkdir()
    back.mkdir()
    return out, back


async def test_a_change_is_delivered_when_its_file_is_there(database_url: str, tmp_path: Path) -> None:
    out, _ = folders(tmp_path)
    async with connected(database_url, tmp_path, adapter="files", folder=str(out)) as centre:
        made = await centre.book()
        assert await centre.delivering.once() == 1
        await centre.cancel(made)
        assert await centre.delivering.once() == 1
        assert await centre.delivering.once() == 0
        files = sorted(out.iterdir())
        keys = [keys_in(file) for file in files]
        assert keys == [[f"reservation:{made['id']}:1"], [f"reservation:{made['id']}:2"]]
        assert {file.stat().st_mode & 0o007 for file in files} == {0}


async def test_after_a_crash_the_same_file_is_written_again(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, _ = folders(tmp_path)
    async with connected(database_url, tmp_path, adapter="files", folder=str(out)) as centre:
        await centre.book()

        async def crash(*_: object, **__: object) -> int:
            raise ConnectionError("killed before it could write down that the file is there")

        with monkeypatch.context() as broken:
            broken.setattr(Store, "handed_over", crash)
            with pytest.raises(ConnectionError):
                await centre.delivering.once()
        (file,) = out.iterdir()
        before = file.read_bytes()
        await centre.book("090-9999-8888")
        assert await centre.delivering.once() == 2
        assert len(list(out.iterdir())) == 2
        assert file.read_bytes() == before


async def test_with_a_folder_for_replies_the_citys_word_counts(database_url: str, tmp_path: Path) -> None:
    out, back = folders(tmp_path)
    rules = {"adapter": "files", "folder": str(out), "reply_folder": str(back)}
    async with connected(database_url, tmp_path, **rules) as centre:
        first, second = await centre.book(), await centre.book("090-9999-8888")
        keys = [f"reservation:{made['id']}:1" for made in (first, second)]
        assert await centre.delivering.once() == 0
        assert await centre.states() == dict.fromkeys(keys, "sent")
        (back / "1.csv").write_text(f"key,result,reason\n{keys[0]},ok,\n{keys[1]},ng,満員\nunknown,ng,x\n")
        assert await centre.delivering.once() == 2
        assert await centre.states() == {keys[0]: "delivered", keys[1]: "refused"}
        assert [file.name for file in back.iterdir()] == ["1.csv.done"]
        assert await centre.booking.pool.fetchval("SELECT count(*) FROM cases") == 1
        (back / "2.csv").write_text(f"key,result,reason\n{keys[0]},ng,too late\n")
        assert await centre.delivering.once() == 0  # what was settled stays so
        (back / "3.csv").write_bytes(b"\xff\xfe")
        await centre.delivering.once()
        assert {file.name for file in back.iterdir()} == {"1.csv.done", "2.csv.done", "3.csv.bad"}


async def test_when_replies_are_no_longer_read_what_waits_for_one_is_sent_again(
    database_url: str, tmp_path: Path
) -> None:
    out, back = folders(tmp_path)
    rules = {"adapter": "files", "folder": str(out), "reply_folder": str(back)}
    async with connected(database_url, tmp_path, **rules) as centre:
        await centre.book()
        await centre.delivering.once()
        await _without_replies(centre)
        assert await centre.delivering.once() == 1


async def test_a_folder_that_is_gone_loses_nothing_and_says_so(database_url: str, tmp_path: Path) -> None:
    out, _ = folders(tmp_path)
    async with connected(database_url, tmp_path, adapter="files", folder=str(out)) as centre:
        await centre.book()
        out.rmdir()
        assert await centre.delivering.once() == 0
        trouble = await centre.booking.pool.fetchval("SELECT trouble FROM outbox")
        assert "cannot be used (No such file or directory)" in trouble
        out.mkdir()
        assert await centre.delivering.once() == 1


async def _without_replies(centre: Connected) -> None:
    plan = centre.booking.plan[-1]
    rules = plan.delivery.model_copy(update={"reply_folder": None})
    centre.booking.plan.append(plan.model_copy(update={"delivery": rules}))
