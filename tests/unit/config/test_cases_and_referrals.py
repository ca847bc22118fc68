"""What is wrong with cases, e-mail and referrals in centre.toml is said in one sentence each."""

from pathlib import Path

import pytest

from config.loading import ConfigError, load_centre, parse_centre
from config.schema import transferable
from tests.unit.config.test_sample import SAMPLE

TEXT = SAMPLE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        (
            'notify = ["koseki", "supervisor"]',
            'notify = ["kosekki"]',
            'cases.rules[1].notify[0] names "kosekki"',
        ),
        (
            'email = "supervisor@madoguchi.example.jp"',
            'phone = "0598-00-0009"',
            'cases.rules[1].notify[1] names "supervisor", a contact without email',
        ),
        ('kind = "complaint"', 'kind = "city_callback"', "each needs its own"),
        (
            '{ after_s = 28800, title = "市へ遅れを報告"',
            '{ after_s = 3600, title = "市へ遅れを報告"',
            "has steps of escalation that are not later than the one before",
        ),
        ('sender = "madoguchi@madoguchi.example.jp"', 'host = "mail.example.jp"', "has a host but no sender"),
        (
            'number = "0120-95-0178"\nwritten = "0120-95-0178"',
            'number = "0570-783-578"',
            "has a number that costs extra or is abroad; write transfer = false to only tell it",
        ),
        ('written = "0120-95-0178"', 'written = "0120-95-0179"', "is written as another number than it has"),
        ('number = "0120-95-0178"', 'number = "110"', "has too few or too many digits"),
        ('name = "national-loss"', 'name = "national"', 'referrals[1].name is "national"'),
        ('opens = "09:30", closes = "20:00"', 'opens = "20:00", closes = "09:30"', "opens at 20:00"),
    ],
)
def test_a_mistake_is_named_with_its_place(right: str, wrong: str, sentence: str) -> None:
    assert right in TEXT
    with pytest.raises(ConfigError) as caught:
        parse_centre(TEXT.replace(right, wrong, 1), Path("centre.toml"))
    assert sentence in str(caught.value)


def test_only_numbers_of_the_directory_may_be_transferred_to() -> None:
    plan = load_centre(SAMPLE)
    assert transferable(plan.referrals) == {"+81120950178", "+81598000001", "+81598000003"}
    told = [referral.model_copy(update={"transfer": False}) for referral in plan.referrals]
    assert transferable(told) == frozenset()
