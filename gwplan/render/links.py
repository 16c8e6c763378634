"""Where a reference of the vendor's documentation is on the web."""

from __future__ import annotations

VENDOR = "https://helpcenter.veeam.com/docs/vbr/userguide/"


def page(reference: str) -> str | None:
    """The address of a page of the vendor, which may be written in full; None for a reference to the format itself."""
    if reference.startswith("https://"):
        return reference
    return VENDOR + reference if ".html" in reference and not reference.startswith("README") else None
