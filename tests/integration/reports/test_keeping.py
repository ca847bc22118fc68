"""Reports are made on their own in the morning, once, and made up for when nothing ran."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from reports.keeping import Keeping
from storage import Pool, open_pool
from tests.call_rows import TEN, Row, insert
from tests.unit.model.plans import plan


class Morning:
    """The worker's job at a time that a test sets."""

    def __init__(self, pool: Pool, folder: Path) -> None:
        self.now = TEN
        self.folder = folder
        self.job = Keeping(pool, plan, self._people, lambda: self.now, folder)

    async def _people(self) -> Mapping[str, str]:
        return {"sato": "佐藤"}

    async def kept(self, at: datetime) -> list[str]:
        """Work at *at*; return the names of all that is kept."""
        self.now = at
        await self.job.once()
        return sorted(file.stem for file in self.folder.glob("*.html"))


async def test_reports_appear_in_the_morning_and_stay_as_they_were(database_url: str, tmp_path: Path) -> None:
    async with await open_pool(database_url, name="test") as pool:
        days = [TEN - timedelta(days=back) for back in (40, 2, 1, 0)]
        await insert(pool, [Row("answered", 5, at=day, agent="sato") for day in days])
        morning = Morning(pool, tmp_path / "reports")
        midnight = TEN.replace(hour=0)
        before = await morning.kept(midnight.replace(hour=5, minute=59))
        assert before == ["daily-2026-12-26", "monthly-2026-11"]
        assert await morning.kept(midnight.replace(hour=6)) == [
            "daily-2026-12-26",
            "daily-2026-12-27",
            "monthly-2026-11",
        ]
        assert await morning.job.once() == 0
        assert "佐藤" in (tmp_path / "reports" / "daily-2026-12-27.csv").read_text(encoding="utf-8-sig")
        assert {file.suffix for file in morning.folder.iterdir()} == {".csv", ".xlsx", ".html"}
        assert {file.stat().st_mode & 0o777 for file in morning.folder.iterdir()} == {0o600}
        new_year = await morning.kept(midnight + timedelta(days=4, hours=7))
        assert [name for name in new_year if name not in before] == [
            "daily-2026-12-27",
            "daily-2026-12-28",
            "monthly-2026-12",
        ]
