"""A whole inventory as one model: what it says of itself, and its sections."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

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
from gwplan.inventory.jobs import AnyJob
from gwplan.inventory.types import Reference, References, as_text


class Head(Entry):
    """What an inventory says of itself, beside its sections."""

    gwplan: Literal[1] = Field(description="Version of this format.")
    product_version: Annotated[
        str,
        BeforeValidator(as_text),
        Field(pattern=r"^1[23](\.[0-9]{1,9}){0,3}$"),
        WithJsonSchema({"type": ["string", "number"], "pattern": r"^1[23](\.[0-9]{1,9}){0,3}$"}),
    ] = "13"
    backup_server: Reference
    default_mount_servers: MountServerPair | None = None


class Document(Head):
    """A whole inventory: one backup server's world."""

    sites: dict[str, Site] = {}
    links: dict[str, Link] = {}
    fabrics: dict[str, References] = {}
    failure_domains: dict[str, References] = {}
    servers: dict[str, Server] = {}
    proxies: dict[str, Proxy] = {}
    wan_accelerators: dict[str, WanAccelerator] = {}
    tape_servers: dict[str, TapeServer] = {}
    repositories: dict[str, Repository] = {}
    scale_out_repositories: dict[str, ScaleOutRepository] = {}
    workloads: dict[str, Workload] = {}
    jobs: dict[str, AnyJob] = {}
