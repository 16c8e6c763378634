"""Inventories from files and standard input. What keeps one from being read is told, then InventoryError is raised."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gwplan.cli.output import refuse_same, show, tell
from gwplan.nouns import numbered
from gwplan.render.formats import FINDINGS
from gwplan.render.things import Told

if TYPE_CHECKING:
    from gwplan.findings import InventoryError
    from gwplan.inventory.model import Inventory


def read_inventory(
    where: str, output_format: str, output: str | None = None, edition: str | None = None
) -> Inventory:
    """The inventory, under an edition where one is asked for. Its errors are told in the format that was asked for."""
    return read_changed(where, None, output_format, output, edition)[0]


def read_changed(
    where: str, overlay: str | None, output_format: str, output: str | None, edition: str | None = None
) -> tuple[Inventory, Inventory]:
    """The inventory as it is, and with an overlay laid over it. Each text is read once: standard input cannot be read
    again."""
    from gwplan.findings import InventoryError
    from gwplan.inventory.files import read_sources
    from gwplan.inventory.load import load_sources
    from gwplan.planning.editions import require_known, under_edition

    refuse_stdin_twice(where, overlay)
    refuse_same("--output", output, where, overlay)
    if edition is not None:
        require_known(edition)
    blamed = where
    try:
        base = read_sources(where)
        loaded = under_edition(load_sources(base), edition)
        if overlay is None:
            return loaded, loaded
        blamed = overlay
        return loaded, under_edition(load_sources(base, read_sources(overlay)), edition)
    except InventoryError as error:
        tell_unreadable(error, blamed, output_format, output)
        raise


def refuse_stdin_twice(*files: str | None) -> None:
    """Raises UsageError where more than one of the files that a command reads is standard input."""
    from gwplan.findings import UsageError

    if files.count("-") > 1:
        raise UsageError("standard input can be read once: give the others as files")


def tell_unreadable(error: InventoryError, where: str, output_format: str, output: str | None) -> None:
    """Everything that is wrong with a file: as text on standard error, or in a machine format as an answer."""
    if output_format != "text":
        from gwplan.checks.report import Report

        tell(FINDINGS["json"], Told(Report(error.findings)), output)
        return
    from gwplan.render.findings.as_text import full_findings

    last = f"{where if where != '-' else 'standard input'}: {numbered(len(error.findings), 'error')}"
    show([*full_findings(error.findings), last], stream=sys.stderr)


def named(where: str) -> str:
    """How an inventory is called in a headline."""
    return "standard input" if where == "-" else Path(where).name or where
