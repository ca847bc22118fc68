"""``deliveries``: what the city's own reservation system does not have yet."""

from typing import Annotated

import typer

from booking.delivery.states import DeliveryState
from madoguchi.cli import running
from madoguchi.cli.showing import AsJson, say, show_json, show_table

_COLUMNS = ("created_at", "reservation", "version", "kind", "state", "attempts", "next_at", "case", "trouble")


def deliveries(
    *,
    state: Annotated[DeliveryState | None, typer.Option(help="Only those that are so far.")] = None,
    as_json: AsJson = False,
) -> None:
    """Changes on their way to the city's system, the oldest first; without --state those not there yet."""
    found = running.get("/api/deliveries", {"state": state})
    if as_json:
        show_json(found)
        return
    show_table(found["deliveries"], _COLUMNS, "There are no such deliveries.")
    waiting = found["undelivered"]
    if found["adapter"] == "none":
        say("No system of the city is connected ([booking.delivery] in centre.toml).")
    else:
        say(f"{waiting['count']} wait, the oldest for {waiting['oldest_age_s']:.0f} s.")
