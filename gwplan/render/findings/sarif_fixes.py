"""What `validate --fix` would do, as fixes of a SARIF log: the stretches of the text, and what stands there then."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from gwplan.findings import Finding
from gwplan.inventory.edit import Edited, edited
from gwplan.inventory.edit.difference import Splice
from gwplan.inventory.source import Source
from gwplan.render.escape import uri, visible

_MOST_READ = 20_000_000
"""Characters that are read anew for all fixes together, as each of them is proven by itself."""
_LINE = re.compile(r"\r\n|\n")


class Fixes:
    """The fixes of many findings. ``texts`` has the sources of each inventory."""

    def __init__(self, texts: Sequence[tuple[Source, ...]], stdin: str) -> None:
        self._texts, self._stdin = texts, stdin
        self._left = _MOST_READ
        self._starts: dict[str | None, list[int]] = {}

    def of(self, finding: Finding) -> list[dict[str, Any]]:
        """None where a fix is not safe, cannot be made in the text as it is, or would hold what nobody can see."""
        file = finding.location.file if finding.location else None
        sources = next((one for one in self._texts if any(source.name == file for source in one)), None)
        if finding.fixable != "safe" or finding.remedy is None or sources is None or self._left <= 0:
            return []
        self._left -= sum(len(source.text) for source in sources)
        made = edited(sources, finding.remedy.edits)
        if not isinstance(made, Edited) or not all(_is_visible(cut.text) for cuts in made.splices for cut in cuts):
            return []
        changes = [
            {
                "artifactLocation": {"uri": visible(uri(source.name or self._stdin))},
                "replacements": [self._replacement(source, cut) for cut in cuts],
            }
            for source, cuts in zip(sources, made.splices, strict=True)
            if cuts
        ]
        return [{"description": {"text": visible(finding.fix)}, "artifactChanges": changes}] if changes else []

    def _replacement(self, source: Source, cut: Splice) -> dict[str, Any]:
        (line, column), (end_line, end_column) = self._place(source, cut.start), self._place(source, cut.end)
        region = {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
        return {"deletedRegion": region, "insertedContent": {"text": cut.text}}

    def _place(self, source: Source, at: int) -> tuple[int, int]:
        """Line and column from 1, of lines as SARIF counts them."""
        if source.name not in self._starts:
            self._starts[source.name] = [0, *(end.end() for end in _LINE.finditer(source.text))]
        starts = self._starts[source.name]
        line = bisect_right(starts, at)
        return line, at - starts[line - 1] + 1


def _is_visible(text: str) -> bool:
    return all(visible(line) == line for line in _LINE.split(text))
