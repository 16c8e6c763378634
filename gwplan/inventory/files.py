"""The texts behind INVENTORY: a file, a directory of files, or standard input; bounded, and UTF-8 or refused."""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path as File
from typing import BinaryIO

from gwplan.findings import TOO_LARGE, UNREADABLE_FILE, Finding, InventoryError, Location, Spot
from gwplan.inventory.places import locate_index
from gwplan.inventory.source import Source

MAX_BYTES = 256_000_000
SUFFIXES = (".yaml", ".yml", ".json")


def read_sources(where: str, stdin: BinaryIO | None = None) -> tuple[Source, ...]:
    """A file, a directory of files, or ``-``. Raises InventoryError."""
    if where == "-":
        return (decode(None, (stdin or sys.stdin.buffer).read(MAX_BYTES + 1), is_json=False),)
    try:
        if not stat.S_ISDIR(File(where).stat().st_mode):
            return (_read_file(where, File(where)),)
        files = sorted(inventory_files(File(where)), key=lambda file: file.relative_to(where).parts)
    except (OSError, ValueError) as error:
        raise InventoryError([_unreadable(where, error)]) from None
    if not files:
        fix = "name a directory that holds *.yaml, *.yml or *.json files"
        raise InventoryError([Finding(UNREADABLE_FILE, None, f"{where} holds no inventory", fix, spot_of_file(where))])
    found: list[Source] = []
    errors: list[Finding] = []
    for file in files:
        try:
            found.append(_read_file(str(file), file))
        except InventoryError as error:
            errors += error.findings
    if errors:
        raise InventoryError(errors)
    return tuple(found)


def inventory_files(folder: File) -> Iterator[File]:
    """Every inventory file under a folder."""
    return (file for file in files_below(folder, _is_hidden) if file.suffix in SUFFIXES)


def is_inventory_file(file: File) -> bool:
    """Whether a file, by its path relative to a folder, is read as a part of that folder."""
    return file.suffix in SUFFIXES and not any(map(_is_hidden, file.parts))


def files_below(folder: File, passed_over: Callable[[str], bool] | None = None) -> Iterator[File]:
    """Every file under a folder, however deep, but for names that are passed over. Linked folders are not entered."""
    folders = [folder]
    for within in folders:  # the list grows while it is walked
        for entry in within.iterdir():
            if passed_over is not None and passed_over(entry.name):
                continue
            if entry.is_dir() and not entry.is_symlink():
                folders.append(entry)
            elif entry.is_file():
                yield entry


def _is_hidden(name: str) -> bool:
    """Whether a shell's ``*`` would pass over it."""
    return name.startswith(".")


def _read_file(name: str, file: File) -> Source:
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise InventoryError([_unreadable(name, error)]) from None
    return decode(name, data, is_json=file.suffix == ".json")


def decode(name: str | None, data: bytes, *, is_json: bool) -> Source:
    """The text of a file. Raises InventoryError."""
    if len(data) > MAX_BYTES:
        raise InventoryError([too_large(name)])
    if b"\0" in data[:2] and any(data[:2]):  # UTF-16 without a mark: every other byte of plain English is null
        message = "the text is not UTF-8; it looks like UTF-16"
        spot = spot_of_file(name)
        raise InventoryError([Finding(UNREADABLE_FILE, None, message, "save the file as UTF-8", spot)])
    try:
        return Source(name, data.decode("utf-8-sig"), is_json)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        where = locate_index(Source(name, before), len(before), len(before) + 1)
        guess = "; it looks like UTF-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ""
        message = f"the text is not UTF-8: byte 0x{data[error.start]:02x}{guess}"
        spot = Spot((), location=where)
        raise InventoryError([Finding(UNREADABLE_FILE, None, message, "save the file as UTF-8", spot)]) from None


def too_large(name: str | None) -> Finding:
    message = f"the file is larger than {MAX_BYTES // 1_000_000} MB"
    fix = "split it into a directory of files, or describe equal workloads as a group with `count`"
    return Finding(TOO_LARGE, None, message, fix, spot_of_file(name))


def _unreadable(name: str, error: Exception) -> Finding:
    message = getattr(error, "strerror", None) or str(error)
    return Finding(UNREADABLE_FILE, None, f"cannot read {name}: {message}", "name a readable file", spot_of_file(name))


def spot_of_file(name: str | None) -> Spot:
    """The beginning of a file."""
    return Spot((), location=Location(name, 1, 1, 1, 1))
