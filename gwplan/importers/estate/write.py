"""An estate as YAML for people: sections apart, a comment at every guess, the same text from run to run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gwplan.findings import Path
from gwplan.importers.estate.assemble import Estate
from gwplan.inventory.document import SECTIONS
from gwplan.inventory.edit.wording import flow, scalar

_LONGEST_COMMENT = 200


def write(estate: Estate, heading: str) -> str:
    """The text of an estate under a heading of comment lines."""
    lines = [f"# {line}".rstrip() for line in _one_line_each(heading).split("\n")]
    commented = {path[:2] for path in estate.comments}
    for key, value in estate.data.items():
        is_block = isinstance(value, dict) and key not in _IN_ONE_LINE
        lines += [""] if is_block else []
        if key in SECTIONS and is_block and value and (key,) not in estate.comments:
            lines.append(f"{scalar(key)}:")
            for name, entry in value.items():
                comments = estate.comments if (key, name) in commented else _NONE
                _add(lines, name, entry, (key, name), comments, name)
        else:
            _add(lines, key, value, (key,), estate.comments, "" if key in SECTIONS else key)
    return "\n".join([*lines, ""])


_NONE: Mapping[Path, str] = {}


def _add(lines: list[str], key: str, value: Any, path: Path, comments: Mapping[Path, str], kind: str) -> None:
    """A key with its value and its comment: before it where the value takes lines of its own, else behind."""
    indent = "  " * (len(path) - 1)
    said = comments.get(path) if comments else None
    if isinstance(value, dict) and value and kind not in _IN_ONE_LINE:
        if said is not None:
            lines.append(f"{indent}# {short(said)}")
        lines.append(f"{indent}{scalar(key)}:")
        for inner, item in value.items():
            if type(item) is str and not comments and inner not in _QUOTED:
                lines.append(f"{indent}  {scalar(inner)}: {scalar(item)}")
            else:
                _add(lines, inner, item, (*path, inner), comments, inner)
        return
    quoted = flow(value, quote='"' if kind in _QUOTED else "")
    lines.append(f"{indent}{scalar(key)}: {quoted}{f'  # {short(said)}' if said is not None else ''}")


_QUOTED = frozenset({"start", "product_version"})
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
