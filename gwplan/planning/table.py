"""The words of the vendor's table of automatic gateway selection, and the form of its rows.

A row is a value: the same object is executed, printed by ``gwplan rules`` and quoted by ``gwplan explain``. The rows
themselves are in ``editions/``, one file an edition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Facts(NamedTuple):
    """All that decides which row speaks, and what it says: one side of one operation."""

    type: str
    operation: str  # data | synthetic | maintenance | restore
    side: str  # source | target
    here: str  # the kind of this side's repository, see KINDS
    listed: bool = False  # its gateway servers are a list
    platform: str = ""  # of the workload: vmware | hyperv | …
    source: str = ""  # the kind of the source repository, for jobs that have one
    wan: bool = False  # works over WAN accelerators
    tape_direct: bool = False  # the repository and the tape device are connected directly
    reading: str = ""  # of a Hyper-V machine, see READING
    plugin: str = ""  # of a plug-in backup
    provider: str = ""  # of object storage


DIRECT, HARDENED, APPLIANCE = "direct attached", "hardened", "direct attached without a server"
SHARED, DEDUP = "shared folder", "deduplicating appliance"
OBJECT_DIRECT, OBJECT_GATEWAY = "object storage (direct)", "object storage (gateway)"
KINDS = (DIRECT, HARDENED, APPLIANCE, SHARED, DEDUP, OBJECT_DIRECT, OBJECT_GATEWAY)
RUNS_A_DATA_MOVER = (DIRECT, HARDENED, APPLIANCE)
"""The kinds of repository that need no gateway server. backup_repository.html"""

ON_HOST, OFF_HOST, OFF_HOST_ONLY = "on-host", "off-host", "off-host without failover"
READING = (ON_HOST, OFF_HOST, OFF_HOST_ONLY)
"""Who reads a Hyper-V machine: its host, off-host proxies and then the host, or off-host proxies alone."""

DOCUMENTED, DISPUTED, INFERRED = "documented", "disputed", "inferred"


@dataclass(frozen=True, slots=True)
class When:
    """A condition: its words and its test."""

    text: str
    test: Callable[[Facts], bool]

    def __and__(self, other: When) -> When:
        return When(", ".join(filter(None, (self.text, other.text))), lambda f: self.test(f) and other.test(f))


ALWAYS = When("", lambda _: True)
NEVER = When("never", lambda _: False)


@dataclass(frozen=True, slots=True)
class Pool:
    """Where the servers of a tier come from. A ranked tier takes its best server, an ordered one its first.

    Where the inventory names no server of a pool that a chain begins with, ``otherwise`` is the whole chain (inferred).
    """

    id: str
    tier: str
    text: str
    ranked: bool = False
    otherwise: Pool | None = None


SELECTED = Pool("selected", "selected", "the selected gateway servers", ranked=True)
PROXIES = Pool("proxies", "proxy", "the proxy that reads, then the job's other usable proxies")
LEAST_LOADED_PROXY = Pool("least-loaded-proxy", "proxy", "the least loaded of the job's usable proxies", ranked=True)
HOST = Pool("host", "hyperv-host", "the Hyper-V host")
BACKUP_SERVER = Pool("backup-server", "backup-server", "backup server")
MOUNT_SERVER = Pool("mount-server", "mount-server", "the repository's mount server", otherwise=BACKUP_SERVER)
SOURCE_MOUNT_SERVER = Pool(
    "source-mount-server", "mount-server", "the source repository's mount server", otherwise=BACKUP_SERVER
)
SOURCE_SERVER = Pool("source-server", "source-repository", "the source repository itself")
SOURCE_GATEWAY = Pool("source-gateway", "source-gateway", "the gateway of the source repository")
WAN_ACCELERATOR = Pool("wan-accelerator", "wan-accelerator", "this side's WAN accelerator")
TAPE_SERVER = Pool("tape-server", "tape-server", "tape server")

Chain = tuple[Pool, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the vendor's table: its types of job, and its third column, None where the page has a dash."""

    job: str
    types: tuple[str, ...] = ()
    synthetic: Chain | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One alternative of a row: when it applies, and its tiers in order. None: the third column of the job's line."""

    when: When
    chain: Chain | None


