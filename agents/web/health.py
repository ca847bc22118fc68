"""How the centre is: alive, ready, figures for Prometheus, and what ``madoguchi status`` shows."""

from collections import Counter
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from zoneinfo import ZoneInfo

from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import REGISTRY, Collector

from agents.desk.messages import alert_content
from agents.web.answers import answer
from agents.web.parts import Parts, parts_of


async def healthz(request: web.Request) -> web.Response:
    """The program answers: it is alive."""
    del request
    return answer({"status": "alive"})


async def readyz(request: web.Request) -> web.Response:
    """Whether calls can be taken, and what is missing if not."""
    missing = list(await parts_of(request).health.missing())
    status = HTTPStatus.SERVICE_UNAVAILABLE if missing else HTTPStatus.OK
    return answer({"ready": not missing, "missing": missing}, status)


async def status(request: web.Request) -> web.Response:
    """What runs, and how full the centre is."""
    parts = parts_of(request)
    centre = parts.centre
    report = dict(await parts.health.status())
    report["calls"] = Counter(call.state for call in centre.calls())
    report["agents"] = Counter(agent.state for agent in centre.agents())
    zone = ZoneInfo(parts.plan().timezone)
    report["alerts"] = [alert_content(alert, zone) for alert in parts.desk.alerts.open]
    return answer(report)


async def metrics(request: web.Request) -> web.Response:
    """Figures in the text format of Prometheus; no personal data."""
    parts = parts_of(request)
    depths = {
        "journal": float((await parts.health.status()).get("spool_depth", 0)),
        "audit": float(await parts.trail.depth()),
    }
    floor = CollectorRegistry(auto_describe=False)
    floor.register(_FloorCollector(parts, depths))
    body = generate_latest(REGISTRY) + generate_latest(floor)
    return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})


class _FloorCollector(Collector):
    """Reads the floor at the moment of asking, so that calls pay nothing for being counted."""

    def __init__(self, parts: Parts, depths: Mapping[str, float]) -> None:
        self._parts, self._depths = parts, depths

    def collect(self) -> Iterator[GaugeMetricFamily]:
        centre = self._parts.centre
        yield _by("madoguchi_calls", "Live calls", "state", Counter(call.state for call in centre.calls()))
        states = Counter(agent.state for agent in centre.agents())
        yield _by("madoguchi_agents", "Operators on the roster", "state", states)
        queues, now = centre.queues(), centre.now()
        waiting: dict[str, float] = {queue.name: queue.waiting for queue in queues}
        yield _by("madoguchi_queue_waiting", "Callers waiting", "queue", waiting)
        longest: dict[str, float] = {
            queue.name: now - (now if queue.longest_wait_since is None else queue.longest_wait_since)
            for queue in queues
        }
        yield _by("madoguchi_queue_longest_wait_seconds", "Wait of the first in line", "queue", longest)
        yield _by("madoguchi_spool_entries", "Entries that wait for PostgreSQL", "spool", self._depths)
        alerts = GaugeMetricFamily("madoguchi_alerts", "Alerts that are open", labels=["key", "severity"])
        for alert in self._parts.desk.alerts.open:
            alerts.add_metric([alert.key, alert.severity], 1)
        yield alerts
        yield GaugeMetricFamily("madoguchi_desk_sockets", "Open desks", value=len(self._parts.sockets))


def _by(name: str, text: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
