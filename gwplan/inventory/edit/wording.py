"""Plain data as text that gwplan reads back as the same data: in flow style, in block style, or as JSON."""

from __future__ import annotations

import json
import re
from typing import Any

from gwplan.inventory.scalars import MAX_DIGITS, typed

_INNER = r"[^\x00-\x20\x7f-\x9f\s,\[\]{}:#&*!|>'\"%@`?\ufeff]"
_PLAIN = re.compile(rf"[A-Za-z0-9_./\\]{_INNER}*(?: {_INNER}+)*")
"""A text that needs no quotes anywhere, not even in brackets."""
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")


def flow(value: Any, *, is_json: bool = False, quote: str = "") -> str:
    """A value in one line. ``quote`` is the mark that texts are put in where nothing speaks against it."""
    if isinstance(value, dict):
        inner = ", ".join(
            f"{scalar(key, is_json=is_json)}: {flow(item, is_json=is_json)}" for key, item in value.items()
        )
        return f"{{{inner}}}"
    if isinstance(value, (list, tuple)):
        write = scalar if all(type(item) is str for item in value) else flow
        return f"[{', '.join([write(item, is_json=is_json, quote=quote) for item in value])}]"
    return scalar(value, is_json=is_json, quote=quote)


def block(data: dict[str, Any], indent: str = "", step: str = "  ", eol: str = "\n") -> str:
    """A mapping as lines, two levels of names in block style and what they hold in one line each."""
    lines = []
    for key, value in data.items():
        if isinstance(value, dict) and value:
            lines.append(f"{indent}{scalar(key)}:{eol}{block(value, indent + step, step, eol)}")
        else:
            lines.append(f"{indent}{scalar(key)}: {flow(value)}{eol}")
    return "".join(lines)


def scalar(value: Any, *, is_json: bool = False, quote: str = "") -> str:
    """One text, integer, boolean or null."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = str(value)
    if is_json:
        return json.dumps(text, ensure_ascii=False)
    if quote == "'" and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return text if not quote and _needs_no_quotes(text) else _quoted(text)


def _needs_no_quotes(text: str) -> bool:
    if _WORD.fullmatch(text):  # as nearly every name is
        return text not in ("true", "false", "null")
    if text in ("", "true", "false", "null", "~") or not _PLAIN.fullmatch(text) or text.startswith(("---", "...")):
        return False
    return not (text.lstrip("-").isdigit() and (len(text) > MAX_DIGITS or typed(text) != text)) and text.isprintable()


def _quoted(text: str) -> str:
    """A text in double quotes, with everything escaped that a reader could not see."""
    return "".join(
        char if char == " " or char.isprintable() else _escaped(char) for char in json.dumps(text, ensure_ascii=False)
    )


def _escaped(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
