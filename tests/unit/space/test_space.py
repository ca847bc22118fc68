"""Recordings are given up before the disk is full, and made again when there is room."""

from pathlib import Path

from agents.desk.alerts import Alert, Alerts
from madoguchi.space import ROOMY_MB, SCARCE_MB, SpaceWatch, free_mb
from telephony.model.events import SpaceChanged


async def told(*free: float | None) -> list[str]:
    """Return what the model and the screens are told while there is so much room; None: nobody can say."""
    said: list[str] = []
    left = list(free)

    def look() -> float:
        found = left.pop(0)
        if found is None:
            raise OSError("gone")
        return found

    def submit(event: SpaceChanged) -> None:
        said.append("scarce" if event.scarce else "roomy")

    def publish(alert: Alert) -> None:
        said.append("alert" if alert.closed_at is None else "over")

    watch = SpaceWatch(look, submit, Alerts(publish))
    for _ in free:
        await watch.look()
    return said


async def test_a_disk_with_room_is_no_news() -> None:
    assert [] == await told(SCARCE_MB, ROOMY_MB, SCARCE_MB)


async def test_a_disk_that_fills_up_is_told_once_and_is_over_only_with_plenty_of_room() -> None:
    free = (SCARCE_MB - 1, 0, SCARCE_MB + 1, ROOMY_MB - 1, ROOMY_MB)
    assert ["scarce", "alert", "roomy", "over"] == await told(*free)


async def test_a_disk_that_cannot_be_asked_changes_nothing() -> None:
    assert ["scarce", "alert"] == await told(SCARCE_MB - 1, None, SCARCE_MB - 1)


def test_the_room_of_a_real_disk_is_known(tmp_path: Path) -> None:
    assert free_mb(tmp_path) > 0
