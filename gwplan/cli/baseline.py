"""The file of findings that are known and kept quiet: ``--baseline`` of ``validate``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gwplan import __version__
from gwplan.cli.output import complain, emit
from gwplan.findings import UsageError
from gwplan.nouns import numbered

if TYPE_CHECKING:
    from gwplan.findings import Finding


def known_in(file: str) -> frozenset[str]:
    """The fingerprints in a file. Raises UsageError for one that is no baseline."""
    from gwplan.checks.baseline import known_of

    try:
        known = known_of(json.loads(Path(file).read_text("utf-8")))
    except OSError as error:
        raise UsageError(f"cannot read the baseline {file}: {error.strerror}; --write-baseline makes it") from None
    except (ValueError, RecursionError):
        known = None
    if known is None:
        raise UsageError(f"{file} is no baseline; `--baseline {file} --write-baseline` makes one")
    return known


def make_baseline(file: str, findings: Sequence[Finding]) -> None:
    """Write a file in which these findings are the known ones."""
    from gwplan.checks.baseline import baseline_document

    emit(json.dumps(baseline_document(findings, __version__), indent=1) + "\n", file)
    complain(f"{file}: {numbered(len(findings), 'finding')} written")
