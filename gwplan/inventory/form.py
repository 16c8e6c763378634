"""What is wrong with the form of one entry, in words: the thing, what is, what would be right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from gwplan.findings import (
    BAD_VALUE,
    EMPTY_GATEWAY_LIST,
    MISSING_KEY,
    UNKNOWN_KEY,
    WAN_ON_FILE_COPY,
    Finding,
    Path,
    Spot,
    Subject,
)
from gwplan.inventory.jobs import JOB_TYPES
from gwplan.inventory.names import nearest

KINDS = {
    "sites": "site",
    "links": "link",
    "fabrics": "fabric",
    "failure_domains": "failure_domain",
    "servers": "server",
    "proxies": "proxy",
    "wan_accelerators": "wan_accelerator",
    "tape_servers": "tape_server",
    "repositories": "repository",
    "scale_out_repositories": "scale_out_repository",
    "workloads": "workload",
    "jobs": "job",
}
WORDS = {kind: kind.replace("_", " ") for kind in KINDS.values()} | {
    "scale_out_repository": "scale-out repository",
    "wan_accelerator": "WAN accelerator",
}
SECTION_OF = {kind: section for section, kind in KINDS.items()}


def kind_of(section: str | int) -> str:
    return KINDS.get(str(section), "inventory")


def kind_and_name(reference: str, sections: Mapping[str, Mapping[str, Any]], *kinds: str) -> tuple[str, str]:
    """What a reference that may be of several kinds means: ``kind:name``, or the first kind that has the name."""
    kind, colon, name = reference.partition(":")
    if colon and kind in kinds:
        return kind, name
    return next((kind for kind in kinds if reference in sections[SECTION_OF[kind]]), kinds[0]), reference


def as_written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)


def shown(value: object) -> str:
    """A value for a message: short, quoted, whatever it is."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return "a list"
    text = as_written(value)
    text = text if len(text) <= 60 else text[:57] + "..."
    return repr(text) if isinstance(value, str) else text


def did_you_mean(word: str, options: Iterable[str], *, otherwise: str) -> str:
    guess = nearest(word, options)
    return f"did you mean {guess!r}?" if guess is not None else otherwise


def model_within(annotation: Any) -> type[BaseModel] | None:
    """The model that an annotation holds, however deep: ``dict[str, Annotated[Server, …]]`` → ``Server``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) if (model := model_within(part))), None)


# --- single findings --------------------------------------------------------------------------------------------------


def not_a_mapping(called: str, data: object, spot: Spot) -> Finding:
    what = f"{called} is empty" if data is None else f"{called} is {shown(data)}, not a mapping"
    fix = "begin with `gwplan: 1` and `backup_server: NAME`, then sections such as `servers:`"
    return Finding(MISSING_KEY if data is None else BAD_VALUE, None, what, fix, spot)


def section_is_no_mapping(section: str, value: object) -> Finding:
    fix = f"write each {WORDS[kind_of(section)]} as `name: {{...}}`"
    return Finding(BAD_VALUE, None, f"{section} is {shown(value)}, not a mapping of names", fix, Spot((section,)))


def not_a_list_of_names(section: str, name: str, raw: object) -> Finding:
    subject = Subject(kind_of(section), name)
    fix = "list servers and repositories: `[gw01, gw02]`"
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
    fix = did_you_mean(as_written(given), JOB_TYPES, otherwise=f"use one of {types}")
    return Finding(BAD_VALUE, subject, f"{name} has the type {shown(given)}", fix, Spot(("jobs", name, "type")))


# --- what a model says of an entry ------------------------------------------------------------------------------------


def findings_of(
    error: ValidationError, model: type[BaseModel] | None, at: Path, raw: Any
) -> list[Finding]:
    """Each problem of one entry, with a path into the text."""
    subject = Subject(kind_of(at[0]), str(at[1])) if at else None
    name = str(at[1]) if at else "the inventory"
    return [
        _finding(problem, model, at, raw, subject, name)
        for problem in error.errors(include_url=False, include_context=True)
    ]


def _finding(
    problem: Any, model: type[BaseModel] | None, at: Path, raw: Any, subject: Subject | None, name: str
) -> Finding:
    loc, value, kind = _within(raw, problem["loc"]), problem["input"], problem["type"]
    path = (*at, *loc)
    key = ".".join(str(part) for part in loc if isinstance(part, str))
    if kind == "missing" and loc and isinstance(loc[-1], str):
        above = Spot(path[:-1], on_key=True)
        return Finding(MISSING_KEY, subject, f"{name} has no `{key}`", f"add `{loc[-1]}:`", above)
    if kind == "extra_forbidden":
        return _unknown_key(model, at, loc, subject, name)
    if kind == "gwplan_empty" and loc[-1:] == ("gateway_servers",):
        message = f"{name} selects its gateway servers explicitly but names none"
        fix = "list at least one server under `gateway_servers`, or leave the key out for automatic selection"
        return Finding(EMPTY_GATEWAY_LIST, subject, message, fix, Spot(path))
    what = f"`{key}` of {name}" if key else name
    wanted = _wanted(problem, value)
    return Finding(BAD_VALUE, subject, f"{what} is {shown(value)}", wanted, Spot(path))


def _unknown_key(
    model: type[BaseModel] | None, at: Path, loc: Path, subject: Subject | None, name: str
) -> Finding:
    key = str(loc[-1])
    spot = Spot((*at, *loc), on_key=True)
    inner = model
    for part in loc[:-1]:
        field = inner.model_fields.get(str(part)) if inner else None
        inner = model_within(field.annotation) if field else inner
    if key == "wan_accelerators" and inner is JOB_TYPES["file_backup_copy"]:
        message = f"{name} is a file backup copy job and names WAN accelerators, which it cannot use"
        return Finding(WAN_ON_FILE_COPY, subject, message, "leave `wan_accelerators` out", spot)
    known = [field.alias or field_name for field_name, field in inner.model_fields.items()] if inner else []
    fix = did_you_mean(key, known, otherwise=f"use one of {', '.join(known)}, or a key that begins with `x-`")
    return Finding(UNKNOWN_KEY, subject, f"{name} has an unknown key `{'.'.join(map(str, loc))}`", fix, spot)


def _within(raw: Any, loc: Path) -> Path:
    """The part of a model's place that stands in the text: without the tags of unions, without what lists become."""
    path: list[str | int] = []
    for number, part in enumerate(loc):
        inner = _step(raw, part)
        if inner is not _NOWHERE:
            raw = inner
        elif number < len(loc) - 1 or isinstance(part, int) or part in ("name", "pair"):
            continue
        path.append(part)
    return tuple(path)


