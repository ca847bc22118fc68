"""A controller whose Asterisk runs on another machine: what it needs from there (ADR 31)."""

from config.settings import Settings
from madoguchi.local import home

COPIED = ("secrets.json", "centre.toml", "published", "roster.json", "hours.json")
"""What lies in the home of Asterisk's machine and is copied from there, again whenever it changes there."""

RECIPE = 'docs/operations.md, "A standby on another machine"'


def require_copied(settings: Settings) -> None:
    """Make the directories that a controller writes to. Raises SystemExit when what it reads is not there."""
    layout = settings.layout
    home.lay_out(layout)
    missing = [file for file in (layout.secrets_file, layout.published_plan) if not file.exists()]
    if missing:
        names = " and ".join(str(file) for file in missing)
        raise SystemExit(f"There is no {names}; copy it from the machine that has Asterisk ({RECIPE}).")
