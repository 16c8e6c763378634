"""What an import says of itself: what was read, guessed, cannot be told, left out, and what it changes in a file."""

from __future__ import annotations

from dataclasses import dataclass

from gwplan.findings import Path
from gwplan.importers.draft import Draft, Kind, News


@dataclass(frozen=True, slots=True)
class MergeDifference:
    """One difference between the file that people keep and the source."""

    what: str
    """``add``, ``change``, ``remove``, or ``gone``, which is in the file and not in the source, and is kept."""
    path: Path
    before: object = None
    after: object = None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The whole account of one import, in the order in which things were read."""

    source: str
    where: str
    revision: str
    product_version: str
    read: tuple[tuple[str, str, int], ...]
    """(what, from where, how many)"""
    news: tuple[News, ...]
    changes: tuple[MergeDifference, ...] | None = None

    def of(self, kind: Kind) -> tuple[News, ...]:
        return tuple(news for news in self.news if news.kind is kind)


def report_of(draft: Draft, product_version: str, changes: tuple[MergeDifference, ...] | None = None) -> ImportReport:
    """The account of a draft that has become an inventory."""
    read = tuple((what, origin, count) for (what, origin), count in sorted(draft.read.items()))
    return ImportReport(draft.source, draft.where, draft.revision, product_version, read,
                  tuple(dict.fromkeys(draft.news)), changes)  # fmt: skip
