"""What jobs protect, each once: machines, containers that stand for the machines in them, shares, computers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gwplan.importers.draft import Draft, Ref, Thing

_SIZE = re.compile(r"([0-9]{1,15}(?:[.,][0-9]{1,15})?) ?(B|[KMGTP]B)", re.IGNORECASE)


@dataclass(slots=True)
class Machines:
    """The workloads of a draft by platform and what the source calls them by."""

    draft: Draft
    known: dict[tuple[str, ...], Thing] = field(default_factory=dict)

    def one(self, platform: str, name: str, *identity: str, origin: str, size: str = "", inside: str = "",
            hosts: tuple[Ref, ...] = (), address: str = "") -> Ref:  # fmt: skip
        """A reference to a workload. ``inside`` says what kind of container stands for its machines."""
        key = (platform, *(word.casefold() for word in (identity or (name,))))
        thing = self.known.get(key)
        if thing is None:
            identifier = "/".join(filter(None, identity))
            thing = Thing("workload", identifier, name, {"platform": platform}, origin, inside,
                          aliases=("\x1f".join(key),), addresses=(address,) if address else ())  # fmt: skip
            if hosts:
                thing.keys["host"] = list(hosts)
            if text := size_text(size):
                thing.keys["size"] = text
            if inside:
                thing.guesses["platform"] = f"one entry stands for the {inside}: add `count` or its machines"
            self.known[key] = thing
            self.draft.things.append(thing)
        return Ref("workload", "\x1f".join(key))

    def stand_in(self, job: str, platform: str, origin: str, size: str = "") -> Ref:
        """One workload for all that a job protects, where the source does not list it."""
        ref = self.one(platform, job, "job", job, origin=origin, size=size)
        thing = self.known[platform, "job", job.casefold()]
        thing.id = ""
        thing.guesses["platform"] = "the source does not list what the job protects: one entry stands for all of it"
        return ref


def size_text(text: str) -> str:
    """`43.5 GB` as VBR writes it, which counts in powers of 1024; nothing for zero or "N/A"."""
    match = _SIZE.fullmatch(text.strip())
    if match is None or float(match[1].replace(",", ".")) == 0:
        return ""
    unit = match[2].upper()
    return f"{match[1].replace(',', '.')} {unit if unit == 'B' else unit[0] + 'iB'}"


def bytes_text(count: int) -> str:
    """A number of bytes in the largest unit that takes at most one decimal."""
    for power, unit in ((4, "TiB"), (3, "GiB"), (2, "MiB")):
        whole = count * 10 / 1024**power
        if whole >= 10 and whole == int(whole):
            return f"{whole / 10:g} {unit}"
    return f"{count} B"
