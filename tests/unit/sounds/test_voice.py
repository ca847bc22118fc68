"""Phrases are assembled from sounds that exist, and say what a person would say."""

import subprocess
import sys
from datetime import date, time, timedelta

import pytest

import sounds
from sounds import catalogue
from sounds.errors import PhraseError
from sounds.parts import HOLIDAYS
from sounds.voice import CatalogueVoice
from telephony.model.closed import REASON_PROMPTS
from tests.unit.sounds import spoken
from tests.unit.sounds.centres import centre

TEXTS = catalogue.load(centre()).texts()
VOICE = CatalogueVoice(catalogue.load(centre()), str)


@pytest.fixture(scope="module")
def readings() -> dict[str, str]:
    return {sound: sounds.read(text) for sound, text in TEXTS.items()}


def variable_part(prompt: str, **variables: object) -> tuple[str, ...]:
    """Return the sounds of *prompt* without its fixed fragments."""
    fixed = {f"{prompt}_{place}" for place in range(9)}
    return tuple(sound for sound in VOICE.phrase(prompt, variables) if sound not in fixed)


def test_a_prompt_without_variables_is_one_sound_of_its_own_name() -> None:
    assert VOICE.phrase("system-unavailable") == ("system-unavailable",)


def test_a_number_is_said_with_its_clause() -> None:
    assert VOICE.phrase("position", {"position": 3}) == ["position_0", "position_1_3"]


def test_every_number_is_said_right(readings: dict[str, str]) -> None:
    for value in range(10_000):
        said = "".join(readings[sound] for sound in variable_part("position", position=value))
        assert said == f"{spoken.number(value)}バンメデス。"


def test_minutes_are_said_right(readings: dict[str, str]) -> None:
    for value in range(100):
        said = "".join(readings[sound] for sound in variable_part("expected-wait", minutes=value))
        assert said == f"{spoken.minutes(value)}デス。"


def test_a_reservation_number_is_spelt_in_groups_of_three(readings: dict[str, str]) -> None:
    said = [readings[sound] for sound in variable_part("self-service-number", number="123456780")]
    assert "".join(said) == "イチニーサンヨンゴーロクナナハチゼロ"
    groups = [
        sound for sound in variable_part("self-service-number", number="123456780") if "_last_" in sound
    ]
    assert groups == ["say_last_3", "say_last_6", "say_last_0"]


@pytest.mark.parametrize("number", [123, "12-3", "", "1" * 21, None])
def test_what_has_no_digits_is_refused(number: object) -> None:
    with pytest.raises(PhraseError):
        VOICE.phrase("self-service-number", {"number": number})


def test_every_date_is_said_right(readings: dict[str, str]) -> None:
    for offset in range(366):
        day = date(2028, 1, 1) + timedelta(days=offset)
        said = "".join(readings[sound] for sound in variable_part("next-opening", day=day, at=time(12)))
        weekday = spoken.WEEKDAYS[day.weekday()]
        assert said == f"{spoken.MONTHS[day.month - 1]}{spoken.DAYS[day.day - 1]}{weekday}ヨービショーゴ"


def test_every_time_of_day_is_said_right(readings: dict[str, str]) -> None:
    for minute_of_day in range(24 * 60):
        hour, minute = divmod(minute_of_day, 60)
        parts = variable_part("next-opening", day=date(2027, 1, 4), at=time(hour, minute))[3:]
        half = "ゴゼン" if hour < 12 else "ゴゴ"
        expected = half + spoken.hour(hour % 12) + (spoken.minutes(minute) if minute else "")
        if (hour, minute) == (12, 0):
            expected = "ショーゴ"
        assert "".join(readings[sound] for sound in parts) == expected


@pytest.mark.parametrize("name", HOLIDAYS)
def test_every_holiday_is_said_right_with_its_clause(name: str, readings: dict[str, str]) -> None:
    (said,) = variable_part("closed-holiday", name=name)
    assert readings[said] == f"{spoken.HOLIDAYS[name]}ノタメ"


def test_whatever_is_said_outside_hours_is_rendered_ahead() -> None:
    prompts = {*REASON_PROMPTS.values(), "next-opening", "next-opening-today", "call-again", "emergency"}
    variables = {"name": "元日", "day": date(2027, 1, 4), "at": time(9)}
    sounds_needed = {sound for prompt in prompts for sound in VOICE.phrase(prompt, variables)}
    assert sounds_needed <= TEXTS.keys()


@pytest.mark.parametrize("number", ["0598534321", "+81598534321", "0598-53-4321"])
def test_a_telephone_number_is_said_digit_by_digit_in_groups(number: str, readings: dict[str, str]) -> None:
    parts = variable_part("callback-number", number=number)
    assert "".join(readings[sound] for sound in parts) == "".join(spoken.DIGITS[int(d)] for d in "0598534321")
    assert [place for place, sound in enumerate(parts) if sound.startswith("say_last")] == [3, 5, 9]


@pytest.mark.parametrize(
    ("prompt", "variables"),
    [
        ("position", {}),
        ("position", {"position": -1}),
        ("position", {"position": 10_000}),
        ("position", {"position": "3"}),
        ("position", {"position": True}),
        ("position", {"position": 2.5}),
        ("next-opening", {"day": "2027-01-04", "at": time(9)}),
        ("next-opening", {"day": date(2027, 1, 4), "at": "9:00"}),
        ("closed-holiday", {"name": "発明の日"}),
        ("closed-holiday", {"name": None}),
        ("callback-number", {"number": None}),
        ("callback-number", {"number": "anonymous"}),
        ("callback-number", {"number": "090\x001234"}),
        ("callback-number", {"number": "١٢٣٤٥٦٧٨٩٠"}),
        ("callback-number", {"number": "9" * 10_000}),
        ("callback-number", {"number": "../../etc/passwd"}),
    ],
)
def test_a_value_without_sounds_is_refused_in_one_short_sentence(
    prompt: str, variables: dict[str, object]
) -> None:
    with pytest.raises(PhraseError) as refusal:
        VOICE.phrase(prompt, variables)
    assert len(str(refusal.value)) < 120
    assert str(refusal.value).isprintable()


def test_an_unknown_prompt_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        VOICE.phrase("no-such-prompt")


def test_every_sound_id_fits_a_file_name_and_asterisk() -> None:
    assert all(sound.replace("-", "").replace("_", "").isalnum() and sound.isascii() for sound in TEXTS)


def test_the_controller_loads_neither_numpy_nor_the_speech_engine() -> None:
    program = (
        "import sys, sounds, sounds.voice, sounds.catalogue;"
        "print([name for name in ('numpy', 'soxr', 'pyopenjtalk', 'pyttsx3') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
