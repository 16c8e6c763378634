"""Checks of the gateway servers that a repository lists: those that may not or cannot serve it."""

from __future__ import annotations

from collections.abc import Iterator

from gwplan.checks.shape import Hit, agree, check_for, on_key, on_listed, on_value, some
from gwplan.checks.view import View
from gwplan.findings import Rule, Severity
from gwplan.inventory.entries import DEDUPLICATING
from gwplan.planning.editions import refusing


@check_for(Rule(
    "GW003", "gateway-not-managed", Severity.ERROR, "gateway_server.html#requirements",
    why="A gateway server is a managed server: one that was added to the backup infrastructure. Another never serves.",
    fix="Add it with the New Windows Server or New Linux Server wizard, or take it off the list.",
))  # fmt: skip
def gateway_not_managed(view: View) -> Iterator[Hit]:
    for name in view.behind_gateway():
        bad = [server for server in view.listed(name) if not view.inventory.servers[server].managed]
        if bad:
            yield Hit(
                "repository", name,
                f"{name} lists {some(bad)}, not added to the backup infrastructure: "
                f"{agree(bad, 'it never serves', 'they never serve')}",
                *on_listed(view, name, bad), *(on_key("servers", server, label="not managed") for server in bad),
                fix="add it as a managed server, or take it off the list",
            )  # fmt: skip


@check_for(Rule(
    "GW152", "listed-gateway-offline", Severity.WARNING, "gateway_server.html#selection",
    why="A listed gateway server that is not online takes no tasks: the others on the list carry its part, and the "
    "repository is one failure nearer to having none.",
    fix="Bring it back, or take it off the list.",
))  # fmt: skip
def listed_gateway_offline(view: View) -> Iterator[Hit]:
    """Where none is online, GW051 and GW151 say so."""
    servers = view.inventory.servers
    for name in view.behind_gateway():
        listed = view.listed(name)
        off = [server for server in listed if servers[server].status != "online"]
        if off and len(off) < len(listed):
            yield Hit(
                "repository", name,
                f"{name} lists {some(off)}, which {'is' if len(off) == 1 else 'are'} not online: only "
                f"{some(set(listed) - set(off))} can serve it",
                *on_listed(view, name, off),
                *(on_value("servers", server, "status", label="not online") for server in off),
                fix="bring it back, or take it off the list",
            )  # fmt: skip


@check_for(Rule(
    "GW021", "gateway-without-fabric", Severity.ERROR, "dell_dd.html",
    why="A selected gateway server talks to the appliance over Fibre Channel. Without a shared fabric it cannot: an "
    "error where no listed server can, a warning where some cannot.",
    fix="Zone the server with the appliance, or take it off the list.",
))  # fmt: skip
def gateway_without_fabric(view: View) -> Iterator[Hit]:
    """Over Fibre Channel a listed server shares a fabric with the appliance. gateway_server.html#requirements"""
    for name in view.behind_gateway():
        entry = view.inventory.repositories[name]
        if not entry.is_over_fc:
            continue
        listed = view.listed(name)
        bad = [server for server in listed if view.network.shares_fabric(server, name) is False]
        if bad:
            every = len(bad) == len(listed)
            yield Hit(
                "repository", name,
                f"{name} is reached over Fibre Channel, and {some(bad)} on its list "
                f"{'shares' if len(bad) == 1 else 'share'} no fabric with "
                f"it{': nothing can serve it' if every else ''}",
                *on_listed(view, name, bad),
                fix="zone them together under `fabrics`, or take them off the list",
                weight=None if every else Severity.WARNING,
            )  # fmt: skip


@check_for(Rule(
    "GW023", "hyperv-host-for-dedup", Severity.WARNING, "gateway_server.html#requirements",
    why="Revisions of the vendor's page since 2026-03 forbid a Hyper-V host as the gateway of a deduplicating "
    "appliance.",
    fix="List a Windows or Linux server instead.",
))  # fmt: skip
def hyperv_host_listed(view: View) -> Iterator[Hit]:
    for name in view.behind_gateway():
        kind = view.inventory.repositories[name].type
        forbids = refusing(kind, "hyperv", view.plan.world.edition) if kind in DEDUPLICATING else None
        if forbids is None:
            continue
        bad = [server for server in view.listed(name) if view.inventory.servers[server].os == "hyperv"]
        if bad:
            yield Hit(
                "repository", name,
                f"{name} lists {some(bad)}, {agree(bad, 'a Hyper-V host', 'Hyper-V hosts')}, which {forbids.cited} "
                "forbids for deduplicating appliances",
                *on_listed(view, name, bad), *(on_key("servers", server, label="the Hyper-V host") for server in bad),
            )  # fmt: skip


@check_for(Rule(
    "GW025", "linux-gateway-in-edition-12", Severity.WARNING, "gateway_server.html?ver=120",
    why="Version 12 takes Windows only as the gateway of SMB, Data Domain and StoreOnce.",
    fix="Let Windows servers serve it, or plan for version 13.",
))  # fmt: skip
def linux_gateway_in_edition_12(view: View) -> Iterator[Hit]:
    """Servers that are listed or, where none is, that automatic selection may come to."""
    inventory = view.inventory
    if view.version > 12:
        return
    for name in view.behind_gateway():
        kind = inventory.repositories[name].type
        if kind not in DEDUPLICATING and kind != "smb":
            continue
        listed = [server for server in view.listed(name) if inventory.servers[server].os == "linux"]
        chosen = [server for server, one in view.candidates_of.get(name, {}).items() if "os" in one.refusals]
        if bad := listed or chosen:
            yield Hit(
                "repository", name,
                f"{name} would use {some(bad)} on Linux, and version {view.plan.world.edition.id} takes Windows only "
                f"for {kind}",
                *(on_listed(view, name, listed) or [on_key("repositories", name)]),
                *(on_value("servers", server, "os", label="runs Linux") for server in bad),
            )  # fmt: skip


@check_for(Rule(
    "GW026", "gateway-without-access", Severity.ERROR, "gateway_server.html#requirements",
    why="A gateway server must have access to the share or the appliance; one that has none is listed in vain.",
    fix="Give it access, or take it off the list.",
))  # fmt: skip
def gateway_without_access(view: View) -> Iterator[Hit]:
    """Access to the storage, and a route to it: one finding for each."""
    for name in view.behind_gateway():
        listed = view.listed(name)
        entry = view.inventory.repositories[name]
        out = [server for server in listed if not view.is_let_in(server, name)]
        if out:
            yield Hit(
                "repository", name,
                f"{name} lists {some(out)} as gateway, not in its `accessible_from`",
                *on_listed(view, name, out),
                on_key("repositories", name, "accessible_from", label="lets in only these"),
                fix=f"add {some(out)} or its site to `accessible_from`, or take it off the list",
            )  # fmt: skip
        site = view.inventory.site_of_repository(name)
        if entry.is_over_fc or site is None:
            continue
        cut = [s for s in listed if view.network.hops(view.inventory.site_of_server(s), site) is None]
        if cut:
            yield Hit(
                "repository", name,
                f"{name} stands in {site}, and {some(cut)} on its list {'has' if len(cut) == 1 else 'have'} no route "
                "there",
                *on_listed(view, name, cut),
                *(on_value("servers", server, "site", label="stands here") for server in cut),
                fix="add the link under `links`, or take the server off the list",
            )  # fmt: skip


CHECKS = (
    gateway_not_managed,
    listed_gateway_offline,
    gateway_without_fabric,
    hyperv_host_listed,
    linux_gateway_in_edition_12,
    gateway_without_access,
)
