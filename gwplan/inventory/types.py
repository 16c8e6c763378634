"""The words and units of the inventory format as pydantic types: text, names of things, lists, sizes, rates, times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from gwplan.inventory import quantities

MAX_MEMBERS = 1_000_000
AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Names:
    """What a reference names: something of one of these kinds. Metadata of a type; ``mentions.py`` reads it there.

    Of several kinds, ``kind:name`` says which is meant, unless no two things of the kinds may share a name (``apart``).
    ``members``: one machine of a group can be named, too.
    """

    kinds: tuple[str, ...]
    apart: bool = False
    members: bool = False

    @property
    def may_say_kind(self) -> bool:
        return len(self.kinds) > 1 and not self.apart


class Alone:
    """Metadata of a list of names: one name alone is short for a list of it."""


def as_text(value: object) -> object:
    """A text or a reference as it was written, also where the reader took it for a boolean, null or an integer."""
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    return str(value) if isinstance(value, int) else value


def as_tuple(value: object) -> object:
    if isinstance(value, list):
        return tuple(value)
    raise PydanticCustomError("gwplan_list", "must be a list")


def _one_or_list(value: object) -> object:
    return tuple(value) if isinstance(value, list) else (value,)


def non_empty(value: object) -> object:
    if value in ([], {}, ()):
        raise PydanticCustomError("gwplan_empty", "must not be empty")
    return value


def auto_or_list(value: object) -> object:
    if value == AUTO:
        return None
    if isinstance(value, list):
        return as_tuple(non_empty(value))
    raise PydanticCustomError("gwplan_auto", "must be `auto` or a list of names")


def each_once(value: object) -> object:
    """A list of names in which a repeat counts once."""
    if isinstance(value, list) and not any(isinstance(item, (list, dict)) for item in value):
        return list(dict.fromkeys(as_text(item) for item in value))
    return value


def names_to_settings(value: object) -> object:
    """Turn a plain list of names into the mapping of empty settings that it is short for."""
    if isinstance(value, list) and len({as_text(item) for item in value if not isinstance(item, (list, dict))}) == len(
        value
    ):
        return {as_text(item): {} for item in value}
    return value


_AS_TEXT = WithJsonSchema({"type": ["string", "number", "boolean"]})
LIST_SCHEMA = {"type": "array", "items": {"type": ["string", "number", "boolean"]}}
_AUTO_OR_LIST = {"anyOf": [{"const": AUTO}, {**LIST_SCHEMA, "minItems": 1}]}

Text = Annotated[str, BeforeValidator(as_text), _AS_TEXT]

SiteName = Annotated[Text, Names(("site",))]
ServerName = Annotated[Text, Names(("server",))]
HostName = Annotated[Text, Names(("server", "cluster"), apart=True)]
"""Where a Hyper-V machine runs: a host, or a cluster of hosts."""
ProxyName = Annotated[Text, Names(("proxy",))]
WanAcceleratorName = Annotated[Text, Names(("wan_accelerator",))]
TapeServerName = Annotated[Text, Names(("tape_server",))]
ExtentName = Annotated[Text, Names(("repository",))]
RepositoryName = Annotated[Text, Names(("repository", "scale_out_repository"), apart=True)]
WorkloadName = Annotated[Text, Names(("workload",), members=True)]
JobName = Annotated[Text, Names(("job",))]
MEMBER = Names(("server", "repository"))
MemberName = Annotated[Text, MEMBER]
"""A member of a fabric or a failure domain."""
PLACE = Names(("server", "site"))
PlaceName = Annotated[Text, PLACE]

T = TypeVar("T")
Listed = Annotated[tuple[T, ...], BeforeValidator(as_tuple), WithJsonSchema(LIST_SCHEMA)]
SomeOf = Annotated[
    tuple[T, ...],
    BeforeValidator(as_tuple),
    BeforeValidator(non_empty),
    WithJsonSchema({**LIST_SCHEMA, "minItems": 1}),
]
OneOrMore = Annotated[
    tuple[T, ...],
    Alone(),
    BeforeValidator(_one_or_list),
    BeforeValidator(non_empty),
    WithJsonSchema({"anyOf": [{"type": ["string", "number", "boolean"]}, {**LIST_SCHEMA, "minItems": 1}]}),
]
Selection = Annotated[tuple[T, ...] | None, BeforeValidator(auto_or_list), WithJsonSchema(_AUTO_OR_LIST)]
"""``auto`` (None) or a non-empty list of names."""


def or_a_list(schema: dict[str, Any]) -> None:
    """Let the schema of a mapping take a plain list of names, too, which is short for it."""
    mapping = dict(schema)
    schema.clear()
    schema["anyOf"] = [*mapping.pop("anyOf", [mapping]), {**LIST_SCHEMA, "minItems": 1}]


def _unit_pattern(units: dict[str, int], example: str) -> WithJsonSchema:
    pattern = f"^{quantities.NUMBER} ?({'|'.join(units)})$"
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": [example]})


Size = Annotated[int, BeforeValidator(quantities.size), _unit_pattern(quantities.SIZE_UNITS, "500 GiB")]
Rate = Annotated[int, BeforeValidator(quantities.rate), _unit_pattern(quantities.RATE_UNITS, "1 Gbps")]
Latency = Annotated[int, BeforeValidator(quantities.latency), _unit_pattern(quantities.LATENCY_UNITS, "12 ms")]
Percentage = Annotated[
    int, BeforeValidator(quantities.percentage), _unit_pattern(quantities.PERCENT_UNITS, "5 %")
]
TimeOfDay = Annotated[
    str,
    BeforeValidator(quantities.time_of_day),
    WithJsonSchema({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "examples": ["22:00"]}),
]
Count = Annotated[int, Field(ge=1)]
ServerStatus = Literal["online", "offline", "maintenance"]
