"""Asterisk takes everything that is rendered, and has every word that the dialplan uses."""

import re

import pytest

from dialplan import USED_MODULES
from tests.asterisk_fixture import RunningAsterisk


@pytest.fixture(scope="module")
def fresh_log(asterisk: RunningAsterisk) -> str:
    """Return what Asterisk wrote from a start of its own until it was ready."""
    log = asterisk.layout.asterisk / "log" / "messages.log"
    before = len(log.read_text())
    asterisk.stop()
    asterisk.start()
    return log.read_text()[before:]


def test_asterisk_starts_without_a_warning_or_an_error(fresh_log: str) -> None:
    assert "modules will be loaded" in fresh_log
    assert not [line for line in fresh_log.splitlines() if re.search(r"\b(WARNING|ERROR)\b", line)]


def test_every_module_runs(asterisk: RunningAsterisk) -> None:
    running = {line.split()[0] for line in asterisk.cli("module show").splitlines() if " Running " in line}
    assert set(USED_MODULES) <= running


def test_asterisk_has_every_application_and_function_of_the_dialplan(asterisk: RunningAsterisk) -> None:
    text = (asterisk.layout.asterisk_etc / "extensions.conf").read_text()
    code = "\n".join(line for line in text.splitlines() if not line.startswith(";"))
    applications = set(re.findall(r"=> (?:[^,]+,1|n(?:\(\w+\))?),(\w+)\(", code))
    functions = set(re.findall(r"(?:\$\{|Set\()([A-Z_]+)\(", code))
    assert {"Stasis", "Dial", "MixMonitor", "Gosub"} <= applications
    assert {"CUT", "URIENCODE", "FILE", "GROUP"} <= functions
    described = [asterisk.cli(f"core show application {name}") for name in sorted(applications)]
    described += [asterisk.cli(f"core show function {name}") for name in sorted(functions)]
    missing = [text for text in described if "is (are) not registered" in text or "No function by" in text]
    assert not missing


def test_every_context_was_taken_as_written(asterisk: RunningAsterisk) -> None:
    shown = asterisk.cli("dialplan show")
    text = (asterisk.layout.asterisk_etc / "extensions.conf").read_text()
    for context in re.findall(r"^\[([a-z-]+)\]$", text, re.MULTILINE):
        assert context == "general" or f"Context '{context}' created by 'pbx_config'" in shown
    written = len(re.findall(r"^(?:exten| same) =>", text, re.MULTILINE))
    assert f"({written} priorities)" in shown
