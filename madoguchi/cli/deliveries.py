"""``deliveries``, ``delivery``: what the city's own reservation system does not have, and the way out."""

from enum import StrEnum
from typing import Annotated

import typer

from booking.delivery.states import DeliveryState
from madoguchi.cli import running
from madoguchi.cli.showing import AsJson, say, show_json, show_table

_COLUMNS = ("created_at", "key", "kind", "state", "attempts", "next_at", "case", "trouble")


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


class Settlement(StrEnum):
    """What a person decides about a change that does not get through."""

    DONE = "done"
    SKIP = "skip"


_STATES = {Settlement.DONE: DeliveryState.DONE_BY_HAND, Settlement.SKIP: DeliveryState.SKIPPED}


def delivery(
    key: Annotated[str, typer.Argument(metavar="KEY", help="As `deliveries` shows it.")],
    settlement: Annotated[Settlement, typer.Argument(help="done: entered there by hand; skip: not needed.")],
    *,
    why: Annotated[str, typer.Option(help="Kept with the change, for whoever asks later.")],
    as_json: AsJson = False,
) -> None:
    """Settle by hand a change that the city's system does not take; the reservation's next ones go on."""
    path = running.at("api", "deliveries", key, "settlement")
    settled = running.write("POST", path, {"state": _STATES[settlement], "why": why})
    if as_json:
        show_json(settled)
    else:
        say(f"{key} is {settled['state']}.")
