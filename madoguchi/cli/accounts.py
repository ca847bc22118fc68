"""``accounts`` and ``account …``: who may sign in. The first account of a real centre is made here."""

from typing import Annotated, Any

import typer

from madoguchi.cli import running
from madoguchi.cli.showing import AsJson, say, show_fields, show_json, show_table

_COLUMNS = ("name", "title", "role", "phone", "disabled", "must_change_password", "second_factor")

Name = Annotated[str, typer.Argument(metavar="NAME")]

account = typer.Typer(help="Accounts: make, disable, enable, new password, second factor.")


def accounts(*, as_json: AsJson = False) -> None:
    """Everybody who may sign in."""
    found = running.get("/api/accounts")
    if as_json:
        show_json(found)
    else:
        show_table(
            found["accounts"], _COLUMNS, "Nobody may sign in; `madoguchi account add NAME --role ops`."
        )


@account.command()
def add(
    name: Name,
    *,
    role: Annotated[str, typer.Option(help="manager, city or ops; others have a phone: agent add.")],
    title: Annotated[str | None, typer.Option(help="The name as people read it.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make an account without a phone; the first password is shown once."""
    wish = {"name": name, "role": role} | ({} if title is None else {"title": title})
    _show(running.write("POST", "/api/accounts", wish), as_json=as_json)


@account.command()
def disable(name: Name) -> None:
    """Let somebody sign in no more; sessions and screens end at once, a present call goes on."""
    _change(name, {"disabled": True})
    say(f"{name} is disabled and signed out everywhere.")


@account.command()
def enable(name: Name) -> None:
    """Let somebody sign in again."""
    _change(name, {"disabled": False})
    say(f"{name} may sign in again.")


@account.command()
def password(name: Name, *, as_json: AsJson = False) -> None:
    """Make a new password, which must be changed at the next sign-in."""
    _show(_change(name, {"new_password": True}), as_json=as_json)


@account.command(name="reset-totp")
def reset_totp(name: Name) -> None:
    """Take the second factor away, for a lost authenticator; the next sign-in enrols a new one."""
    _change(name, {"reset_second_factor": True})
    say(f"{name} enrols an authenticator at the next sign-in.")


def _change(name: str, wish: dict[str, bool]) -> Any:
    return running.write("PATCH", running.at("api", "accounts", name), wish)


def _show(shown: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        show_json(shown)
        return
    show_fields({field: shown[field] for field in ("name", "title", "role", "password") if field in shown})
    say("The password is shown only now; write it down. It must be changed at the first sign-in.")
