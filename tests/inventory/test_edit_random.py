"""Random edits of random texts: in every style, what is meant is what is said, and every other byte stays."""

from __future__ import annotations

import json
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import inventories

from gwplan.findings import REMOVED, Edit, Path, Renamed
from gwplan.inventory.build import parse
from gwplan.inventory.edit import Edited, edited, overlay
from gwplan.inventory.edit.wording import scalar
from gwplan.inventory.load import load_sources
from gwplan.inventory.source import Source

TEXTS = st.sampled_from(
    ["a", "gw01", "010", "true", "x: y", "# no", "it's", 'q"q', "", " lead", "[b]", "é", "😀", "1.10", "-5", "- x", "~",
     "null", "tab\tx", "two\nlines", "a, b", "*x", "&x", "22:00", "500 GiB", "<<", "-", "?", "...", "a #b", "\x7f",
     "\u2028", "a:b", "%d", "@at", "`x", "|", "0", "1" * 30]
)  # fmt: skip
NAMES = st.sampled_from(["a", "b", "c", "gw01", "x y", "007", "true", "é", "it's", "k:v"])
SCALARS = st.one_of(TEXTS, st.integers(-3, 40), st.booleans())
LISTS = st.lists(SCALARS, max_size=4)
MAPPINGS = st.dictionaries(NAMES, st.one_of(SCALARS, LISTS), max_size=3)
VALUES = st.one_of(SCALARS, LISTS, MAPPINGS)
ENTRIES = st.dictionaries(NAMES, VALUES, max_size=4)
SECTIONS = st.sampled_from(["servers", "repositories", "jobs", "x-mine"])
ESTATES = st.dictionaries(SECTIONS, st.dictionaries(NAMES, ENTRIES, min_size=1, max_size=3), min_size=1, max_size=3)


