"""What operations staff may not write into their own dialplan, and why.

Everything is refused that is not known to be harmless: an application or a function that stands in no list
here. So a new version of Asterisk opens nothing by itself.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from dialplan.added import CONTEXTS, Custom
from dialplan.reading import Entry, Step, entries, steps

LARGEST = 64 * 1024
"""Bytes of one file; theirs are some lines long."""

_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}\.conf")
_EXTENSION = re.compile(r"_?[0-9A-DXZNa-z*#+\-\[\]]+")
_FILTERED = re.compile(r"\$\{FILTER\([0-9*#-]+,\$\{[A-Z_]+(?::[0-9:-]+)?\}\)\}")
_SETTING = re.compile(r"\s*_{0,2}(?P<name>[A-Za-z0-9_]+)\s*(?P<function>\()?")
_OURS = re.compile(r"MADOGUCHI_", re.IGNORECASE)

APPLICATIONS = frozenset(
    {
        "answer",
        "background",
        "busy",
        "congestion",
        "dial",
        "gosub",
        "gosubif",
        "goto",
        "gotoif",
        "gotoiftime",
        "hangup",
        "incomplete",
        "musiconhold",
        "noop",
        "playback",
        "progress",
        "read",
        "return",
        "ringing",
        "saydigits",
        "saynumber",
        "set",
        "startmusiconhold",
        "stopmusiconhold",
        "verbose",
        "wait",
        "waitexten",
    }
)
"""What they may use; in small letters, as Asterisk does not tell them apart."""

FUNCTIONS = frozenset(
    {
        "CALLERID",
        "CHANNEL",
        "CUT",
        "FILTER",
        "GROUP",
        "GROUP_COUNT",
        "IF",
        "IFTIME",
        "ISNULL",
        "LEN",
        "PJSIP_AOR",
        "PJSIP_CONTACT",
        "STRFTIME",
        "TOLOWER",
        "TOUPPER",
        "URIENCODE",
    }
)
_JUMPS = frozenset({"goto", "gotoif", "gotoiftime", "gosub", "gosubif"})
_SOUNDS = "/madoguchi/sounds/"
_SPEAKS = frozenset({"background", "playback", "read"})


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something that is wrong: *file* and *line* (0: the whole file), and one sentence.

    *japanese* is the sentence in Japanese, of what stands in ``centre.toml``.
    """

    file: str
    line: int
    sentence: str
    japanese: str | None = field(default=None, compare=False)

    def __str__(self) -> str:
        """Return it as compilers write it."""
        return self._placed(self.sentence)

    def in_japanese(self) -> str:
        """Return the same in Japanese, where there is some."""
        return self._placed(self.japanese or self.sentence)

    def _placed(self, sentence: str) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {sentence}" if where else sentence


def lint(custom: Custom) -> list[Finding]:
    """Return everything that may not stand in these files."""
    return sorted(finding for name, text in custom.items() for finding in _of_file(name, text))


def _of_file(name: str, text: str) -> Iterator[Finding]:
    if not _NAME.fullmatch(name):
        yield Finding(name, 0, "A file is named with small letters, digits and hyphens, and ends in .conf.")
    if len(text.encode()) > LARGEST:
        yield Finding(name, 0, f"The file is longer than {LARGEST} bytes.")
        return
    if any(ord(letter) < ord(" ") and letter not in "\n\r\t" for letter in text):
        yield Finding(name, 0, "The file has control characters.")
    if ";--" in text:
        yield Finding(name, 0, "Comments over several lines (;--) are not read here; begin each line with ;.")
    read = list(entries(text))
    for entry in read:
        yield from (Finding(name, entry.line, sentence) for sentence in _of_entry(entry))
    for placed in steps(read):
        yield from (Finding(name, placed.line, sentence) for sentence in _of_step(placed.step))


def _of_entry(entry: Entry) -> Iterator[str]:
    match entry.key:
        case "":
            yield from _of_section(entry)
        case "#":
            yield "Other files are included by the centre alone; put the lines here."
        case "include":
            if not entry.value.startswith(CONTEXTS):
                yield f"{entry.value!r} may not be included: only contexts that begin with {CONTEXTS!r}."
        case "exten" | "same":
            yield from _of_extension(entry)
        case _:
            yield f"{entry.key!r} is not used here; write exten, same and include lines."


