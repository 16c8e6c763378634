"""Jobs of a draft as the format wants them: each with a target, a source and workloads, or kept as `other`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass, field
from typing import Any

from gwplan.importers.draft import Draft, Thing
from gwplan.importers.estate.join import JoinedNames, named
from gwplan.importers.jobs import tell_kept
from gwplan.inventory.holdings import in_circle, levels
from gwplan.inventory.names import natural

_SOURCED = frozenset({"backup_copy", "file_backup_copy", "tape", "replication_from_backup", "restore"})
_PLACE = "\0"
"""The prefix of a repository's name among the names of jobs, none of which can contain it."""
_SHOWN = 8
"""How many jobs of a circle are named in the report on each of them."""
_TAKES_NO_WORKLOADS = frozenset({*_SOURCED, "rescan", "health_check"})


@dataclass(slots=True)
class Jobs:
    draft: Draft
    names: JoinedNames
    entries: dict[str, Any]
    writers: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """The jobs that write to each repository."""

    def settle(self) -> None:
        """Give every job the target, source and workloads that its type needs; one that lacks any becomes `other`."""
        jobs = self.entries["jobs"]
        things = {self.names.of(thing): thing for thing in self.draft.of("job")}
        for name, job in jobs.items():
            self.writers[job.get("repository", "")].append(name)
        for name, thing in things.items():
            reason = self._lacks(name, jobs[name])
            if reason:
                self._other(name, thing, reason)
        for name, thing in things.items():
            if thing.source is not None and jobs[name]["type"] in _SOURCED:
                self._read_from(name, thing)
        if circle := in_circle({name: job.get("source_jobs") or () for name, job in jobs.items()}):
            around = [*circle, circle[0]] if len(circle) <= _SHOWN else [*circle[:_SHOWN], f"… ({len(circle)} in all)"]
            for name in circle:
                self._other(name, things[name], f"it reads from itself: {' → '.join(around)}")
            self._forget(circle, things)
        while self._hold_to_sources(things):
            pass

    def _lacks(self, name: str, job: dict[str, Any]) -> str:
        kind = job["type"]
        if kind == "other":
            return ""
        target = job.get("repository", "")
        if kind == "tape":
            return "" if job.get("tape_server") else "its tape server is not in what was read"
        if not self._is_repository(target):
            if kind == "replication_from_backup":
                return ""
            return "its repository is not in what was read"
        if kind not in _TAKES_NO_WORKLOADS and not job.get("workloads"):
            return "no workload of it is known"
        pair = job.get("wan_accelerators")
        if pair is not None and len(pair) < 2:
            del job["wan_accelerators"]
            self.draft.left_out("job", name, "one of the two is not in what was read", what="WAN accelerators")
        return ""

    def _is_repository(self, name: str) -> bool:
        return name in self.entries["repositories"] or name in self.entries["scale_out_repositories"]

    def _read_from(self, name: str, thing: Thing) -> None:
        """Say what a job reads: one repository as its `source_repository`, all else as the jobs that wrote it."""
        assert thing.source is not None
        jobs = self.entries["jobs"]
        repositories = named(list(thing.source.repositories), self.names, name, "source_repository")
        feeders = named(list(thing.source.jobs), self.names, name, "source_jobs")
        if len(repositories) == 1 and not feeders and self._is_repository(repositories[0]):
            jobs[name]["source_repository"] = repositories[0]
            return
        writers = [other for repository in repositories for other in self.writers[repository] if other != name]
        if repositories and writers:
            thing.guesses["source_jobs"] = f"the jobs that write to {', '.join(repositories)}"
        usable = [job for job in dict.fromkeys([*feeders, *sorted(writers, key=natural)])
                  if jobs[job]["type"] != "other" and job != name]  # fmt: skip
        for job in feeders:
            if job not in usable:
                self.draft.left_out("job", name, f"{job} is not planned", what=f"source {job}")
        if usable:
            jobs[name]["source_jobs"] = usable
        else:
            self._other(name, thing, "what it reads from is not known")

    def _forget(self, circle: list[str], things: dict[str, Thing]) -> None:
        gone = set(circle)
        for name, job in self.entries["jobs"].items():
            if job["type"] != "other" and not gone.isdisjoint(job.get("source_jobs") or ()):
                job["source_jobs"] = [source for source in job["source_jobs"] if source not in gone]
                if not job["source_jobs"]:
                    self._other(name, things[name], "what it reads from is not known")

    def _hold_to_sources(self, things: dict[str, Thing]) -> bool:
        """Take from jobs with a source the workloads that it does not hold. Whether a job was left with nothing."""
        left = False
        for name, held in self._held().items():
            job = self.entries["jobs"][name]
            if job["type"] not in _SOURCED or not job.get("workloads"):
                continue
            kept = [item for item in job["workloads"] if item in held]
            for item in job["workloads"]:
                if item not in held:
                    self.draft.left_out("job", name, "no job is known that wrote it there", what=f"workload {item}")
            job["workloads"] = kept
            if not kept:
                self._other(name, things[name], "its source holds none of its workloads")
                left = True
        return left

    def _held(self) -> dict[str, Set[str]]:
        """The workloads that each job brings or reads. A repository is a node between its writers and its readers."""
        jobs = self.entries["jobs"]
        feeders = self._stored()
        found: dict[str, Set[str]] = dict.fromkeys((*feeders, *jobs), frozenset())
        for name, job in jobs.items():
            feeders[name] = []
            if job["type"] in _SOURCED:
                place = f"{_PLACE}{job.get('source_repository')}"
                feeders[name] = [place] if place in feeders else list(job.get("source_jobs") or ())
            elif job["type"] != "other":
                found[name] = frozenset(job.get("workloads") or ())
        level = levels(feeders)
        order, grown = sorted((name for name in feeders if feeders[name]), key=level.__getitem__), True
        while grown:  # once if no job feeds itself; in a circle, until nothing is added
            grown = False
            for name in order:
                brought, *more = (found[feeder] for feeder in feeders[name])
                if more:
                    brought = frozenset().union(brought, *more)
                if len(brought) != len(found[name]):
                    grown = grown or any(level[feeder] >= level[name] for feeder in feeders[name])
                    found[name] = brought
        return {name: found[name] for name in jobs}

    def _stored(self) -> dict[str, list[str]]:
        """The jobs that write to each repository; an extent has what its whole has, too."""
        stored = {f"{_PLACE}{place}": list(names) for place, names in self.writers.items() if place}
        for whole, entry in self.entries["scale_out_repositories"].items():
            if f"{_PLACE}{whole}" in stored:
                for extent in entry["performance_tier"]:
                    stored.setdefault(f"{_PLACE}{extent}", []).append(f"{_PLACE}{whole}")
        return stored

    def _other(self, name: str, thing: Thing, reason: str) -> None:
        job = self.entries["jobs"][name]
        kept = {key: job[key] for key in ("enabled", "schedule", "repository", "description", "id") if key in job}
        self.entries["jobs"][name] = {"type": "other", "vendor_type": thing.vendor_type or "unknown", **kept}
        thing.guesses = {"type": reason}
        tell_kept(self.draft, thing, name, reason)
