"""What the tests of importers share: answers and tables in a folder, and the inventory that comes of them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from support import ROOT, data_of

from gwplan.importers.draft import Draft, Kind
from gwplan.importers.pipeline import make_inventory, read_folder
from gwplan.importers.report import ImportReport

FIXTURES = ROOT / "tests" / "fixtures" / "import"
SAMPLES = os.environ.get("GWPLAN_SAMPLES")
"""Where the vendor's documents and examples are, which this repository does not have."""


def samples(*parts: str) -> Path:
    """A part of the samples; the test skips where they are not."""
    path = Path(SAMPLES or "").joinpath(*parts)
    if not SAMPLES or not path.exists():
        pytest.skip(f"no {'/'.join(parts)} here: set GWPLAN_SAMPLES to the folder of the vendor's documents")
    return path


class Imported(NamedTuple):
    """An inventory as text and plain data, and what the import said."""

    text: str
    data: dict[str, Any]
    report: ImportReport

    def said(self, kind: Kind) -> list[str]:
        return [
            f"{news.subject.name if news.subject else ''}: {news.text}: {news.why}" for news in self.report.of(kind)
        ]


def imported(draft: Draft, sites: Path | None = None) -> Imported:
    """What comes of a draft; the pipeline proves that it loads."""
    made = make_inventory(draft, sites)
    return Imported(made.text, data_of(made.text), made.report)


def read_saved(folder: Path) -> Draft:
    return read_folder(folder, "rest")


def read_health_check(folder: Path) -> Draft:
    return read_folder(folder, "health-check")


def answers(folder: Path, **lists: list[dict[str, Any]]) -> Path:
    """Each list as an answer of the REST API, in a file of a name that says nothing."""
    for number, items in enumerate(lists.values()):
        page = {"total": len(items), "count": len(items), "skip": 0, "limit": 200}
        (folder / f"{number}.json").write_text(json.dumps({"data": items, "pagination": page}), "utf-8")
    return folder


def tables(folder: Path, **files: str) -> Path:
    """Each text as `vbr01_NAME.csv`."""
    for name, text in files.items():
        (folder / f"vbr01_{name}.csv").write_text(text, "utf-8")
    return folder
