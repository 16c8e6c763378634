"""An estate as YAML for people: sections apart, a comment at every guess, the same text from run to run."""

from __future__ import annotations

import re
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, SingleQuotedScalarString

from gwplan.findings import Path
from gwplan.importers.estate.assemble import Estate
from gwplan.inventory.document import SECTIONS

_LONGEST_COMMENT = 200


def write(estate: Estate, heading: str) -> str:
    """The text of an estate under a heading of comment lines."""
    document = CommentedMap()
    for key, value in estate.data.items():
        document[key] = to_commented(value, "" if key in SECTIONS else key)
        if isinstance(value, dict) and key != "default_mount_servers":
            document.yaml_set_comment_before_after_key(key, before="\n")
    for path, text in estate.comments.items():
        comment(document, path, text)
    document.yaml_set_start_comment(_one_line_each(heading))
    out = StringIO()
    yaml().dump(document, out)
    return out.getvalue()


def yaml() -> YAML:
    """The round-trip reader and writer, as this project writes YAML."""
    made = YAML()
    made.width = 1_000_000  # a fold would move a comment
    made.indent(mapping=2, sequence=4, offset=2)
    made.preserve_quotes = True
    made.allow_unicode = True
    return made


def to_commented(value: Any, key: str = "") -> Any:
    """Plain data as the library holds it: lists and settings in one line, entries in many."""
    if isinstance(value, dict):
        one_line = key in _IN_ONE_LINE and value
        made = CommentedMap((inner, to_commented(item, inner)) for inner, item in value.items())
        if one_line:
            made.update({inner: _in_brackets(item) for inner, item in made.items()})
            made.fa.set_flow_style()
        return made
    if isinstance(value, list):
        listed = CommentedSeq(map(_in_brackets, value))
        listed.fa.set_flow_style()
        return listed
    if key in ("start", "product_version") and isinstance(value, str):
        return DoubleQuotedScalarString(value)
    return value


def _in_brackets(value: Any) -> Any:
    """Readers differ on what a plain text between brackets may hold: in doubt it is quoted."""
    plain = not isinstance(value, str) or isinstance(value, DoubleQuotedScalarString) or _PLAIN.fullmatch(value)
    return value if plain else SingleQuotedScalarString(value) if value.isprintable() else value


_PLAIN = re.compile(r"[\w.\-/\\() ]+")
_IN_ONE_LINE = frozenset({"schedule", "mount_server", "default_mount_servers", "capacity_tier", "wan_accelerators",
                          "between"})  # fmt: skip


def comment(document: CommentedMap, path: Path, text: str) -> None:
    """A comment behind the key of a path."""
    holder: Any = document
    for part in path[:-1]:
        holder = holder[part]
    text = in_one_line(text)
    value = holder[path[-1]]
    if isinstance(value, CommentedMap) and not value.fa.flow_style():
        holder.yaml_set_comment_before_after_key(path[-1], before=text, indent=2 * (len(path) - 1))
    else:
        holder.yaml_add_eol_comment(text, path[-1])


def in_one_line(text: str) -> str:
    """What a comment says, short and with nothing hidden."""
    text = " ".join(_visible(text).split())
    return text if len(text) <= _LONGEST_COMMENT else text[: _LONGEST_COMMENT - 1] + "…"


def _one_line_each(text: str) -> str:
    return "\n".join(_visible(line) for line in text.splitlines())


def _visible(text: str) -> str:
    """Nothing in a comment can end it or hide: names come from outside."""
    return "".join(char if char.isprintable() else "?" for char in text)


class AsWritten(VersionedResolver):
    """Scalars as gwplan reads them: `010`, `1.10`, `+1` and `2026-01-31` are texts, and stay as they are."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        if kind is ScalarNode and implicit[0] and not _TYPED.fullmatch(value):
            return self.DEFAULT_SCALAR_TAG
        return super().resolve(kind, value, implicit)


_TYPED = re.compile(r"true|false|null|-?[1-9][0-9]*|0||<<")
