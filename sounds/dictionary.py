"""The user dictionary: local names and awkward counters, compiled for OpenJTalk and kept in the cache.

Only this file knows OpenJTalk's dictionary format (MeCab's CSV with NAIST-jdic columns).
"""

import hashlib
import os
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_DATA = Path(__file__).with_name("dictionary.toml")
_PARTS_OF_SPEECH = {
    "place": "名詞,固有名詞,地域,一般",
    "name": "名詞,固有名詞,一般,*",
    "counter": "名詞,接尾,助数詞,*",
}
_COST = 1000
"""Low enough to win over the system dictionary's words, high enough not to cut longer words to pieces."""
_SMALL_KANA = "ァィゥェォャュョヮ"


@dataclass(frozen=True, slots=True)
class Word:
    """One entry; see the head of ``dictionary.toml``."""

    surface: str
    reading: str
    accent: int
    kind: str
    pronunciation: str

    def row(self) -> str:
        """Return the entry as a line of MeCab's CSV; empty context ids are filled in by the compiler."""
        moras = sum(kana not in _SMALL_KANA for kana in self.pronunciation)
        speech = _PARTS_OF_SPEECH[self.kind]
        return (
            f"{self.surface},,,{_COST},{speech},*,*,{self.surface},"
            f"{self.reading},{self.pronunciation},{self.accent}/{moras},C1\n"
        )


def words() -> tuple[Word, ...]:
    """Return the dictionary."""
    entries = tomllib.loads(_DATA.read_text("utf-8"))["word"]
    return tuple(Word(**{"pronunciation": entry["reading"], **entry}) for entry in entries)


def fingerprint() -> str:
    """Return what changes whenever a reading could."""
    return hashlib.sha256(_DATA.read_bytes()).hexdigest()


def compiled(cache: Path) -> Path:
    """Return the compiled dictionary in *cache*; several processes may make it at once.

    Raises OSError when *cache* cannot be written.
    """
    target = cache / f"dictionary-{fingerprint()[:16]}.dic"
    if target.exists():
        return target
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        source, made = Path(scratch, "words.csv"), Path(scratch, "words.dic")
        source.write_text("".join(word.row() for word in words()), "utf-8")
        _compile(source, made)
        made.replace(target)
    return target


def _compile(source: Path, made: Path) -> None:
    import pyopenjtalk  # noqa: PLC0415  (1.5 s; only the first start of all needs the compiler)

    with _silent_stdout():
        pyopenjtalk.mecab_dict_index(str(source), str(made))


@contextmanager
def _silent_stdout() -> Iterator[None]:
    """Keep the compiler's progress bars, printed by C code, out of a command's output."""
    sys.stdout.flush()
    kept = os.dup(1)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        try:
            yield
        finally:
            os.dup2(kept, 1)
            os.close(kept)
