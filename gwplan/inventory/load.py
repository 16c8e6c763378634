"""INVENTORY to an ``Inventory`` whose references all resolve, or everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, BinaryIO

from pydantic import BaseModel, ValidationError

from gwplan.findings import (
    BAD_NAME,
    DUPLICATE_NAME,
    MISSING_KEY,
    Finding,
    InventoryError,
    Location,
    Path,
    Spot,
    Subject,
)
from gwplan.inventory import form
from gwplan.inventory.document import Document, Head
from gwplan.inventory.holdings import hold
from gwplan.inventory.jobs import JOB_TYPES
from gwplan.inventory.model import Inventory, place
from gwplan.inventory.names import members, name_error
from gwplan.inventory.reader import Source, locate, parse, read_sources
from gwplan.inventory.references import Sections, check_references, members_of

SECTIONS = tuple(
    name for name, field in Document.model_fields.items() if str(field.annotation).startswith("dict[str,")
)
_NAMED_LISTS = ("fabrics", "failure_domains")


def load(where: str, stdin: BinaryIO | None = None) -> Inventory:
    """Read a file, a directory of files, or ``-`` for standard input.

    Raises InventoryError with every finding, each with its line and column.
    """
    return load_sources(read_sources(str(where), stdin))


def load_sources(base: tuple[Source, ...], over: tuple[Source, ...] = ()) -> Inventory:
    """The same from texts that are already read.

    ``over`` is a partial inventory that is laid over it: mappings are merged, all else is replaced, null removes.
    """
    text = (*over, *base)  # what both speak of is found in the overlay
    findings: list[Finding] = []
    documents: list[tuple[Source, Any]] = []
    for source in text:
        try:
            data, found = parse(source)
            documents.append((source, data))
            findings += found
        except InventoryError as error:
            findings += error.findings
    if len(documents) < len(text):  # half an estate would be full of references into the other half
        raise InventoryError(place(findings, text))
    data = _merge(documents[len(over) :], findings)
    for _, layer in documents[: len(over)]:
        data = _laid_over(data, layer) if isinstance(layer, dict) else data
    if not any(isinstance(document, dict) for _, document in documents):
        raise InventoryError(place(findings, text))
    sections = _check_form(data, findings)
    check_references(data, sections, findings)
    if findings:
        raise InventoryError(place(findings, text))
    return _inventory(sections, text)


# --- several files are one inventory ----------------------------------------------------------------------------------


def _merge(documents: list[tuple[Source, Any]], findings: list[Finding]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    origin: dict[Path, Source] = {}
    for source, data in documents:
        if not isinstance(data, dict):
            what = "the inventory" if len(documents) == 1 else "this file"
            findings.append(form.not_a_mapping(what, data, _start_of(source)))
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
            elif key == "gwplan" and merged.get(key, value) == value:
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


def _check_form(data: dict[str, Any], findings: list[Finding]) -> Sections:
    """Every entry that is well-formed, by section. What is not, becomes findings."""
    head = {key: value for key, value in data.items() if key not in SECTIONS}
    sections: Sections = {name: {} for name in SECTIONS}
    try:
        sections["head"] = {"": Head.model_validate(head)}
    except ValidationError as error:
        findings += form.findings_of(error, Document, (), head)
        if (rest := form.what_remains(error, Head, head)) is not None:
            sections["head"] = {"": rest}
    for section in SECTIONS:
        entries = data.get(section)
        if entries is None:
            continue
        if not isinstance(entries, dict):
            findings.append(form.section_is_no_mapping(section, entries))
            continue
        check = _entry_check(section)
        for name, raw in entries.items():
            problem = name_error(name)
            if problem:
                subject = Subject(form.kind_of(section), name)
                spot = Spot((section, name), on_key=True)
                message = f"the name {form.shown(name)} {problem}"
                findings.append(Finding(BAD_NAME, subject, message, "rename it", spot))
            try:
                sections[section][name] = check(raw)
            except ValidationError as error:
                model = _model_of(section, raw)
                findings += form.findings_of(error, model, (section, name), raw)
                if model is not None and (rest := form.what_remains(error, model, raw)) is not None:
                    sections[section][name] = rest
            except _Unusable as unusable:
                findings.append(unusable.finding(section, name, raw))
    return sections


class _Unusable(Exception):
    def finding(self, section: str, name: str, raw: Any) -> Finding:
        if section == "jobs":
            return form.bad_job_type(name, raw)
        return form.not_a_list_of_names(section, name, raw)


def _entry_check(section: str) -> Any:
    if section == "jobs":
        return _job
    if section in _NAMED_LISTS:
        return _list_of_names
    model = _model_of(section, None)
    assert model is not None
    model.model_rebuild()  # models are built when they are first asked for
    return model.__pydantic_validator__.validate_python


def _model_of(section: str, raw: Any) -> type[BaseModel] | None:
    if section == "jobs":
        return JOB_TYPES.get(raw["type"]) if isinstance(raw, dict) and isinstance(raw.get("type"), str) else None
    return form.model_within(Document.model_fields[section].annotation)


def _job(raw: Any) -> BaseModel:
    model = _model_of("jobs", raw)
    if model is None:
        raise _Unusable
    return model.model_validate(raw)


def _list_of_names(raw: Any) -> tuple[str, ...]:
    if raw is None:
        return ()
    if not isinstance(raw, list) or any(isinstance(item, (list, dict)) for item in raw):
        raise _Unusable
    return tuple(form.as_written(item) for item in raw)


# --- the whole --------------------------------------------------------------------------------------------------------


def _inventory(sections: Sections, text: tuple[Source, ...]) -> Inventory:
    document = sections["head"][""]
    workloads = sections["workloads"]
    machines = {member: entry for name, entry in workloads.items() for member in members(name, entry.count)}
    scale_out = sections["scale_out_repositories"]
    listed = {
        name: tuple(dict.fromkeys(m for item in job.workloads for m in members_of(item, workloads)))
        for name, job in sections["jobs"].items()
        if getattr(job, "workloads", None) and job.type != "other"
    }
    return Inventory(
        product_version=document.product_version,
        backup_server=document.backup_server,
        sites=sections["sites"],
        links=sections["links"],
        fabrics=_kinds(sections, "fabrics", "server", "repository"),
        failure_domains=_kinds(sections, "failure_domains", "server", "repository"),
        servers=sections["servers"],
        default_mount_servers=document.default_mount_servers,
        proxies=sections["proxies"],
        wan_accelerators=sections["wan_accelerators"],
        tape_servers=sections["tape_servers"],
        repositories=sections["repositories"],
        scale_out_repositories=scale_out,
        workloads=workloads,
        jobs=sections["jobs"],
        machines=machines,
        holdings=hold(sections["jobs"], listed, machines, scale_out),
        extent_of={extent: name for name, whole in scale_out.items() for extent in whole.performance_tier},
        held_on={name: _held(whole.performance_tier, workloads) for name, whole in scale_out.items()},
        allowed={
            name: frozenset(form.kind_and_name(item, sections, "server", "site") for item in entry.accessible_from)
            for name, entry in sections["repositories"].items()
            if entry.accessible_from is not None
        },
        hardened_on={
            entry.server: name
            for name, entry in sorted(sections["repositories"].items(), reverse=True)
            if entry.type == "hardened"
        },
        text=text,
    )


def _kinds(sections: Sections, section: str, *kinds: str) -> dict[str, frozenset[tuple[str, str]]]:
    return {
        name: frozenset(form.kind_and_name(item, sections, *kinds) for item in items)
        for name, items in sections[section].items()
    }


def _held(tier: Mapping[str, Any], workloads: Mapping[str, Any]) -> dict[str, str]:
    return {
        machine: extent
        for extent, settings in tier.items()
        for item in settings.holds
        for machine in members_of(item, workloads)
    }


