"""Changes as operations staff make them: good ones of every kind, and broken ones that each stop elsewhere.

Every broken one would also send key 1 astray, so that one which gets through shows in the calls.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

KEY_1 = '1 = { title = "予約", queue = "booking" }'
KEY_2 = '2 = { title = "カード", queue = "card" }'
ASTRAY = KEY_1.replace('"booking"', '"general"')

ROUTES: Mapping[str, str] = {"1": "booking", "2": "card"}
"""Where the keys lead as long as nobody changes it."""


@dataclass(frozen=True, slots=True)
class Change:
    """One edit of both kinds of files. *routes*: where the keys lead once it is in force.

    *stops*: what is said when it is refused; None for a good one. *options*: of ``dialplan apply``.
    """

    name: str
    centre: str
    custom: Mapping[str, str] = field(default_factory=dict)
    routes: Mapping[str, str] = field(default_factory=lambda: ROUTES)
    stops: str | None = None
    options: tuple[str, ...] = ()


def _with(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def _own(number: int) -> Mapping[str, str]:
    lines = f"exten => {70 + number % 9},1,Answer()\n same => n,Playback(/madoguchi/sounds/greeting)\n"
    return {"own.conf": f"[custom-from-operators]\n{lines} same => n,Hangup()\n"}


def _ring(base: str, number: int) -> Change:
    return Change("ring time", _with(base, ("ring_s = 5", f"ring_s = {6 + number % 20}")))


def _dialplan(base: str, number: int) -> Change:
    return Change("own dialplan", base, _own(number))


def _trunk(base: str, number: int) -> Change:
    outbound = 'outbound = { address = "127.0.0.2" }'
    return Change("trunk's limit", _with(base, (outbound, f"{outbound}\nmax_calls = {300 + number}")))


def _route(base: str, _: int) -> Change:
    wanted = KEY_2.replace('"card"', '"general"')
    return Change(
        "key 2 leads elsewhere", _with(base, (KEY_2, wanted)), routes={"1": "booking", "2": "general"}
    )


def _second_trunk(base: str, number: int) -> Change:
    more = f'[[trunks]]\nname = "second"\naddresses = ["127.0.0.{20 + number}"]\n\n[[numbers]]'
    return Change("a second trunk", _with(base, ("[[numbers]]", more)), _own(number))


def _words(base: str, number: int) -> Change:
    return Change("an announcement", _with(base, ("休みです。", f"{number + 1}番の休みです。")))


GOOD: tuple[Callable[[str, int], Change], ...] = (_dialplan, _route, _second_trunk, _ring, _trunk, _words)


def _unknown_queue(base: str, _: int) -> Change:
    wanted = KEY_1.replace('"booking"', '"bokking"')
    return Change("a queue that is not there", _with(base, (KEY_1, wanted)), stops='"bokking"')


def _no_toml(base: str, _: int) -> Change:
    return Change("no TOML", _with(base, (KEY_1, ASTRAY)) + "\n[[queues]\n", stops="is not TOML")


def _forbidden(base: str, _: int) -> Change:
    custom = {"own.conf": "[custom-from-operators]\nexten => _X.,1,System(true)\n"}
    return Change("a pattern for everything", _with(base, (KEY_1, ASTRAY)), custom, stops="own.conf:2")


ODD = {"odd.conf": "[custom-from-operators]\nexten => 71,n,Answer()\n"}
"""No mistake of ours to see; Asterisk knows no priority that it could be next to."""


def _refused_by_trial(base: str, _: int) -> Change:
    return Change("Asterisk refuses it beforehand", _with(base, (KEY_1, ASTRAY)), ODD, stops="odd.conf:2")


def _refused_by_asterisk(base: str, _: int) -> Change:
    return Change(
        "Asterisk refuses it",
        _with(base, (KEY_1, ASTRAY)),
        ODD,
        stops="was taken back",
        options=("--skip-trial",),
    )


BROKEN: tuple[Callable[[str, int], Change], ...] = (
    _refused_by_asterisk,
    _unknown_queue,
    _refused_by_trial,
    _forbidden,
    _no_toml,
)


def programme(base: str, good: int, broken: int) -> list[Change]:
    """Return so many changes of *base*, the broken ones spread among the good ones."""
    changes = [GOOD[number % len(GOOD)](base, number) for number in range(good)]
    step = max(1, good // max(1, broken))
    for number in range(broken):
        changes.insert(min(len(changes), number * (step + 1) + 1), BROKEN[number % len(BROKEN)](base, number))
    return changes
