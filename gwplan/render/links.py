"""Where a reference of the vendor's documentation is on the web."""

from __future__ import annotations

VENDOR = "https://helpcenter.veeam.com/docs/vbr/userguide/"


def page(reference: str) -> str | None:
    """The address of a page of the vendor; None for a reference to the format itself."""
    return VENDOR + reference if ".html" in reference and not reference.startswith("README") else None
