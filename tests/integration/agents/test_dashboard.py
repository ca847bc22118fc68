"""The Grafana dashboard asks for figures that ``/metrics`` has."""

import json
import re
from pathlib import Path

from tests.integration.agents.centre import Running

BOARD = Path(__file__).parents[3] / "deploy" / "grafana" / "madoguchi.json"


async def test_the_dashboard_shows_only_figures_that_there_are(centre: Running) -> None:
    board = json.loads(BOARD.read_text())
    asked = {
        name
        for panel in board["panels"]
        for target in panel["targets"]
        for name in re.findall(r"\b((?:madoguchi|process)_\w+)\{", target["expr"])
    }
    async with centre.client() as client:
        told = await (await client.get("/metrics")).text()
    assert len(asked) >= 9
    assert set() == asked - set(re.findall(r"^# TYPE (\S+)", told, re.MULTILINE))
