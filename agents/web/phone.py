"""One's own telephone in the browser: what it needs to register. Nobody is ever told of anybody else's."""

from aiohttp import web

from agents.web.answers import answer
from agents.web.identity import caller_of
from agents.web.parts import parts_of
from agents.web.problems import not_found
from dialplan import REALM, digest
from telephony.model.ids import AgentName


async def own_phone(request: web.Request) -> web.Response:
    """The phone of whoever is signed in.

    The page gets HA1 (RFC 7616), which is good for this realm alone, and never the password: that may be
    typed into a desk phone, and would be worth stealing.
    """
    parts, caller = parts_of(request), caller_of(request)
    person = parts.roster.people.get(AgentName(caller.user))
    agent = None if person is None else person.agent
    if agent is None or agent.sip_password is None or parts.sip_websocket is None:
        raise not_found("telephone of yours")
    return answer(
        {
            "extension": agent.extension,
            "realm": REALM,
            "ha1": digest(agent.extension, agent.sip_password),
            "websocket": parts.sip_websocket,
        }
    )
