"""Delivery over HTTP to a real receiver: what it refuses, what only fails, and who hears of it."""

from pathlib import Path

import pytest

from agents.desk.alerts import Alert
from booking.delivery.watching import ALERT, DeliveryWatch
from booking.web.deliveries import DeliveryList
from config.schema.delivery import Delivery
from tests.integration.booking.office import BookingCentre
from tests.integration.delivery.city import A_WHILE, connected
from tests.postgres_fixture import free_port
from tests.receiver.running import receiver


async def test_a_refused_change_becomes_a_case_and_a_notice_and_the_others_arrive(
    database_url: str, tmp_path: Path
) -> None:
    async with (
        receiver(tmp_path) as city,
        connected(database_url, tmp_path, adapter="http", url=city.url) as centre,
        centre.booking.running.desk(centre.operator) as desk,
    ):
        first, second = await centre.book(), await centre.book("090-9999-8888")
        city.call_full(first["id"])
        assert await centre.delivering.once() == 2
        await centre.cancel(second)
        assert await centre.delivering.once() == 1
        assert await centre.states() == {
            f"reservation:{first['id']}:1": "refused",
            f"reservation:{second['id']}:1": "delivered",
            f"reservation:{second['id']}:2": "delivered",
        }
        row = dict(await centre.booking.pool.fetchrow("SELECT * FROM cases"))
        assert (row["kind"], row["caller"], row["state"]) == ("delivery_failed", "+819012345678", "open")
        assert row["summary"].endswith("（409: この枠は満員です。 X-Evil: 1）。")
        assert row["details"]["reservation"] == first["id"]
        watch = _watch(centre.booking)
        await watch.once()
        notice = await desk.next("notice")
        assert (notice["code"], notice["level"]) == ("delivery-refused", "warning")
        assert first["number"] in notice["text"]
        assert row["number"] in notice["text"]
        await watch.once()
        assert (await desk.ask("state", state="break"))["ref"] == "ask"  # nothing came in between
        shown = await (await centre.operator.get("/api/deliveries", params={"state": "refused"})).json()
        DeliveryList.model_validate(shown)
        (refused,) = shown["deliveries"]
        assert (refused["case"], refused["trouble"]) == (row["number"], "409: この枠は満員です。 X-Evil: 1")


async def test_whoever_is_away_is_told_at_the_next_desk(database_url: str, tmp_path: Path) -> None:
    async with (
        receiver(tmp_path) as city,
        connected(database_url, tmp_path, adapter="http", url=city.url) as centre,
    ):
        city.call_full((await centre.book())["id"])
        await centre.delivering.once()
        watch = _watch(centre.booking)
        await watch.once()
        async with centre.booking.running.desk(centre.operator) as desk:
            await desk.next("snapshot")
            await watch.once()
            assert (await desk.next("notice"))["code"] == "delivery-refused"


async def test_changes_that_wait_too_long_are_shown_counted_and_alerted_until_they_arrive(
    database_url: str, tmp_path: Path
) -> None:
    nobody = f"http://127.0.0.1:{free_port()}/changes"
    async with connected(database_url, tmp_path, adapter="http", url=nobody) as centre:
        alerts: list[Alert] = []
        watch, booking = _watch(centre.booking), centre.booking
        booking.running.parts.desk.alerts._publish = alerts.append  # noqa: SLF001 -- listens in
        made = await centre.book()
        await booking.pool.execute("UPDATE outbox SET created_at = $1", booking.clock.now)
        assert await centre.delivering.once() == 0
        await watch.once()
        assert alerts == []
        booking.clock.on(seconds=A_WHILE.total_seconds())
        assert await centre.delivering.once() == 0
        await watch.once()
        assert [(alert.key, alert.closed_at) for alert in alerts] == [(ALERT, None)]
        shown = await (await centre.operator.get("/api/deliveries")).json()
        assert shown["undelivered"]["count"] == 1
        assert shown["undelivered"]["oldest_age_s"] == A_WHILE.total_seconds()
        (waiting,) = shown["deliveries"]
        assert (waiting["reservation"], waiting["attempts"]) == (made["id"], 2)
        assert waiting["trouble"] == "no answer (ClientConnectorError)"
        figures = await (await centre.operator.get("/metrics")).text()
        assert "madoguchi_deliveries_waiting 1.0" in figures
        assert "madoguchi_deliveries_oldest_seconds 700.0" in figures
        async with receiver(tmp_path) as city:
            booking.plan.append(
                booking.plan[-1].model_copy(update={"delivery": _to(centre.booking, city.url)})
            )
            assert await centre.rested() == 1
        await watch.once()
        assert [alert.closed_at is None for alert in alerts] == [True, False]


@pytest.mark.parametrize("mistake", ["another secret", "readable by others", "no file"])
async def test_a_wrong_secret_refuses_nobody(database_url: str, tmp_path: Path, mistake: str) -> None:
    async with (
        receiver(tmp_path) as city,
        connected(database_url, tmp_path, adapter="http", url=city.url) as centre,
    ):
        right = centre.secret.read_text()
        await centre.book()
        match mistake:
            case "another secret":
                centre.secret.write_text("x" * 40)
            case "readable by others":
                centre.secret.chmod(0o644)
            case _:
                centre.secret.unlink()
        assert await centre.delivering.once() == 0
        assert set((await centre.states()).values()) == {"pending"}
        trouble = await centre.booking.pool.fetchval("SELECT trouble FROM outbox")
        assert trouble == "401: bad signature" or trouble.startswith(f"The secret {centre.secret}")
        centre.secret.write_text(right)
        centre.secret.chmod(0o600)
        assert await centre.rested() == 1


async def test_with_no_system_of_the_city_nothing_is_sent_and_nothing_is_late(
    database_url: str, tmp_path: Path
) -> None:
    async with connected(database_url, tmp_path) as centre:
        await centre.book()
        assert await centre.rested() == 0
        await _watch(centre.booking).once()
        assert centre.booking.running.parts.desk.alerts.open == ()
        shown = await (await centre.operator.get("/api/deliveries")).json()
        assert (shown["adapter"], shown["undelivered"]["count"]) == ("none", 0)
        await centre.booking.pool.execute("UPDATE outbox SET created_at = now() - interval '1 year'")
        centre.booking.clock.on(days=2)
        await centre.delivering.once()
        assert await centre.states() == {}  # nobody wanted it; it is not kept for ever


async def test_two_that_deliver_at_once_do_not_get_in_each_others_way(
    database_url: str, tmp_path: Path
) -> None:
    async with (
        receiver(tmp_path) as city,
        connected(database_url, tmp_path, adapter="http", url=city.url) as centre,
        centre.booking.pool.acquire() as other,
    ):
        await centre.book()
        await other.execute("SELECT pg_advisory_lock($1)", 0x6D61646F_00000011)
        assert await centre.delivering.once() == 0
        await other.execute("SELECT pg_advisory_unlock($1)", 0x6D61646F_00000011)
        assert await centre.delivering.once() == 1


def _watch(booking: BookingCentre) -> DeliveryWatch:
    desk = booking.running.parts.desk
    return DeliveryWatch(booking.pool, lambda: booking.plan[-1], booking.clock, desk.alerts, desk)


def _to(booking: BookingCentre, url: str) -> Delivery:
    return booking.plan[-1].delivery.model_copy(update={"url": url})
