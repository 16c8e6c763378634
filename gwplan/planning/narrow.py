"""Some of a plan: the decisions that somebody wants to see, and the findings that concern them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from gwplan.findings import Finding, UsageError
from gwplan.inventory.names import natural, nearest
from gwplan.planning.decision import Decision
from gwplan.planning.ledger import grouped
from gwplan.planning.plan import Plan
from gwplan.planning.select import select
from gwplan.planning.trace import BAD


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What is asked for; an empty list asks for everything. A scale-out repository stands for its extents."""

    jobs: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    repositories: tuple[str, ...] = ()
    gateways: tuple[str, ...] = ()
    failed: bool = False

    @property
    def asks(self) -> bool:
        """Whether it leaves anything out."""
        return self != Narrowing()


def narrow(plan: Plan, wanted: Narrowing) -> Sequence[Decision]:
    """The decisions that are asked for, in the plan's order. Raises UsageError for a name that nothing has."""
    if not wanted.asks:
        return plan.decisions
    inventory = plan.inventory
    for job in wanted.jobs:
        select(plan, job)  # says what is wrong with the name
    types = {ruling.type for ruling in plan.rulings} | {job.type for job in inventory.jobs.values()}
    wholes = inventory.scale_out_repositories
    _known("type of job", wanted.types, types)
    _known("repository", wanted.repositories, {*inventory.repositories, *wholes})
    _known("server", wanted.gateways, inventory.servers)
    repositories = set(wanted.repositories)
    for name in wanted.repositories:
        if name in wholes:
            repositories |= {extent for extent, whole in inventory.extent_of.items() if whole == name}
    return tuple(
        decision
        for decision in plan.decisions
        if (not wanted.jobs or decision.job in wanted.jobs)
        and (not wanted.types or decision.type in wanted.types)
        and (not repositories or decision.repository in repositories)
        and (not wanted.gateways or decision.gateway in wanted.gateways)
        and (not wanted.failed or decision.outcome in BAD)
    )


def concerning(findings: Iterable[Finding], plan: Plan, decisions: Sequence[Decision]) -> tuple[Finding, ...]:
    """The findings about a job, a repository or a machine that these decisions are made of.

    A finding that names jobs, and none of these, is left out: it is about others that share the repository.
    """
    names: dict[str, set[str]] = {kind: set() for kind in ("job", "repository", "server", "proxy", "workload")}
    for served, alike in grouped(decisions):
        ruling = served.ruling
        names["job"].add(ruling.job)
        names["repository"].add(ruling.repository)
        names["server"].update(filter(None, (served.gateway, ruling.data_mover, *served.fallbacks)))
        names["proxy"].update(filter(None, (served.proxy,)))
        names["workload"].update(machine for decision in alike for machine in decision.workloads)
    whole = plan.inventory.extent_of
    names["scale_out_repository"] = {whole[name] for name in names["repository"] if name in whole}
    everything = set().union(*names.values())
    return tuple(
        finding
        for finding in findings
        if finding.subject and finding.subject.name in names.get(finding.subject.kind, everything)
        if names["job"].intersection(of_jobs := _jobs_of(finding)) or not of_jobs
    )


def _jobs_of(finding: Finding) -> list[str]:
    return [str(spot.path[1]) for spot in finding.related if spot.path[:1] == ("jobs",) and len(spot.path) > 1]


def _known(kind: str, wanted: Iterable[str], names: Collection[str]) -> None:
    for name in wanted:
        if name not in names:
            listed = sorted(names, key=natural)
            shown = ", ".join(listed[:8]) + (f" … ({len(listed)} in all)" if len(listed) > 8 else "")
            guess = nearest(name, names)
            hint = f"did you mean {guess!r}?" if guess else f"there are {shown}"
            raise UsageError(f"there is no {kind} {name!r}; {hint}")
