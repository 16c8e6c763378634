"""Checks of WAN accelerators: pairs that cannot work, and links on which they pay or cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache, partial

from gwplan.checks.shape import Hit, by_repository, check_for, on_key, on_listed, on_value, some
from gwplan.checks.view import Flow, View
from gwplan.findings import Rule, Severity
from gwplan.inventory.quantities import RATE_UNITS

MBPS = RATE_UNITS["Mbps"]


@check_for(Rule(
    "GW057", "wan-accelerator-pair", Severity.WARNING, "wan_accelerator.html",
    why="A copy over WAN accelerators needs both of them up and on two machines; it never falls back to the direct "
    "path.",
    fix="Name two accelerators on two servers that are online.",
))  # fmt: skip
def wan_accelerator_pair(view: View) -> Iterator[Hit]:
    servers = {name: view.network.role_server("wan_accelerator", name) for name in view.inventory.wan_accelerators}
    for name, job in view.jobs("backup_copy"):
        pair = job.wan_accelerators
        if pair is None:
            continue
        spots = [on_value("jobs", name, "wan_accelerators", side) for side in ("source", "target")]
        if servers[pair.source] == servers[pair.target]:
            one = pair.source if pair.source == pair.target else f"{pair.source} and {pair.target}, on one server,"
            message = f"{name} has {one} on both ends of its WAN"
            yield Hit("job", name, message, *spots, fix="name an accelerator near the source and one near the target")
            continue
        off = [a for a in (pair.source, pair.target) if view.network.role_down("wan_accelerator", a)]
        if off:
            yield Hit(
                "job", name,
                f"{name} works over {some(off)}, not online, and never falls back to the direct path",
                *(spot for spot, a in zip(spots, (pair.source, pair.target), strict=True) if a in off),
                *(on_value("servers", servers[a], "status", label="not online") for a in off),
                fix="bring it back, or leave `wan_accelerators` out",
            )  # fmt: skip


@check_for(Rule(
    "GW059", "shared-source-accelerator", Severity.ERROR, "backup_copy_wan.html",
    why="A source WAN accelerator serves one job at a time: an error where jobs start at the same time, a warning "
    "where their schedule is not given.",
    fix="Start the jobs at different times, or give each its own source accelerator.",
))  # fmt: skip
def shared_source_accelerator(view: View) -> Iterator[Hit]:
    users: dict[str, list[tuple[str, str | None]]] = {}
    for name, job in view.jobs("backup_copy"):
        if job.wan_accelerators is not None:
            users.setdefault(job.wan_accelerators.source, []).append((name, job.schedule.start))
    for accelerator, jobs in users.items():
        starts = Counter(start for _, start in jobs)
        at_once = [name for name, start in jobs if start is not None and starts[start] > 1]
        unknown = [name for name, start in jobs if start is None]
        if len(jobs) < 2 or not (at_once or unknown):
            continue
        told = at_once or [name for name, _ in jobs]
        when = "at the same time" if at_once else "at times that are not all given"
        yield Hit(
            "wan_accelerator", accelerator,
            f"{accelerator} is the source accelerator of {some(told)}, which start {when}; it serves one job at a time",
            *(on_value("jobs", name, "wan_accelerators", "source", label="used here") for name in told),
            on_key("wan_accelerators", accelerator, label="the accelerator"),
            fix="start them apart, or give each its own source accelerator",
            weight=None if at_once else Severity.WARNING,
        )  # fmt: skip


@check_for(Rule(
    "GW079", "wan-acceleration", Severity.WARNING, "wan_acceleration.html",
    why="WAN accelerators pay on thin links (up to about 100 Mbps) and cost time on fast ones (a gigabit LAN).",
    fix="Use a pair on the thin link; leave it out on the fast one.",
))  # fmt: skip
def wan_acceleration(view: View) -> Iterator[Hit]:
    """A thin link without accelerators, a fast network with them. The page has about 100 Mbps as the limit."""
    narrowest = cache(partial(_narrowest, view))  # many jobs copy between the same repositories
    rates_given = any(link.bandwidth is not None for link in view.inventory.links.values())
    for name, job in view.jobs("backup_copy"):
        plain = rates_given and job.wan_accelerators is None
        thin = narrowest(view.sources(job), view.targets(job)) if plain else None
        if thin is not None and thin[0] <= 100 * MBPS:
            rate, links = thin
            yield Hit(
                "job", name,
                f"{name} copies over {some(links)} with {rate // MBPS} Mbps and without WAN accelerators",
                on_key("jobs", name), *(on_value("links", link, "bandwidth", label="the thin link") for link in links),
                fix="give it `wan_accelerators`",
            )  # fmt: skip
        elif job.wan_accelerators is not None and _is_fast(view, view.sources(job), view.targets(job)):
            yield Hit(
                "job", name,
                f"{name} uses WAN accelerators within a site or over a LAN of 1 Gbps and more, where they cost time",
                on_key("jobs", name, "wan_accelerators"),
                fix="leave `wan_accelerators` out",
            )  # fmt: skip


def _narrowest(view: View, sources: tuple[str, ...], targets: tuple[str, ...]) -> tuple[int, list[str]] | None:
    """The smallest bandwidth between any source and any target, with its links; None where no bandwidth is given."""
    found: tuple[int, list[str]] | None = None
    for here, there in _pairs(view, sources, targets):
        for link in view.network.route(here, there)[1::2]:
            rate = view.inventory.links[link].bandwidth
            if rate is not None and (found is None or rate <= found[0]):
                found = (rate, [link] if found is None or rate < found[0] else [*dict.fromkeys((*found[1], link))])
    return found


def _is_fast(view: View, sources: tuple[str, ...], targets: tuple[str, ...]) -> bool:
    pairs = _pairs(view, sources, targets)
    if not view.inventory.sites or not pairs:
        return False
    for here, there in pairs:
        for link in view.network.route(here, there)[1::2]:
            entry = view.inventory.links[link]
            if entry.kind == "wan" or entry.bandwidth is None or entry.bandwidth < 1000 * MBPS:
                return False
        if view.network.hops(here, there) is None:
            return False
    return True


def _pairs(view: View, sources: tuple[str, ...], targets: tuple[str, ...]) -> list[tuple[str, str]]:
    site_of = view.inventory.site_of_repository
    starts = dict.fromkeys(site for name in sources if (site := site_of(name)) is not None)
    ends = dict.fromkeys(site for name in targets if (site := site_of(name)) is not None)
    return [(here, there) for here in starts for there in ends]


@check_for(Rule(
    "GW080", "wan-accelerator-on-wrong-side", Severity.NOTE, "wan_accelerator.html",
    why="The source accelerator stands near the source, the target accelerator near the target: otherwise the data "
    "crosses the WAN before it is reduced.",
    fix="Swap the pair, or name accelerators of the right sites.",
))  # fmt: skip
def wan_accelerator_on_wrong_side(view: View) -> Iterator[Hit]:
    inventory = view.inventory
    if not inventory.sites:
        return
    for name, job in view.jobs("backup_copy"):
        if job.wan_accelerators is None:
            continue
        wrong = []
        for side, repositories in (("source", view.sources(job)), ("target", view.targets(job))):
            accelerator = getattr(job.wan_accelerators, side)
            site = inventory.site_of_server(view.network.role_server("wan_accelerator", accelerator))
            sites = {inventory.site_of_repository(repository) for repository in repositories} - {None}
            if sites and site not in sites:
                wrong.append((side, accelerator, site))
        if wrong:
            told = some(f"{accelerator} ({side}) in {site}" for side, accelerator, site in wrong)
            yield Hit(
                "job", name,
                f"{name} has {told}, where that side does not stand",
                *(on_value("jobs", name, "wan_accelerators", side) for side, _, _ in wrong),
                *(on_key("wan_accelerators", accelerator, label="the accelerator") for _, accelerator, _ in wrong),
            )  # fmt: skip


@check_for(Rule(
    "GW153", "gateway-behind-wan-accelerators", Severity.WARNING, "wan_accelerator.html",
    why="A copy over WAN accelerators arrives at the target accelerator. A gateway server of the other site sends it "
    "back over the WAN, unreduced, and fetches it once more to write it.",
    fix="List a gateway server of the accelerator's site.",
))  # fmt: skip
@by_repository(
    "{repository} is served by {gateways}, across a WAN from the WAN accelerator that {jobs} works over on that side",
    "list a gateway server of the accelerator's site",
    at=on_listed,
)
def gateway_behind_accelerators(view: View, flow: Flow) -> bool:
    """The source side as well: there the data crosses before it is reduced."""
    job = view.inventory.jobs.get(flow.ruling.job)
    if job is None or job.accelerators is None or flow.ruling.selection != "explicit":
        return False
    accelerator = getattr(job.accelerators, flow.ruling.side)
    return view.crosses_wan(flow.gateway, view.network.role_server("wan_accelerator", accelerator))


CHECKS = (
    wan_accelerator_pair,
    shared_source_accelerator,
    wan_acceleration,
    wan_accelerator_on_wrong_side,
    gateway_behind_accelerators,
)
