"""The dialplan's list of unserved calls is put aside when it has grown long, and no line is lost by that."""

from pathlib import Path
from typing import IO

import pytest

from storage import Pool
from telephony.ledger import Ledger

LINE = "m-{},left,1700000000,1700000042,,0312345678,0120123456,x%40host\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "unserved.csv"


def write(file: Path, *numbers: int) -> None:
    """Write lines as the dialplan does: open by name, append, close."""
    for number in numbers:
        with file.open("a") as opened:
            opened.write(LINE.format(number))


def size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def kept_open(file: Path) -> IO[str]:
    return file.open("a")


async def stored(pool: Pool) -> list[str]:
    rows = await pool.fetch("SELECT stream FROM journal ORDER BY length(stream), stream")
    return [row["stream"] for row in rows]


async def test_a_long_list_is_begun_anew(pool: Pool, file: Path) -> None:
    ledger = Ledger(file, pool, longest=200)
    write(file, *range(5))
    assert 5 == await ledger.once()
    assert 0 == size(file)
    write(file, 5, 6)
    assert 2 == await ledger.once()
    assert 0 < size(file) < 200
    assert [f"call:m-{number}" for number in range(7)] == await stored(pool)


async def test_a_line_that_was_being_written_meanwhile_is_stored_too(pool: Pool, file: Path) -> None:
    ledger = Ledger(file, pool, longest=200)
    opened = kept_open(file)
    write(file, *range(5))
    await ledger.once()
    opened.write(LINE.format(5))
    opened.close()
    write(file, 6)
    assert 2 == await ledger.once()
    assert [f"call:m-{number}" for number in range(7)] == await stored(pool)


async def test_a_worker_that_starts_then_finds_every_line(pool: Pool, file: Path) -> None:
    write(file, *range(5))
    await Ledger(file, pool, longest=200).once()
    write(file, 5)
    await pool.execute("TRUNCATE journal")
    assert 6 == await Ledger(file, pool, longest=200).once()
