"""`explain`: what would happen to a call, told from the model itself."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from config.loading import load_centre
from config.schema import Centre
from madoguchi.cli import main
from madoguchi.explaining import Asked, Explanation, explain
from madoguchi.explaining.explanation import difference
from telephony.model.errors import UnknownAgent
from telephony.model.ids import Instant
from telephony.model.rulings import Override

SAMPLE = Path(__file__).parents[3] / "config" / "centre.toml"
NUMBER = "+81120000598"
CITY = "+81598000001"


@pytest.fixture(scope="module")
def centre() -> Centre:
    return load_centre(SAMPLE)


def at(text: str) -> Instant:
    return Instant(datetime.fromisoformat(f"{text}+09:00").timestamp())


def told(centre: Centre, when: str, *keys: str, caller: str = "+819012345678", **more: object) -> Explanation:
    asked = Asked(caller, NUMBER, at(when), keys, **more)  # type: ignore[arg-type]
    return explain(centre, centre.agents, asked)


def texts(explanation: Explanation) -> str:
    return "".join(text for step in explanation.steps for text in step.prompts)


def test_a_call_in_hours_reaches_whoever_the_model_chooses(centre: Centre) -> None:
    found = told(centre, "2026-12-28T10:00", "1")
    assert ("answered", True, None) == (
        found.outcome,
        found.as_json()["open"],
        found.as_json()["next_opening"],
    )
    (offered,) = [step for step in found.steps if any(candidate.chosen for candidate in step.candidates)]
    chosen = next(candidate for candidate in offered.candidates if candidate.chosen)
    first_tier = [c for c in offered.candidates if c.tier_open and c.ready]
    assert chosen.load_v + chosen.spared_s == min(c.load_v + c.spared_s for c in first_tier)
    assert f"{chosen.title}（{chosen.name}）を呼び出します" in offered.decides
    assert {"nakamura-ren": 7, "sato-misaki": 9}.items() <= {
        c.name: c.weight for c in offered.candidates
    }.items()


@pytest.mark.parametrize(
    ("when", "reason", "said", "opens"),
    [
        (
            "2026-12-29T10:00",
            "年末年始",
            "次の受付は、1月4日（月）午前9時からです。",
            "2027-01-04T09:00:00+09:00",
        ),
        ("2027-01-11T10:00", "祝日（成人の日）", "本日は、成人の日のため", "2027-01-12T09:00:00+09:00"),
        ("2027-01-04T08:00", "受付開始前", "本日の受付は、午前9時からです。", "2027-01-04T09:00:00+09:00"),
        (
            "2027-01-09T10:00",
            "休業日",
            "次の受付は、1月12日（火）午前9時からです。",
            "2027-01-12T09:00:00+09:00",
        ),
    ],
)
def test_a_call_outside_hours_hears_reason_and_next_opening(
    centre: Centre, when: str, reason: str, said: str, opens: str
) -> None:
    found = told(centre, when, "1")
    content = found.as_json()
    assert ("closed", False, reason, opens) == (
        content["outcome"],
        content["open"],
        content["reason"],
        content["next_opening"],
    )
    assert said in texts(found)


def test_nobody_ready_means_waiting_until_patience_ends(centre: Centre) -> None:
    found = told(centre, "2026-12-28T10:00", "1", ready=())
    assert found.outcome == "abandoned"
    (joined,) = [step for step in found.steps if step.candidates]
    assert not any(candidate.ready or candidate.chosen for candidate in joined.candidates)


def test_only_those_who_are_named_are_ready(centre: Centre) -> None:
    found = told(centre, "2026-12-28T10:00", "3", ready=("suzuki-kenta",))
    assert "鈴木 健太（suzuki-kenta）を呼び出します" in [s for step in found.steps for s in step.decides]


def test_somebody_unknown_is_refused(centre: Centre) -> None:
    with pytest.raises(UnknownAgent):
        told(centre, "2026-12-28T10:00", ready=("nobody",))


def test_the_citys_line_skips_the_menu(centre: Centre) -> None:
    decided = [
        sentence for step in told(centre, "2026-12-28T10:00", caller=CITY).steps for sentence in step.decides
    ]
    assert not [sentence for sentence in decided if "メニュー" in sentence]
    assert "待ち列「市からの連絡」に並びます（1番目、優先度 100000）" in decided


def test_wrong_keys_are_told_and_lead_to_an_operator(centre: Centre) -> None:
    found = told(centre, "2026-12-28T10:00", "7", "8", "9")
    decided = [sentence for step in found.steps for sentence in step.decides]
    assert "7 が押されました（案内にない番号）" in decided
    assert "待ち列「総合」に並びます（1番目、優先度 0）" in decided


def test_what_is_ad_hoc_counts(centre: Centre) -> None:
    opened = Override("1", opens=True, since=at("2026-12-29T09:00"), until=at("2026-12-29T12:00"))
    found = told(centre, "2026-12-29T10:00", "1", overrides=(opened,))
    assert ("answered", "臨時の受付") == (found.outcome, found.as_json()["reason"])


def test_the_disaster_mode_counts(centre: Centre) -> None:
    found = told(centre, "2026-12-28T10:00", "1", emergency="emergency")
    assert found.outcome == "emergency"
    assert "緊急の事情により" in texts(found)


def test_outside_hours_a_reservation_is_made_by_keypad(centre: Centre) -> None:
    keys = ("1", *"12345678#", "1")
    found = told(centre, "2026-12-29T10:00", *keys)
    assert found.outcome == "self_service"
    said = texts(found)
    assert "交付通知書の番号を" in said
    assert "12月31日（木）午前10時から。" in said
    assert said.count("123456782") == 2
    assert "お持ちいただくものは、交付通知書、はがき" in said
    decided = [sentence for step in found.steps for sentence in step.decides]
    assert "予約：承りました" in decided


def test_while_waiting_a_key_begins_it(centre: Centre) -> None:
    found = told(centre, "2026-12-28T10:00", "1", "5", "*", ready=())
    decided = [sentence for step in found.steps for sentence in step.decides]
    assert "電話の番号での受付を始めます" in decided


def test_another_plan_is_compared_with_the_one_in_force(centre: Centre) -> None:
    before = told(centre, "2026-12-28T17:00", "1")
    early = centre.hours.weekly[0].model_copy(update={"closes": 16 * 3600})
    hours = centre.hours.model_copy(update={"weekly": (early,)})
    after = told(centre.model_copy(update={"hours": hours}), "2026-12-28T17:00", "1")
    changed = difference(before, after)
    assert "-受付中（受付時間内） → answered" in changed
    assert "+受付時間外（受付終了後、次の受付 2027-01-04T09:00） → closed" in changed
    assert difference(before, before) == []


def test_a_number_that_is_not_ours_is_refused(centre: Centre) -> None:
    asked = Asked(None, "+81120999999", at("2026-12-28T10:00"))
    assert explain(centre, centre.agents, asked).outcome == "refused"


def test_a_plan_whose_words_are_missing_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MADOGUCHI_HOME", str(tmp_path))
    file = tmp_path / "centre.toml"
    file.write_text(
        SAMPLE.read_text("utf-8").replace('prompt = "menu-main"', 'prompt = "menu-mian"'), "utf-8"
    )
    monkeypatch.setenv("MADOGUCHI_CONFIG", str(file))
    with pytest.raises(SystemExit) as ended:
        main(["explain", "--from", "09012345678"])
    assert ended.value.code == 1
    assert "menus.main.prompt is 'menu-mian', but there is no such prompt" in capsys.readouterr().err


def test_the_command_needs_no_running_centre(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MADOGUCHI_HOME", str(tmp_path))
    monkeypatch.setenv("MADOGUCHI_CONFIG", str(SAMPLE))
    arguments = [
        "explain",
        "--from",
        "090-1234-5678",
        "--at",
        "2026-12-29T10:00",
        "--config",
        str(SAMPLE),
        "--json",
    ]
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 0
    content = json.loads(capsys.readouterr().out)
    assert ("closed", False, "年末年始") == (content["outcome"], content["open"], content["reason"])
    assert content["difference"] == []
    assert {"at", "after_s", "decides", "prompts"} == content["steps"][0].keys()
