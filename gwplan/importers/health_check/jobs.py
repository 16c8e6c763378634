"""Jobs of CSV files. These name the repository of a job, but not what it protects; sessions do, where there are any."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from gwplan.importers.draft import ReadsFrom, Ref, Thing
from gwplan.importers.health_check.tables import Row, Tables
from gwplan.importers.jobs import keep_as_other, set_method, why_not_planned
from gwplan.importers.machines import Machines
from gwplan.importers.sizes import bytes_text, time_of_day
from gwplan.importers.words import PLUGINS, mapped

_COPIES = frozenset({"backupsync", "simplebackupcopypolicy", "simplebackupcopyworker", "backupcopy"})
_BLOCKS = {"kbblocksize256": "256 KiB", "kbblocksize512": "512 KiB", "kbblocksize1024": "1 MiB",
           "kbblocksize4096": "4 MiB", "kbblocksize8192": "8 MiB"}  # fmt: skip


def read_jobs(tables: Tables) -> None:
    """Add the jobs of every table that has some."""
    reader = _Reader(tables)
    for row in tables.of("jobs"):
        reader.job(row)
    for table in ("agentbackupjob", "endpointjob"):
        for row in tables.of(table):
            reader.simple(row, "agent_backup", "agent", row.first("jobtype", "type"))
    for row in tables.of("nasbackup"):
        reader.simple(row, "file_backup", "file_share", row["jobtype"])
    for row in tables.of("pluginjobs"):
        reader.plugin(row)
    for row in tables.of("nasbcj"):
        reader.file_copy(row)
    for row in tables.of("tapejobs"):
        reader.tape(row)
    for table in ("replicajobs", "cdpjobs", "vcdjobs", "catcopyjob", "catalystjob", "surebackupjob", "entratenantjob",
                  "entralogjob"):  # fmt: skip
        for row in tables.of(table):
            word = row.first("jobtype", "type") or table
            reader.other(row, word, why_not_planned(table, word))


class _Reader:
    """The tables, and the machines that sessions have seen in each job."""

    def __init__(self, tables: Tables) -> None:
        self.draft = tables.draft
        self.machines = Machines(tables.draft)
        self.tape_servers = tables.draft.of("tape_server")
        self.seen: defaultdict[str, dict[str, Row]] = defaultdict(dict)
        for row in tables.of("veeamsessionreport"):
            if row["jobname"] and row["vmname"]:
                self.seen[row["jobname"].casefold()].setdefault(row["vmname"], row)
        self.listed: set[str] = set()
        """Agent and file jobs of `_Jobs.csv`, which newer collectors list a second time."""

    def job(self, row: Row) -> None:
        """A line of `_Jobs.csv`, which has backups of machines, old and new copies, replicas, and other types."""
        word = row["jobtype"].lower()
        if word in ("backup", "hypervbackup", "vspherebackup"):
            hyperv = "hyperv" in f"{word} {row['platform']}".lower() or self._platform(row) == "hyperv"
            thing = self._thing(row, "backup", row["jobtype"])
            thing.keys["workloads"] = self._workloads(row, "hyperv" if hyperv else "vmware")
            thing.keys["repository"] = Ref("repository", "", row["reponame"])
            if word == "backup" and not row["platform"]:
                thing.guesses["workloads"] = "seen in sessions" if self.seen.get(row["name"].casefold()) else (
                    "one entry stands for all that the job protects")  # fmt: skip
            self.draft.add(thing)
        elif word in _COPIES:
            thing = self._thing(row, "backup_copy", row["jobtype"])
            thing.keys["repository"] = Ref("repository", "", row["reponame"])
            thing.source = ReadsFrom()
            self.draft.add(thing)
        elif "agentbackup" in word or word == "nasbackup":
            kind, platform = ("file_backup", "file_share") if word == "nasbackup" else ("agent_backup", "agent")
            self.simple(row, kind, platform, row["jobtype"])
            self.listed.add(row["name"].casefold())
        elif word in ("vmtapebackup", "filetapebackup"):
            self.tape(row)
        else:
            self.other(row, row["jobtype"], why_not_planned(word, row["jobtype"]))

    def simple(self, row: Row, kind: str, platform: str, word: str) -> None:
        """A job whose table gives its target by id or name and does not say what it protects."""
        if row["name"].casefold() in self.listed:
            return
        thing = self._thing(row, kind, word)
        thing.keys["workloads"] = self._workloads(row, platform)
        thing.keys["repository"] = _target(row)
        self.draft.add(thing)

    def plugin(self, row: Row) -> None:
        plugin = mapped(PLUGINS, row.first("platform", "plugintype", "type"))
        if plugin is None:
            self.other(row, row.first("type", "platform") or "PluginBackup", "which plug-in it uses is not known")
            return
        thing = self._thing(row, "plugin_backup", row["type"])
        thing.keys["workloads"] = self._workloads(row, "plugin")
        thing.keys.update(repository=_target(row), plugin=plugin)
        self.draft.add(thing)

    def file_copy(self, row: Row) -> None:
        thing = self._thing(row, "file_backup_copy", row["type"] or "file backup copy")
        thing.keys["repository"] = _target(row)
        source = Ref("job", row.identifier("sourcejobid", "backupjobid"), row.first("sourcejob", "backupjob"))
        thing.source = ReadsFrom((source,) if source else ())
        self.draft.add(thing)

    def tape(self, row: Row) -> None:
        """A tape job names its source only in older tables, and never its tape server."""
        thing = self._thing(row, "tape", row.first("type", "jobtype") or "tape")
        source = row.identifier("sourceid")
        repository = row["sourcetype"].lower() == "repository"
        thing.source = ReadsFrom(
            (Ref("job", source),) if source and not repository else (),
            (Ref("repository", source),) if source and repository else (),
        )
        if len(self.tape_servers) == 1:
            only = self.tape_servers[0]
            thing.guess("tape_server", Ref("tape_server", only.id, only.name), "the only one there is")
        self.draft.add(thing)

    def other(self, row: Row, word: str, why: str) -> None:
        thing = self._thing(row, "other", word)
        if target := _target(row):
            thing.keys["repository"] = target
        keep_as_other(self.draft, thing, why)

    # --- what they share ----------------------------------------------------------------------------------------------

    def _thing(self, row: Row, kind: str, word: str) -> Thing:
        keys: dict[str, Any] = {"description": row.description, "type": kind}
        if False in (row.flag("isjobenabled"), row.flag("isenabled")):
            keys["enabled"] = False
        thing = Thing("job", row.identifier("id"), row["name"] or row["id"] or "unnamed", keys, row.origin, word)
        if start := time_of_day(row["scheduleoptions"]):
            keys["schedule"] = {"start": start}
        elif start := time_of_day(row["sheduleenabledtime"].partition("T")[2] or row["sheduleenabledtime"]):
            thing.guess("schedule", {"start": start}, "the time from which its schedule is on")
        if kind == "backup":
            self._method(row, thing)
        return thing

    def _method(self, row: Row, thing: Thing) -> None:
        set_method(thing, row["algorithm"], row.flag("transformfulltosyntethic"), row.flag("enablefullbackup"))
        keys = thing.keys
        if row.flag("stgencryptionenabled"):
            keys["encryption"] = True
        if block := _BLOCKS.get(row["blocksize"].lower()):
            keys["block_size"] = block
        if any(row.flag(f"gfs{period}enabled", f"gfs{period}isenabled") for period in ("weekly", "monthly", "yearly")):
            keys["gfs"] = True

    def _platform(self, row: Row) -> str:
        kinds = {seen["jobtype"].lower() for seen in self.seen.get(row["name"].casefold(), {}).values()}
        return "hyperv" if any("hyperv" in kind for kind in kinds) else "vmware"

    def _workloads(self, row: Row, platform: str) -> list[Ref]:
        seen = self.seen.get(row["name"].casefold(), {})
        size = row.number("originalsize")
        if not seen:
            text = bytes_text(size) if size and 0 < size < 10**18 else ""
            return [self.machines.stand_in(row["name"], platform, row.origin, text)]
        return [self.machines.one(platform, name, origin=session.origin) for name, session in seen.items()]


def _target(row: Row) -> Ref:
    return Ref(
        "repository",
        row.identifier("targetrepositoryid", "repositoryid"),
        row.first("reponame", "targetrepository", "targetreponame", "repository", "shorttermrepo"),
    )
