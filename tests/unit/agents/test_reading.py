"""Times and days in a query: what people write is taken, what no calendar knows is refused."""

import pytest
from pydantic import TypeAdapter, ValidationError

from agents.web.reading import Day, Moment
from booking.errors import Invalid
from booking.web.reading import time_in

GOOD = ("2026-12-01", "2026-12-01T09:00", "2026-12-01T09:00:00 09:00", "2099-12-31T23:59:59Z")
ODD = ("0001-01-01", "9999-12-31T23:59:59-11:00", "1999-12-31", "tomorrow", "2026-13-01", "")


@pytest.mark.parametrize("text", GOOD)
def test_a_time_as_people_write_it_is_taken(text: str) -> None:
    at = TypeAdapter(Moment).validate_python(text)
    taken = time_in({"from": text}, "from")
    assert taken is not None
    assert at.replace(tzinfo=None) == taken.replace(tzinfo=None)


@pytest.mark.parametrize("text", ODD)
def test_a_time_that_no_centre_knows_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Moment).validate_python(text)
    if text:
        with pytest.raises(Invalid):
            time_in({"from": text}, "from")


@pytest.mark.parametrize(
    "text", ["0", "1795727868", "20261201", "2026-12-01T00:00", "1887-12-31", "2100-01-01"]
)
def test_a_day_is_written_out(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Day).validate_python(text)
