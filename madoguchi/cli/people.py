"""``agents`` and ``agent …``: who answers, and what each is doing."""

from typing import Annotated, Any

import typer

from madoguchi.cli import running
from madoguchi.cli.errors import WrongUsage
from madoguchi.cli.showing import AsJson, say, show_done, show_fields, show_json, show_table

_COLUMNS = ("name", "title", "extension", "level", "state", "reason", "since", "registered", "call")

Name = Annotated[str, typer.Argument(metavar="NAME")]
Title = Annotated[str | None, typer.Option(help="The name as people read it.")]
Skills = Annotated[
    list[str] | None,
    typer.Option(
        "--skill", help="A skill with its weight from 0 to 10; may be given again.", metavar="SKILL=WEIGHT"
    ),
]
Level = Annotated[str | None, typer.Option(help="A level of centre.toml.")]
Extension = Annotated[str | None, typer.Option(help="The telephone: 3 to 6 digits.")]
RoleName = Annotated[str | None, typer.Option(help="operator or supervisor.")]

agent = typer.Typer(
    no_args_is_help=False, help="Add, change and remove operators, and set what they are doing."
)


def agents(*, as_json: AsJson = False) -> None:
    """Everybody on the roster with what they are doing."""
    found = running.get("/api/agents")
    if as_json:
        show_json(found)
    else:
        show_table(found["agents"], _COLUMNS, "There are no agents; add one with `madoguchi agent add`.")


@agent.command()
def add(  # noqa: PLR0913 - one option for each field
    name: Name,
    *,
    extension: Annotated[str, typer.Option(help="The telephone: 3 to 6 digits.")],
    level: Annotated[str, typer.Option(help="A level of centre.toml.")],
    skill: Skills = None,
    title: Title = None,
    role: RoleName = None,
    as_json: AsJson = False,
) -> None:
    """Add an operator; the passwords are shown once."""
    wish = _given(title=title, role=role) | {"name": name, "extension": extension, "level": level}
    _show_entered(running.write("POST", "/api/agents", wish | {"skills": _weights(skill)}), as_json=as_json)


@agent.command(name="set")
def change(  # noqa: PLR0913 - one option for each field
    name: Name,
    *,
    extension: Extension = None,
    level: Level = None,
    skill: Skills = None,
    title: Title = None,
    role: RoleName = None,
    new_password: Annotated[
        bool, typer.Option("--new-password", help="Make a new password to sign in.")
    ] = False,
    new_sip_password: Annotated[
        bool, typer.Option("--new-sip-password", help="Make a new password for the telephone.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Change an operator; what is not named stays as it is. Weight 0 takes a skill away."""
    path = running.at("api", "agents", name)
    wish: dict[str, Any] = _given(title=title, role=role, extension=extension, level=level)
    if skill:
        skills = running.get(path)["skills"] | _weights(skill)
        wish["skills"] = {known: weight for known, weight in skills.items() if weight != 0}
    wish |= {"new_password": True} if new_password else {}
    wish |= {"new_sip_password": True} if new_sip_password else {}
    if not wish:
        raise WrongUsage("Say what to change, for example --level or --skill (madoguchi agent set --help).")
    entered, token = running.command("PATCH", path, wish)
    _show_entered(entered, token, as_json=as_json)


@agent.command()
def remove(name: Name) -> None:
    """Take an operator off the roster; a present call is finished first."""
    running.write("DELETE", running.at("api", "agents", name))
    say(f"{name} is no longer on the roster.")


@agent.command()
def ready(name: Name) -> None:
    """Ready for calls."""
    _set_state(name, {"state": "ready"})


@agent.command()
def pause(name: Name, *, reason: Annotated[str, typer.Option(help="A reason of centre.toml.")]) -> None:
    """Away; during a call, when call and after-call work are over."""
    _set_state(name, {"state": "paused", "reason": reason})


@agent.command()
def logout(name: Name) -> None:
    """Signed out; a present call goes on."""
    _set_state(name, {"state": "logged-out"})


def _set_state(name: str, wish: dict[str, str]) -> None:
    _, token = running.command("POST", running.at("api", "agents", name, "state"), wish)
    shown = running.get(running.at("api", "agents", name))
    later = f", then {shown['pending_pause']}" if shown.get("pending_pause") else ""
    show_done(f"{name} is {shown['state']}{later}.", shown, token, as_json=False)


def _given(**fields: str | None) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _weights(skills: list[str] | None) -> dict[str, int]:
    weights = {}
    for written in skills or []:
        skill, equals, weight = written.partition("=")
        if not (skill and equals and weight.isascii() and weight.isdigit()):
            raise WrongUsage(f"--skill {written!r} is not SKILL=WEIGHT, for example booking=7.")
        weights[skill] = int(weight)
    return weights


def _show_entered(entered: dict[str, Any], token: str | None = None, *, as_json: bool) -> None:
    if as_json:
        show_json(entered | {"undo": token})
        return
    fields = ("name", "title", "extension", "role", "level", "skills", "password", "sip_password")
    show_fields({field: entered[field] for field in fields if field in entered})
    if token is not None:
        say(f"Take it back within a minute with: madoguchi undo {token}")
    if entered.keys() & {"password", "sip_password"}:
        say("The passwords are shown only now; write them down.")
