"""``hours``, ``open``, ``close`` and ``emergency`` with no centre running."""

import asyncio
import getpass
import json
from pathlib import Path

import pytest

from agents.passwords import hash_password
from agents.people import Credentials, Person
from agents.roster_store import RosterFile
from config.layout import Layout
from config.schema import Agent
from madoguchi.cli import main
from madoguchi.hours.emergency import message_in_force

SAMPLE = Path(__file__).parents[3] / "config" / "centre.toml"
PASSWORDS = {"sato": "the first", "suzuki": "the second"}


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """A copy that was never started, with the sounds that it would have."""
    monkeypatch.setenv("MADOGUCHI_HOME", str(tmp_path))
    monkeypatch.setenv("MADOGUCHI_CONFIG", str(SAMPLE))
    layout = Layout(tmp_path)
    layout.sounds.mkdir()
    layout.emergency_flag.parent.mkdir(parents=True)
    (layout.sounds / "emergency.sln16").touch()
    return layout


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.mark.usefixtures("layout")
def test_a_day_is_shown_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("hours", "--on", "2027-01-11", "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["open"], shown["reason"], shown["hours"]) == (False, "祝日（成人の日）", [])
    assert shown["next_opening"] == "2027-01-12T09:00:00+09:00"
    assert run("hours", "--on", "2027-01-12") == 0
    assert "09:00–17:15" in capsys.readouterr().out


@pytest.mark.usefixtures("layout")
@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (("hours", "--on", "tomorrow"), 2, "--on 'tomorrow' is not a date, for example 2027-01-04."),
        (("open", "--until", "noon"), 2, "--until 'noon' is not a time, for example 2027-01-04T09:00+09:00."),
        (("close", "--until", "2027-01-04T12:00", "--from", "x"), 2, "--from 'x' is not a time"),
        (("open", "--until", "2027-01-04T12:00"), 1, "The centre is not running"),
        (("emergency", "on", "--message", "tsunami"), 1, "There is no sound for 'tsunami'"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], status: int, sentence: str
) -> None:
    assert status == run(*arguments)
    assert sentence in capsys.readouterr().err


def test_the_disaster_mode_needs_no_running_centre(
    layout: Layout, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("emergency", "on", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "on": True,
        "message": "emergency",
        "waits_for_second_person": False,
        "controller_told": False,
    }
    assert message_in_force(layout) == "emergency"
    assert run("emergency", "off") == 0
    assert message_in_force(layout) is None


@pytest.fixture
def two_persons(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The plan wants two persons; what is typed when a password is asked for can be changed."""
    plan = SAMPLE.read_text(encoding="utf-8").replace("two_persons = false", "two_persons = true")
    layout.published_plan.write_text(plan, encoding="utf-8")
    asyncio.run(_write_roster(layout))
    typed = dict(PASSWORDS)
    monkeypatch.setattr(getpass, "getpass", lambda asked: typed[asked.split()[-1].rstrip(":")])
    return typed


async def _write_roster(layout: Layout) -> None:
    people = [
        Person.answering(
            Agent(name=name, title=name, extension=extension, level="standard", sip_password="x" * 12),
            Credentials(await hash_password(PASSWORDS[name])),
        )
        for name, extension in (("sato", "201"), ("suzuki", "202"))
    ]
    await RosterFile(layout.roster_file).write(people)


@pytest.mark.usefixtures("two_persons")
def test_two_persons_switch_it_by_name_and_password(layout: Layout) -> None:
    assert run("emergency", "on") == 2, "nobody said who"
    assert run("emergency", "on", "--by", "sato") == 0
    assert message_in_force(layout) is None
    assert run("emergency", "on", "--by", "suzuki") == 0
    assert message_in_force(layout) == "emergency"


def test_a_wrong_password_confirms_nothing(layout: Layout, two_persons: dict[str, str]) -> None:
    run("emergency", "on", "--by", "sato")
    two_persons["suzuki"] = "a guess"
    assert run("emergency", "on", "--by", "suzuki") == 1
    assert message_in_force(layout) is None
