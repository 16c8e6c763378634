"""Sizes and times of day as sources write them, in the inventory's words."""

from __future__ import annotations

import re

_SIZE = re.compile(r"([0-9]{1,15}(?:[.,][0-9]{1,15})?) ?(B|[KMGTP]B)", re.IGNORECASE)
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?\s*([AaPp][Mm])?")


def size_text(text: str) -> str:
    """`43.5 GB` as VBR writes it, which counts in powers of 1024; nothing for zero or "N/A"."""
    match = _SIZE.fullmatch(text.strip())
    if match is None or float(match[1].replace(",", ".")) == 0:
        return ""
    unit = match[2].upper()
    return f"{match[1].replace(',', '.')} {unit if unit == 'B' else unit[0] + 'iB'}"


def bytes_text(count: int) -> str:
    """A number of bytes in the largest unit that takes at most one decimal."""
    for power, unit in ((4, "TiB"), (3, "GiB"), (2, "MiB")):
        whole = count * 10 / 1024**power
        if whole >= 10 and whole == int(whole):
            return f"{whole / 10:g} {unit}"
    return f"{count} B"


def time_of_day(text: str) -> str:
    """`4:00`, `22:00:00`, `10:00 PM` or a date with one of them, as HH:MM; nothing for anything else."""
    match = next((found for found in _TIME.finditer(text)), None)
    if match is None:
        return ""
    hour, half = int(match[1]), (match[3] or "").lower()
    hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
    return f"{hour:02d}:{match[2]}" if hour < 24 and int(match[2]) < 60 else ""
