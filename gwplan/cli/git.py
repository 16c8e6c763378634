"""Inventories of a revision: ``REV:PATH`` as git writes it, read by the ``git`` on PATH, and never from the network."""

from __future__ import annotations

import os
import posixpath
import re
import subprocess
from pathlib import Path, PurePosixPath
from shlex import quote
from typing import NamedTuple

from gwplan.findings import UNREADABLE_FILE, Finding, InventoryError
from gwplan.inventory.files import MAX_BYTES, SUFFIXES, decode, read_sources, spot_of_file, too_large
from gwplan.inventory.source import Source

_QUIET = {
    "GIT_ALLOW_PROTOCOL": "none",  # a partial clone would fetch what it lacks
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}


def read_side(where: str) -> tuple[Source, ...]:
    """A file, a directory, ``-``, or what a revision had at ``REV:PATH``; what is there as a file wins.

    Raises InventoryError, also for a revision or a path of it that is not there.
    """
    rev, colon, path = where.partition(":")
    if where == "-" or not colon or "\0" in where or Path(where).exists():
        return read_sources(where)
    return _Revision(where, rev, path).sources()


class _Blob(NamedTuple):
    name: str
    path: str
    object: str
    size: int


class _Revision:
    """A path of a revision, and what git says of it."""

    def __init__(self, where: str, rev: str, path: str) -> None:
        self.where, self.rev, self.path = where, rev, path
        self.commit = ""

    def sources(self) -> tuple[Source, ...]:
        self.commit = self._commit()
        path = self.path.rstrip("/") + "/" * self.path.endswith("./") if self.path.strip("/") else ""
        found = self._ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{self.commit}:{path}")
        if found.returncode:
            raise self._no_path(found.stderr.decode("utf-8", "replace"))
        thing = found.stdout.decode().strip()
        kind = self._said("cat-file", "-t", thing)
        if kind == "tree":
            return self._folder(thing)
        if kind != "blob":  # an object that a partial clone lacks, or another repository within
            raise self._not_here(self.where)
        return self._file(thing)

    def _commit(self) -> str:
        if not self.rev or self.rev.startswith("-"):
            raise self._unreadable(f"{self.rev or ':'!r} is no revision", "write REV:PATH, such as main:estate/")
        inside = self._ask("rev-parse", "--git-dir")
        if inside.returncode:
            words = inside.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
            if "not a git repository" in words:
                raise self._unreadable(
                    f"there is no file {self.where!r}, and {os.getcwd()} is in no git repository",  # noqa: PTH109
                    "name a file, or run it in the repository that has the revision",
                )
            raise self._unreadable(f"git cannot be asked: {words.removeprefix('fatal: ')}", "see `git status`")
        found = self._ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{self.rev}^{{commit}}")
        if found.returncode:
            raise self._no_revision()
        return found.stdout.decode().strip()

    def _no_revision(self) -> InventoryError:
        shallow = self._ask("rev-parse", "--is-shallow-repository").stdout.strip() == b"true"
        branch = re.split(r"[~^@]", self.rev.removeprefix("origin/"))[0] or self.rev
        fetch = f"`git fetch origin {quote(branch)}`"
        if shallow:
            message = f"there is no revision {self.rev!r} here: this clone is shallow"
            return self._unreadable(message, f"{fetch} brings a branch, `git fetch --unshallow` all of its history")
        message = f"there is no file {self.where!r}, and no revision {self.rev!r} in this repository"
        return self._unreadable(message, f"{fetch} brings it, if the other side has it")

    def _no_path(self, words: str) -> InventoryError:
        if "outside" in words:  # outside of the working tree, which a bare repository does not have at all
            message = f"{self.path} is outside of the repository, or the repository has no files of its own"
            return self._unreadable(message, "give the path from the root of the repository, without ./")
        message = f"revision {self.rev} has no {self.path}"
        return self._unreadable(message, f"`git ls-tree -r --name-only {quote(self.rev)}` lists what it has")

    def _not_here(self, name: str) -> InventoryError:
        message = f"the text of {name} is not in this clone"
        return self._unreadable(message, "a clone with all of its objects has it: `git fetch --refetch` brings them")

    # --- objects ------------------------------------------------------------------------------------------------------

    def _file(self, thing: str) -> tuple[Source, ...]:
        path = self._from_root().rstrip("/")
        size = int(self._said("cat-file", "-s", thing))
        if self._said("ls-tree", "--full-tree", self.commit, "--", path).startswith("120000 "):
            thing = f"{self.commit}:{path}"
        sources = self._read([_Blob(self.where, "", thing, size)])
        if not sources:
            message = f"{self.where} is a link, and revision {self.rev} has no file where it leads"
            raise self._unreadable(message, "name the file itself")
        return sources

    def _folder(self, tree: str) -> tuple[Source, ...]:
        listed = self._ask("ls-tree", "-r", "-z", "-l", "--full-tree", tree).stdout
        found = []
        for row in listed.split(b"\0")[:-1]:
            head, _, raw = row.partition(b"\t")
            mode, kind, thing, size = head.decode().split()
            path = os.fsdecode(raw)
            parts = PurePosixPath(path).parts
            if kind == "blob" and PurePosixPath(path).suffix in SUFFIXES and not any(p.startswith(".") for p in parts):
                if mode == "120000":
                    thing = f"{self.commit}:{posixpath.normpath(self._from_root() + path)}"
                folder = self.where if self.where.endswith(("/", ":")) else f"{self.where}/"
                found.append(_Blob(folder + path, path, thing, int(size) if size.isdigit() else 0))
        found.sort(key=lambda blob: PurePosixPath(blob.path).parts)
        sources = self._read(found)
        if not sources:
            fix = "name a directory that holds *.yaml, *.yml or *.json files"
            raise self._unreadable(f"{self.where} holds no inventory", fix)
        return sources

    def _from_root(self) -> str:
        """The folder as a path from the root of the repository, with a slash where there is a folder."""
        path = self.path.strip("/")
        if self.path.startswith(("./", "../")):
            path = posixpath.normpath(self._said("rev-parse", "--show-prefix") + self.path)
        return f"{path}/" if path else ""

    def _read(self, blobs: list[_Blob]) -> tuple[Source, ...]:
        """The texts of some objects; a link is followed within the revision, as a file on disk would be."""
        found: list[Source] = []
        errors: list[Finding] = []
        for blob, data in zip(blobs, self._contents(blobs), strict=True):
            if data is None:
                continue
            try:
                found.append(decode(blob.name, data, is_json=(blob.path or self.path).endswith(".json")))
            except InventoryError as error:
                errors += error.findings
        if errors:
            raise InventoryError(errors)
        return tuple(found)

    def _contents(self, blobs: list[_Blob]) -> list[bytes | None]:
        if large := [blob for blob in blobs if blob.size > MAX_BYTES]:
            raise InventoryError([too_large(blob.name) for blob in large])
        plain = [blob for blob in blobs if "\n" not in blob.object]
        asked = "".join(f"{blob.object}\n" for blob in plain).encode("utf-8", "surrogateescape")
        told = self._ask("cat-file", "--batch", "--follow-symlinks", given=asked).stdout
        found: dict[str, bytes | None] = {}
        at = 0
        for blob in plain:
            end = told.index(b"\n", at)
            head = told[at:end].split(b" ")
            if head[-1].isdigit() and head[-2:-1] == [b"blob"]:
                size = int(head[-1])
                found[blob.object] = told[end + 1 : end + 1 + size]
                at = end + size + 2
            elif head[-1] == b"missing" and ":" not in blob.object:
                raise self._not_here(blob.name)
            else:  # a link that leads nowhere: git says what it is, then where it points
                at = end + (int(head[-1]) + 2 if head[-1].isdigit() else 1)
        return [found.get(blob.object) for blob in blobs]

    def _said(self, *arguments: str) -> str:
        return self._ask(*arguments).stdout.decode("utf-8", "replace").strip()

    def _ask(self, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """One question to git, asked without a shell."""
        try:
            return subprocess.run(  # noqa: S603 - no shell, and what was given follows a `--end-of-options` or is an object
                ["git", *arguments],  # noqa: S607 - the one on PATH
                input=given, capture_output=True, check=False, env={**os.environ, **_QUIET},
            )  # fmt: skip
        except (OSError, ValueError) as error:
            why = "git is not on PATH" if isinstance(error, FileNotFoundError) else f"git cannot be run: {error}"
            message = f"there is no file {self.where!r}, and {why}"
            raise self._unreadable(message, "name a file, or install git") from None

    def _unreadable(self, message: str, fix: str) -> InventoryError:
        return InventoryError([Finding(UNREADABLE_FILE, None, message, fix, spot_of_file(self.where))])
