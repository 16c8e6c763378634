"""The reader: scalars, merge keys, bounds, places; bytes in, an answer or an error in words out; both paths agree."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from gwplan.findings import InventoryError, Spot
from gwplan.inventory import files, runs
from gwplan.inventory.build import parse
from gwplan.inventory.files import read_sources
from gwplan.inventory.load import load
from gwplan.inventory.places import locate
from gwplan.inventory.source import Source


def data_of(text: str, *, is_json: bool = False) -> Any:
    data, findings = parse(Source("f.yaml", text, is_json))
    assert findings == ()
    return data


def errors_of(text: str, *, is_json: bool = False) -> list[tuple[int, int, str, str]]:
    source = Source("f.yaml", text, is_json)
    try:
        findings = parse(source)[1]
    except InventoryError as error:
        findings = error.findings
    places = [finding.spot.location for finding in findings if finding.spot and finding.spot.location]
    return [(p.line, p.column, f.code, f.message) for f, p in zip(findings, places, strict=True)]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("true", True), ("false", False), ("null", None), ("", None), ("0", 0), ("17", 17), ("-3", -3),
        ("no", "no"), ("on", "on"), ("True", "True"), ("~", "~"), ("22:00", "22:00"), ("010", "010"),
        ("1.10", "1.10"), ("2026-01-31", "2026-01-31"), ("0x1f", "0x1f"), ("1_000", "1_000"), ("+5", "+5"),
        ("-0", "-0"), ("1e3", "1e3"), (".inf", ".inf"), ("'5'", "5"), ('"true"', "true"), ("-", [None]),
    ],
)  # fmt: skip
def test_scalars(written: str, meant: Any) -> None:
    assert data_of(f"a: {written}\n" if written != "-" else "a:\n- \n") == {"a": meant}


def test_keys_are_text_as_written() -> None:
    assert data_of("42: a\ntrue: b\n010: c\nno: d\n") == {"42": "a", "true": "b", "010": "c", "no": "d"}


def test_merge_keys_give_way_to_explicit_keys_and_to_earlier_ones() -> None:
    text = "x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\nz: {<<: [*x, *y], a: 0}\nw: {'<<': 5}\n"

    data = data_of(text)

    assert data["z"] == {"a": 0, "b": 2, "c": 4}
    assert data["w"] == {"<<": 5}


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("a: 1\na: 2\n", [(2, 1, "GW015", "the key 'a' is given twice in one mapping")]),
        ("a: {b: 1, c: 2, b: 3}\n", [(1, 17, "GW015", "the key 'b' is given twice in one mapping")]),
        ("a: !x b\n", [(1, 4, "GW011", "tags are not read: !x")]),
        ("a: !!str b\n", [(1, 4, "GW011", "tags are not read: tag:yaml.org,2002:str")]),
        ("a: *b\n", [(1, 4, "GW011", "nothing is anchored as &b")]),
        ("a: &b [*b]\n", [(1, 8, "GW011", "*b stands inside what it names")]),
        ("a: 1\n---\nb: 2\n", [(2, 1, "GW011", "a second document begins here")]),
        ("a:\n\tb: 1\n", [(2, 1, "GW011", "a tab stands where YAML takes spaces only")]),
        ("a: 'b\n", [(2, 1, "GW011", "a quoted text is not closed")]),
        ("a: [b\n", [(2, 1, "GW011", "a list in brackets is not closed")]),
        ("a: b: c\n", [(1, 5, "GW011", "a colon begins a mapping where none can be")]),
        ("a: \x07\n", [(1, 4, "GW011", "the control character U+0007 cannot stand in a text")]),
        ("? [a]\n: b\n", [(1, 3, "GW011", "a key is a mapping or a list")]),
        ("a: 1234567890123456\n", [(1, 4, "GW017", "the number has 16 digits; 15 are read")]),
        ("<<: 5\n", [(1, 5, "GW013", "`<<` merges mappings, and this is none")]),
        ("a: 1\n<<<<<<< HEAD\nb: 2\n", [(2, 1, "GW011", "a merge conflict is left in the file")]),
        ("- " * 500, [(1, 101, "GW017", "this nests deeper than 50 levels")]),
    ],
)
def test_what_is_wrong_is_told_where_it_is(text: str, errors: list[Any]) -> None:
    assert errors_of(text) == errors


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ('{"a": 1, "a": 2}', [(1, 10, "GW015", "the key 'a' is given twice in one mapping")]),
        ('{"a": 1,}', [(1, 9, "GW011", "a comma stands before `}`")]),
        ('{"a": NaN}', [(1, 7, "GW011", "a value is expected here")]),
        ('{"a" 1}', [(1, 6, "GW011", "a colon is missing after the key")]),
        ('{"a": 1 "b": 2}', [(1, 9, "GW011", "a comma or `}` is missing")]),
        ("{a: 1}", [(1, 2, "GW011", "a key is expected here")]),
        ('{"a": 1} x', [(1, 10, "GW011", "something follows the end of the document")]),
        ('{"a": "b', [(1, 7, "GW011", "a text is not closed or holds a bad character")]),
        ("", [(1, 1, "GW011", "a value is expected here")]),
        ("[" * 50_000, [(1, 51, "GW017", "this nests deeper than 50 levels")]),
    ],
)
def test_json_under_the_same_rules(text: str, errors: list[Any]) -> None:
    assert errors_of(text, is_json=True) == errors


@given(st.recursive(st.none() | st.booleans() | st.integers(-(10**14), 10**14) | st.text(), lambda inner: (
    st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)), max_leaves=20))  # fmt: skip
def test_json_is_read_as_the_standard_library_reads_it(data: Any) -> None:
    assert data_of(json.dumps(data), is_json=True) == data


def test_an_alias_bomb_is_refused_at_once() -> None:
    bomb = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 10)
    )

    assert [(code, message) for _, _, code, message in errors_of(bomb)] == [
        ("GW017", "the inventory has more than 10,000,000 nodes once its aliases are expanded")
    ]


@pytest.mark.parametrize("text", ["[" * 50_000, "- " * 50_000, "{a: " * 50_000, "[" * 51 + "]" * 51])
def test_what_nests_too_deep_is_refused_at_once(text: str) -> None:
    assert [(code, message) for _, _, code, message in errors_of(text)] == [
        ("GW017", "this nests deeper than 50 levels")
    ]


def test_fifty_levels_are_read() -> None:
    assert errors_of("[" * 50 + "]" * 50) == []


def test_depth_counts_through_aliases() -> None:
    deep = "a: &a " + "[" * 30 + "]" * 30 + "\nb: " + "[" * 30 + "*a" + "]" * 30 + "\n"

    assert [code for _, _, code, _ in errors_of(deep)] == ["GW017"]


def test_places_of_keys_values_items_and_what_is_merged() -> None:
    source = Source("f.yaml", "a:\n  b: [x, y]\n  c: {<<: {d: 1}}\n")
    spots = [Spot(("a", "b"), on_key=True), Spot(("a", "b", 1)), Spot(("a", "c", "d")), Spot(("a", "zz"))]

    found = locate((source,), spots)

    assert [(found[spot].line, found[spot].column, found[spot].end_column) for spot in spots] == [
        (2, 3, 4), (2, 10, 11), (3, 3, 4), (1, 1, 2)]  # fmt: skip


@given(st.binary(max_size=200))
@example(b"\xff\xfeg\x00")
@example(b"\xef\xbb\xbfgwplan: 1")
@example(b"{" * 300)
@example(b"a: &a [*a, *a]")
@example(b'"\\ud800": 1')
def test_any_bytes_end_in_an_answer_or_an_error_in_words(data: bytes) -> None:
    with pytest.raises(InventoryError) as error:
        load("-", io.BytesIO(data))

    assert all(finding.message and finding.fix and finding.spot for finding in error.value.findings)


EXAMPLE = """\
gwplan: 1
backup_server: vbr
servers: &s
  vbr: {os: windows, cores: 4, memory: 16 GiB}
