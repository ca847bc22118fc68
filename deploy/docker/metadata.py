"""Writes what Python needs to know a program's version by, for an image that is not installed but copied.

usage: metadata.py PYPROJECT FOLDER
"""

import sys
import tomllib
from pathlib import Path


def main(pyproject: Path, folder: Path) -> None:
    """Write ``<name>-<version>.dist-info`` into *folder* (Core metadata 2.1, packaging.python.org)."""
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    name, version = project["name"], project["version"]
    told = folder / f"{name}-{version}.dist-info"
    told.mkdir(exist_ok=True)
    text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    (told / "METADATA").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
