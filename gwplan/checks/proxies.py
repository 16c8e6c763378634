"""Checks of backup proxies: those that are left when others are disabled, and those that cannot read otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from gwplan.checks.shape import Hit, check_for, on_jobs, on_key, on_value, some
from gwplan.checks.view import View
from gwplan.findings import Rule, Severity
from gwplan.inventory.entries import Proxy
from gwplan.inventory.names import natural


@check_for(Rule(
    "GW146", "backup-server-alone-reads", Severity.WARNING, "backup_proxy_requirements.html",
    why="With all other proxies disabled or offline the backup server reads everything itself, and on automatic "
    "selection it is the gateway of a share, too. Jobs go on and only take far longer, so nobody is told.",
    fix="Enable the proxies again, or bring them back.",
))  # fmt: skip
def backup_server_alone_reads(view: View) -> Iterator[Hit]:
    inventory = view.inventory
    for choice in view.proxy_choices:
        servers = {view.network.role_server("proxy", name) for name in choice.usable}
        if servers == {inventory.backup_server} and choice.out:
            are = "is" if len(choice.out) == 1 else "are"
            yield Hit(
                "server", inventory.backup_server,
                f"{inventory.backup_server} is the backup server and alone can read for {some(choice.jobs)}: "
                f"{some(choice.out)} {are} disabled or not online",
                on_key("servers", inventory.backup_server),
                *(on_key("proxies", name, label="disabled or not online") for name in choice.out),
                *on_jobs(choice.jobs),
                fix="enable the proxies again, or bring them back",
            )  # fmt: skip


@check_for(Rule(
    "GW141", "no-network-failover", Severity.WARNING, "direct_san_access.html",
    why="Where storage cannot be reached directly, a machine fails unless its proxy may fail over to the network mode; "
    "of the job's proxies none may.",
    fix="Say `network_failover: true` for one of them.",
))  # fmt: skip
def no_network_failover(view: View) -> Iterator[Hit]:
    proxies = view.inventory.proxies
    for choice in view.proxy_choices:
        usable = sorted(choice.usable, key=natural)
        if usable and all(_is_strict(proxies[name]) for name in usable):
            yield Hit(
                "proxy", usable[0],
                f"{some(usable)} read for {some(choice.jobs)} directly from storage, and may not fail over to the "
                "network mode",
                *(on_value("proxies", name, "network_failover") for name in usable), *on_jobs(choice.jobs),
            )  # fmt: skip


def _is_strict(proxy: Proxy) -> bool:
    return proxy.transport_mode == "direct_storage" and not proxy.network_failover


CHECKS = (
    backup_server_alone_reads,
    no_network_failover,
)
