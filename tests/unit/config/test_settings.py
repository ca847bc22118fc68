"""The environment of one copy: what may stand in it, and what is said of a mistake."""

import pytest

from config.settings import Settings, SettingsError


def test_a_second_controller_runs_only_where_somebody_asked_for_it() -> None:
    assert Settings.from_environment({}).standby
    assert not Settings.from_environment({"MADOGUCHI_STANDBY": "0"}).standby


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


def test_asterisk_is_on_this_machine_unless_told_otherwise() -> None:
    here = Settings.from_environment({})
    assert (here.asterisk_is_elsewhere, here.ari_url) == (False, "http://127.0.0.1:8088/ari")
    assert here.refusal("Publish") is None


@pytest.mark.parametrize("given", ["10.99.0.1", "192.168.7.1", "100.64.0.9", "fd00::1"])
def test_asterisk_may_be_on_another_machine_of_a_private_network(given: str) -> None:
    there = Settings.from_environment({"MADOGUCHI_ASTERISK_ADDRESS": given})
    assert there.asterisk_is_elsewhere
    assert there.manager_address == (given, 5038)
    assert there.ari_url in {f"http://{given}:8088/ari", f"http://[{given}]:8088/ari"}
    assert there.websocket_sip == there.ari_url.replace("http", "ws").replace("/ari", "/ws")
    assert given in (there.refusal("Publish") or "")


@pytest.mark.parametrize("given", ["8.8.8.8", "203.0.113.7", "2001:4860:4860::8888", "asterisk.example.jp"])
def test_asterisks_interfaces_are_not_reached_over_a_public_network(given: str) -> None:
    with pytest.raises(SettingsError, match=f"MADOGUCHI_ASTERISK_ADDRESS='{given}'"):
        Settings.from_environment({"MADOGUCHI_ASTERISK_ADDRESS": given})
