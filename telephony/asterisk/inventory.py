"""Asks Asterisk over AMI what its dialplan and its endpoints are, to be compared with what was meant.

Source: AMI actions ShowDialPlan, PJSIPShowEndpoints, PJSIPShowEndpoint.
"""

from collections.abc import Awaitable, Callable, Sequence
from ipaddress import ip_network

from dialplan import Inventory, Step
from telephony.asterisk.manager_link import Fields

Ask = Callable[..., Awaitable[Sequence[Fields]]]
"""`Manager.ask` or `Link.ask`."""

_LOADED_FROM_FILES = "pbx_config"
_TRUNKS = "trunk-"


async def inventory(ask: Ask) -> Inventory:
    """Return what Asterisk has. Raises `AsteriskError` when it cannot be asked."""
    plan = [
        each for each in await ask("ShowDialPlan") if each.get("Registrar", "").startswith(_LOADED_FROM_FILES)
    ]
    listed = await ask("PJSIPShowEndpoints")
    endpoints = frozenset(each["ObjectName"] for each in listed if each.get("Event") == "EndpointList")
    return Inventory(
        steps=frozenset(_step(each) for each in plan if "Application" in each),
        includes=frozenset(
            (each["Context"], each["IncludeContext"]) for each in plan if "IncludeContext" in each
        ),
        endpoints=endpoints,
        matches=frozenset(
            [
                (name, address)
                for name in sorted(endpoints)
                if name.startswith(_TRUNKS)
                for address in await _matches(ask, name)
            ]
        ),
    )


def _step(shown: Fields) -> Step:
    return Step(
        shown["Context"],
        shown.get("Extension", ""),
        int(shown["Priority"]) if shown.get("Priority", "").isdigit() else 0,
        shown["Application"],
        shown.get("AppData", ""),
    )


async def _matches(ask: Ask, endpoint: str) -> list[str]:
    """Return the networks that are taken for *endpoint*."""
    shown = await ask("PJSIPShowEndpoint", Endpoint=endpoint)
    return [
        str(ip_network(address.strip(), strict=False))
        for each in shown
        if each.get("Event") == "IdentifyDetail"
        for address in each.get("Match", "").split(",")
        if address.strip()
    ]
