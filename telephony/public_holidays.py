"""Japan's public holidays by law, with substitute holidays (振替休日) and citizens' holidays (国民の休日).

The days around New Year are no public holidays and not here: they are the centre's own rule
(``hours.year_end``), and taken for holidays they would move substitute holidays.

The library knows Japan alone: one for all countries took a sixth of a controller's start.
"""

from datetime import date
from functools import lru_cache

import jpholiday

_SUBSTITUTE = "振替休日"


@lru_cache(maxsize=1_024)
def japanese_holiday(day: date) -> str | None:
    """Return the holiday's name in Japanese, or None. A substitute holiday is named as such alone."""
    name: str | None = jpholiday.is_holiday_name(day)
    return _SUBSTITUTE if name is not None and name.endswith(_SUBSTITUTE) else name
