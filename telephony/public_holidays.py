"""Japan's public holidays by law, with substitute holidays (振替休日) and citizens' holidays (国民の休日).

The days around New Year are no public holidays and not here: they are the centre's own rule
(``hours.year_end``), and taken for holidays they would move substitute holidays.
"""

from datetime import date

from holidays import country_holidays

_JAPAN = country_holidays("JP", language="ja")
"""Works each year out when it is first asked for."""


def japanese_holiday(day: date) -> str | None:
    """Return the holiday's name in Japanese, or None."""
    name: str | None = _JAPAN.get(day)
    return name