class _Hand:
    """Somebody who writes an inventory, each thing in another style."""

    def __init__(self, draw: Any) -> None:
        self.draw, self.comments = draw, 0
        self.step = draw(st.sampled_from(["  ", "    ", " "]))

    def _one_of(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def comment(self, kind: str = "inline") -> str:
        if self._one_of(True, True, False):
            return ""
        self.comments += 1
        return f"  # note {self.comments};" if kind == "inline" else f"# note {self.comments};\n"

    def scalar(self, value: Any) -> str:
        style = self._one_of("plain", "single", "double")
        if isinstance(value, str) and style == "single" and value.isprintable():
            return scalar(value, quote="'")
        return scalar(value, quote='"' if isinstance(value, str) and style == "double" else "")

    def flow(self, value: Any, indent: str) -> str:
        if not isinstance(value, (dict, list)):
            return self.scalar(value)
        pairs = value.items() if isinstance(value, dict) else ((None, item) for item in value)
        items = [
            (f"{self.scalar(key)}: " if key is not None else "") + self.flow(item, indent + " ") for key, item in pairs
        ]
        open_, close = "{}" if isinstance(value, dict) else "[]"
        if not items or self._one_of(True, True, False):
            return f"{open_}{', '.join(items)}{self._one_of('', '', ' ' if not items else ',')}{close}"
        lines = [f"{indent}  {item}," for item in items]
        if self._one_of(True, False):
            lines[-1] = lines[-1][:-1]
        return open_ + "\n" + "".join(f"{line}{self.comment()}\n" for line in lines) + indent + close

    def value(self, value: Any, indent: str) -> str:
        """What follows a colon, with the end of the line."""
        if value == "two\nlines" and self._one_of(True, False):
            return f" |-{self.comment()}\n{indent}{self.step}two\n{indent}{self.step}lines\n"
        if not value or not isinstance(value, (dict, list)) or self._one_of(True, False):
            return f" {self.flow(value, indent + ' ')}{self.comment()}\n"
        if isinstance(value, dict):
            inner = indent + self.step
            return f"{self.comment()}\n" + "".join(self.key(key, item, inner) for key, item in value.items())
        inner = indent + self._one_of("", self.step)
        return f"{self.comment()}\n" + "".join(f"{inner}- {self.flow(item, inner)}{self.comment()}\n" for item in value)

    def key(self, key: str, value: Any, indent: str) -> str:
        above = self.comment("above")
        return f"{indent if above else ''}{above}{indent}{self.scalar(key)}:{self.value(value, indent)}"


@st.composite
def written(draw: Any) -> tuple[dict[str, Any], dict[tuple[str, str], str], str]:
    """An estate, the text of each of its entries in block sections, and the whole text."""
    data = draw(ESTATES)
    hand, text, entries = _Hand(draw), "gwplan: 1\n", {}
    for section, names in data.items():
        text += f"{section}:{hand.comment()}\n"
        for name, entry in names.items():
            entries[section, name] = hand.key(name, entry, hand.step)
            text += entries[section, name]
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
        entries = {place: told.replace("\n", "\r\n") for place, told in entries.items()}
    if draw(st.booleans()):
        text = text.rstrip("\r\n")
    return {"gwplan": 1, **data}, entries, text


@st.composite
def edits_of(draw: Any, data: dict[str, Any], *, may_take_away: bool = True) -> list[Edit]:
    """A few edits that do not speak of one place."""
    found: list[Edit] = []
    for section in [key for key in data if key != "gwplan"]:
        for name in list(data[section]):
            if draw(st.integers(0, 2)):
                continue
            entry = data[section][name]
            where: Path = (section, name)
            if not entry or draw(st.integers(0, 3)) == 0:
                found.append(Edit((*where, "new"), draw(VALUES)))
                continue
            key = draw(st.sampled_from(list(entry)))
            if isinstance(entry[key], list) and entry[key] and draw(st.booleans()):
                at = draw(st.integers(0, len(entry[key]) - 1))
                found.append(Edit((*where, key, at), draw(st.one_of(SCALARS, st.just(REMOVED)))))
            elif may_take_away and draw(st.integers(0, 3)) == 0:
                found.append(Edit((*where, key), draw(st.sampled_from([REMOVED, Renamed("renamed")]))))
            else:
                found.append(Edit((*where, key), draw(VALUES)))
        if draw(st.integers(0, 3)) == 0:
            found.append(Edit((section, "added"), draw(ENTRIES)))
    if draw(st.integers(0, 3)) == 0:
        found.append(Edit(("fabrics", "f"), draw(LISTS)))
    return found


def meant_by(data: dict[str, Any], edits: list[Edit]) -> dict[str, Any]:
    """The data with the edits made, in the plainest way."""
    data = json.loads(json.dumps(data))  # a copy that shares nothing
    for edit in edits:
        holder: Any = data
        steps: Any = edit.path[:-1]
        for key in steps:
            holder = holder[key] if isinstance(holder, list) else holder.setdefault(str(key), {})
        last: Any = edit.path[-1]
        if edit.value is REMOVED:
            del holder[last]
        elif isinstance(edit.value, Renamed):
            holder[edit.value.key] = holder.pop(last)
        else:
            holder[last] = edit.value
    return data


def _exactly(value: Any) -> str:
    """Data to compare, in which `true` is not 1; the order of keys says nothing."""
    return json.dumps(value, sort_keys=True)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_without_anchors_every_edit_is_made_and_all_else_stays(data: st.DataObject) -> None:
    estate, entries, text = data.draw(written())
    assert _exactly(parse(Source(None, text))[0]) == _exactly(estate)
    edits = data.draw(edits_of(estate))
    made = edited((Source("f", text),), edits)
    assert isinstance(made, Edited), (made, text, edits)
    after = made.sources[0].text
    assert _exactly(parse(Source(None, after))[0]) == _exactly(meant_by(estate, edits))
    touched = {edit.path[:2] for edit in edits}
    for place, told in entries.items():
        if place not in touched:
            assert told.rstrip("\r\n") in after
    assert ("\r\n" in text) == ("\r\n" in after) or "\n" not in text
    assert "\r\n" not in text or "\n" not in after.replace("\r\n", "")


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_json_is_edited_as_json(data: st.DataObject) -> None:
    estate = {"gwplan": 1, **data.draw(ESTATES)}
    indent = data.draw(st.sampled_from([None, 1, 2, 4, "\t"]))
    text = json.dumps(estate, indent=indent, ensure_ascii=data.draw(st.booleans()))
    edits = data.draw(edits_of(estate))
    made = edited((Source("f.json", text, is_json=True),), edits)
    assert isinstance(made, Edited), (made, text, edits)
    assert _exactly(json.loads(made.sources[0].text)) == _exactly(meant_by(estate, edits))


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_with_anchors_an_edit_is_true_or_refused(data: st.DataObject) -> None:
    """Entries that share a text by an alias, a merge key or an anchored list."""
    base = data.draw(st.dictionaries(NAMES, st.one_of(SCALARS, LISTS), min_size=1, max_size=3))
    hand = _Hand(data.draw)
    anchored = "&base " + hand.flow(base, "    ") if data.draw(st.booleans()) else None
    told = f" {anchored}\n" if anchored else " &base" + "".join(
        ["\n", *(hand.key(key, value, "    ") for key, value in base.items())]
    )  # fmt: skip
    others = "  alias: *base\n  merged:\n    <<: *base\n    own: 1\n  inline: {<<: *base}\n"
    text = f"gwplan: 1\nanchored:\n  base:{told}{others}"
    estate = {"gwplan": 1, "anchored": {"base": base, "alias": base, "merged": {**base, "own": 1}, "inline": base}}
    edits = data.draw(edits_of(estate, may_take_away=data.draw(st.booleans())))
    made = edited((Source("f", text),), edits)
    if isinstance(made, Edited):
        says = parse(Source(None, made.sources[0].text))[0]
        assert _without_null(says) == _without_null(meant_by(estate, edits))
    else:
        assert any(edit.path[:2] == ("anchored", "base") or edit.value is REMOVED or isinstance(edit.value, Renamed)
                   for edit in edits), (made, text, edits)  # fmt: skip


def _without_null(data: dict[str, Any]) -> str:
    return _exactly(
        {
            section: {
                name: {key: value for key, value in (entry or {}).items() if value is not None}
                if isinstance(entry, dict | None)
                else entry
                for name, entry in entries.items()
            }
            if isinstance(entries, dict)
            else entries
            for section, entries in data.items()
        }
    )


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_of_several_files_only_those_change_that_are_meant(data: st.DataObject) -> None:
    estate, _, _ = data.draw(written())
    files: list[dict[str, Any]] = [{"gwplan": 1}, {"gwplan": 1}]
    for section, names in estate.items():
        for name, entry in names.items() if section != "gwplan" else ():
            files[data.draw(st.integers(0, 1))].setdefault(section, {})[name] = entry
    hand = _Hand(data.draw)
    texts = ["".join(hand.key(key, value, "") for key, value in file.items()) for file in files]
    sources = tuple(Source(f"{number}.yaml", text) for number, text in enumerate(texts))
    edits = data.draw(edits_of(estate))
    made = edited(sources, edits)
    assert isinstance(made, Edited), (made, texts, edits)
    merged: dict[str, Any] = {}
    for source in made.sources:
        for section, names in parse(source)[0].items():
            merged.setdefault(section, {}).update(names) if section != "gwplan" else merged.update(gwplan=1)
    assert _exactly(merged) == _exactly(meant_by(estate, edits))
    touched = {edit.path[:2] for edit in edits}
    for number, (file, source) in enumerate(zip(files, made.sources, strict=True)):
        known = [(section, name) for section, names in file.items() if section != "gwplan" for name in names]
        new = [
            edit for edit in edits if edit.path[:2] not in {(s, n) for s in estate if s != "gwplan" for n in estate[s]}
        ]
        if not new and touched.isdisjoint(known):
            assert source == sources[number]


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_an_overlay_says_what_the_edited_text_says(data: st.DataObject) -> None:
    estate = {"gwplan": 1, **data.draw(inventories())}
    sources = (Source("x.yaml", yaml.dump(estate, sort_keys=False)),)
    servers = list(estate["servers"])
    edits: list[Edit] = [Edit(("servers", "bought"), {"os": "linux", "site": next(iter(estate["sites"]))})]
    for name, entry in estate["repositories"].items():
        if entry["type"] not in ("windows", "hardened") and data.draw(st.booleans()):
            chosen = data.draw(st.lists(st.sampled_from([*servers, "bought"]), min_size=1, max_size=3, unique=True))
            edits.append(Edit(("repositories", name, "gateway_servers"), chosen))
        if "mount_server" in entry and data.draw(st.booleans()):
            edits.append(Edit(("repositories", name, "mount_server"), REMOVED))
    made = edited(sources, edits)
    assert isinstance(made, Edited)
    over = (Source("over.yaml", overlay(sources, edits)),)
    assert load_sources(sources, over) == load_sources(made.sources)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_diff_applied_gives_the_new_text(data: st.DataObject) -> None:
    estate, _, text = data.draw(written())
    edits = data.draw(edits_of(estate))
    made = edited((Source("f", text),), edits)
    assert isinstance(made, Edited)
    assert _patched(text, made.diff) == made.sources[0].text


def _patched(text: str, diff: str) -> str:
    """What `patch` would make of a text."""
    lines = [line + "\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    lines = [line for line in lines if line]
    made: list[str] = []
    at = 0
    told = diff.replace("\n\\ No newline at end of file\n", "\0\n").split("\n")[2:-1]
    for line in told:
        sign, rest = line[:1], line[1:]
        rest = rest[:-1] if rest.endswith("\0") else rest + "\n"
        if sign == "@":
            start, _, count = line.split(" ")[1][1:].partition(",")
            first = int(start) - (count != "0")
            made += lines[at:first]
            at = first
        elif sign == "+":
            made.append(rest)
        else:
            assert lines[at] == rest, line
            made += [rest] if sign == " " else []
            at += 1
    return "".join([*made, *lines[at:]])
