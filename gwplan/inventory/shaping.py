"""The form of each part of an inventory: the head, the groups, names and entries, as far as they are well-formed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from pydantic import ValidationError

from gwplan.findings import BAD_NAME, BAD_VALUE, MISSING_KEY, TOO_LARGE, Finding, Path, Spot, Subject
from gwplan.inventory.document import Document, Head, model_of
from gwplan.inventory.filled import filled_section
from gwplan.inventory.form import (
    KINDS,
    WORDS,
    as_written,
    did_you_mean,
    findings_of,
    kind_of,
    remedy_of,
    shown,
    what_remains,
)
from gwplan.inventory.jobs import JOB_TYPES
from gwplan.inventory.meant import job_type_meant, value_meant
from gwplan.inventory.names import name_error, nearest
from gwplan.inventory.source import MAX_NODES
from gwplan.inventory.types import MAX_MEMBERS


def check_head(raw: Mapping[str, Any], findings: list[Finding], beside: Collection[str] = ()) -> Any:
    """What an inventory says of itself, as far as it is well-formed; ``beside`` are its sections."""
    try:
        return Head.model_validate(raw)
    except ValidationError as error:
        findings += findings_of(error, Document, (), raw, beside)
        return what_remains(error, Head, raw)


def check_members(data: Mapping[str, Any], findings: list[Finding]) -> None:
    """Report the groups if they have more machines, all together, than nodes are read."""
    workloads, total = data.get("workloads"), 0
    for name, raw in workloads.items() if isinstance(workloads, dict) else ():
        count = raw.get("count") if isinstance(raw, dict) else None
        total += count if type(count) is int and 1 <= count <= MAX_MEMBERS else 1
        if total > MAX_NODES:
            message = f"with {name}, the workloads are more than {MAX_NODES:,} machines"
            spot = Spot(("workloads", name, "count") if count else ("workloads", name))
            fix = "describe a part of the estate, or lower `count`"
            findings.append(Finding(TOO_LARGE, Subject("workload", name), message, fix, spot))
            return


def check_name(section: str, name: str, findings: list[Finding]) -> None:
    if problem := name_error(name):
        spot = Spot((section, name), on_key=True)
        message = f"the name {shown(name)} {problem}"
        findings.append(Finding(BAD_NAME, Subject(kind_of(section), name), message, "rename it", spot))


def check_entry(section: str, name: str, raw: Any, findings: list[Finding], models: dict[int, Any]) -> Any:
    """The model of an entry, as far as it is well-formed; None where nothing of it is.

    ``models`` keeps those of a section by what they were made of: entries that say the same are mostly one object.
    """
    if name in KINDS and isinstance(raw, dict) and any(isinstance(item, dict) for item in raw.values()):
        findings.append(indented_section(section, name))
        return None
    model = model_of(section, raw)
    if model is not None:
        try:
            if id(raw) not in models:
                models[id(raw)] = model.model_validate(raw)
            return models[id(raw)]
        except ValidationError as error:
            findings += findings_of(error, model, (section, name), raw)
            return what_remains(error, model, raw)
    if section == "jobs":
        findings.append(bad_job_type(name, raw))
        if (meant := _type_meant(raw)) is not None:  # so that all else that is wrong is reported at once
            return check_entry(section, name, {**raw, "type": meant}, findings, {})
    elif raw is not None and (not isinstance(raw, list) or any(isinstance(item, (list, dict)) for item in raw)):
        findings.append(not_a_list_of_names(section, name, raw))
    else:
        return tuple(as_written(item) for item in raw or ())
    return None


# --- single findings --------------------------------------------------------------------------------------------------


def not_a_mapping(called: str, data: object, spot: Spot) -> Finding:
    what = f"{called} is empty" if data is None else f"{called} is {shown(data)}, not a mapping"
    fix = "begin with `gwplan: 1` and `backup_server: NAME`, then sections such as `servers:`"
    return Finding(MISSING_KEY if data is None else BAD_VALUE, None, what, fix, spot)


def section_is_no_mapping(section: str, value: object) -> Finding:
    fix = f"write each {WORDS[kind_of(section)]} under its name: `{filled_section(section, value)}`"
    return Finding(BAD_VALUE, None, f"{section} is {shown(value)}, not a mapping of names", fix, Spot((section,)))


def indented_section(section: str, name: str) -> Finding:
    spot = Spot((section, name), on_key=True)
    message = f"the section `{name}` stands inside `{section}`"
    return Finding(BAD_VALUE, None, message, f"begin the line of `{name}:` at the left margin", spot)


def not_a_list_of_names(section: str, name: str, raw: object) -> Finding:
    subject = Subject(kind_of(section), name)
    items = raw if isinstance(raw, str) and len(raw) <= 60 else "gw01, gw02"
    fix = f"list {'its Hyper-V hosts' if section == 'clusters' else 'servers and repositories'}: `[{items}]`"
    return Finding(BAD_VALUE, subject, f"{name} is {shown(raw)}, not a list of names", fix, Spot((section, name)))


def bad_job_type(name: str, raw: Any) -> Finding:
    subject = Subject("job", name)
    types = ", ".join(JOB_TYPES)
    if not isinstance(raw, dict):
        fix = f"give it a `type`: {types}"
        if raw is None:
            return Finding(MISSING_KEY, subject, f"{name} has no `type`", fix, Spot(("jobs", name), on_key=True))
        return Finding(BAD_VALUE, subject, f"{name} is {shown(raw)}, not a mapping", fix, Spot(("jobs", name)))
    given = raw.get("type")
    if given is None:
        fix = f"give it one of {types}"
        return Finding(MISSING_KEY, subject, f"{name} has no `type`", fix, Spot(("jobs", name), on_key=True))
    meant = value_meant(None, ("type",), as_written(given))
    fix = meant or did_you_mean(as_written(given), JOB_TYPES, otherwise=f"use one of {types}")
    where: Path = ("jobs", name, "type")
    remedy = None if isinstance(given, (dict, list)) else remedy_of(where, as_written(given), JOB_TYPES, meant)
    return Finding(BAD_VALUE, subject, f"{name} has the type {shown(given)}", fix, Spot(where), remedy=remedy)


def _type_meant(raw: Any) -> str | None:
    """The type of job that was meant, where there is one; not for what is no mapping or has no type."""
    given = raw.get("type") if isinstance(raw, dict) else None
    return job_type_meant(given) or nearest(given, JOB_TYPES) if isinstance(given, str) else None
