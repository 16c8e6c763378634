"""INVENTORY to an ``Inventory`` whose references all resolve, or everything that is wrong with it at once."""

from __future__ import annotations

from typing import Any, BinaryIO

from gwplan.findings import DUPLICATE_NAME, MISSING_KEY, Finding, InventoryError, Location, Path, Spot, Subject
from gwplan.inventory import form, shaping
from gwplan.inventory.build import parse
from gwplan.inventory.contradictions import check_across, check_entries, check_held
from gwplan.inventory.document import SECTIONS, Document
from gwplan.inventory.files import read_sources
from gwplan.inventory.model import Inventory, inventory_of
from gwplan.inventory.places import locate, place
from gwplan.inventory.references import Checking, check_references
from gwplan.inventory.source import Source


def load(where: str, stdin: BinaryIO | None = None) -> Inventory:
    """Read a file, a directory of files, or ``-`` for standard input.

    Raises InventoryError with every finding, each with its line and column.
    """
    return load_sources(read_sources(str(where), stdin))


def load_sources(base: tuple[Source, ...], over: tuple[Source, ...] = ()) -> Inventory:
    """The same from texts that are already read.

    ``over`` is a partial inventory to lay over ``base``: mappings are merged, all else is replaced, and null removes.
    """
    text = (*over, *base)  # a place that both have is found in the overlay
    findings: list[Finding] = []
    documents: list[tuple[Source, Any]] = []
    for source in text:
        try:
            data, found = parse(source)
            documents.append((source, data))
            findings += found
        except InventoryError as error:
            findings += error.findings
    if len(documents) < len(text):  # what can be read would be full of references to what cannot
        raise InventoryError(place(findings, text))
    data = _merge(documents[len(over) :], findings)
    for _, layer in documents[: len(over)]:
        data = _laid_over(data, layer) if isinstance(layer, dict) else data
    if not any(isinstance(document, dict) for _, document in documents):
        raise InventoryError(place(findings, text))
    head, sections = _check_form(data, findings)
    checking = Checking(data, sections, findings)
    check_references(checking, data)
    check_entries(checking, sections)
    check_across(checking)
    inventory = None
    if not findings:
        inventory = inventory_of(head, sections, text)
        check_held(checking, inventory.holdings)
    if findings or inventory is None:
        raise InventoryError(place(findings, text))
    return inventory


# --- several files are one inventory ----------------------------------------------------------------------------------


def _merge(documents: list[tuple[Source, Any]], findings: list[Finding]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    origin: dict[Path, Source] = {}
    for source, data in documents:
        if not isinstance(data, dict):
            what = "the inventory" if len(documents) == 1 else "this file"
            findings.append(shaping.not_a_mapping(what, data, _start_of(source)))
            continue
        is_ours = len(documents) == 1 or "gwplan" in data
        if not is_ours:
            spot = _start_of(source)
            fix = "begin every file of the directory with `gwplan: 1`"
            findings.append(Finding(MISSING_KEY, None, "this file does not say `gwplan: 1`", fix, spot))
        for key, value in data.items():
            if (len(documents) > 1 and key.startswith("x-")) or (not is_ours and key not in Document.model_fields):
                continue
            if isinstance(value, dict) and key in merged and isinstance(merged[key], dict):
                for name, entry in value.items():
                    _place_once(merged[key], name, entry, (key, name), source, origin, findings)
            elif isinstance(value, dict):
                merged[key] = dict(value)
                origin.update({(key, name): source for name in value} if len(documents) > 1 else {})
            elif key == "gwplan" and form.as_written(merged.get(key, value)) == form.as_written(value):
                merged[key] = value
            elif value is not None or key not in merged:
                _place_once(merged, key, value, (key,), source, origin, findings)
    return merged


def _start_of(source: Source) -> Spot:
    """Where a text begins; its first line where there is nothing in it."""
    nothing = Location(source.name, 1, 1, 1, 1)
    return Spot((), location=locate((source,), [Spot(())]).get(Spot(()), nothing))


def _laid_over(base: Any, layer: Any) -> Any:
    if not isinstance(base, dict) or not isinstance(layer, dict):
        return layer
    both = {**base, **{key: _laid_over(base.get(key), value) for key, value in layer.items()}}
    return {key: value for key, value in both.items() if value is not None or key not in layer}


def _place_once(
    into: dict[str, Any], key: str, value: Any, path: Path, source: Source, origin: dict[Path, Source],
    findings: list[Finding],
) -> None:  # fmt: skip
    if into.get(key) is None and path not in origin:
        into[key] = value
        origin[path] = source
        return
    here, there = Spot(path, on_key=True), Spot(path, on_key=True, label="first given here")
    first = origin.get(path)
    findings.append(
        Finding(
            DUPLICATE_NAME,
            Subject(form.kind_of(path[0]), str(path[1])) if len(path) > 1 else None,
            f"{path[-1]!r} is given in two files",
            "keep one of the two, or rename one",
            Spot(path, True, "", locate((source,), [here]).get(here)),
            (Spot(path, True, there.label, locate((first,), [there]).get(there) if first else None),),
        )
    )


# --- form: keys, types, names -----------------------------------------------------------------------------------------


def _check_form(data: dict[str, Any], findings: list[Finding]) -> tuple[Any, dict[str, dict[str, Any]]]:
    """The head and every entry, as far as they are well-formed. What is not becomes findings."""
    head = shaping.check_head({key: value for key, value in data.items() if key not in SECTIONS}, findings, data.keys())
    sections: dict[str, dict[str, Any]] = {name: {} for name in SECTIONS}
    shaping.check_members(data, findings)
    for section in SECTIONS:
        entries = data.get(section)
        if entries is not None and not isinstance(entries, dict):
            findings.append(shaping.section_is_no_mapping(section, entries))
            continue
        models: dict[int, Any] = {}
        for name, raw in (entries or {}).items():
            shaping.check_name(section, name, findings)
            entry = shaping.check_entry(section, name, raw, findings, models)
            if entry is not None:
                sections[section][name] = entry
    return head, sections
