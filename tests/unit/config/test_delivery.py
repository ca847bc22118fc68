"""How the city's system is reached, and the secret that is not in ``centre.toml``."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from config.schema.delivery import Adapter, Delivery
from config.secret_files import SecretError, read_secret


def test_nothing_is_delivered_unless_somebody_says_where() -> None:
    assert Delivery().adapter is Adapter.NONE


@pytest.mark.parametrize(
    ("rules", "complaint"),
    [
        ({"adapter": "http"}, "no url"),
        ({"adapter": "files"}, "no folder"),
        ({"adapter": "http", "url": "http://yoyaku.example.jp/"}, "unencrypted"),
        ({"adapter": "http", "url": "https://user:pw@yoyaku.example.jp/"}, "password"),
        ({"adapter": "http", "url": "ftp://yoyaku.example.jp/"}, "not an address"),
        ({"adapter": "files", "folder": "changes"}, "begin with /"),
        ({"first_pause_s": 10, "longest_pause_s": 5}, "longest_pause_s"),
    ],
)
def test_a_mistake_is_refused(rules: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        Delivery.model_validate(rules)


def test_this_machine_may_be_reached_without_encryption() -> None:
    assert Delivery.model_validate({"adapter": "http", "url": "http://127.0.0.1:9/x"}).url


def test_a_secret_is_read_only_from_a_file_that_nobody_else_may_read(tmp_path: Path) -> None:
    file = tmp_path / "delivery.secret"
    with pytest.raises(SecretError, match="cannot be read"):
        read_secret(file)
    file.write_text("x" * 32 + "\n")
    file.chmod(0o640)
    with pytest.raises(SecretError, match="chmod 600"):
        read_secret(file)
    file.chmod(0o600)
    assert read_secret(file) == b"x" * 32
    file.write_text("short")
    with pytest.raises(SecretError, match="shorter"):
        read_secret(file)
