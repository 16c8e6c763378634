"""A live read of a backup server over its REST API, and the copy of its answers that can be imported again offline."""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gwplan.importers.draft import Draft, ImportFailed
from gwplan.importers.rest.answers import Answers
from gwplan.importers.rest.client import NotThere, Vbr
from gwplan.importers.rest.read import read
from gwplan.importers.rest.secrets import without_secrets

_LISTS = (
    ("managed servers", "/api/v1/backupInfrastructure/managedServers"),
    ("proxies", "/api/v1/backupInfrastructure/proxies"),
    ("states of proxies", "/api/v1/backupInfrastructure/proxies/states"),
    ("repositories", "/api/v1/backupInfrastructure/repositories"),
    ("states of repositories", "/api/v1/backupInfrastructure/repositories/states"),
    ("scale-out repositories", "/api/v1/backupInfrastructure/scaleOutRepositories"),
    ("mount servers", "/api/v1/backupInfrastructure/mountServers"),
    ("WAN accelerators", "/api/v1/backupInfrastructure/wanAccelerators"),
    ("file servers and shares", "/api/v1/inventory/unstructuredDataServers"),
    ("jobs", "/api/v1/jobs"),
    ("states of jobs", "/api/v1/jobs/states"),
    ("backups", "/api/v1/backups"),
)
_OBJECTS = (("the server itself", "/api/v1/serverInfo"), ("traffic rules", "/api/v1/trafficRules"))
_NEEDED = frozenset({"managed servers", "repositories"})


def read_vbr(vbr: Vbr, where: str, say: Callable[[str], None], save: Path | None = None) -> Draft:
    """The draft of everything that a server answers. ``say`` is called with what is asked next."""
    if save is not None:
        _check_free(save)
    say("token")
    vbr.log_in()
    answers = Answers(Draft("vbr", where, vbr.revision))
    kept: list[tuple[str, str, Any]] = []

    def take(path: str, body: Any) -> None:
        body = without_secrets(body)
        answers.take(body, path)
        if save is not None:
            kept.append((path, vbr.revision, body))

    for name, path in (*_OBJECTS, *_LISTS):
        say(name)
        try:
            if (name, path) in _OBJECTS:
                take(path, vbr.object(path))
                continue
            count = 0
            for page in vbr.pages(path):
                count += len(page["data"])
                say(f"{name}: {count}")
                take(path, page)
        except NotThere as error:
            if name in _NEEDED:
                raise ImportFailed(f"GET {path}: {error}: without {name} there is no inventory") from None
            answers.draft.cannot_tell(name, f"the server does not give them to this account or revision: {error}")
    draft = read(answers)
    if save is not None:
        _save(save, kept)
    return draft


def _check_free(folder: Path) -> None:
    try:
        _check_place(folder)
    except OSError as error:
        raise ImportFailed(f"--save {folder}: {error.strerror}") from None


def _check_place(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ImportFailed(f"--save {folder}: is there and not empty: give a new folder")
    if not folder.absolute().parent.is_dir():
        raise ImportFailed(f"--save {folder}: {folder.absolute().parent} is no folder")


def _save(folder: Path, kept: list[tuple[str, str, Any]]) -> None:
    """All files, or none: they are written beside the folder and moved there together."""
    target = folder.absolute()
    made = ""
    try:
        made = tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name[:40]}.")
        for number, (path, revision, body) in enumerate(kept, 1):
            name = path.removeprefix("/api/v1/").replace("/", "-")
            saved = {"x-api-version": revision, "path": path, "answer": body}
            Path(made, f"{number:03d}-{name}.json").write_text(json.dumps(saved, indent=1) + "\n", "utf-8")
        if target.exists():
            target.rmdir()
        Path(made).rename(target)
        target.chmod(0o700)
    except OSError as error:
        raise ImportFailed(f"--save {folder}: {error.strerror}") from None
    finally:
        if made and Path(made).exists():
            with contextlib.suppress(OSError):
                shutil.rmtree(made)
