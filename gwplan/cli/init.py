"""``gwplan init``: an inventory to begin with, its settings and, where asked for, the file of a pipeline."""

from __future__ import annotations

import json
import os
import re
import shlex
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

import typer

from gwplan.cli import exits, options
from gwplan.cli.output import emit, show

EPILOG = exits.epilog(
    "gwplan init",
    "gwplan init estate/inventory.yaml --from two-sites --ci github",
)
Template = Literal["minimal", "two-sites", "fibre-channel", "object-storage", "scale-out"]
SCHEMA = ".inventory.schema.json"
"""Hidden, so that a folder of inventories is read without it."""
_MODELINE = f"# yaml-language-server: $schema={SCHEMA}\n"
_PIPELINES = {"github": ".github/workflows/gwplan.yml", "gitlab": ".gitlab-ci.yml"}
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")


def init(
    file: Annotated[
        Path, typer.Argument(metavar="[FILE]", help="The inventory to write; what goes with it stands beside it.")
    ] = Path("inventory.yaml"),
    template: Annotated[
        Template, typer.Option("--from", help="What to begin with: a small estate that has one thing of interest.")
    ] = "minimal",
    ci: Annotated[
        Literal["github", "gitlab"] | None,
        typer.Option(
            "--ci", help="Write the file of a pipeline, too: it and the settings at the root of the repository."
        ),
    ] = None,
    stdout: Annotated[bool, typer.Option("--stdout", help="Print the inventory, and write nothing.")] = False,
    debug: options.Debug = False,
) -> int:
    """Write a commented inventory to begin with, settings, and what an editor and a pipeline need. Never overwrites."""
    del debug
    from gwplan.findings import UsageError

    text = _MODELINE + _template(f"{template}.yaml")
    if stdout:
        if ci:
            raise UsageError("--stdout prints the inventory alone: leave --ci out")
        emit(text)
        return exits.OK
    file = file / "inventory.yaml" if file.is_dir() else file
    if file.suffix not in (".yaml", ".yml"):
        raise UsageError(f"{file}: the inventory is YAML: give a name that ends in .yaml")
    home = _root_of(file.parent) if ci else file.parent
    kept, new = _planned(file, text, ci, home)
    _write_new(new)
    show(
        [
            *(f"{name} written{f', from {template}' if name == file else ''}" for name in new),
            *(f"{name} is there already, and stays as it is" for name in kept),
            f"next: {_next(file, home)}",
        ]
    )
    return exits.OK


def _root_of(folder: Path) -> Path:
    """The root of the git repository that holds a folder, where pipelines are looked for; else the folder itself."""
    here = folder.absolute()
    for place in (here, *here.parents):
        if (place / ".git").exists():
            return place if folder.is_absolute() else Path(os.path.relpath(place))
    return folder


def _planned(file: Path, text: str, ci: str | None, home: Path) -> tuple[list[Path], dict[Path, str]]:
    """The files that are there and stay, and those to write. Raises UsageError if one of the latter is there."""
    from gwplan.findings import UsageError
    from gwplan.inventory.json_schema import json_schema

    folder = file.parent
    new = {file: text}
    if ci:
        place = os.path.relpath(file, home)
        if not all(map(_PLAIN.fullmatch, Path(place).parts)):
            raise UsageError(f"{place!r}: for --ci, name the file with letters, digits, `.`, `_` and `-` alone")
        new[home / _PIPELINES[ci]] = _template(f"{ci}.yml").replace("INVENTORY", place)
    for name in new:
        if _is_there(name):
            raise UsageError(f"{name} is there already, and nothing is overwritten: nothing is written")
    schema = json.dumps(json_schema(), indent=1) + "\n"
    beside = {home / "gwplan.toml": _template("gwplan.toml"), folder / SCHEMA: schema}
    kept = [name for name in beside if _is_there(name)]
    return kept, new | {name: told for name, told in beside.items() if name not in kept}


def _template(name: str) -> str:
    return (files("gwplan.cli") / "templates" / name).read_text("utf-8")


def _is_there(file: Path) -> bool:
    """Whether something has this name, even if it is a link that points at nothing."""
    return file.exists() or file.is_symlink()


def _write_new(texts: dict[Path, str]) -> None:
    """Write files that are not there yet: all of them, or none."""
    from gwplan.findings import UsageError

    written: list[Path] = []
    made: list[Path] = []
    for name, text in texts.items():
        try:
            missing = [folder for folder in name.parents if not folder.exists()]
            made = [*missing, *made]  # the innermost first
            name.parent.mkdir(parents=True, exist_ok=True)
            with name.open("x", encoding="utf-8", newline="\n") as stream:
                written.append(name)
                stream.write(text)
        except OSError as error:
            for other in written:
                other.unlink(missing_ok=True)
            for folder in made:
                with suppress(OSError):
                    folder.rmdir()
            raise UsageError(f"cannot write {name}: {error.strerror or error}: nothing is written") from None


def _next(file: Path, home: Path) -> str:
    """The command to run, where the settings are found."""
    name = os.path.relpath(file, home)
    place = "" if home == Path() else f"cd {shlex.quote(str(home))} && "
    return f"{place}gwplan validate {shlex.quote(name if not name.startswith('-') else f'./{name}')}"
