"""Guessing is slow, and nobody who guesses can keep the account's owner out."""

import pytest

from agents.devices import Devices
from agents.signing_in import Door, Knock, TooManyTries, WrongPassword
from agents.throttle import FORGIVEN_AFTER_S, Throttle
from tests.integration.agents.centre import CLI_TOKEN, PASSWORD, Running


class Clock:
    """Seconds that a test lets pass."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_the_pause_doubles_up_to_a_bound_and_is_forgiven() -> None:
    clock = Clock()
    throttle = Throttle(free=2, doublings=3, clock=clock)
    pauses = []
    for _ in range(8):
        pauses.append(throttle.wait_s("key"))
        clock.now += max(0.0, pauses[-1])
        throttle.count("key")
    assert pauses == [0.0, 0.0, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0]
    clock.now += FORGIVEN_AFTER_S + 1
    assert throttle.wait_s("key") == 0.0


FEW = 6
"""Free tries of strangers here: every try costs a comparison."""


@pytest.fixture
def door(centre: Running, monkeypatch: pytest.MonkeyPatch) -> Door:
    """The door of a centre, with fewer free tries."""
    monkeypatch.setattr("agents.signing_in.FREE_STRANGERS", FEW)
    return Door(centre.parts.roster, Devices(CLI_TOKEN))


async def guess_from_everywhere(door: Door) -> None:
    """Guess at one account from more addresses than it has free tries."""
    for number in range(FEW + 2):
        with pytest.raises((WrongPassword, TooManyTries)):
            await door.sign_in(Knock("sato", "wrong", f"198.51.100.{number}"))


async def test_a_known_browser_gets_in_while_the_account_is_guessed_at_from_everywhere(door: Door) -> None:
    device = Devices(CLI_TOKEN).issue("sato")
    await guess_from_everywhere(door)
    with pytest.raises(TooManyTries):
        await door.sign_in(Knock("sato", PASSWORD, "203.0.113.1"))
    person = await door.sign_in(Knock("sato", PASSWORD, "203.0.113.1", device=device))
    assert person.name == "sato"


async def test_the_cookie_of_one_user_helps_no_other(door: Door) -> None:
    device = Devices(CLI_TOKEN).issue("suzuki")
    await guess_from_everywhere(door)
    for forged in (device, "0" * 24 + "." + "0" * 64, "", ".", "\udc80.x"):
        with pytest.raises(TooManyTries):
            await door.sign_in(Knock("sato", PASSWORD, "203.0.113.1", device=forged))


async def test_a_stolen_cookie_gives_few_tries(door: Door) -> None:
    device = Devices(CLI_TOKEN).issue("sato")
    seen = []
    for _ in range(7):
        with pytest.raises((WrongPassword, TooManyTries)) as refused:
            await door.sign_in(Knock("sato", "wrong", "203.0.113.1", device=device))
        seen.append(refused.type.__name__)
    assert seen == ["WrongPassword"] * 5 + ["TooManyTries"] * 2


async def test_one_address_that_tries_many_accounts_is_slowed_down(door: Door) -> None:
    refusals = []
    for number in range(FEW + 2):
        with pytest.raises((WrongPassword, TooManyTries)) as refused:
            await door.sign_in(Knock(f"user-{number}", "wrong", "2001:db8:1::" + str(number)))
        refusals.append(refused.type)
    assert refusals[-2:] == [TooManyTries, TooManyTries], "64 bits of IPv6 are one address"


async def test_a_browser_is_known_after_it_signed_in(centre: Running) -> None:
    async with centre.signed_in("sato") as browser:
        cookies = {cookie.key: cookie.value for cookie in browser.cookie_jar}
        (device,) = (value for name, value in cookies.items() if name.startswith("madoguchi-device-"))
    assert Devices(CLI_TOKEN).known("sato", device) is not None
