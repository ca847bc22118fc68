"""What is wrong under ``[booking]`` is said in one sentence each."""

from pathlib import Path

import pytest

from config.loading import ConfigError, parse_centre
from tests.unit.config.test_sample import SAMPLE

TEXT = SAMPLE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        (
            'services = ["certificate", "pin"]',
            'services = ["certificate", "pim"]',
            'venues[0].counters[1].services[1] names "pim", which is not among the booking.services',
        ),
        (
            'opens = "09:00", closes = "17:00"',
            'opens = "17:00", closes = "09:00"',
            "opens at 17:00, which is not before 09:00",
        ),
        (
            'services = ["certificate", "pin"]',
            'services = ["certificate", "pin"]\nminutes = 10',
            "has slots of 10 minutes at koseki/procedure, too short for a service of 15",
        ),
        ('name = "mikumo"', 'name = "ureshino"', 'booking.venues[3].name is "ureshino"'),
        (
            'year_end = ["12-29"',
            'year_end = ["13-29"',
            'booking.year_end[0] is "13-29"; it must be a day of the year, like 12-29',
        ),
        ("desks = 4", "desks = 0", "booking.venues[1].counters[0].desks is 0; it must be at least 1"),
        ('title = "暗証番号の再設定"', 'title = "個人番号カードの暗証番号"', "マイナンバーカード"),
    ],
)
def test_a_mistake_is_named_with_its_place(right: str, wrong: str, sentence: str) -> None:
    assert right in TEXT
    with pytest.raises(ConfigError) as caught:
        parse_centre(TEXT.replace(right, wrong, 1), Path("centre.toml"))
    assert sentence in str(caught.value)
