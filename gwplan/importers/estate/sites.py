"""Where things stand: by a file of patterns or the subnets of traffic rules; and links, so that sites reach each other.

No source of VBR names sites. What neither a pattern nor an address places is put where the backup server stands, and
a comment says so.
"""

from __future__ import annotations

import csv
import fnmatch
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from gwplan.findings import InventoryError, Subject
from gwplan.importers.draft import Draft, ImportFailed, Kind, News, TrafficRule
from gwplan.importers.estate.assemble import Estate
from gwplan.inventory.build import parse
from gwplan.inventory.entries import SERVER_HOSTED
from gwplan.inventory.form import kind_of
from gwplan.inventory.names import name_error, natural
from gwplan.inventory.source import Source

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Places:
    """Patterns in order, the first that fits wins. A pattern is a name with `*` and `?`, or a network."""

    patterns: tuple[tuple[str, str], ...]
    networks: tuple[tuple[Network, str], ...]
    origin: str

    def site_of(self, words: Iterable[str]) -> str:
        """The site of a thing by its names and addresses, or ""."""
        words = [word.casefold() for word in words if word]
        for pattern, site in self.patterns:
            if any(fnmatch.fnmatchcase(word, pattern) for word in words):
                return site
        for address in filter(None, map(_address, words)):
            for network, site in self.networks:
                if address in network:
                    return site
        return ""


def place_in_sites(estate: Estate, draft: Draft, file: Path | None, *, infer: bool) -> None:
    """Add `sites`, every `site` that the format asks for, and `links`; nothing if no server can be placed."""
    places = read_places(file) if file else _inferred(draft, estate) if infer else None
    if places is None:
        return
    servers = estate.data["servers"]
    found = {name: places.site_of((name, *estate.addresses.get(("servers", name), ()))) for name in servers}
    if not any(found.values()):
        if file:
            raise ImportFailed(f"{file}: no pattern of it fits a server of {draft.where}")
        return
    home = found[estate.data["backup_server"]] or sorted(filter(None, found.values()), key=natural)[0]
    placing = _Placing(estate, draft, places, home)
    for name in servers:
        placing.put("servers", name, found[name], placing.lost("servers"))
    for name, entry in estate.data.get("repositories", {}).items():
        if entry["type"] not in SERVER_HOSTED | {"cloud"} or "server" not in entry:
            placing.repository(name, entry)
    for name, entry in estate.data.get("workloads", {}).items():
        if "host" not in entry:
            placing.workload(name)
    sites = sorted({home, *(site for site in found.values() if site), *placing.used}, key=natural)
    _insert(estate, {"sites": {site: {} for site in sites}, "links": placing.links(sites, draft.traffic_rules)})
    if file is None:
        estate.comments["sites",] = f"guessed: {_FROM_RULES}"


# --- a file -----------------------------------------------------------------------------------------------------------


