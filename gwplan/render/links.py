"""Where a reference of the vendor's documentation is on the web."""

from __future__ import annotations

from gwplan.findings import Rule

VENDOR = "https://helpcenter.veeam.com/docs/vbr/userguide/"


def page(reference: str) -> str | None:
    """The address of a page of the vendor, which may be written in full; None for a reference to the format itself."""
    if reference.startswith("https://"):
        return reference
    return VENDOR + reference if ".html" in reference and not reference.startswith("README") else None


def see(rule: Rule) -> str:
    """Where to read on: a link that opens or, for the format's own rules, the command that explains them."""
    return page(rule.reference) or f"gwplan rule {rule.code}"
