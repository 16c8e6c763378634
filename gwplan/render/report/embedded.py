"""Data inside a page, which its script reads: JSON, and what is large as JSON that is packed."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

from gwplan.render.escape import visible_in

MOST_CHARACTERS = 50_000
"""Of data that stand in a page as they are."""


def embedded(data: Any, most: int = MOST_CHARACTERS) -> str:
    """Plain data as JSON that cannot end its element, and that no log of a workflow obeys.

    What is longer is ``{"packed": …}``: its JSON in UTF-8, deflated (RFC 1951), in base64.
    """
    text = json.dumps(visible_in(data), separators=(",", ":"))
    if len(text) > most:
        return f'{{"packed":"{_packed(json.dumps(visible_in(data), separators=(",", ":"), ensure_ascii=False))}"}}'
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text.replace("##[", "\\u0023#[")


def _packed(text: str) -> str:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    told = deflate.compress(text.encode()) + deflate.flush()
    return base64.b64encode(told).decode()
