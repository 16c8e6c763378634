"""Jobs of a draft as the format wants them: each with a target, a source and workloads, or kept as `other`."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from gwplan.importers.draft import Draft, Thing
from gwplan.importers.estate.join import Names, named
from gwplan.importers.jobs import tell_kept
from gwplan.inventory.holdings import sources_in_circle
from gwplan.inventory.names import natural

_SOURCED = frozenset({"backup_copy", "file_backup_copy", "tape", "replication_from_backup", "restore"})
_TAKES_NO_WORKLOADS = frozenset({*_SOURCED, "rescan", "health_check"})


@dataclass(slots=True)
class Jobs:
    draft: Draft
    names: Names
    entries: dict[str, Any]

    def settle(self) -> None:
        """Every job with a target, a source and workloads as its type needs them; all others become `other`."""
        jobs = self.entries["jobs"]
        things = {self.names.of(thing): thing for thing in self.draft.of("job")}
        for name, thing in things.items():
            reason = self._lacks(name, jobs[name])
            if reason:
                self._other(name, thing, reason)
        for name, thing in things.items():
            if thing.source is not None and jobs[name]["type"] in _SOURCED:
                self._read_from(name, thing)
        while circle := sources_in_circle({name: SimpleNamespace(**job) for name, job in jobs.items()}):  # type: ignore[misc]
            for name in circle:
                self._other(name, things[name], f"it reads from itself: {' → '.join([*circle, circle[0]])}")
            self._forget(circle, things)
        for name, thing in things.items():
            if jobs[name]["type"] in _SOURCED and jobs[name].get("workloads"):
                self._only_held(name, thing)

    def _lacks(self, name: str, job: dict[str, Any]) -> str:
        kind = job["type"]
        if kind == "other":
            return ""
        target = job.get("repository")
        if kind == "tape":
            return "" if job.get("tape_server") else "its tape server is not in what was read"
        if target not in self.entries["repositories"] and target not in self.entries["scale_out_repositories"]:
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

    def _read_from(self, name: str, thing: Thing) -> None:
        """One repository is a `source_repository`; everything else is the jobs that wrote what is read."""
        assert thing.source is not None
        jobs = self.entries["jobs"]
        repositories = named(list(thing.source.repositories), self.names, name, "source_repository")
        feeders = named(list(thing.source.jobs), self.names, name, "source_jobs")
        if len(repositories) == 1 and not feeders and repositories[0] in (
            *self.entries["repositories"], *self.entries["scale_out_repositories"],
        ):  # fmt: skip
            jobs[name]["source_repository"] = repositories[0]
            return
        writers = [other for other, job in jobs.items() if other != name and job.get("repository") in repositories]
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

    def _forget(self, gone: list[str], things: dict[str, Thing]) -> None:
        for name, job in self.entries["jobs"].items():
            if job["type"] != "other" and any(source in gone for source in job.get("source_jobs") or ()):
                job["source_jobs"] = [source for source in job["source_jobs"] if source not in gone]
                if not job["source_jobs"]:
                    self._other(name, things[name], "what it reads from is not known")

    def _only_held(self, name: str, thing: Thing) -> None:
        """A job with a source may list only what the source holds."""
        job = self.entries["jobs"][name]
        held = self._held(name)
        kept = [item for item in job["workloads"] if item in held]
        for item in job["workloads"]:
            if item not in held:
                self.draft.left_out("job", name, "no job is known that wrote it there", what=f"workload {item}")
        if kept:
            job["workloads"] = kept
        else:
            self._other(name, thing, "its source holds none of its workloads")

    def _held(self, name: str) -> set[str]:
        jobs = self.entries["jobs"]
        held: set[str] = set()
        seen, pending = {name}, self._feeders(jobs[name])
        while pending:
            feeder = pending.pop()
            if feeder in seen:
                continue
            seen.add(feeder)
            if jobs[feeder]["type"] in _SOURCED:
                pending += self._feeders(jobs[feeder])
            elif jobs[feeder]["type"] != "other":
                held |= set(jobs[feeder].get("workloads") or ())
        return held

    def _feeders(self, job: dict[str, Any]) -> list[str]:
        source = job.get("source_repository")
        if not source:
            return list(job.get("source_jobs") or ())
        tiers = self.entries["scale_out_repositories"]
        places = {source, *(whole for whole, entry in tiers.items() if source in entry["performance_tier"])}
        return [other for other, entry in self.entries["jobs"].items() if entry.get("repository") in places]

    def _other(self, name: str, thing: Thing, reason: str) -> None:
        job = self.entries["jobs"][name]
        kept = {key: job[key] for key in ("enabled", "schedule", "repository", "description", "id") if key in job}
        self.entries["jobs"][name] = {"type": "other", "vendor_type": thing.vendor_type or "unknown", **kept}
        thing.guesses = {"type": reason}
        tell_kept(self.draft, thing, name, reason)
