"""What the schema of one table cannot see: names that lead nowhere, names used twice, words nobody may hear.

Works on the raw tables, so that a mistake of spelling elsewhere does not hide these; it says nothing about
what is not even a table, which the schema complains of. Must never know how a file is read.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

import phonenumbers

from config.problems import Location, Problem, suggestion

Raw = Mapping[str, Any]
Found = Iterator[tuple[Location, Any]]

FORBIDDEN, CARD = "個人番号カード", "マイナンバーカード"
"""Citizens always hear and read the second (R23)."""

_REFERENCES: tuple[tuple[str, str], ...] = (
    ("numbers.*.trunk", "trunks"),
    ("numbers.*.menu", "menus"),
    ("trunks.*.outbound.backup", "trunks"),
    ("menus.*.operator", "queues"),
    ("menus.*.keys.*.queue", "queues"),
    ("menus.*.keys.*.menu", "menus"),
    ("menus.*.keys.*.guide", "guides"),
    ("queues.*.overflow.*.keys.*.menu", "menus"),
    ("queues.*.skill", "skills"),
    ("priority_callers.*.queue", "queues"),
    ("hours.exceptions.*.queues.*", "queues"),
    ("agents.*.level", "levels"),
    ("agents.*.skills.*", "skills"),
    ("booking.venues.*.counters.*.services.*", "booking.services"),
    ("self_service.service", "booking.services"),
    ("alerts.notify.*", "contacts"),
    ("cases.rules.*.notify.*", "contacts"),
    ("cases.rules.*.escalation.*.notify.*", "contacts"),
)
"""Who names whom. In the last one the keys are the names."""

_NAMED = (
    "trunks",
    "menus",
    "queues",
    "skills",
    "levels",
    "pause_reasons",
    "dispositions",
    "contacts",
    "guides",
    "referrals",
    "agents",
    "booking.channels",
    "booking.services",
    "booking.venues",
)
"""Lists whose entries have a name that stands for them."""


def problems_in(raw: Raw) -> Iterator[Problem]:
    """Yield everything that is wrong between the tables of *raw*."""
    yield from _leading_nowhere(raw)
    yield from _used_twice(raw)
    yield from _tiers_that_never_open(raw)
    yield from _numbers_not_ours(raw)
    yield from _guidance_that_leads_away(raw)
    yield from _callbacks_without_a_way_out(raw)
    yield from _backups_that_are_none(raw)
    yield from _self_service_without_anything_to_book(raw)
    yield from _told_without_an_address(raw)
    yield from _forbidden_words(raw, ())


def _leading_nowhere(raw: Raw) -> Iterator[Problem]:
    for pattern, target in _REFERENCES:
        known = {name for _, name in _find(raw, f"{target}.*.name") if isinstance(name, str)}
        for location, value in _find(raw, pattern):
            word = location[-1] if target == "skills" and "skills" in location else value
            if isinstance(word, str) and word not in known:
                hint = suggestion(word, known, target)
                yield Problem(location, f'names "{word}", which is not among the {target}; {hint}')


def _used_twice(raw: Raw) -> Iterator[Problem]:
    for table in _NAMED:
        yield from _repeated(_find(raw, f"{table}.*.name"))
    yield from _repeated(_find(raw, "agents.*.extension"))
    yield from _repeated(_find(raw, "numbers.*.number"), as_written=_digits)
    yield from _repeated(_find(raw, "priority_callers.*.number"), as_written=_digits)
    yield from _repeated(_find(raw, "trunks.*.addresses.*"))
    yield from _repeated(_find(raw, "cases.rules.*.kind"))


def _repeated(found: Found, as_written: Callable[[str], str] = str) -> Iterator[Problem]:
    first: dict[str, Location] = {}
    for location, value in found:
        if not isinstance(value, str):
            continue
        before = first.setdefault(as_written(value), location)
        if before != location:
            taken = Problem(before, "").path
            yield Problem(location, f'is "{value}", which {taken} has already; each needs its own')


def _tiers_that_never_open(raw: Raw) -> Iterator[Problem]:
    """A later tier must open later and let more people answer, else it does nothing."""
    for location, tiers in _find(raw, "queues.*.tiers"):
        rows = tiers if isinstance(tiers, list) else []
        pairs = pairwise(rows)
        for place, (before, after) in enumerate(pairs, start=1):
            yield from _useless(before, after, (*location, place))


def _useless(before: Any, after: Any, location: Location) -> Iterator[Problem]:
    for key, wanted, sign in (("after_s", "more", 1), ("min_weight", "less", -1)):
        old, new = (row.get(key) if isinstance(row, Mapping) else None for row in (before, after))
        if isinstance(old, int | float) and isinstance(new, int | float) and (new - old) * sign <= 0:
            why = "a later tier opens later, to operators of less weight"
            yield Problem((*location, key), f"is {new}; it must be {wanted} than {old} before it: {why}")


def _numbers_not_ours(raw: Raw) -> Iterator[Problem]:
    """Hours can be set for the centre's own numbers only."""
    ours = {_digits(number) for _, number in _find(raw, "numbers.*.number") if isinstance(number, str)}
    for location, number in _find(raw, "hours.exceptions.*.numbers.*"):
        if isinstance(number, str) and _digits(number) not in ours:
            yield Problem(location, f'is "{number}", which is not among the numbers of this centre')


