"""The environment of one copy: what may stand in it, and what is said of a mistake."""

import pytest

from config.settings import Settings, SettingsError


def test_a_second_controller_runs_only_where_somebody_asked_for_it() -> None:
    assert not Settings.from_environment({}).standby
    assert Settings.from_environment({"MADOGUCHI_STANDBY": "1"}).standby


@pytest.mark.parametrize(
    ("written", "sample"), [("", True), ("yes", True), ("1", True), ("No", False), ("0", False)]
)
def test_sample_accounts_are_made_unless_told_otherwise(written: str, sample: bool) -> None:  # noqa: FBT001
    settings = Settings.from_environment({"MADOGUCHI_SAMPLE_ACCOUNTS": written})
    assert settings.sample_accounts is sample


def test_the_public_address_is_an_origin() -> None:
    named = {"MADOGUCHI_PUBLIC_URL": "https://madoguchi.example.jp/"}
    assert Settings.from_environment(named).public_url == "https://madoguchi.example.jp"
    assert Settings.from_environment({}).public_url is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MADOGUCHI_SAMPLE_ACCOUNTS", "perhaps"),
        ("MADOGUCHI_PUBLIC_URL", "madoguchi.example.jp"),
        ("MADOGUCHI_PUBLIC_URL", "https://madoguchi.example.jp/path"),
        ("MADOGUCHI_HTTP_PORT", "0"),
    ],
)
def test_a_mistake_is_named_with_its_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"{name}='{value}'"):
        Settings.from_environment({name: value})
