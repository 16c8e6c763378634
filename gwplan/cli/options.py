"""Options and arguments that several commands have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Annotated, Any, Literal

import typer
from typer.main import get_click_type

from gwplan.cli import complete

INVENTORY_HELP = "A file, a directory of *.yaml, *.yml and *.json files, or - for standard input."
InventoryPath = Annotated[str, typer.Argument(metavar="INVENTORY", help=INVENTORY_HELP, show_default=False)]
Output = Annotated[str | None, typer.Option("--output", metavar="FILE", help="Write there, whole or not at all.")]
Strategy = Annotated[
    Literal["nearest", "spread"],
    typer.Option("--strategy", help="Rank a list by nearness first, or by load first."),
]
Down = Annotated[
    list[str] | None,
    typer.Option(
        "--down",
        metavar="NAME",
        help="Take down a server, site, link … by NAME or kind:NAME; repeatable.",
        autocompletion=complete.down,
    ),
]
Edition = Annotated[
    str | None,
    typer.Option(
        "--edition", metavar="VERSION", autocompletion=complete.edition,
        help="Plan under these rules of the vendor, whatever the inventory's version: 12, 13, 13@2026-03-03.",
    ),
]
Jobs = Annotated[
    list[str] | None,
    typer.Option(
        "--job", metavar="NAME", help="Only this job; repeatable.", autocompletion=complete.job
    ),
]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of a bug.")]


def format_of(formats: Iterable[str], about: str = "How to print.") -> Any:
    """``--format`` of a command whose formats these are."""
    return choice("--format", formats, about)


_FORMAT_OF_SUFFIX = {".json": "json", ".csv": "csv", ".md": "markdown", ".html": "html"}


def format_for(given: str | None, output: str | None, formats: Iterable[str]) -> str:
    """The format that was asked for; else the one that the output file's name ends in; else text."""
    if given is not None:
        return given
    named = _FORMAT_OF_SUFFIX.get(PurePath(output).suffix.lower()) if output else None
    return named if named in (*formats,) else "text"


def choice(name: str, words: Iterable[str], about: str) -> Any:
    """An option that takes one of the words."""
    kind = get_click_type(annotation=Literal[tuple(words)], parameter_info=typer.Option())
    return typer.Option(name, help=about, click_type=kind)


def words_of(option: str, given: str | None, known: Sequence[str]) -> list[str]:
    """The words of an option that takes several, separated by commas. Raises UsageError for one it does not know."""
    from gwplan.findings import UsageError

    words = [word.strip() for word in given.split(",")] if given else []
    if wrong := [word for word in words if word not in known]:
        raise UsageError(f"{option} takes {', '.join(known)}, not {', '.join(wrong)}")
    return words
