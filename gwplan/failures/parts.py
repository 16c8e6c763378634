"""Which sites still reach each other."""

from __future__ import annotations

from collections.abc import Iterable

from gwplan.network import Network


def parts_of_sites(network: Network, sites: Iterable[str]) -> dict[str, frozenset[str]]:
    """For each site that is up, the sites that it reaches."""
    alive = [site for site in sites if network.site_down(site) is None]
    found: dict[str, frozenset[str]] = {}
    for site in alive:
        if site not in found:
            part = frozenset(other for other in alive if network.hops(site, other) is not None)
            found.update(dict.fromkeys(part, part))
    return found
