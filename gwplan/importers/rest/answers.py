"""The items of REST answers, sorted by what they are, from wherever the answers come."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from gwplan.importers.draft import Draft
from gwplan.importers.rest import shapes
from gwplan.importers.rest.item import Item
from gwplan.nouns import numbered


@dataclass(slots=True)
class Answers:
    """Items by shape, each once, and how many of them there should be."""

    draft: Draft
    items: defaultdict[str, dict[str, Item]] = field(default_factory=lambda: defaultdict(dict))
    totals: Counter[str] = field(default_factory=Counter)

    def take(self, answer: Any, origin: str) -> None:
        """Sort the items of one answer; those of no known shape are reported."""
        found, total = shapes.unwrap(answer)
        strangers: Counter[str] = Counter()
        kinds: set[str] = set()
        for data in found:
            kind, why = shapes.shape(data)
            if not kind:
                strangers[why] += 1
                continue
            kinds.add(kind)
            item = Item(data, origin, self.draft, _SUBJECTS.get(kind, "server"))
            key = item.id or f"{kind} of {origin}"
            known = self.items[kind].setdefault(key, item)
            self.draft.read[kind, origin] += 1
            if known is not item and known.data != data:
                why = f"has the id of {known.name} ({known.origin}) and other settings: the first one counts"
                self.draft.left_out(item.kind, item.name, why, origin)
        if total is not None and len(kinds) == 1:
            only = kinds.pop()
            self.totals[only] = max(total, self.totals[only])
        for why, count in strangers.items():
            what = f"{numbered(count, 'item')} of {origin}" if found != [answer] else origin
            self.draft.left_out("file", origin, why, origin, what)

    def of(self, kind: str) -> Iterable[Item]:
        return self.items[kind].values()


_SUBJECTS = {
    shapes.PROXY: "proxy", shapes.PROXY_STATE: "proxy", shapes.WAN: "wan_accelerator",
    shapes.REPOSITORY: "repository", shapes.REPOSITORY_STATE: "repository",
    shapes.SCALE_OUT: "scale_out_repository", shapes.JOB: "job", shapes.JOB_STATE: "job", shapes.BACKUP: "job",
}  # fmt: skip
