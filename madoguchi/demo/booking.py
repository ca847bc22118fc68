"""What the operator of the demo does at the screen while talking: finds a slot, keeps it, books it."""

from collections.abc import Mapping
from typing import Any

from madoguchi.demo.stage import Stage

CITIZEN = {"name": "松阪 花子", "kana": "マツサカ ハナコ"}


async def book(stage: Stage, agent: str, caller: str) -> tuple[str, Mapping[str, bool]]:
    """Return the number of the reservation, and what was seen of it, each true or not."""
    screen = stage.screens[agent]
    call = (await stage.pop(agent, caller))["call"]
    found = await screen.get("/api/slots", {"people": "1", "limit": "1"})
    slot: Mapping[str, Any] = found["slots"][0]
    held = await screen.post("/api/holds", {"slot": slot["id"], "call": call})
    wish = {"slot": slot["id"], "hold": held["id"], "call": call, "phone": caller}
    made = await screen.post("/api/reservations", CITIZEN | wish)
    shown = await screen.get(f"/api/reservations/{made['id']}", {})
    after = await screen.get("/api/slots", {"venue": slot["venue"], "service": slot["service"]})
    free = next(each["free"] for each in after["slots"] if each["id"] == slot["id"])
    return made["id"], {
        "the reservation is kept as it was confirmed": shown["starts_at"] == slot["starts_at"],
        "its seat is taken": free == slot["free"] - 1,
        "there is something to read back": len(shown["read_back"]) > 0,
    }
