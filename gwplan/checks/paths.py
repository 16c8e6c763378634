"""Checks of folders: repositories that keep their backups in one, or one inside the other."""

from __future__ import annotations

from collections.abc import Iterator

from gwplan.checks.shape import Hit, check_for, on_value, some
from gwplan.checks.view import View
from gwplan.findings import Rule, Severity
from gwplan.inventory.entries import APPLIANCES, SERVER_HOSTED, Repository
from gwplan.inventory.names import natural

Place = tuple[str, ...]
"""A folder as what holds it (a server or a share) and its names from there."""


@check_for(Rule(
    "GW008", "same-path", Severity.ERROR, "backup_repository.html",
    why="Two repositories on one folder take each other's backup files for their own, whichever gateway server writes "
    "them.",
    fix="Give each repository a folder of its own.",
))  # fmt: skip
def same_path(view: View) -> Iterator[Hit]:
    for names in _folders(view).values():
        if len(names) > 1:
            first, *rest = names
            yield Hit(
                "repository", first,
                f"{some(names)} keep their backups in one folder, {view.inventory.repositories[first].path}",
                on_value("repositories", first, "path"),
                *(on_value("repositories", name, "path", label="the same folder") for name in rest),
            )  # fmt: skip


@check_for(Rule(
    "GW009", "nested-path", Severity.ERROR, "upgrade_vbr_byb.html",
    why="Version 13 does not support a repository inside the folder of another. For version 12 this is a warning: it "
    "stops the upgrade.",
    fix="Give each repository a folder of its own.",
))  # fmt: skip
def nested_path(view: View) -> Iterator[Hit]:
    """When places are sorted, a folder comes right before all that is inside of it."""
    around: list[tuple[Place, str]] = []
    for place, (name, *_) in sorted(_folders(view).items()):
        while around and place[: len(around[-1][0])] != around[-1][0]:
            around.pop()
        if around:
            outer = around[-1][1]
            repositories = view.inventory.repositories
            yield Hit(
                "repository", name,
                f"{name} keeps its backups in {repositories[name].path}, inside the folder of {outer}, "
                f"{repositories[outer].path}",
                on_value("repositories", name, "path"),
                on_value("repositories", outer, "path", label="the folder around it"),
                weight=Severity.WARNING if view.version < 13 else None,
            )  # fmt: skip
        around.append((place, name))


def _folders(view: View) -> dict[Place, list[str]]:
    """The repositories of each folder, in natural order, as far as their paths are given."""
    found: dict[Place, list[str]] = {}
    for name, entry in view.inventory.repositories.items():
        if place := _place(view, entry):
            found.setdefault(place, []).append(name)
    return {place: sorted(names, key=natural) for place, names in found.items()}


def _place(view: View, entry: Repository) -> Place | None:
    """A path on a server is compared as its system does; a share's path names its machine itself."""
    path = entry.path
    if path is None:
        return None
    if entry.type in SERVER_HOSTED | APPLIANCES:
        if entry.server is None:
            return None
        like_windows = view.inventory.servers[entry.server].os != "linux"
        return ("server", entry.server, *_names(path, like_windows))
    if entry.type == "smb" and path.startswith(("\\\\", "//")):
        return ("smb", *_names(path, like_windows=True))
    if entry.type == "nfs" and ":" in path:
        host, _, folder = path.partition(":")
        return ("nfs", host.lower(), *_names(folder, like_windows=False))
    return None


def _names(path: str, like_windows: bool) -> list[str]:
    parts = path.replace("\\", "/").lower().split("/") if like_windows else path.split("/")
    return [part for part in parts if part not in ("", ".")]


CHECKS = (same_path, nested_path)
