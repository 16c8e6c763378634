"""``gwplan.import/1``: the loss report for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from gwplan.importers.draft import Kind, News
from gwplan.importers.report import ImportReport
from gwplan.render.document import header


def import_chunks(report: ImportReport) -> Iterator[str]:
    """The document as text."""
    yield json.dumps(import_document(report), indent=1) + "\n"


def import_document(report: ImportReport) -> dict[str, Any]:
    """The document as plain data."""
    news = {str(kind): [_news(item) for item in report.of(kind)] for kind in Kind}
    changes = [
        {"change": change.what, "path": list(change.path), "before": change.before, "after": change.after}
        for change in report.changes or ()
    ]
    return {
        **header("import", None),
        "product_version": report.product_version,
        "source": {"kind": report.source, "where": report.where, "revision": report.revision or None},
        "read": [{"what": what, "origin": origin, "count": count} for what, origin, count in report.read],
        **news,
        "changes": changes,
        "summary": {
            "read": sum(count for _, _, count in report.read),
            **{str(kind): len(report.of(kind)) for kind in Kind},
            "changes": len(changes),
        },
    }


def _news(item: News) -> dict[str, Any]:
    subject = {"kind": item.subject.kind, "name": item.subject.name} if item.subject else None
    return {"subject": subject, "key": item.key or None, "what": item.text, "why": item.why,
            "origin": item.origin or None}  # fmt: skip
