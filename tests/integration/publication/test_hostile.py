"""Hostile requests to ``/api/config`` publish nothing and break nothing."""

from pathlib import Path

from tests.integration.agents.centre import Running
from tests.integration.agents.test_matrix import MATRIX
from tests.integration.attack import attack
from tests.integration.publication.room import Room

RULES = {rule for rule in MATRIX if "/api/config" in rule}


async def test_hostile_requests_break_nothing_and_publish_nothing(
    served: Running, room: Room, tmp_path: Path
) -> None:
    before = room.place.centre_file.read_text()
    # Good ones publish and replay for real, each in processes of their own: few of them are enough.
    await attack(served, RULES, tmp_path, examples=4, phases="fuzzing")
    assert before == room.place.centre_file.read_text()