def _of_section(entry: Entry) -> Iterator[str]:
    if not entry.context.startswith(CONTEXTS):
        yield f"The context {entry.context!r} is not yours to define: names begin with {CONTEXTS!r}."
    if entry.value:
        yield f"{entry.value!r} behind a context's name changes another section; leave it out."


def _of_extension(entry: Entry) -> Iterator[str]:
    if not entry.context:
        yield "The line stands before the first context."
    rest = entry.value if entry.key == "same" else entry.value.partition(",")[2]
    if not rest.partition(",")[2].strip():
        yield "The line has no application."
    if entry.key == "same":
        return
    extension = entry.value.partition(",")[0].strip()
    if extension.startswith("_") and extension[-1:] in {".", "!"}:
        yield f"The pattern {extension} matches numbers of any length; write out how many digits there are."
    elif not _EXTENSION.fullmatch(extension):
        yield f"{extension!r} is no number or pattern that can be dialled."


def _of_step(step: Step) -> Iterator[str]:
    application = step.application.lower()
    if application not in APPLICATIONS:
        yield f"{step.application} may not be used; these may: {', '.join(sorted(APPLICATIONS))}."
        return
    yield from _of_functions(step)
    for rule in _RULES.get(application, ()):
        yield from rule(step)


def _of_functions(step: Step) -> Iterator[str]:
    for expression in re.findall(r"\$\{+\s*([A-Za-z_][A-Za-z0-9_]*)\(", step.data):
        if expression.upper() not in FUNCTIONS:
            yield f"The function {expression} may not be used; these may: {', '.join(sorted(FUNCTIONS))}."
    if re.search(r"\$\{\s*\$\{", step.data):
        yield "A variable's name may not come out of another variable."


def _dials(step: Step) -> Iterator[str]:
    plain = _FILTERED.sub("0", step.data)
    if "${" in plain:
        yield "Dial takes what a caller sent only through a filter: ${FILTER(0-9,${EXTEN})}."
    destination, _, options = plain.partition(",")
    if "trunk-" in destination or "@" in destination.replace("@desk", "") or "local/" in destination.lower():
        yield "Dial reaches telephones of the house (PJSIP/201@desk); outside lines are the centre's own."
    if set(options.partition(",")[2].partition("(")[0]) - set("gmrtT"):
        yield "Dial's options here are g, m, r, t and T."


def _jumps(step: Step) -> Iterator[str]:
    conditional = step.application.lower() in {"gotoif", "gotoiftime", "gosubif"}
    targets = step.data.rpartition("?")[2].split(":") if conditional else [step.data]
    for target in targets:
        place = target.partition("(")[0].split(",")
        if len(place) > len(("extension", "priority")) and not place[0].strip().startswith(CONTEXTS):
            yield f"{place[0].strip()!r} is not a context of yours: names begin with {CONTEXTS!r}."
        if "${" in place[0] and len(place) > 1:
            yield "Where to go may not come out of a variable."


def _sets(step: Step) -> Iterator[str]:
    found = _SETTING.match(step.data)
    name = "" if found is None else found["name"]
    if not name or "${" in step.data.partition("=")[0]:
        yield "Set names its variable in letters."
    elif found is not None and found["function"] and name.upper() not in {"CALLERID", "CHANNEL"}:
        yield f"{name} may not be set."
    elif _OURS.match(name):
        yield f"{name} belongs to the centre."
    elif name.upper() == "CHANNEL" and not step.data.startswith(("CHANNEL(language)", "CHANNEL(musicclass)")):
        yield "Of CHANNEL, language and musicclass may be set."


def _speaks(step: Step) -> Iterator[str]:
    files = step.data.partition(",")
    spoken = files[2].partition(",")[0] if step.application.lower() == "read" else files[0]
    for file in spoken.split("&"):
        if ".." in file or ("/" in file and not file.startswith(_SOUNDS)):
            yield f"{file!r} is no announcement of the centre; these stand below {_SOUNDS}."


_RULES: dict[str, tuple[Callable[[Step], Iterator[str]], ...]] = {
    "dial": (_dials,),
    "set": (_sets,),
    **dict.fromkeys(_JUMPS, (_jumps,)),
    **dict.fromkeys(_SPEAKS, (_speaks,)),
}
