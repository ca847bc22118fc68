"""Hours in ``centre.toml``: what may be written, and the sentence that each mistake earns."""

from datetime import date
from pathlib import Path

import pytest

from config.loading import ConfigError, parse_centre
from config.schema import YearEnd

GOOD = (Path(__file__).parent / "good.toml").read_text(encoding="utf-8")


def said_about(hours: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse_centre(f"{GOOD}\n{hours}", Path("centre.toml"))
    return [str(problem) for problem in caught.value.problems]


def test_times_of_day_are_written_as_people_or_as_toml_write_them() -> None:
    text = """
[[hours.weekly]]
days = ["mon"]
opens = "9:00"
closes = 17:15:00

[[hours.weekly]]
days = ["sat"]
opens = "22:00"
closes = "24:00"
"""
    weekly = parse_centre(f"{GOOD}{text}", Path("centre.toml")).hours.weekly
    assert [(9 * 3600, 17 * 3600 + 900), (22 * 3600, 24 * 3600)] == [(w.opens, w.closes) for w in weekly]


EXCEPTION = '[[hours.exceptions]]\nday = 2027-01-09\nreason = "開庁"\n'


@pytest.mark.parametrize(
    ("hours", "sentence"),
    [
        (
            '[[hours.weekly]]\ndays = ["mon"]\nopens = "9"\ncloses = "17:00"',
            'hours.weekly[0].opens ("9") is not a time of day; write it like "09:00" or "17:15".',
        ),
        (
            '[[hours.weekly]]\ndays = ["mon"]\nopens = "22:00"\ncloses = "06:00"',
            "hours.weekly[0] closes before it opens; a night is two tables, until 24:00 and from 00:00.",
        ),
        (
            '[[hours.weekly]]\ndays = ["monday"]\nopens = "09:00"\ncloses = "17:00"',
            'hours.weekly[0].days[0] is "monday"; did you mean "mon"?',
        ),
        (
            '[hours]\nyear_end = { first = "29.12." }',
            'hours.year_end.first is "29.12."; it must be a day of the year, like 12-29.',
        ),
        (EXCEPTION, "hours.exceptions[0] needs either closed = true, or both opens and closes."),
        (
            f'{EXCEPTION}closed = true\nopens = "09:00"\ncloses = "12:00"',
            "hours.exceptions[0] needs either closed = true, or both opens and closes.",
        ),
        (
            f"{EXCEPTION}closed = true\nlast_day = 2027-01-08",
            "hours.exceptions[0] ends on 2027-01-08, before it begins.",
        ),
        (
            f'{EXCEPTION}closed = true\nqueues = ["genral"]',
            (
                'hours.exceptions[0].queues[0] names "genral", which is not among the queues; '
                'did you mean "general"?'
            ),
        ),
        (
            f'{EXCEPTION}closed = true\nnumbers = ["0120-000-599"]',
            (
                'hours.exceptions[0].numbers[0] is "0120-000-599", '
                "which is not among the numbers of this centre."
            ),
        ),
    ],
)
def test_a_mistake_is_one_sentence(hours: str, sentence: str) -> None:
    assert [sentence] == said_about(hours)


def test_the_days_around_new_year_reach_into_it() -> None:
    around = YearEnd()
    assert [around.covers(date(2026, 12, day)) for day in (28, 29, 31)] == [False, True, True]
    assert [around.covers(date(2027, 1, day)) for day in (1, 3, 4)] == [True, True, False]
    assert [YearEnd(first="08-13", last="08-15").covers(date(2027, 8, day)) for day in (12, 13, 16)] == [
        False,
        True,
        False,
    ]
