"""What a plain scalar means: ``true``, ``false``, ``null``, a decimal integer, or text as written."""

from __future__ import annotations

import re
from typing import Any

MAX_DIGITS = 15
WORDS = {"true": True, "false": False, "null": None, "": None}
NUMERIC = frozenset("-0123456789")
"""The characters that a number may begin with."""
_INTEGER = re.compile(r"-?[1-9][0-9]*|0")


def typed(text: str) -> Any:
    """A plain scalar's value. Raises ValueError for a number that is too long."""
    if text in WORDS:
        return WORDS[text]
    if not _INTEGER.fullmatch(text):
        return text
    if (digits := len(text.lstrip("-"))) > MAX_DIGITS:
        raise ValueError(f"the number has {digits} digits; {MAX_DIGITS} are read")
    return int(text)
