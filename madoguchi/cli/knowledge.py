"""``knowledge`` and ``referrals``: agreed answers, and to whom callers are referred."""

from pathlib import Path
from typing import Annotated, Any

import typer

from madoguchi.cli import running
from madoguchi.cli.errors import CommandError
from madoguchi.cli.showing import AsJson, say, show_fields, show_json, show_table

_COLUMNS = ("number", "category", "question", "uses", "version")
_FIELDS = ("number", "version", "category", "question", "answer", "keywords", "agreed_on", "valid_from")

knowledge = typer.Typer(help="Agreed questions and answers.")

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="Like K-01.")]
Check = Annotated[bool, typer.Option("--check", help="Only say what would be taken in.")]
SheetFile = Annotated[Path, typer.Argument(metavar="FILE", help="CSV, in UTF-8 or as Excel writes it.")]


@knowledge.command()
def search(
    words: Annotated[str, typer.Argument(metavar="WORDS")] = "",
    *,
    category: Annotated[str | None, typer.Option(help="Only of this category.")] = None,
    as_json: AsJson = False,
) -> None:
    """What is in force today, the best answer first; everything without words."""
    found = running.get("/api/knowledge", {"q": words or None, "category": category})
    if as_json:
        show_json(found)
    else:
        show_table(found["knowledge"], _COLUMNS, "No agreed answer was found.")


@knowledge.command()
def show(number: Number, *, as_json: AsJson = False) -> None:
    """One answer with its versions."""
    found: dict[str, Any] = running.get(running.at("api", "knowledge", number))
    if as_json:
        show_json(found)
        return
    show_fields({name: found[name] for name in (*_FIELDS, "valid_until", "in_force", "uses")})
    for version in found["versions"]:
        agreed = version["agreed_on"] or "draft"
        say(f"version {version['version']}: agreed {agreed}, valid {version['valid_from']} …")


@knowledge.command(name="import")
def import_(file: SheetFile, *, check: Check = False, as_json: AsJson = False) -> None:
    """Take in a table of answers; every mistake is named with its line, and then nothing is taken."""
    done = take_in("/api/knowledge/import", file, {"check": check})
    if as_json:
        show_json(done)
        return
    would = "would be " if check else ""
    say(f"{done['added']} {would}added, {done['changed']} {would}changed, {done['unchanged']} as before.")


def referrals(
    words: Annotated[str | None, typer.Argument(metavar="[WORDS]")] = None,
    *,
    topic: Annotated[str | None, typer.Option(help="Only of this topic.")] = None,
    as_json: AsJson = False,
) -> None:
    """To whom callers are referred, and who answers there now."""
    found = running.get("/api/referrals", {"q": words, "topic": topic})
    if as_json:
        show_json(found)
        return
    for each in found["referrals"]:
        now = "answers now" if each["open_now"] else "closed now"
        say(f"{each['number_written']}  {each['title']}  ({now}; {each['hours_written']})")
        say(f"  {each['when']}")


def take_in(path: str, file: Path, more: dict[str, Any]) -> Any:
    """Send *file* to be taken in. Raises `CommandError`, with a line for each mistake."""
    try:
        return running.write("POST", path, {"csv": text_of(file), **more})
    except CommandError as error:
        faults = error.problem.get("errors", [])
        lines = (f"  {file}:{fault['line']}: {fault['column'] or ''} {fault['detail']}" for fault in faults)
        raise CommandError("\n".join([str(error), *lines])) from error


def text_of(file: Path) -> str:
    """Return the text of a table: UTF-8, or the Shift_JIS that Excel writes. Raises `CommandError`."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CommandError(f"{file} is neither UTF-8 nor Shift_JIS; save it as “CSV UTF-8” in Excel.")
