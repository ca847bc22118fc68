"""The journal's tail: what a dead process had not committed goes into the spool, once."""

from pathlib import Path

import pytest

from telephony import tail as module
from telephony.encoding import encode
from telephony.model.commands import Record
from telephony.model.ids import Instant
from telephony.spool import Mark, Spool
from telephony.tail import Tail, replay


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "spool.sqlite"


def entry(number: int) -> bytes:
    return encode(Record("agent:aoki", Instant(float(number)), "agent.state", {"state": "ready"}))


def instants(spool: Spool) -> list[int]:
    return [at_us // 1_000_000 for _, _, at_us, _, _ in spool.not_drained(10_000).rows]


def test_only_what_was_not_committed_is_replayed(file: Path) -> None:
    spool, tail = Spool(file), Tail(file)
    marks = [tail.write([entry(number)]) for number in range(1, 6)]
    spool.append_encoded([entry(1), entry(2)], marks[1])
    tail.close()
    assert 3 == replay(file, spool)
    assert [1, 2, 3, 4, 5] == instants(spool)


def test_replaying_twice_doubles_nothing_and_leaves_no_file(file: Path) -> None:
    spool, tail = Spool(file), Tail(file)
    tail.write([entry(1)])
    tail.close()
    assert [1, 0] == [replay(file, spool), replay(file, spool)]
    assert 0 == spool.replay(tail.name, {1: entry(1)})
    assert [1] == instants(spool)
    assert [] == list(file.parent.glob("*.tail-*"))


def test_the_tail_of_a_process_that_lives_is_left_alone(file: Path) -> None:
    spool, tail = Spool(file), Tail(file)
    tail.write([entry(1)])
    assert 0 == replay(file, spool)
    tail.close()
    assert 1 == replay(file, spool)


def test_a_torn_line_costs_nothing_but_itself(file: Path) -> None:
    spool, tail = Spool(file), Tail(file)
    tail.write([entry(1)])
    tail.close()
    (first,) = file.parent.glob("*.tail-*.0")
    whole = first.read_bytes()
    first.write_bytes(whole + b"2 " + entry(2)[:-9] + b"\n3 " + entry(3) + b"\n4 " + entry(4)[:5])
    assert 2 == replay(file, spool)
    assert [1, 3] == instants(spool)


def test_a_full_file_is_written_again_only_when_all_of_it_is_committed(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SEGMENT_BYTES", 400)
    spool, tail = Spool(file), Tail(file)
    for number in range(1, 101):
        tail.write([entry(number)])
        if number <= 60:
            spool.append_encoded([entry(number)], Mark(tail.name, number))
            tail.committed(Mark(tail.name, number))
    sizes = [each.stat().st_size for each in file.parent.glob("*.tail-*")]
    assert (
        0 < min(sizes) < 600 < max(sizes) < 45 * 80
    )  # 40 were not committed, the first 60 made no more of it
    tail.close()
    assert 40 == replay(file, spool)
    assert list(range(1, 101)) == instants(spool)
