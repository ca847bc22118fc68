"""What runs, as ``run.json`` tells it (docs/interface.md)."""

from config.layout import Layout
from madoguchi.local import run_file
from madoguchi.local.run_file import Login, Phone, RunFile


class NotRunningError(Exception):
    """There is no centre to call; the message says what to do."""


def read_running(layout: Layout) -> RunFile:
    """Read ``run.json``. Raises `NotRunningError`."""
    running = run_file.read(layout)
    if running is None:
        raise NotRunningError(f"Nothing runs here (there is no {layout.run_file}). Start it with: make up")
    return running


def sip_address(running: RunFile) -> tuple[str, int]:
    """Where telephones send their messages."""
    return (running["sip"]["host"], running["sip"]["port"])


def login_of(running: RunFile, user: str) -> Login:
    """How a sample account signs in. Raises KeyError for another one."""
    return {login["user"]: login for login in running["logins"]}[user]


def password_of(running: RunFile, user: str) -> str:
    """The console password of a sample account. Raises KeyError for another one."""
    return login_of(running, user)["password"]


def supervisor_of(running: RunFile) -> Login:
    """The first sample account of a supervisor. Raises `NotRunningError` in a centre without any."""
    found = next((login for login in running["logins"] if login["role"] == "supervisor"), None)
    if found is None:
        raise NotRunningError("This centre was started without sample accounts; the demo needs them.")
    return found


def operators(running: RunFile) -> list[Phone]:
    """The phones of operators with a sample account.

    Supervisors have phones too, and take calls only when all else fails.
    """
    users = {login["user"] for login in running["logins"]}
    return [phone for phone in running["agents"] if phone["role"] == "operator" and phone["name"] in users]