@dataclass(frozen=True, slots=True)
class Note:
    """What another page of the vendor says about a row."""

    when: When
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One statement of the table: when it speaks, which servers it names in which order, and where the page says so.

    Exactly one of ``choices`` applies to any facts that the row speaks of. ``certainty`` holds but for the facts of
    ``unless``, which says how sure it is of those.
    """

    id: str
    line: Line
    when: When
    choices: tuple[Choice, ...]
    certainty: str
    reference: str
    unless: tuple[tuple[When, str], ...] = ()
    load_elsewhere: When = NEVER
    """When another page lets another machine move the data, so that the load of this row's servers is not certain."""
    notes: tuple[Note, ...] = ()

    def chain(self, facts: Facts) -> Chain | None:
        """The tiers for these facts."""
        (chain,) = (choice.chain for choice in self.choices if choice.when.test(facts))
        return chain

    def certainty_of(self, facts: Facts) -> str:
        """How sure it is."""
        return next((certainty for when, certainty in self.unless if when.test(facts)), self.certainty)

    @property
    def certainty_text(self) -> str:
        """How sure it is, and of what it is less so."""
        others = (f"{certainty} for {when.text.removeprefix('of ')}" for when, certainty in self.unless)
        return "; ".join((self.certainty, *others))

    def notes_on(self, facts: Facts) -> tuple[str, ...]:
        """What other pages say of these facts."""
        return tuple(note.text for note in self.notes if note.when.test(facts))

    @property
    def is_selected(self) -> bool:
        """Whether people chose the servers."""
        return any(SELECTED in (choice.chain or ()) for choice in self.choices)

    @property
    def needs_none(self) -> bool:
        """Whether it says that no gateway server is needed."""
        return self.choices == NONE_NEEDED


NONE_NEEDED = (Choice(ALWAYS, ()),)


def chain_text(chain: Chain) -> str:
    """A chain in words."""
    return ", then ".join(pool.text for pool in chain)


@dataclass(frozen=True, eq=False)
class Edition:
    """The vendor's rules as one page has them: its rows, what may serve, and where it differs from another.

    ``systems`` has the operating systems that may serve each type of repository; ``hardened_serves`` the pools in which
    the server of a hardened repository may serve; ``fc_needs_selection`` whether a deduplicating appliance over Fibre
    Channel needs its gateway servers selected. ``follows`` is the edition that this one is described as a change of.
    """

    id: str
    page: str
    date: str | None
    build: str
    rows: tuple[Row, ...]
    lines: tuple[Line, ...]
    systems: Mapping[str, frozenset[str]]
    systems_page: str
    hardened_serves: frozenset[str]
    fc_needs_selection: bool = True
    follows: Edition | None = None

    _known: dict[Facts, Row] = field(default_factory=dict, init=False, repr=False)

    def row(self, facts: Facts) -> Row:
        """The one row that speaks of a side."""
        row = self._known.get(facts)
        if row is None:
            (row,) = (row for row in self.rows if row.when.test(facts))
            self._known[facts] = row
        return row

    @property
    def cited(self) -> str:
        """Its page, and the day of that page."""
        return f"{self.page} of {self.date}" if self.date else self.page

    def row_called(self, name: str) -> Row | None:
        return next((row for row in self.rows if row.id == name), None)

    def synthetic(self, job_type: str) -> Chain | None:
        """The third column of a type of job: None where the type has no synthetic operations."""
        return next((line.synthetic for line in self.lines if job_type in line.types), None)

    def chain(self, row: Row, facts: Facts) -> Chain:
        """The tiers of a row for these facts."""
        chain = row.chain(facts)
        return (self.synthetic(facts.type) or ()) if chain is None else chain

    # --- for those who read the table ---------------------------------------------------------------------------------

    def pools(self, row: Row) -> Chain:
        """Every pool that a row names, in order."""
        return tuple(dict.fromkeys(pool for chain in self._chains(row) for pool in chain))

    def text(self, row: Row) -> str:
        """The servers that a row names, in words."""
        if row.needs_none:
            return "none needed"
        words = [choice.when.text for choice in row.choices if choice.chain is not None] or [""]
        return "; ".join(
            f"{when}: {chain_text(chain)}" if when else chain_text(chain)
            for when, chain in zip(words, self._chains(row), strict=True)
        )

    def synthetic_of(self, row: Row) -> Chain | None:
        """What holds for synthetic operations where a row speaks: itself, or the third column of its line."""
        kinds = ((line, kind, listed) for line in self.lines for kind in KINDS for listed in (False, True))
        asked = (Facts(t, "synthetic", "target", kind, listed) for line, kind, listed in kinds for t in line.types)
        speaks = not row.needs_none and any(row.when.test(facts) for facts in asked)
        return self.pools(row) if speaks else row.line.synthetic

    def _chains(self, row: Row) -> list[Chain]:
        """The chains of a row; the row of synthetic operations has those of the third column."""
        column = dict.fromkeys(line.synthetic for line in self.lines if line.synthetic)
        return [chain for c in row.choices for chain in ([c.chain] if c.chain is not None else column)]
