"""In which line of a ``centre.toml`` something stands: what ``tomllib`` knows and does not tell.

Reads heads of tables and the keys before ``=``, one a line, as people write them. What stands inside an
inline table is found at the line of the key that holds it.
"""

import re
from collections import Counter
from collections.abc import Iterator

from config.problems import Location, Problem

_HEAD = re.compile(r"""\s*(?P<open>\[\[?)\s*(?P<path>[^\[\]#]+?)\s*\]""")
_KEY = re.compile(r"""\s*(?P<path>(?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_NAME = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_TOLD = re.compile(r"\(at line (\d+), column \d+\)")


def line_of(text: str, problem: Problem) -> int:
    """Return the line (from 1) in which *problem* stands; 0 for nowhere.

    That of the longest beginning of its location that can be found. A complaint that names a line is right.
    """
    if told := _TOLD.search(problem.complaint):
        return int(told[1])
    places: dict[Location, int] = {}
    for number, path in _paths(text):
        places.setdefault(path, number)
    wanted = problem.location
    beginnings = (wanted[:length] for length in range(len(wanted), 0, -1))
    return next((places[path] for path in beginnings if path in places), 0)


def _paths(text: str) -> Iterator[tuple[int, Location]]:
    """Give every path that is opened or set, with its line."""
    table: Location = ()
    counts: Counter[Location] = Counter()
    for number, line in enumerate(text.splitlines(), 1):
        if head := _HEAD.match(line):
            table = _resolved(_names(head["path"]), counts, opens=head["open"] == "[[")
            yield number, table
        elif key := _KEY.match(line):
            yield number, table + _names(key["path"])


def _names(path: str) -> tuple[str, ...]:
    return tuple(name.strip("\"'") for name in _NAME.findall(path))


def _resolved(names: tuple[str, ...], counts: Counter[Location], *, opens: bool) -> Location:
    """Return the path of a head: the last of a list of tables, wherever one is on the way (TOML 1.0)."""
    path: Location = ()
    for place, name in enumerate(names):
        path = (*path, name)
        if opens and place == len(names) - 1:
            counts[path] += 1
        if counts[path]:
            path = (*path, counts[path] - 1)
    return path
