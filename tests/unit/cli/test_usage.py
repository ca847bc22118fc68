"""What the command line says when it cannot do what was asked: one sentence on stderr and a status."""

from pathlib import Path

import pytest

from madoguchi.cli import main


def run(*arguments: str) -> int:
    """Run one command line and return its status."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy that was never started."""
    monkeypatch.setenv("MADOGUCHI_HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["frobnicate"], "No such command 'frobnicate'; --help shows how it is written."),
        (
            ["agent", "add", "ito"],
            "Missing option '--extension'; --help shows how it is written.",
        ),
        (
            ["agent", "add", "ito", "--extension", "210", "--level", "x", "--skill", "booking"],
            "--skill 'booking' is not SKILL=WEIGHT, for example booking=7.",
        ),
        (
            ["agent", "set", "ito"],
            "Say what to change, for example --level or --skill (madoguchi agent set --help).",
        ),
        (
            ["calls", "--live", "--agent", "sato"],
            "--live shows every call that is up now; leave the other filters out.",
        ),
    ],
)
def test_wrong_usage_is_one_sentence_and_status_2(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == f"{sentence}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["status"],
        ["calls"],
        ["call", "c1"],
        ["agents"],
        ["agent", "ready", "sato"],
        ["queues"],
        ["asterisk", "x"],
    ],
)
def test_a_centre_that_is_not_running_is_said_with_what_to_type(
    arguments: list[str], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 1
    expected = f"The centre is not running (there is no {home}/run.json); start it with `make up`.\n"
    assert capsys.readouterr().err == expected


def test_a_centre_that_does_not_answer_is_said(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "run.json").write_text('{"http": "http://127.0.0.1:1"}')
    (home / "secrets.json").write_text('{"cli_token": "t"}')
    assert run("status") == 1
    assert capsys.readouterr().err.startswith("The centre does not answer at http://127.0.0.1:1;")
    (home / "run.json").write_text('{"http": ')
    assert run("status") == 1
    assert "run.json is damaged" in capsys.readouterr().err


def test_a_wrong_environment_is_wrong_usage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MADOGUCHI_HTTP_PORT", "http")
    assert run("status") == 2
    assert "MADOGUCHI_HTTP_PORT='http' is not a port" in capsys.readouterr().err


def test_every_mistake_of_a_configuration_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "centre.toml"
    file.write_text('title = 3\nqueue = []\ntimezone = "Mars"\n', encoding="utf-8")
    assert run("config", "check", str(file)) == 1
    said = capsys.readouterr().err
    assert said.splitlines()[0].startswith(f"{file} has ")
    for path in ("title", "queue", "timezone"):
        assert any(line.strip().startswith(path) for line in said.splitlines()), path


def test_in_a_japanese_terminal_mistakes_are_said_in_japanese(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "ja_JP.UTF-8")
    file = tmp_path / "centre.toml"
    file.write_text('title = 3\nqueue = []\ntimezone = "Mars"\n', encoding="utf-8")
    assert run("config", "check", str(file)) == 1
    said = capsys.readouterr().err
    assert f"{file} に誤りが" in said
    assert 'timezone：（"Mars"）時間帯の名前ではありません。日本は Asia/Tokyo です。' in said
    assert "it must" not in said
    assert run("config", "check") == 0
    assert capsys.readouterr().out.endswith("に誤りはありません。\n")


def test_the_sample_configuration_is_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("config", "check") == 0
    assert capsys.readouterr().out.endswith("centre.toml is in order.\n")


def test_help_and_no_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    assert "agents" in capsys.readouterr().out
    assert run() == 2


def test_a_text_is_read_in_kana(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("sounds", "read", "松阪市") == 0
    assert capsys.readouterr().out == "マツサカシ\n"


def test_speech_goes_into_a_file_and_a_bad_name_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("sounds", "say", "はい", "--out", str(tmp_path / "yes.wav")) == 0
    assert (tmp_path / "yes.wav").read_bytes()[:4] == b"RIFF"
    capsys.readouterr()
    assert run("sounds", "say", "はい", "--out", str(tmp_path / "yes.mp3")) == 1
    assert capsys.readouterr().err == "yes.mp3 ends in neither .wav nor .sln16.\n"
