"""What the files mean is compared with what Asterisk has; differences are told without a secret."""

from dataclasses import replace
from pathlib import Path

from dialplan import Inventory, Step, deviations, differences, meant, render
from tests.unit.dialplan.small import SECRETS, agent, centre, settings

CUSTOM = {"echo.conf": "[custom-from-operators]\nexten => 71,1,Answer()\n same => n,Hangup()\n"}


def rendered(custom: dict[str, str]) -> dict[str, str]:
    return render(centre(), [agent("201")], settings(Path("/home")), SECRETS, custom)


def inventory() -> Inventory:
    return meant(rendered(CUSTOM), centre(), [agent("201")])


def test_own_dialplan_is_included_and_reachable_from_operators_phones() -> None:
    files = rendered(CUSTOM)
    assert "#include custom-echo.conf" in files["extensions.conf"]
    assert files["custom-echo.conf"] == CUSTOM["echo.conf"]
    found = inventory()
    assert ("from-operators", "custom-from-operators") in found.includes
    assert Step("custom-from-operators", "71", 2, "Hangup", "") in found.steps
    assert found.endpoints == {"201", "201@desk", "trunk-carrier"}
    assert found.matches == {("trunk-carrier", "127.0.0.2/32")}


def test_without_own_dialplan_nothing_of_it_is_there() -> None:
    files = rendered({})
    assert "custom" not in files["extensions.conf"].replace("dialplan/custom", "")
    assert not [name for name in files if name.startswith("custom")]


def test_what_is_lacking_and_what_is_left_over_is_told() -> None:
    wanted = inventory()
    assert deviations(wanted, wanted) == []
    old = Step("custom-from-operators", "72", 1, "Busy", "")
    steps = frozenset({*wanted.steps, old} - {Step("custom-from-operators", "71", 1, "Answer", "")})
    found = replace(wanted, steps=steps, endpoints=wanted.endpoints - {"201"}, matches=frozenset())
    assert deviations(wanted, found) == [
        "Asterisk lacks Answer() at 71@custom-from-operators, priority 1.",
        "Asterisk lacks the endpoint 201.",
        "Asterisk lacks the address 127.0.0.2/32 for trunk-carrier.",
        "Asterisk still has Busy() at 72@custom-from-operators, priority 1.",
    ]


def test_many_differences_are_counted() -> None:
    empty = Inventory(frozenset(), frozenset(), frozenset(), frozenset())
    told = deviations(inventory(), empty)
    assert len(told) == 6
    assert told[-1].endswith("more.")


def test_a_changed_secret_shows_as_changed_and_nothing_else() -> None:
    before, after = rendered({}), rendered({})
    after["ari.conf"] = after["ari.conf"].replace("ari-secret", "another")
    after["pjsip_agents.conf"] = after["pjsip_agents.conf"].replace("MD5:", "MD5:0")
    told = differences(before, after)
    assert told.keys() == {"ari.conf", "pjsip_agents.conf"}
    assert "+password = ********" in told["ari.conf"]
    assert "+password_digest = ********" in told["pjsip_agents.conf"]
    assert "another" not in str(told)
    assert "MD5:" not in str(told)
