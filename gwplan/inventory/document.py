"""A whole inventory as one model: what it says of itself, its sections, and the model of each of their entries."""

# Without `from __future__ import annotations`: pydantic would evaluate each text anew for every model that inherits it.
import re
from functools import lru_cache
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from gwplan.inventory.entries import (
    Entry,
    Link,
    MountServerPair,
    Proxy,
    Repository,
    ScaleOutRepository,
    Server,
    Site,
    TapeServer,
    WanAccelerator,
    Workload,
)
from gwplan.inventory.jobs import JOB_TYPES, AnyJob
from gwplan.inventory.types import Listed, MemberName, ServerName, SomeOf, as_text

PRODUCT_VERSIONS = ("12", "13", "13@2026-03-03")
"""The editions of the vendor's rules: a version of the product, some as of the date of a page."""
_BUILD = "([.][0-9]{1,9}){0,3}"
_KNOWN = "|".join(version if "@" in version else version + _BUILD for version in PRODUCT_VERSIONS)


def is_known_version(value: str) -> bool:
    """Whether the rules of a version or a build are known."""
    return re.fullmatch(_KNOWN, value) is not None


def _known_version(value: str) -> str:
    if is_known_version(value):
        return value
    raise PydanticCustomError("gwplan_version", "must be a version whose rules are known")


def _one(value: object) -> object:
    """Refuse ``true``, which Python takes for 1."""
    if isinstance(value, bool):
        raise PydanticCustomError("gwplan_format", "must be 1")
    return value


class Head(Entry):
    """What an inventory says of itself, beside its sections."""

    gwplan: Annotated[Literal[1], BeforeValidator(_one)] = Field(description="Version of this format.")
    product_version: Annotated[
        str,
        BeforeValidator(as_text),
        AfterValidator(_known_version),
        WithJsonSchema({"type": ["string", "number"], "pattern": f"^({_KNOWN})$"}),
    ] = "13"
    backup_server: ServerName
    default_mount_servers: MountServerPair | None = None


class Document(Head):
    """A whole inventory: one backup server's world."""

    sites: dict[str, Site] = {}
    links: dict[str, Link] = {}
    fabrics: dict[str, Listed[MemberName]] = {}
    failure_domains: dict[str, Listed[MemberName]] = {}
    clusters: dict[str, SomeOf[ServerName]] = {}
    servers: dict[str, Server] = {}
    proxies: dict[str, Proxy] = {}
    wan_accelerators: dict[str, WanAccelerator] = {}
    tape_servers: dict[str, TapeServer] = {}
    repositories: dict[str, Repository] = {}
    scale_out_repositories: dict[str, ScaleOutRepository] = {}
    workloads: dict[str, Workload] = {}
    jobs: dict[str, AnyJob] = {}


SECTIONS = tuple(name for name in Document.model_fields if name not in Head.model_fields)


def model_of(section: str, entry: Any) -> type[BaseModel] | None:
    """The model of an entry; None for a list of names, and for a job of an unknown type."""
    if section == "jobs":
        kind = entry.get("type") if isinstance(entry, dict) else getattr(entry, "type", None)
        return JOB_TYPES.get(kind) if isinstance(kind, str) else None
    return _MODELS.get(section)


_MODELS: dict[str, type[BaseModel]] = {
    "sites": Site,
    "links": Link,
    "servers": Server,
    "proxies": Proxy,
    "wan_accelerators": WanAccelerator,
    "tape_servers": TapeServer,
    "repositories": Repository,
    "scale_out_repositories": ScaleOutRepository,
    "workloads": Workload,
}


@lru_cache(maxsize=1)
def keys_of_entries() -> frozenset[str]:
    """Every key that an entry of some section takes."""
    models = [model_within(Document.model_fields[section].annotation) for section in SECTIONS]
    return frozenset(
        field.alias or name
        for model in (*models, *JOB_TYPES.values())
        if model is not None
        for name, field in model.model_fields.items()
    )


def model_within(annotation: Any) -> type[BaseModel] | None:
    """The model that an annotation holds, however deep: ``dict[str, Annotated[Server, …]]`` → ``Server``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) if (model := model_within(part))), None)
