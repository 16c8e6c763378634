"""The JSON of an answer, read in bounds: not too deep, and not more values than memory has room for."""

from __future__ import annotations

import json
from typing import Any

MOST_VALUES = 1_000_000
"""Values of one answer. An empty object takes three bytes of text and a hundred of memory."""
DEEPEST = 100


class BadJson(Exception):
    """What is wrong with the text, as the end of a sentence: "is no JSON: …"."""


def read_json(text: bytes) -> Any:
    """The value that a text holds. Raises BadJson if it is no JSON, or out of bounds."""
    if sum(map(text.count, (b",", b"{", b"["))) > MOST_VALUES:
        raise BadJson(f"holds more than {MOST_VALUES} values")
    try:
        value = json.loads(text)
    except RecursionError:
        raise BadJson("is nested too deep") from None
    except UnicodeDecodeError:
        raise BadJson("is no text in UTF-8, UTF-16 or UTF-32") from None
    except ValueError as error:
        html = text[:200].lstrip()[:1] == b"<"
        raise BadJson("is HTML, not JSON" if html else f"is no JSON: {_reason(error)}") from None
    if _is_too_deep(value):
        raise BadJson("is nested too deep")
    return value


def _reason(error: ValueError) -> str:
    return str(error) if isinstance(error, json.JSONDecodeError) else "a number has too many digits"


def _is_too_deep(value: Any) -> bool:
    """Whether a value is nested deeper than anything that a backup server answers."""
    level = [value]
    for _ in range(DEEPEST):
        holders = (item for item in level if isinstance(item, (dict, list)))
        level = [item for holder in holders for item in (holder.values() if isinstance(holder, dict) else holder)]
        if not level:
            return False
    return True
