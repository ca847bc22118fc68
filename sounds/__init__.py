"""What callers hear: the catalogue of texts, their reading, speech, and the built sound files.

Importing the package costs nothing: numpy and the speech engine are loaded by the functions that need
them, so that the controller, which only looks finished sounds up (`sounds.voice`), stays small.
It must never know what a call is.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sounds.building import BuildResult, build
    from sounds.speech import read, say

__all__ = ["BuildResult", "build", "read", "say"]

_HOMES = {
    "BuildResult": "sounds.building",
    "build": "sounds.building",
    "read": "sounds.speech",
    "say": "sounds.speech",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sounds' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
