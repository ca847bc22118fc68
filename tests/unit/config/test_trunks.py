"""Trunks that stand in for each other, and the passwords of those that register."""

from pathlib import Path
from typing import Any

import pytest

from config.references import problems_in
from config.trunk_passwords import TrunkPasswords


def complaints(backup: str) -> list[str]:
    """Return what is wrong with trunks of which the first names *backup*."""
    trunks: list[dict[str, Any]] = [
        {"name": "main", "outbound": {"backup": backup}},
        {"name": "other", "outbound": {}},
        {"name": "silent"},
    ]
    trunks[1]["outbound"] = {"address": "127.0.0.4"}
    return [str(problem) for problem in problems_in({"trunks": trunks})]


@pytest.mark.parametrize(
    ("backup", "complaint"),
    [
        ("main", "is the trunk itself"),
        ("silent", "a trunk without outbound"),
        ("othr", "othr"),
    ],
)
def test_a_backup_that_takes_no_calls_is_refused(backup: str, complaint: str) -> None:
    assert any(complaint in each for each in complaints(backup))


def test_another_trunk_that_takes_calls_may_stand_in() -> None:
    assert complaints("other") == []


def test_a_password_is_one_line_that_its_owner_alone_may_read(tmp_path: Path) -> None:
    passwords = TrunkPasswords(tmp_path)
    file = tmp_path / "isp.secret"
    assert "isp" not in passwords
    file.write_text("secret;word\n")
    file.chmod(0o644)
    assert "isp" not in passwords
    file.chmod(0o600)
    assert passwords["isp"] == "secret;word"
    assert list(passwords) == ["isp"]
    file.write_text("two\nlines")
    assert "isp" not in passwords
    file.write_bytes("パスワード".encode())
    assert "isp" not in passwords
