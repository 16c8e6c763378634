"""What a check is: a rule and the function that finds what breaks it, as one value. Two shapes are shared by several.

A check yields hits, which say what is wrong with one thing and where. The rule makes findings of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sized
from dataclasses import dataclass
from typing import Any

from gwplan.checks.view import Flow, View
from gwplan.findings import REMOVED, CertainFix, Edit, Finding, Path, Rule, Severity, Spot, Subject
from gwplan.inventory.entries import Repository
from gwplan.inventory.names import natural
from gwplan.nouns import numbered


class Hit:
    """One thing that breaks a rule: its first spot is the place, the others are related; without a fix, the rule's."""

    __slots__ = ("fix", "message", "remedy", "spots", "subject", "weight")

    def __init__(
        self, kind: str, name: str, message: str, *spots: Spot,
        fix: str | None = None, weight: Severity | None = None, remedy: CertainFix | None = None,
    ) -> None:  # fmt: skip
        self.subject, self.message, self.spots = Subject(kind, name), message, spots
        self.fix, self.weight, self.remedy = fix, weight, remedy


Finder = Callable[[View], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Check:
    """A rule and the function that finds what breaks it."""

    rule: Rule
    finds: Finder

    def __call__(self, view: View) -> Iterator[Finding]:
        for hit in self.finds(view):
            place = hit.spots[0] if hit.spots else None
            fix = _as_clause(self.rule.fix) if hit.fix is None else hit.fix
            yield Finding(self.rule, hit.subject, hit.message, fix, place, hit.spots[1:], hit.weight, hit.remedy)


def check_for(rule: Rule) -> Callable[[Finder], Check]:
    """Turn the function below it into the check of a rule. To register it, a theme lists it in its ``CHECKS``."""
    return lambda finds: Check(rule, finds)


def _as_clause(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].removesuffix(".")


# --- shapes that several checks share ---------------------------------------------------------------------------------


def on_targets(
    key: str, says: str, fix: str | None = None, *, cause: str = "type", becomes: object = None
) -> Callable[[Callable[[Any, Repository], object]], Finder]:
    """Make a finder of jobs that do not go with a repository that they write to, extents included, from a predicate.

    ``key`` is the key of the job, ``cause`` that of the repository which stands against it. ``{}`` in ``says`` is where
    the repositories are named. ``becomes`` is what the job should say instead, if just one value is right.
    """

    def finder(clash: Callable[[Any, Repository], object]) -> Finder:
        def finds(view: View) -> Iterator[Hit]:
            repositories = view.inventory.repositories
            for name, job in view.writing_jobs():
                bad = [target for target in view.targets(job) if clash(job, repositories[target])]
                if bad:
                    whole = job.repository if job.repository in view.inventory.scale_out_repositories else None
                    where = some(bad) + (f" in {whole}" if whole else "")
                    given = key in job.model_fields_set and getattr(job, key) is not None
                    yield Hit(
                        "job", name,
                        f"{name} {says.format(where)}",
                        on_value("jobs", name, key if given else "repository"),
                        *(on_value("repositories", target, cause, label="the repository") for target in bad),
                        fix=fix,
                        remedy=None if becomes is None else decides(("jobs", name, key), becomes),
                    )  # fmt: skip

        return finds

    return finder


def by_repository(
    says: str, fix: str | None = None, *, at: Callable[[View, str, list[str]], list[Spot]] | None = None
) -> Callable[[Callable[[View, Flow], bool]], Finder]:
    """Make a finder of flows in a wrong place from a predicate, with one hit for each repository.

    ``says`` and ``fix`` may name the ``{repository}``, its ``{site}``, the ``{gateways}``, the ``{jobs}`` and how many
    ``{tasks}`` there are.
    """

    def finder(is_wrong: Callable[[View, Flow], bool]) -> Finder:
        def finds(view: View) -> Iterator[Hit]:
            for name, flows in _by_repository(view, is_wrong).items():
                gateways = list(dict.fromkeys(flow.gateway for flow in flows))
                jobs = [job for job in dict.fromkeys(flow.ruling.job for flow in flows) if job in view.inventory.jobs]
                words = {
                    "repository": name,
                    "site": view.inventory.site_of_repository(name),
                    "gateways": some(gateways),
                    "jobs": some(jobs),
                    "tasks": numbered(sum(flow.tasks for flow in flows), "task"),
                }
                places = at(view, name, gateways) if at else [on_key("repositories", name)]
                spots = *places, *on_jobs(jobs)
                yield Hit("repository", name, says.format(**words), *spots, fix=fix and fix.format(**words))

        return finds

    return finder


def _by_repository(view: View, is_wrong: Callable[[View, Flow], bool]) -> dict[str, list[Flow]]:
    found: dict[str, list[Flow]] = {}
    for flow in view.flows:
        if is_wrong(view, flow):
            found.setdefault(flow.ruling.repository, []).append(flow)
    return found


# --- remedies ---------------------------------------------------------------------------------------------------------


def leaves_out(*path: str | int) -> CertainFix:
    """The safe fix that removes what nobody reads."""
    return CertainFix((Edit(path, REMOVED),), is_safe=True)


def decides(path: Path, value: object) -> CertainFix:
    """The unsafe fix that writes a value which is right, but is for people to decide on."""
    return CertainFix((Edit(path, value),), is_safe=False)


# --- places and phrases -----------------------------------------------------------------------------------------------


def on_key(*path: str, label: str = "") -> Spot:
    return Spot(path, on_key=True, label=label)


def on_value(*path: str | int, label: str = "") -> Spot:
    return Spot(path, label=label)


def on_jobs(jobs: Iterable[str]) -> list[Spot]:
    """Where the jobs are that a finding is about."""
    return [on_key("jobs", job, label="the job") for job in jobs]


def on_listed(view: View, repository: str, servers: Iterable[str], label: str = "") -> list[Spot]:
    """The places of servers in a repository's list of gateway servers."""
    listed = ("repositories", repository, "gateway_servers")
    places = view.places_in_list(repository)
    return [on_value(*listed, places[server], label=label) for server in servers]


def some(names: Iterable[str], limit: int = 6) -> str:
    """Names as a phrase, in natural order: ``a, b and c``; beyond the limit ``a, b … and 12 more``."""
    ordered = sorted(set(names), key=natural)
    if len(ordered) > limit:
        return f"{', '.join(ordered[:limit])} and {len(ordered) - limit} more"
    return " and ".join(filter(None, (", ".join(ordered[:-1]), ordered[-1])))


def agree(names: Sized, one: str, many: str) -> str:
    """The verb or noun that goes with names: ``one`` with a single name, ``many`` with several."""
    return one if len(names) == 1 else many


def tb(size: int) -> str:
    """A size for people: ``1.5 TB``, and ``40 GB`` below one."""
    return f"{size / 10**12:.4g} TB" if size >= 10**12 else f"{size / 10**9:.4g} GB"
