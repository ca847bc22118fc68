"""Asterisk's complaints are counted as they come, and shown without anybody's number."""

from pathlib import Path

from madoguchi.alerts.log_lines import LogLines
from madoguchi.alerts.readings import Lines

WARNING = "[2026-12-28 10:00:00.123] WARNING[77][C-0000001a]: chan_sip.c:1 f: no answer from 09012345678\n"
ERROR = "[2026-12-28 10:00:01.123] ERROR[78]: res_x.c:9 g: gone\n"
NOTICE = "[2026-12-28 10:00:02.123] NOTICE[79]: res_y.c:9 h: ERROR[1]: nothing\n"


def add(file: Path, *lines: str) -> None:
    with file.open("a", encoding="utf-8") as opened:
        opened.writelines(lines)


def test_lines_are_counted_for_a_while_and_old_ones_never(tmp_path: Path) -> None:
    file, now = tmp_path / "messages.log", [0.0]
    add(file, ERROR * 5)
    lines = LogLines(file, lambda: now[0])
    assert lines.look(600, ()) == Lines(0, 0, "")
    add(file, WARNING, NOTICE, "a line that goes on\n", ERROR[:20])
    found = lines.look(600, ())
    assert (found.errors, found.warnings) == (0, 1)
    assert found.latest == "chan_sip.c:1 f: no answer from …"
    add(file, ERROR[20:])
    now[0] = 500.0
    assert lines.look(600, ()).errors == 1
    now[0] = 1_000.0
    assert lines.look(600, ()) == Lines(1, 0, "res_x.c:9 g: gone")


def test_a_rotated_file_is_read_from_its_beginning_and_a_missing_one_is_none(tmp_path: Path) -> None:
    file = tmp_path / "messages.log"
    lines = LogLines(file, lambda: 0.0)
    assert lines.look(600, ()) == Lines(0, 0, "")
    add(file, ERROR)
    assert lines.look(600, ()).errors == 1
    file.rename(tmp_path / "messages.log.1")
    add(file, ERROR, WARNING)
    assert lines.look(600, ()) == Lines(2, 1, lines.look(600, ()).latest)


def test_what_operations_staff_call_harmless_does_not_count(tmp_path: Path) -> None:
    file = tmp_path / "messages.log"
    lines = LogLines(file, lambda: 0.0)
    add(file, ERROR, WARNING)
    found = lines.look(600, ("res_x.c:9 g: gone",))
    assert (found.errors, found.warnings) == (0, 1)