def _callbacks_without_a_way_out(raw: Raw) -> Iterator[Problem]:
    """A callback is a call of ours: some trunk must take it."""
    if any(True for _ in _find(raw, "trunks.*.outbound")):
        return
    for location, does in _find(raw, "queues.*.overflow.*.keys.*.does"):
        if does == "callback":
            yield Problem(location, 'is "callback", but no trunk has an outbound address to place it')


def _self_service_without_anything_to_book(raw: Raw) -> Iterator[Problem]:
    """Callers book through the channel keypad, and something has to say what."""
    if "self_service" not in raw:
        for location, does in _find(raw, "queues.*.overflow.*.keys.*.does"):
            if does == "self-service":
                yield Problem(location, 'is "self-service", but [self_service] does not say what is booked')
    elif "keypad" not in {name for _, name in _find(raw, "booking.channels.*.name")}:
        yield Problem(("self_service",), "needs a channel keypad among booking.channels")


def _told_without_an_address(raw: Raw) -> Iterator[Problem]:
    """Whoever is to hear of a case or an alert by e-mail must have an address."""
    contacts = [contact for _, contact in _find(raw, "contacts.*") if isinstance(contact, Mapping)]
    silent = {contact.get("name") for contact in contacts if not contact.get("email")}
    told = ("cases.rules.*.notify.*", "cases.rules.*.escalation.*.notify.*", "alerts.notify.*")
    for pattern in told:
        for location, name in _find(raw, pattern):
            if isinstance(name, str) and name in silent:
                yield Problem(location, f'names "{name}", a contact without email')


def _backups_that_are_none(raw: Raw) -> Iterator[Problem]:
    """A call that one trunk does not take goes to another one, which must take calls."""
    trunks = [trunk for _, trunk in _find(raw, "trunks.*") if isinstance(trunk, Mapping)]
    silent = {trunk.get("name") for trunk in trunks if not trunk.get("outbound")}
    for location, trunk in _find(raw, "trunks.*"):
        for inner, backup in _find(trunk, "outbound.backup", location):
            if backup == trunk.get("name"):
                yield Problem(inner, "is the trunk itself; name another one")
            elif backup in silent:
                yield Problem(inner, f'names "{backup}", a trunk without outbound')


def _guidance_that_leads_away(raw: Raw) -> Iterator[Problem]:
    """Whoever listens while waiting keeps the place, so the keys of that menu may only tell something."""
    opened = {menu for _, menu in _find(raw, "queues.*.overflow.*.keys.*.menu")}
    for location, menu in _find(raw, "menus.*"):
        if not isinstance(menu, Mapping) or menu.get("name") not in opened:
            continue
        for inner, choice in _find(menu, "keys.*", location):
            if isinstance(choice, Mapping) and "guide" not in choice:
                why = "callers who wait in line listen to it, and keep their place"
                yield Problem(inner, f"must lead to a guide: {why}")


def _forbidden_words(value: Any, location: Location) -> Iterator[Problem]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _forbidden_words(inner, (*location, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _forbidden_words(inner, (*location, place))
    elif isinstance(value, str) and says_forbidden(value):
        yield Problem(location, f"says {FORBIDDEN}; citizens always hear and read {CARD} (R23)")


def says_forbidden(text: str) -> bool:
    """Return whether *text* has the word that citizens must not hear, however it is spaced (R23)."""
    return FORBIDDEN in "".join(unicodedata.normalize("NFKC", text).split())


def _digits(number: str) -> str:
    """Return *number* in E.164 where it is one, so that 0120-… and +81120… count as the same."""
    try:
        parsed = phonenumbers.parse(number, "JP")
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _find(value: Any, pattern: str, location: Location = ()) -> Found:
    """Yield every place that *pattern* describes; ``*`` stands for any entry of a list or a table."""
    step, _, rest = pattern.partition(".")
    if not step:
        yield location, value
        return
    for key, inner in _entries(value, step):
        yield from _find(inner, rest, (*location, key))


def _entries(value: Any, step: str) -> Iterator[tuple[str | int, Any]]:
    if step == "*" and isinstance(value, list):
        yield from enumerate(value)
    elif isinstance(value, Mapping):
        yield from ((key, inner) for key, inner in value.items() if step in {"*", key})