repositories:
  smb: {type: smb, gateway_servers: [vbr], nfs: {squash: all_squash}}
workloads: {vm: {platform: vmware, count: 3}}
jobs:
  daily: {type: backup, workloads: [vm, vm-02], repository: smb, schedule: {start: 22:00}}
  copy: {type: backup_copy, source_jobs: [daily], repository: smb}
"""
PIECES = [
    "", "{", "}", "[", "]", ": ", "- ", "\n", "  ", "null", "*s", "<<", "&x", "!y", "'", '"', "#", "|", "99", "\t",
    "vbr", "smb", "jobs:", "x-a: 1", "\u202e", "\\x1b", "type: tape", "no", "-1", "auto", "count: 10",
]  # fmt: skip
CUTS = st.tuples(st.integers(0, len(EXAMPLE)), st.integers(0, 12), st.sampled_from(PIECES))


@given(st.lists(CUTS, min_size=1, max_size=4))
def test_a_damaged_inventory_ends_in_an_answer_or_an_error_in_words(cuts: list[tuple[int, int, str]]) -> None:
    text = EXAMPLE
    for at, length, piece in cuts:
        text = text[:at] + piece + text[at + length :]
    try:
        load("-", io.BytesIO(text.encode()))
    except InventoryError as error:
        assert error.findings
        assert all(finding.message and finding.fix and finding.spot for finding in error.findings)


@pytest.mark.parametrize("damage", ["", "  vm-5: {a: 1}\n", "  other: [1]\n", "  vm-0007:\n    a: 1\n", "   odd: 1\n"])
@pytest.mark.parametrize("style", ["flow", "block", "both"])
def test_the_fast_path_gives_what_the_events_give(
    style: str, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def entry(i: int) -> str:
        pairs = [("platform", "vmware"), ("disks", str(i % 3)), ("on", "true"), ("size", f"{i} GiB"), ("x", "010")]
        if style == "flow" or (style == "both" and i % 2):
            return f"  vm-{i:04d}: {{{', '.join(f'{k}: {v}' for k, v in pairs)}}}\n"
        return f"  vm-{i:04d}:\n" + "".join(f"    {k}: {v}\n" for k, v in pairs)

    text = "gwplan: 1\nworkloads:\n" + "".join(map(entry, range(500))) + damage + "jobs: {}\n"
    slow, wrong = _parsed(text, monkeypatch, worth_it=10**9)
    fast, also_wrong = _parsed(text, monkeypatch, worth_it=0)

    assert fast == slow
    assert also_wrong == wrong


LINES = [
    "  a: {b: 1}\n", "  c-1: {b: x y}\n", "  d:\n    e: 1\n    f: 22 ms\n", "x:\n", "  g: |\n", "  h: 'q\n", "\n",
    "    i: 1\n", "  # j\n", "- k\n", "  l: {m: [1]}\n", "{\n", "}\n", '  "\n', "w: >\n",
]  # fmt: skip


@given(st.lists(st.sampled_from(LINES), max_size=30))
def test_the_fast_path_is_never_fooled(lines: list[str]) -> None:
    text = "".join(f"{line.replace('a', f'a{i}', 1).replace('c-1', f'c-{i}')}" for i, line in enumerate(lines))
    with pytest.MonkeyPatch.context() as patch:
        slow = _parsed(text, patch, worth_it=10**9)
        fast = _parsed(text, patch, worth_it=0, run=1)

    assert fast == slow


def _parsed(text: str, patch: pytest.MonkeyPatch, *, worth_it: int, run: int | None = None) -> tuple[Any, Any]:
    patch.setattr(runs, "WORTH_IT", worth_it)
    if run is not None:
        pattern = runs._RUN.pattern.replace("{32,}", f"{{{run},}}")
        patch.setattr(runs, "_RUN", __import__("re").compile(pattern, runs._RUN.flags))
    source = Source("f.yaml", text)
    try:
        data, findings = parse(source)
    except InventoryError as error:
        return None, [(f.code, f.message, f.spot) for f in error.findings]
    spots = [Spot(path, on_key) for path in _paths(data) for on_key in (True, False)]
    some = [locate((source,), [spot]) for spot in spots[:: max(1, len(spots) // 8)]]
    return data, [*((f.code, f.message, f.spot) for f in findings), locate((source,), spots), *some]


def _paths(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Of everything in a document."""
    yield path
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield from _paths(value, (*path, key))