def read_places(file: Path) -> Places:
    """A CSV of `pattern,site` lines, or a YAML mapping of pattern to site, or of site to patterns."""
    try:
        text = file.read_text("utf-8-sig")
    except OSError as error:
        raise ImportFailed(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ImportFailed(f"{file}: is no text in UTF-8") from None
    pairs = _csv_pairs(file, text) if file.suffix.lower() in (".csv", ".txt") else _yaml_pairs(file, text)
    for _, site in pairs:
        if problem := name_error(site):
            raise ImportFailed(f"{file}: the site {site[:80]!r}: {problem}")
    if not pairs:
        raise ImportFailed(f"{file}: no line of it says `pattern,site`")
    networks = [(network, site) for pattern, site in pairs if (network := _network(pattern)) is not None]
    patterns = [(pattern.casefold(), site) for pattern, site in pairs if _network(pattern) is None]
    return Places(tuple(patterns), tuple(networks), f"--sites {file.name}")


def _csv_pairs(file: Path, text: str) -> list[tuple[str, str]]:
    pairs = []
    try:
        for row in csv.reader(text.splitlines(), skipinitialspace=True):
            cells = [cell.strip() for cell in row if cell.strip()]
            if not cells or cells[0].startswith("#") or [cell.lower() for cell in cells[1:]] == ["site"]:
                continue
            if len(cells) != 2:
                raise ImportFailed(f"{file}: {','.join(row)[:80]!r} is not `pattern,site`")
            pairs.append((cells[0], cells[1]))
    except csv.Error as error:
        raise ImportFailed(f"{file}: {error}") from None
    return pairs


def _yaml_pairs(file: Path, text: str) -> list[tuple[str, str]]:
    try:
        data, findings = parse(Source(str(file), text))
    except InventoryError as error:
        where = error.findings[0].location
        raise ImportFailed(f"{file}{f':{where.line}' if where else ''}: {error.findings[0].message}") from None
    if findings or not isinstance(data, dict):
        raise ImportFailed(f"{file}: {findings[0].message if findings else 'is no mapping of `pattern: site`'}")
    pairs: list[tuple[str, str]] = []
    for key, value in data.items():
        if isinstance(value, list):
            pairs += [(str(pattern), str(key)) for pattern in value]
        elif isinstance(value, dict) or value is None:
            raise ImportFailed(f"{file}: {key} is neither `pattern: site` nor `site: [patterns]`")
        else:
            pairs.append((str(key), str(value)))
    return pairs


def _network(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text, strict=False) if "/" in text or ":" in text else None
    except ValueError:
        return None


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


# --- traffic rules ----------------------------------------------------------------------------------------------------


_FROM_RULES = "the ranges of the traffic rules: rename them, or give --sites FILE"


def _inferred(draft: Draft, estate: Estate) -> Places | None:
    """The ranges of traffic rules that hold a server's address, as sites named after their first address."""
    words = [word for (section, name), found in estate.addresses.items() if section == "servers"
             for word in (str(name), *found)]  # fmt: skip
    addresses = [address for address in map(_address, words) if address is not None]
    networks: dict[Network, str] = {}
    for rule in draft.traffic_rules:
        for network in (*_range(rule.source), *_range(rule.target)):
            if any(address in network for address in addresses):
                networks[network] = str(network)
    if len(networks) < 2:
        if draft.traffic_rules:
            draft.cannot_tell("sites from traffic rules", "fewer than two of their ranges hold the address of a server")
        return None
    names = ", ".join(sorted(networks.values(), key=natural))
    draft.news.append(News(Kind.GUESSED, None, f"sites {names}", _FROM_RULES, key="sites"))
    ordered = sorted(networks.items(), key=lambda item: (-item[0].prefixlen, natural(item[1])))
    return Places((), tuple(ordered), "traffic rules")


def _range(ends: tuple[str, str]) -> list[Network]:
    """The networks of a range of addresses; none for "Any" and "Internet"."""
    first, last = _address(ends[0].strip()), _address(ends[1].strip() or ends[0].strip())
    if first is None or last is None or first.version != last.version or int(last) < int(first):
        return []
    networks: Iterable[Any] = ipaddress.summarize_address_range(first, last)
    return list(islice(networks, 64))


# --- placing ----------------------------------------------------------------------------------------------------------


class _Placing:
    def __init__(self, estate: Estate, draft: Draft, places: Places, home: str) -> None:
        self.estate, self.draft, self.places, self.home = estate, draft, places, home
        self.used: set[str] = set()
        jobs = estate.data.get("jobs", {}).values()
        self.target = {item: job.get("repository") for job in jobs for item in job.get("workloads") or ()}

    def lost(self, section: str) -> str:
        return f"neither its name nor its address is in {self.places.origin}: where the backup server stands"

    def put(self, section: str, name: str, site: str, otherwise: str, guess: str = "") -> None:
        """Give an entry its site: what was found, or a guess with its reason, or where the backup server stands."""
        entry = self.estate.data[section][name]
        chosen = site or guess or self.home
        self.used.add(chosen)
        self.estate.data[section][name] = _after_type(entry, chosen)
        if not site:
            self.estate.comments[section, name, "site"] = f"guessed: {otherwise}"
            self.draft.news.append(
                News(Kind.GUESSED, Subject(kind_of(section), name), f"site {chosen}", otherwise, key="site")
            )

    def repository(self, name: str, entry: dict[str, Any]) -> None:
        servers = self.estate.data["servers"]
        site = self.places.site_of((name, *self.estate.addresses.get(("repositories", name), ())))
        mount = entry.get("mount_server")
        mount = next(iter(mount.values())) if isinstance(mount, dict) else mount
        gateways = entry.get("gateway_servers")
        for key, server in (("server", entry.get("server")), ("mount_server", mount),
                            ("gateway_servers", gateways[0] if isinstance(gateways, list) else None)):  # fmt: skip
            if server in servers:
                self.put("repositories", name, site, f"where its {key.replace('_', ' ')} {server} stands",
                         servers[server]["site"])  # fmt: skip
                return
        self.put("repositories", name, site, self.lost("repositories"))

    def workload(self, name: str) -> None:
        site = self.places.site_of((name, *self.estate.addresses.get(("workloads", name), ())))
        where = self.site_of_target(self.target.get(name))
        if where:
            self.put("workloads", name, site, f"where its backup repository {self.target[name]} stands", where)
        else:
            self.put("workloads", name, site, self.lost("workloads"))

    def site_of_target(self, name: str | None) -> str:
        whole = self.estate.data.get("scale_out_repositories", {}).get(name)
        entry = self.estate.data.get("repositories", {}).get(whole["performance_tier"][0] if whole else name, {})
        server = self.estate.data["servers"].get(entry.get("server"), {})
        return str(entry.get("site") or server.get("site") or "")

    def links(self, sites: list[str], rules: list[TrafficRule]) -> dict[str, Any]:
        """A link from the backup server's site to each other site, which would be cut off: no source knows links."""
        links: dict[str, Any] = {}
        limits = {}
        for rule in rules:
            ends = {site for ends in (rule.source, rule.target) for network in _range(ends)
                    if (site := self.places.site_of([str(network[0])]))}  # fmt: skip
            if rule.limit and len(ends) == 2:
                limits[frozenset(ends)] = rule.limit
        for site in sites:
            if site == self.home:
                continue
            name = f"{self.home} - {site}"[:255].strip()
            links[name] = {"between": [self.home, site], "kind": "wan"}
            if limit := limits.get(frozenset((self.home, site))):
                links[name]["bandwidth"] = limit
            why = "no source tells links: say how these sites are joined, `kind: lan` or `wan`"
            self.estate.comments["links", name, "kind"] = f"guessed: {why}"
            self.draft.news.append(News(Kind.GUESSED, Subject("link", name), f"link {name}", why, key="kind"))
        return links


def _after_type(entry: dict[str, Any], site: str) -> dict[str, Any]:
    """The entry with its site where people look for it: after what it is."""
    made: dict[str, Any] = {}
    for key, value in entry.items():
        made[key] = value
        if key in ("os", "type", "platform"):
            made["site"] = site
    return made


def _insert(estate: Estate, sections: dict[str, Any]) -> None:
    """Sections in front of `servers`, as the format has them."""
    data = estate.data
    head = {key: value for key, value in data.items() if not isinstance(value, dict) or key == "default_mount_servers"}
    rest = {key: value for key, value in data.items() if key not in head}
    data.clear()
    data.update(head | {key: value for key, value in sections.items() if value} | rest)
