"""What jobs protect, each once: machines, containers that stand for the machines in them, shares, computers."""

from __future__ import annotations

from dataclasses import dataclass, field

from gwplan.importers.draft import Draft, Ref, Thing
from gwplan.importers.sizes import size_text


@dataclass(slots=True)
class Machines:
    """The workloads of a draft, by platform and by what identifies them in the source."""

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