def test_what_safe_yaml_reads_is_read_the_same_where_no_scalar_differs() -> None:
    text = EXAMPLE.replace("22:00", '"22:00"')

    assert data_of(text) == yaml.safe_load(text)


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_directory_is_one_inventory(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "a.yaml").write_text("gwplan: 1\nbackup_server: vbr\nx-note: 1\nservers:\n  vbr: {os: windows}\n")
    (tmp_path / "b" / "c.json").write_text('{"gwplan": 1, "x-note": 2, "servers": {"gw": {"os": "linux"}}}')
    (tmp_path / ".hidden.yaml").write_text("not: an inventory")
    (tmp_path / "notes.txt").write_text("not one either")

    assert sorted(load(str(tmp_path)).servers) == ["gw", "vbr"]


def test_a_name_in_two_files_is_told_with_both_places(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("gwplan: 1\nbackup_server: vbr\nservers:\n  vbr: {os: windows}\n")
    (tmp_path / "b.yaml").write_text("gwplan: 1\nservers:\n  vbr: {os: linux}\n")

    with pytest.raises(InventoryError) as error:
        load(str(tmp_path))

    (finding,) = error.value.findings
    assert (finding.code, finding.message) == ("GW002", "'vbr' is given in two files")
    assert finding.spot and finding.spot.location and finding.related[0].location
    assert (finding.spot.location.file, finding.spot.location.line) == (str(tmp_path / "b.yaml"), 3)
    assert (finding.related[0].location.file, finding.related[0].location.line) == (str(tmp_path / "a.yaml"), 4)


def test_every_file_of_a_directory_says_its_version(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("gwplan: 1\nbackup_server: vbr\nservers: {vbr: {os: windows}}\n")
    (tmp_path / "b.yaml").write_text("servers: {gw: {os: windows}}\n")

    with pytest.raises(InventoryError) as error:
        load(str(tmp_path))

    assert [finding.message for finding in error.value.findings] == ["this file does not say `gwplan: 1`"]


@pytest.mark.parametrize("text", ["", "# later\n"])
def test_an_empty_file_of_a_directory_is_told_in_its_own_place(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(text)
    (tmp_path / "b.yaml").write_text("gwplan: 1\nbackup_server: vbr\nservers: {vbr: {os: windows}}\n")

    with pytest.raises(InventoryError) as error:
        load(str(tmp_path))

    (finding,) = error.value.findings
    assert finding.message == "this file is empty"
    assert finding.spot and finding.spot.location
    assert (finding.spot.location.file, finding.spot.location.line) == (str(tmp_path / "a.yaml"), 1)


def test_what_cannot_be_read_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "utf16.yaml").write_text("gwplan: 1", encoding="utf-16")
    (tmp_path / "empty").mkdir()
    monkeypatch.setattr(files, "MAX_BYTES", 3_000_000)
    (tmp_path / "large.yaml").write_bytes(b"#" * 3_000_001)
    told = {}
    for name in ("utf16.yaml", "empty", "large.yaml", "missing.yaml", "nul\0.yaml"):
        with pytest.raises(InventoryError) as error:
            read_sources(str(tmp_path / name))
        told[name] = error.value.findings[0].message.replace(str(tmp_path), "…")

    assert told == {
        "utf16.yaml": "the text is not UTF-8: byte 0xff; it looks like UTF-16",
        "empty": "…/empty holds no inventory",
        "large.yaml": "the file is larger than 3 MB",
        "missing.yaml": "cannot read …/missing.yaml: No such file or directory",
        "nul\0.yaml": "cannot read …/nul\0.yaml: embedded null byte",
    }
