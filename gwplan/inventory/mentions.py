"""References: every place where an inventory names something else, found by what the models declare.

The same walk goes over plain data, right or wrong, and over models; a key that is declared with ``Names`` is found
wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from itertools import chain
from typing import Annotated, Any, NamedTuple, get_args, get_origin

from pydantic import BaseModel

from gwplan.findings import Path
from gwplan.inventory.document import SECTIONS, Document, Head, model_of
from gwplan.inventory.entries import Keys
from gwplan.inventory.types import Alone, Names, as_text


class Mention(NamedTuple):
    """A name that stands for something else."""

    path: Path
    """Where the name stands: a value, an item of a list, or a key."""
    key: Path
    """The key under which it stands, alone or beside others."""
    name: str
    names: Names
    """What it may name."""


def mentions(data: Mapping[str, Any]) -> Iterator[Mention]:
    """Every name of something else in an inventory or a part of it: plain data, or sections of models."""
    return chain.from_iterable(column.mentions() for column in columns(data))


def mentions_of(section: str, name: str, entry: Any) -> Iterator[Mention]:
    """The same in one entry."""
    return mentions({section: {name: entry}})


@dataclass(frozen=True, slots=True)
class _Shape:
    """Where names may stand in a value of some type."""

    name: Names | None = None
    """In the place of the value itself."""
    items: Names | None = None
    """In a list."""
    keys: Names | None = None
    """As the keys of a mapping; a plain list is short for it."""
    values: _Shape | None = None
    """In the values of a mapping."""
    fields: Mapping[str, _Shape] = field(default_factory=dict)
    """Under the keys of a model."""

    @property
    def inner(self) -> _Shape:
        return self.values or _NOWHERE

    def __or__(self, other: _Shape) -> _Shape:
        return _Shape(
            self.name or other.name,
            self.items or other.items,
            self.keys or other.keys,
            self.values or other.values,
            {**self.fields, **other.fields},
        )


_NOWHERE = _Shape()


@dataclass(frozen=True, slots=True)
class Column:
    """What many entries say under one key that holds names, so that a whole section is searched in a few steps."""

    shape: _Shape
    values: Mapping[Path, Any]

    def mentions(self) -> Iterator[Mention]:
        return chain.from_iterable(_walk(self.shape, value, path) for path, value in self.values.items())

    def repeats(self) -> Iterator[tuple[Path, tuple[str, ...]]]:
        """The lists that name something twice."""
        if self.shape.items:
            alike = ((path, value) for path, value in self.values.items() if isinstance(value, tuple))
            yield from ((path, value) for path, value in alike if len(set(value)) < len(value))
        elif self.shape.values or self.shape.fields:
            found: dict[Path, list[str]] = {}
            for mention in self.mentions():
                if isinstance(mention.path[-1], int):
                    found.setdefault(mention.key, []).append(mention.name)
            yield from ((path, tuple(names)) for path, names in found.items() if len(set(names)) < len(names))

    def names_only(self) -> tuple[Names, Set[Any]] | None:
        """The names without their places, if every value is a name or every value is a list of names; else None."""
        try:
            if self.shape.name:
                return self.shape.name, set(self.values.values())
            return (self.shape.items, set(chain.from_iterable(self.values.values()))) if self.shape.items else None
        except TypeError:
            return None


def columns(data: Mapping[str, Any]) -> Iterator[Column]:
    """Everything that holds names in an inventory or a part of it."""
    yield from _columns(Head, {(): {key: value for key, value in data.items() if key not in SECTIONS}})
    for section in SECTIONS:
        entries = data.get(section)
        by_model: dict[type[BaseModel] | None, dict[Path, Any]] = {}
        if not isinstance(entries, dict) or not entries:
            continue
        if section == "jobs":
            for name, entry in entries.items():
                by_model.setdefault(model_of(section, entry), {})[section, name] = entry
        else:
            by_model[model_of(section, None)] = {(section, name): entry for name, entry in entries.items()}
        for model, alike in by_model.items():
            if model is not None:
                yield from _columns(model, alike)
            elif section != "jobs":
                yield Column(_shape(Document).fields[section].inner, alike)


def _columns(model: type[BaseModel], entries: Mapping[Path, Any]) -> Iterator[Column]:
    said = {
        path: entry if isinstance(entry, dict) else entry.__dict__
        for path, entry in entries.items()
        if isinstance(entry, (dict, BaseModel))
    }
    for key, shape in _shape(model).fields.items():
        given = {(*path, key): entry[key] for path, entry in said.items() if entry.get(key) is not None}
        yield Column(shape, given)


def _walk(shape: _Shape, value: Any, path: Path) -> Iterator[Mention]:
    if isinstance(value, (list, tuple)):
        if names := shape.items or shape.keys:
            for number, item in enumerate(value):
                if not isinstance(item, (list, dict)):
                    yield Mention((*path, number), path, str(as_text(item)), names)
    elif isinstance(value, dict) and (shape.keys or shape.values):
        for key, item in value.items():
            if shape.keys:
                yield Mention((*path, key), path, key, shape.keys)
            yield from _walk(shape.inner, item, (*path, key))
    elif isinstance(value, (dict, BaseModel)):
        said = value if isinstance(value, dict) else value.__dict__
        for key, inner in shape.fields.items():
            if (item := said.get(key)) is not None:
                yield from _walk(inner, item, (*path, key))
    elif shape.name:
        yield Mention(path, path, str(as_text(value)), shape.name)


@lru_cache(256)
def _shape(model: type[BaseModel]) -> _Shape:
    fields = {
        name: shape
        for name, declared in model.model_fields.items()
        if (shape := _shape_of(declared.annotation, declared.metadata)) != _NOWHERE
    }
    short = model.plain_list if issubclass(model, Keys) else None
    return _Shape(items=fields[short].items or fields[short].keys if short else None, fields=fields)


def _shape_of(annotation: Any, metadata: Any = ()) -> _Shape:
    """What a type declares, however deep."""
    for declared in metadata:
        if isinstance(declared, Names):
            return _Shape(name=declared)
    origin = get_origin(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _shape(annotation)
    if origin is Annotated:
        inner, *further = get_args(annotation)
        return _shape_of(inner, (*metadata, *further))
    if origin in (dict, Mapping):
        key, value = (_shape_of(part) for part in get_args(annotation))
        return _Shape(keys=key.name, values=None if value == _NOWHERE else value)
    parts = [_shape_of(part) for part in get_args(annotation)]
    if origin is tuple:
        names = next((part.name for part in parts if part.name), None)
        return _Shape(items=names, name=names if any(isinstance(part, Alone) for part in metadata) else None)
    return reduce(_Shape.__or__, parts, _NOWHERE)
