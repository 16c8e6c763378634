"""Edition 12: as edition 13, but for the systems that may serve, and for hardened repositories, which never do."""

from __future__ import annotations

from dataclasses import replace

from gwplan.planning.editions.v13 import (
    OBJECT_DIRECT_COPY,
    SOURCE_MOUNT_THEN_BACKUP,
    V13,
    source,
)
from gwplan.planning.table import ALWAYS, DIRECT, HARDENED, INFERRED, SOURCE_SERVER, Choice, Row

_WINDOWS = frozenset({"windows", "hyperv"})
_MOUNT_SERVER = (Choice(ALWAYS, SOURCE_MOUNT_THEN_BACKUP),)
_COPY = (
    Choice(source(DIRECT), (SOURCE_SERVER,)),
    Choice(source(HARDENED), SOURCE_MOUNT_THEN_BACKUP),
    *OBJECT_DIRECT_COPY[1:],
)


def _without_the_hardened_server(row: Row) -> Row:
    """hardened_repository_limitations.html, version 12: no role beside its own."""
    if row.id in ("offload-hardened", "move-hardened"):
        return replace(row, choices=_MOUNT_SERVER, certainty=INFERRED)
    if row.id == "copy-object-direct":
        return replace(row, choices=_COPY, unless=((source(HARDENED), INFERRED),))
    return row


V12 = replace(
    V13,
    id="12",
    page="gateway_server.html?ver=120",
    date=None,
    build="12",
    rows=tuple(map(_without_the_hardened_server, V13.rows)),
    systems={**V13.systems, "smb": _WINDOWS, "data_domain": _WINDOWS, "storeonce": _WINDOWS},
    systems_page="gateway_server.html?ver=120#requirements",
    hardened_serves=frozenset(),
)
