"""The console's pages as `make console` built them: read once, handed out from memory.

Every file but the page itself has its content's hash in its name. Nothing outside the built folder can be
asked for: an address is a key of a dictionary, never a path.
"""

import gzip
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_PAGE = "index.html"
_SMALLEST_PACKED = 1_000
"""Below this many bytes packing saves nothing that a browser would notice."""


@dataclass(frozen=True, slots=True)
class Page:
    """A file as it is sent: *packed* is its gzip form, where that is smaller."""

    kind: str
    plain: bytes = field(repr=False)
    packed: bytes | None = field(repr=False)

    @classmethod
    def read(cls, file: Path) -> "Page":
        """Read *file*. Raises OSError."""
        kind, _ = mimetypes.guess_type(file.name)
        plain = file.read_bytes()
        # Without a time in it, the same file is the same bytes.
        packed = gzip.compress(plain, mtime=0) if len(plain) > _SMALLEST_PACKED else None
        return cls(_typed(kind or "application/octet-stream"), plain, packed)


@dataclass(frozen=True, slots=True)
class Pages:
    """What was built. *page* is None where nothing was."""

    page: Page | None = None
    assets: Mapping[str, Page] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> "Pages":
        """Read *folder* as `make console` leaves it; none when it is not there. Raises OSError."""
        page = folder / _PAGE
        if not page.is_file():
            return cls()
        files = (file for file in (folder / "assets").iterdir() if file.is_file())
        return cls(Page.read(page), {file.name: Page.read(file) for file in files})


def _typed(kind: str) -> str:
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
