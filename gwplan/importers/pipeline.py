"""The way of an import: a source is read into a draft, and the draft becomes an inventory, or changes one.

facts.py has what a source says, judge.py what gwplan makes of it, estate/ what comes of all of it together.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gwplan.findings import InventoryError
from gwplan.importers.draft import Draft, ImportFailed
from gwplan.importers.estate.assemble import assemble
from gwplan.importers.estate.merge import merge
from gwplan.importers.estate.sites import place_in_sites
from gwplan.importers.estate.write import write
from gwplan.importers.folder import look_into
from gwplan.importers.health_check.read import read_health_check
from gwplan.importers.report import ImportReport, report_of
from gwplan.importers.rest.saved import read_saved
from gwplan.inventory.load import load_sources
from gwplan.inventory.source import Source

CONTRADICTS_ITSELF = "nothing is written, for what it says makes no inventory"
"""The last resort: every known kind of fault in a source is news in the report, and the rest is written."""
_FOLDERS = {"rest": (".json", read_saved), "health-check": (".csv", read_health_check)}
_SOURCES = {
    "rest": "saved answers of the VBR REST API", "vbr": "the VBR REST API",
    "health-check": "a folder of the Veeam Health Check", "get-vbrconfig": "CSV files of Get-VBRConfig",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Imported:
    """What comes of an import: the text of an inventory that loads, and the report."""

    text: str
    report: ImportReport


def read_folder(path: Path, source: str = "") -> Draft:
    """The draft of a folder; without ``source``, of whichever one it holds."""
    if source:
        suffix, reader = _FOLDERS[source]
        return reader(look_into(path, suffix))
    folder = look_into(path, ".json", ".csv")
    answers, tables = folder.files[".json"], folder.files[".csv"]
    if answers and tables:
        raise ImportFailed(
            f"{path}: has {len(answers)} JSON and {len(tables)} CSV files: say which to read with "
            "`gwplan import rest` or `gwplan import health-check`"
        )
    if not answers and not tables:
        raise ImportFailed(
            f"{path}: no saved answers of the REST API (*.json) and no health-check files (*_Servers.csv …) in it"
        )
    return read_saved(folder) if answers else read_health_check(folder)


def make_inventory(draft: Draft, sites: Path | None = None, into: Source | None = None) -> Imported:
    """A new inventory, or the changed text of ``into``, which is one that loads. Nothing is written."""
    estate = assemble(draft)
    place_in_sites(estate, draft, sites, infer=into is None)
    if into is None:
        text, changes = write(estate, _heading(draft)), None
    else:
        text, changes = merge(into, estate, draft)
    try:
        load_sources((Source(into.name if into else "the imported inventory", text),))
    except InventoryError as error:
        if into is None:
            raise ImportFailed(f"{draft.where}: {CONTRADICTS_ITSELF}: {error}") from None
        why = f"nothing is written, for together they are no inventory: {error}"
        raise ImportFailed(f"--into {into.name}: {why}") from None
    return Imported(text, report_of(draft, estate.data["product_version"], changes))


def _heading(draft: Draft) -> str:
    revision = f", revision {draft.revision}" if draft.revision else ""
    return (
        f"An inventory of gwplan, imported from {_SOURCES[draft.source]}{revision}.\n"
        "`guessed:` marks what the source does not say. Correct it here: `gwplan import … --into` keeps corrections."
    )
