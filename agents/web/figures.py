"""What the centre is judged by, as the wallboard, alerts and reports count it (R15)."""

from aiohttp import web

from agents.floor.figures import figures_content
from agents.web.answers import answer
from agents.web.parts import parts_of
from telephony.figures import definitions


async def figures(request: web.Request) -> web.Response:
    """The figures of today and this month, with their definitions."""
    parts = parts_of(request)
    plan = parts.plan()
    now = parts.centre.now()
    promised = [call.callback for call in parts.centre.calls() if call.callback and not call.connected_at]
    callbacks = {"promised": len(promised), "overdue": sum(each.due_by < now for each in promised)}
    content = figures_content(await parts.figures.read(), plan)
    return answer(content | {"callbacks": callbacks, "definitions": definitions(plan)})
