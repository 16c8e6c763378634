"""What a folder holds: saved answers of the REST API, a health-check folder, or an older set of CSV files."""

from __future__ import annotations

from pathlib import Path

from gwplan.importers.draft import Draft, ImportFailed
from gwplan.importers.health_check import read_health_check
from gwplan.importers.saved import json_files, read_saved
from gwplan.importers.tables import csv_files


def read_folder(folder: Path) -> Draft:
    """The draft of whichever source is there. Raises ImportFailed where there is none, or more than one."""
    answers, tables = json_files(folder), csv_files(folder)
    if answers and tables:
        raise ImportFailed(
            f"{folder}: has {len(answers)} JSON and {len(tables)} CSV files: say which to read with "
            "`gwplan import rest` or `gwplan import health-check`"
        )
    if answers:
        return read_saved(folder)
    if tables:
        return read_health_check(folder)
    raise ImportFailed(
        f"{folder}: no saved answers of the REST API (*.json) and no health-check files (*_Servers.csv …) in it"
    )
