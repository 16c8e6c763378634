"""Where a reference of the vendor's documentation is on the web."""

from __future__ import annotations

from gwplan.findings import Finding, Rule

VENDOR = "https://helpcenter.veeam.com/docs/vbr/userguide/"


def page(reference: str) -> str | None:
    """The address of a page of the vendor, which may be written in full; None for a reference to the format itself."""
    if reference.startswith("https://"):
        return reference
    return VENDOR + reference if ".html" in reference and not reference.startswith("README") else None


def see(rule: Rule) -> str:
    """Where to read on: a link that opens or, for the format's own rules, the command that explains them."""
    return page(rule.reference) or f"gwplan rule {rule.code}"


def see_about(finding: Finding) -> str:
    """The same for one finding: of the format's own rules, also where its keys are written down."""
    if not finding.rule.reference.startswith(FORMAT):
        return see(finding.rule)
    part = "top-of-the-file" if finding.spot and finding.spot.path else "form"
    if finding.subject is not None:
        part = PARTS[finding.subject.kind]
    return f"gwplan rule {finding.code}, {FORMAT}#{part}"


FORMAT = "docs/inventory.md"
PARTS = {
    "site": "sites-site",
    "link": "links-link",
    "fabric": "top-of-the-file",
    "failure_domain": "top-of-the-file",
    "cluster": "top-of-the-file",
    "server": "servers-server",
    "proxy": "proxies-proxy",
    "wan_accelerator": "wan_accelerators-wanaccelerator",
    "tape_server": "tape_servers-tapeserver",
    "repository": "repositories-repository",
    "scale_out_repository": "scale_out_repositories-scaleoutrepository",
    "workload": "workloads-workload",
    "job": "jobs-every-job",
}
"""The part of the format's reference that has the keys of each kind of thing."""
