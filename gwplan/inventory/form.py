"""What is wrong with the form of one entry, in words: what it concerns, what is there, and what would be right."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError, create_model

from gwplan.findings import (
    BAD_VALUE,
    EMPTY_GATEWAY_LIST,
    MISSING_KEY,
    REMOVED,
    UNKNOWN_KEY,
    WAN_ON_FILE_COPY,
    CertainFix,
    Edit,
    Finding,
    Path,
    Renamed,
    Spot,
    Subject,
)
from gwplan.inventory.document import PRODUCT_VERSIONS, keys_of_entries, model_within
from gwplan.inventory.filled import filled_entry, filled_key
from gwplan.inventory.jobs import JOB_TYPES
from gwplan.inventory.meant import ADDED, key_meant, value_meant
from gwplan.inventory.names import guessed, nearest

KINDS = {
    "sites": "site",
    "links": "link",
    "fabrics": "fabric",
    "failure_domains": "failure_domain",
    "clusters": "cluster",
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


def remedy_of(
    path: Path, word: str, options: Iterable[str], meant: str | None, *, taken: Collection[str] | None = None
) -> CertainFix | None:
    """The fix that writes the one word that is near (safe), or the word that is meant by what was written (unsafe).
    For a key, ``taken`` are the other keys beside it."""
    guess = guessed(word, options)
    near = guess.name if guess and guess.is_sole else None
    advised = _ONE_WORD.fullmatch(meant) if meant else None
    name = near if meant is None else advised[1] if advised else None
    if name is None or name in (taken or ()):
        return None
    return CertainFix((Edit(path, name if taken is None else Renamed(name)),), is_safe=name == near)


_ONE_WORD = re.compile("write `([a-z0-9_]+)`")


# --- what a model says of an entry ------------------------------------------------------------------------------------


def findings_of(
    error: ValidationError, model: type[BaseModel] | None, at: Path, raw: Any, beside: Collection[str] = ()
) -> list[Finding]:
    """Each problem of one entry, with a path into the text. Keys ``beside`` the entry's own are taken, too."""
    subject = Subject(kind_of(at[0]), str(at[1])) if at else None
    name = str(at[1]) if at else "the inventory"
    return [
        _finding(problem, model, at, raw, subject, name, beside)
        for problem in error.errors(include_url=False, include_context=True)
        if problem["type"] != "missing" or not _is_misspelt(model, raw, problem["loc"])
    ]


def _is_misspelt(model: type[BaseModel] | None, raw: Any, loc: tuple[Any, ...]) -> bool:
    """Whether a missing key is there under another word, which has a finding of its own."""
    meant = f"write `{loc[-1]}`"
    inner = _model_at(model, loc[:-1])
    return any((key_meant(inner, str(key)) or "").startswith(meant) for key in _given(raw, _within(raw, loc[:-1])))


def _finding(
    problem: Any, model: type[BaseModel] | None, at: Path, raw: Any, subject: Subject | None, name: str,
    beside: Collection[str],
) -> Finding:  # fmt: skip
    loc, value, kind = _within(raw, problem["loc"]), problem["input"], problem["type"]
    path = (*at, *loc)
    key = ".".join(str(part) for part in loc if isinstance(part, str))
    if kind == "missing" and loc and isinstance(loc[-1], str):
        if isinstance(value, dict) and loc[-1] in _given(raw, loc[:-1]):
            here = Spot(path, on_key=True)
            return Finding(MISSING_KEY, subject, f"`{key}` of {name} is empty", _add(model, loc), here)
        above = Spot(path[:-1], on_key=True)
        return Finding(MISSING_KEY, subject, f"{name} has no `{key}`", _add(model, loc), above)
    if kind == "extra_forbidden":
        return _unknown_key(model, at, loc, subject, name, {*_given(raw, loc[:-1]), *beside})
    if kind == "gwplan_empty" and loc[-1:] == ("gateway_servers",):
        message = f"{name} selects its gateway servers explicitly but names none"
        fix = "list at least one server under `gateway_servers`, or leave the key out for automatic selection"
        return Finding(EMPTY_GATEWAY_LIST, subject, message, fix, Spot(path))
    what = f"`{key}` of {name}" if key else name
    place = _model_at(model, loc[:-1])
    meant = value_meant(place, loc[-1:], as_written(value))
    wanted = meant or _wanted(problem, value, path)
    remedy = None
    if kind == "literal_error" and isinstance(value, str):
        remedy = remedy_of(path, value, _expected(problem), meant)
    elif kind == "bool_type" and (said := _YES_OR_NO.get(str(value).lower())) is not None:
        remedy = CertainFix((Edit(path, said),), is_safe=True)
    return Finding(BAD_VALUE, subject, f"{what} is {shown(value)}", wanted, Spot(path), remedy=remedy)


