"""Building the console: only when something changed, and in one sentence when it cannot be."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from madoguchi.local import console
from madoguchi.local.errors import LocalError
from madoguchi.local.steps import Steps

NPM = """#!/bin/sh
echo "$3" >> {done}
case "$3" in ci) mkdir -p {folder}/node_modules;; run) mkdir -p {folder}/dist;; esac
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Sources, and commands named node and npm that write down what they were asked for."""
    folder, programs = tmp_path / "console", tmp_path / "bin"
    (folder / "src").mkdir(parents=True)
    programs.mkdir()
    (folder / "package-lock.json").write_text("{}")
    (folder / "src" / "main.ts").write_text("export {};")
    program(programs / "node", "#!/bin/sh\necho v18.20.4\n")
    program(programs / "npm", NPM.format(done=tmp_path / "done", folder=folder))
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    return folder


def program(file: Path, text: str) -> None:
    file.write_text(text)
    file.chmod(0o755)


def build(folder: Path) -> list[str]:
    """Build, and return everything that npm was asked for so far."""
    console.prepare(Steps(Console(file=io.StringIO())), folder)
    return (folder.parent / "done").read_text().split()


def test_what_did_not_change_is_not_built_again(folder: Path) -> None:
    assert ["ci", "run"] == build(folder)
    assert ["ci", "run"] == build(folder)


def test_changed_sources_are_built_and_changed_libraries_fetched(folder: Path) -> None:
    build(folder)
    (folder / "src" / "main.ts").write_text("export const changed = true;")
    assert ["ci", "run", "run"] == build(folder)
    (folder / "package-lock.json").write_text('{"lockfileVersion": 3}')
    assert ["ci", "run", "run", "ci", "run"] == build(folder)


def test_a_node_that_is_too_old_is_said(folder: Path) -> None:
    program(folder.parent / "bin" / "node", "#!/bin/sh\necho v16.20.0\n")
    with pytest.raises(LocalError, match=r"Node\.js 18 or newer, but this is v16\.20\.0"):
        build(folder)


def test_a_build_that_fails_is_one_sentence_and_is_tried_again(folder: Path) -> None:
    npm = folder.parent / "bin" / "npm"
    works = npm.read_text()
    program(npm, "#!/bin/sh\necho 'network is away'\nexit 1\n")
    with pytest.raises(LocalError, match=r"npm ci failed \(network is away\); check the network"):
        build(folder)
    program(npm, works)
    assert ["ci", "run"] == build(folder)