def what_remains(error: ValidationError, model: type[BaseModel], raw: Any) -> Any:
    """An entry without the keys that are wrong, so that its references are checked all the same; None if hopeless.

    What is required and missing or wrong is None in it, whatever its type says.
    """
    if not isinstance(raw, dict):
        return None
    wrong = {str(problem["loc"][0]) for problem in error.errors(include_url=False) if problem["loc"]}
    rest = {key: value for key, value in raw.items() if key not in wrong}
    required = [
        field.alias or name for name, field in model.model_fields.items() if field.is_required() and name in wrong
    ]
    try:
        found = model.model_validate({**rest, **{key: _STAND_IN.get(key, "stand-in") for key in required}})
    except ValidationError:
        return None
    return found.model_copy(update=dict.fromkeys(required))


_STAND_IN = {
    "os": "windows",
    "type": "smb",
    "platform": "vmware",
    "between": ["a", "b"],
    "workloads": ["stand-in"],
    "performance_tier": {"stand-in": {}},
    "gwplan": 1,
    "plugin": "mssql",
    "wan_accelerators": {},
}

_NOWHERE = object()


def _step(raw: Any, part: str | int) -> Any:
    if isinstance(raw, dict):
        return raw.get(part, _NOWHERE)
    if isinstance(raw, list) and isinstance(part, int) and part < len(raw):
        return raw[part]
    return _NOWHERE


_EXPECTED = {
    "bool_type": "write `true` or `false`",
    "int_type": "write a whole number, without quotes",
    "string_type": "write a name or a text",
    "dict_type": "write a mapping `name: {...}`",
    "model_type": "write a mapping of its keys: `{...}`",
    "model_attributes_type": "write a mapping of its keys: `{...}`",
    "gwplan_list": "write a list: `[a, b]`",
    "gwplan_auto": "write `auto` or a list of names",
    "gwplan_empty": "name at least one",
}


def _wanted(problem: Any, value: object) -> str:
    kind, context = problem["type"], problem.get("ctx", {})
    if kind == "literal_error":
        options = context["expected"].replace("'", "").replace(" or ", ", ").split(", ")
        return did_you_mean(as_written(value), options, otherwise=f"use one of {', '.join(options)}")
    if kind == "greater_than_equal":
        return f"write a whole number of at least {context['ge']}"
    if kind == "less_than_equal":
        return f"write a whole number of at most {context['le']:,}"
    if kind == "value_error":
        return f"it {context['error']}"
    if kind == "string_pattern_mismatch":
        return 'the editions 12 and 13 are known: write "12", "13" or a build such as "13.0.1.1071"'
    if kind in ("missing", "too_long"):
        return "name exactly two sites"
    return _EXPECTED.get(kind) or str(problem["msg"])
