"""``figures``: what the centre is judged by, today and this month, with the definitions."""

from madoguchi.cli import running
from madoguchi.cli.showing import AsJson, say, show_fields, show_json, show_table

_COLUMNS = ("period", "offered", "answered", "answer_rate", "may_be_lost", "service_level", "longest_wait_s")


def figures(*, as_json: AsJson = False) -> None:
    """Answer rate against the goal, service level, callbacks, and what the city does not have yet."""
    found = running.get("/api/figures")
    if as_json:
        show_json(found)
        return
    rows = [{"period": period, **found[period]} for period in ("today", "month")]
    show_table(rows, _COLUMNS, "")
    show_fields({name: found[name] for name in ("goal", "callbacks", "undelivered")})
    say(found["definitions"]["answer_rate"])
