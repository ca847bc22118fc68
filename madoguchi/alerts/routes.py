"""The alerts over HTTP: what is open, who looks after it, and whether people far away could be told."""

from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from agents.desk.messages import alert_content
from agents.roles import FLOOR
from agents.web.answers import answer
from agents.web.identity import caller_of
from agents.web.problems import not_found
from agents.web.routes import Route
from agents.web.shapes import AlertShape, Shape
from booking.outgoing.answers import one_line
from madoguchi.alerts.posting import Posting, Way


class WayShape(Shape):
    """One way of telling people: how much waits, and why the last attempt failed (null: it did not)."""

    in_use: bool
    waiting: int
    trouble: str | None


class Told(Shape):
    """Both ways."""

    mail: WayShape
    webhook: WayShape


class AlertList(Shape):
    """What is open, the oldest first, and what closed lately, the latest first."""

    alerts: list[AlertShape]
    closed: list[AlertShape]
    told: Told


class AlertHandlers:
    """The handlers."""

    def __init__(self, posting: Posting) -> None:
        self._posting, self._alerts = posting, posting.alerts

    def routes(self) -> tuple[Route, ...]:
        """Return their rules."""
        return (
            Route(
                *("GET", "/api/alerts", self.list, FLOOR, "Alerts: open, closed lately, who was told"),
                answer=AlertList,
                personal=False,
            ),
            Route(
                *("POST", "/api/alerts/{key}/acknowledgement", self.acknowledge, FLOOR),
                "Say that one looks after an alert",
                answer=AlertShape,
                errors=(HTTPStatus.NOT_FOUND,),
            ),
        )

    async def list(self, request: web.Request) -> web.Response:
        """Alerts."""
        del request
        posting, zone = self._posting, self._zone
        told = {
            "mail": _way(posting.mail, len(posting.outbox.mail), in_use=posting.mails),
            "webhook": _way(posting.webhook, len(posting.outbox.webhook), in_use=posting.calls),
        }
        return answer(
            {
                "alerts": [alert_content(alert, zone) for alert in self._alerts.open],
                "closed": [alert_content(alert, zone) for alert in self._alerts.closed],
                "told": told,
            }
        )

    async def acknowledge(self, request: web.Request) -> web.Response:
        """Note who looks after it; whoever was first keeps it."""
        key = request.match_info["key"]
        alert = self._alerts.acknowledge(key, caller_of(request).user)
        if alert is None:
            raise not_found(f"open alert {one_line(key, 60)}")
        return answer(alert_content(alert, self._zone))

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self._posting.plan().timezone)


def _way(way: Way, waiting: int, *, in_use: bool) -> dict[str, Any]:
    return {"in_use": in_use, "waiting": waiting, "trouble": way.trouble if in_use else None}
