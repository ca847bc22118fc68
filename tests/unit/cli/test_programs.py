"""The processes that the supervisor runs: loaded alone, without looking for garbage."""

import gc
import subprocess
import sys

import pytest

from madoguchi.cli import main
from madoguchi.cli.programs import NAMES
from madoguchi.loading import loading


class _Something:
    """Stands for a module."""


def test_what_was_loaded_is_never_looked_through_again() -> None:
    before = gc.get_freeze_count()
    try:
        with loading():
            assert not gc.isenabled()
            kept = _Something()
        assert gc.isenabled()
        assert gc.get_freeze_count() > before
        assert all(each is not kept for each in gc.get_objects())
    finally:
        gc.unfreeze()


def test_garbage_is_looked_for_again_when_loading_failed() -> None:
    with pytest.raises(ImportError), loading():
        raise ImportError
    assert gc.isenabled()
    gc.unfreeze()


@pytest.mark.parametrize("name", ["madoguchi.app", "madoguchi.work", "madoguchi.rescue"])
def test_a_program_loads_nothing_of_what_people_type(name: str) -> None:
    loads = f"import sys; from madoguchi.cli import programs; import {name}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loads], capture_output=True, text=True, check=True)
    assert {"typer", "madoguchi.cli.commands"}.isdisjoint(done.stdout.split())


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_program_whose_environment_is_wrong_says_so(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MADOGUCHI_HTTP_PORT", "none")
    with pytest.raises(SystemExit) as ended:
        main([name])
    assert ended.value.code == 2
    assert (
        capsys.readouterr().err
        == "MADOGUCHI_HTTP_PORT='none' is not a port; give a number from 1 to 65535.\n"
    )
