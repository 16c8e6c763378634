"""An estate as YAML for people: sections apart, a comment at every guess, the same text from run to run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gwplan.findings import Path
from gwplan.importers.estate.assemble import Estate
from gwplan.inventory.document import SECTIONS
from gwplan.inventory.edit.wording import flow, scalar

_LONGEST_COMMENT = 200


def write(estate: Estate, heading: str) -> str:
    """The text of an estate under a heading of comment lines."""
    lines = [f"# {line}".rstrip() for line in _one_line_each(heading).split("\n")]
    for key, value in estate.data.items():
        is_block = isinstance(value, dict) and key not in _IN_ONE_LINE
        lines += [""] if is_block else []
        lines += _lines(key, value, (key,), estate.comments, "" if key in SECTIONS else key)
    return "\n".join([*lines, ""])


def _lines(key: str, value: Any, path: Path, comments: Mapping[Path, str], kind: str) -> Iterator[str]:
    """A key with its value and its comment, which comes first if the value takes lines of its own, else last."""
    indent = "  " * (len(path) - 1)
    said = comments.get(path)
    if isinstance(value, dict) and value and kind not in _IN_ONE_LINE:
        if said is not None:
            yield f"{indent}# {short(said)}"
        yield f"{indent}{scalar(key)}:"
        for inner, item in value.items():
            yield from _lines(inner, item, (*path, inner), comments, inner)
        return
    quoted = flow(value, quote='"' if kind in ("start", "product_version") else "")
    yield f"{indent}{scalar(key)}: {quoted}{f'  # {short(said)}' if said is not None else ''}"


_IN_ONE_LINE = frozenset({"schedule", "mount_server", "default_mount_servers", "capacity_tier", "wan_accelerators",
                          "between"})  # fmt: skip


def short(text: str) -> str:
    """A comment in one line, cut off where it is too long."""
    text = " ".join(_visible(text).split())
    return text if len(text) <= _LONGEST_COMMENT else text[: _LONGEST_COMMENT - 1] + "…"


def _one_line_each(text: str) -> str:
    return "\n".join(_visible(line) for line in text.splitlines())


def _visible(text: str) -> str:
    """A text with `?` for all that could end a comment or hide in it: names come from outside."""
    return "".join(char if char.isprintable() else "?" for char in text)