def _unknown_key(
    model: type[BaseModel] | None, at: Path, loc: Path, subject: Subject | None, name: str, given: Collection[str]
) -> Finding:
    key = str(loc[-1])
    spot = Spot((*at, *loc), on_key=True)
    inner = _model_at(model, loc[:-1])
    if key == "wan_accelerators" and inner is JOB_TYPES["file_backup_copy"]:
        message = f"{name} is a file backup copy job and names WAN accelerators, which it cannot use"
        without = CertainFix((Edit(spot.path, REMOVED),), is_safe=True)
        return Finding(WAN_ON_FILE_COPY, subject, message, "leave `wan_accelerators` out", spot, remedy=without)
    known = [field.alias or field_name for field_name, field in inner.model_fields.items()] if inner else []
    message = f"{name} has an unknown key `{'.'.join(map(str, loc))}`"
    meant = key_meant(inner, key)
    remedy = remedy_of(spot.path, key, known, meant, taken=given)
    if meant is None and key in keys_of_entries():  # at the wrong place, not misspelt
        remedy = None
    if meant:
        return Finding(UNKNOWN_KEY, subject, message, meant, spot, remedy=remedy)
    if at and key in KINDS:
        message = f"the section `{key}` stands inside {name}"
        return Finding(UNKNOWN_KEY, subject, message, f"begin the line of `{key}:` at the left margin", spot)
    fix = did_you_mean(key, known, otherwise=f"use one of {', '.join(known)}, or a key that begins with `x-`")
    return Finding(UNKNOWN_KEY, subject, message, fix, spot, remedy=remedy)


def _given(raw: Any, loc: Path) -> Any:
    for part in loc:
        raw = _step(raw, part)
    return raw if isinstance(raw, dict) else ()


def _model_at(model: type[BaseModel] | None, loc: Path) -> type[BaseModel] | None:
    """The model of what stands at a place of an entry."""
    for part in loc:
        field = model.model_fields.get(str(part)) if model else None
        model = model_within(field.annotation) if field else model
    return model


def _add(model: type[BaseModel] | None, loc: Path) -> str:
    """How to add a key that is missing."""
    key = str(loc[-1])
    inner = _model_at(model, loc[:-1])
    field = inner.model_fields.get(key) if inner else None
    if field and get_origin(field.annotation) is Literal and len(get_args(field.annotation)) > 1:
        return f"add `{key}:` with one of {', '.join(map(str, get_args(field.annotation)))}"
    return f"add `{ADDED.get(key, key + ': NAME')}`"


def _within(raw: Any, loc: Path) -> Path:
    """The part of a place in a model that is in the text: without tags of unions, and without keys made from a list."""
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
    """An entry without the keys that are wrong, so that all others can still be checked; None if it is no mapping.

    A required key that is missing or wrong is None in it, whatever its type says.
    """
    if not isinstance(raw, dict):
        return None
    wrong = {str(problem["loc"][0]) for problem in error.errors(include_url=False) if problem["loc"]}
    return _requiring_nothing(model).model_validate({key: value for key, value in raw.items() if key not in wrong})


@lru_cache(64)
def _requiring_nothing(model: type[BaseModel]) -> type[BaseModel]:
    optional: dict[str, Any] = {
        name: (Annotated[field.annotation, *field.metadata, None] | None, None)
        for name, field in model.model_fields.items()
        if field.is_required()
    }
    return create_model(model.__name__, __base__=model, **optional)


_NOWHERE = object()


def _step(raw: Any, part: str | int) -> Any:
    if isinstance(raw, dict):
        return raw.get(part, _NOWHERE)
    if isinstance(raw, list) and isinstance(part, int) and part < len(raw):
        return raw[part]
    return _NOWHERE


_EXPECTED = {
    "bool_type": "write `true` or `false`",
    "int_type": "write a whole number",
    "string_type": "write a name or a text",
    "dict_type": "write a mapping `name: {...}`",
    "gwplan_list": "write a list: `[a, b]`",
    "gwplan_auto": "write `auto` or a list of names",
    "gwplan_empty": "name at least one",
}


_YES_OR_NO = {"yes": True, "on": True, "true": True, "1": True, "no": False, "off": False, "false": False, "0": False}
_NUMBER = re.compile("([0-9]{1,18})( ?[A-Za-z]+)?")


def _expected(problem: Any) -> list[str]:
    """The words that a key takes."""
    words: str = problem["ctx"]["expected"]
    return words.replace("'", "").replace(" or ", ", ").split(", ")


def _wanted(problem: Any, value: object, path: Path) -> str:
    kind, context = problem["type"], problem.get("ctx", {})
    if kind == "literal_error":
        options = _expected(problem)
        return did_you_mean(as_written(value), options, otherwise=f"use one of {', '.join(options)}")
    if kind == "greater_than_equal":
        return f"write a whole number of at least {context['ge']}"
    if kind == "less_than_equal":
        return f"write a whole number of at most {context['le']:,}"
    if kind == "value_error":
        return f"it {context['error']}"
    if kind == "gwplan_version":
        known = ", ".join(f'"{version}"' for version in PRODUCT_VERSIONS)
        return f'the rules of {known} are known: write one of them, or a build such as "13.0.1.1071"'
    if kind == "gwplan_format":
        return "write `gwplan: 1`"
    if kind == "bool_type" and (said := _YES_OR_NO.get(str(value).lower())) is not None:
        return f"write `{as_written(said)}`"
    if kind in ("model_type", "model_attributes_type"):
        filled = filled_entry(str(path[0]), value) if len(path) == 2 else filled_key(str(path[-1]), value)
        return f"write a mapping: `{filled or '{...}'}`"
    if kind == "int_type" and (number := _NUMBER.fullmatch(as_written(value))):
        return f"write `{int(number[1])}`, {'without quotes' if number[2] is None else 'the number alone'}"
    if kind in ("gwplan_list", "gwplan_auto", "dict_type") and isinstance(value, str) and len(value) <= 60:
        return f"write {'`auto` or ' if kind == 'gwplan_auto' else ''}a list: `[{value}]`"
    if kind in ("missing", "too_long"):
        return "name exactly two sites"
    return _EXPECTED.get(kind) or str(problem["msg"])
