"""The JSON Schema of each JSON document that gwplan prints. A document may get further keys within its version."""

from __future__ import annotations

from typing import Any

Rule = dict[str, Any]

OUTPUTS = ("plan", "findings", "whatif", "sweep", "diff", "graph", "recommendation", "import")


def output_schema(name: str) -> Rule:
    """The schema of one of ``OUTPUTS``, draft 2020-12."""
    head = {
        "format": {"const": f"gwplan.{name}/1"},
        "gwplan_version": _TEXT,
        "product_version": _or_null(_TEXT),
        "strategy": _or_null({"enum": ["nearest", "spread"]}),
        "down": _list(_TEXT),
    }
    body, further = _BODIES[name]
    schema = _keys({**head, **body}, **further)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"gwplan.{name}/1", **schema}


def _keys(keys: dict[str, Rule], **further: Rule) -> Rule:
    """An object that has all of some keys, and may have further ones."""
    return {"type": "object", "properties": {**keys, **further}, "required": list(keys)}


def _list(items: Rule) -> Rule:
    return {"type": "array", "items": items}


def _pair(of: Rule) -> Rule:
    """Before and after."""
    return {"type": "array", "items": of, "minItems": 2, "maxItems": 2}


def _or_null(rule: Rule) -> Rule:
    return {"anyOf": [rule, {"type": "null"}]}


def _all(names: str, rule: Rule) -> dict[str, Rule]:
    return dict.fromkeys(names.split(), rule)


_TEXT: Rule = {"type": "string"}
_COUNT: Rule = {"type": "integer", "minimum": 0}
_SHARE: Rule = {"type": "number", "minimum": 0}
_SUBJECT = _or_null(_keys(_all("kind name", _TEXT)))
_OUTCOME: Rule = {"enum": ["assigned", "none_needed", "failed", "blocked"]}
_LOCATION = _or_null(_keys({"file": _or_null(_TEXT), **_all("line column end_line end_column", _COUNT)}))
_FINDING = _keys(
    {
        **_all("code name message fix reference", _TEXT),
        "severity": {"enum": ["error", "warning", "note"]},
        "subject": _SUBJECT,
        "location": _LOCATION,
        "related": _list(_keys({"message": _TEXT, "location": _LOCATION})),
        "fixable": _or_null({"enum": ["safe", "unsafe"]}),
    },
    suppressed_by=_TEXT,
    reason=_or_null(_TEXT),
)
_TASK = {**_all("job type operation side repository task", _TEXT)}
_CANDIDATE = _keys(
    {
        "server": _TEXT,
        "eligible": {"type": "boolean"},
        "checks": _list(_keys({"check": _TEXT, "ok": _or_null({"type": "boolean"}), "why": _TEXT})),
        "rank": _or_null({"type": "array"}),
    }
)
_DECISION = _keys(
    {
        **_TASK,
        "workloads": _list(_TEXT),
        "disks": _COUNT,
        "outcome": _OUTCOME,
        **_all("reason gateway proxy data_mover tier choice", _or_null(_TEXT)),
        **_all("selection rule certainty reference why", _TEXT),
        **_all("fallbacks path notes", _list(_TEXT)),
        "wan_hops": _COUNT,
    },
    tiers=_list(_keys({"tier": _TEXT, "candidates": _list(_CANDIDATE)})),
)
_GATEWAY = _keys({"server": _TEXT, **_all("tasks at_once disks", _COUNT), "slots": _or_null(_COUNT)})
_STATE = _or_null(_keys({"outcome": _OUTCOME, **_all("gateway reason", _or_null(_TEXT))}))
_RESULT = _keys(
    {
        "down": _list(_TEXT),
        **_all("lost blocked moved", _COUNT),
        **_all("jobs_lost jobs_blocked operations_lost operations_blocked", _list(_TEXT)),
        "peak": _or_null(_keys({"server": _TEXT, "share": _SHARE})),
    }
)
_EDIT = _keys(
    {
        **_all("kind name", _TEXT),
        "change": {"enum": ["added", "removed", "changed", "renamed"]},
        "was": _or_null(_TEXT),
        "keys": _list(_keys({"key": _TEXT, "before": {}, "after": {}})),
        "effect": _or_null({"type": "boolean"}),
    },
    guessed={"const": True},
)
_NEWS = _keys({"subject": _SUBJECT, **_all("what why", _TEXT), **_all("key origin", _or_null(_TEXT))})
_NODE = _keys(
    {
        "id": _TEXT,
        "kind": {"enum": ["source", "proxy", "gateway", "repository", "site", "stub"]},
        "label": _TEXT,
        "site": _or_null(_TEXT),
        "members": _list(_TEXT),
        "tasks": _COUNT,
        **_all("at_once slots", _or_null(_COUNT)),
        "state": {"enum": ["ok", "busy", "over", "idle", "down", "failed", "blocked"]},
        "machines": _or_null(_COUNT),
        "offloads": _COUNT,
        "words": _list(_TEXT),
        "failure_domains": _list(_TEXT),
    }
)
_EDGE = _keys(
    {
        **_all("from to", _TEXT),
        "kind": {"enum": ["data", "offload", "unserved", "fallback", "link", "fabric"]},
        **_all("tasks wan_hops", _COUNT),
        "jobs": _list(_TEXT),
        "moved": _COUNT,
        "before": _or_null(_COUNT),
        "label": _TEXT,
        "down": {"type": "boolean"},
    }
)
_EFFECT = _keys(
    {
        **_all("single_points_of_failure failed blocked wan_decisions findings", _pair(_COUNT)),
        "worst_share": _pair(_SHARE),
    }
)
_CHANGE = _keys(
    {
        "kind": {"enum": ["list", "mount", "proxy", "limit", "zone", "server"]},
        "path": _list(_TEXT),
        "before": {},
        "after": {},
        "text": _TEXT,
    }
)
_PROBLEM = _keys(
    {
        **_all("id element", _TEXT),
        "kind": {"enum": ["failing", "loss", "overload", "wan"]},
        "jobs": _list(_TEXT),
        "decisions": _COUNT,
        "helped": {"type": "boolean"},
        "why": _or_null(_TEXT),
    }
)
_SMALLEST_SET = _keys(
    {
        "changes": _list(_CHANGE),
        **_all("removes leaves conditions", _list(_TEXT)),
        "proven": {"type": "boolean"},
        "bound": _COUNT,
    },
    effect=_or_null(_EFFECT),
)
_SUGGESTION = _keys({"changes": _list(_CHANGE), **_all("removes conditions", _list(_TEXT)), "effect": _EFFECT})

_BODIES: dict[str, tuple[dict[str, Rule], dict[str, Rule]]] = {
    "plan": (
        {
            "decisions": _list(_DECISION),
            "gateways": _list(_GATEWAY),
            "findings": _list(_FINDING),
            "summary": _keys(_all("decisions assigned none_needed failed blocked not_covered", _COUNT)),
        },
        {},
    ),
    "findings": (
        {"findings": _list(_FINDING), "summary": _keys(_all("error warning note suppressed", _COUNT))},
        {"suppressed": _list(_FINDING), "fixed": _list(_FINDING)},
    ),
    "whatif": (
        {
            "changes": _list(_keys({**_TASK, "before": _STATE, "after": _STATE, "change": _TEXT})),
            "running": _keys({"tasks_failing": _COUNT, "jobs_failing": _list(_TEXT)}),
            "next_start": _keys(
                {**_all("moved rebalanced lost blocked", _COUNT), **_all("jobs_lost jobs_blocked", _list(_TEXT))}
            ),
            "gateways": _list(
                _keys({"server": _TEXT, **_all("tasks_before tasks_after", _COUNT), "slots": _or_null(_COUNT)})
            ),
        },
        {},
    ),
    "sweep": (
        {
            **_all("order elements scenarios", _COUNT),
            "results": _list(_RESULT),
            "single_points_of_failure": _list(_TEXT),
            "fragile": _list(_keys({"job": _TEXT, "elements": _list(_TEXT)})),
        },
        {},
    ),
    "graph": (
        {
            **_all("view title description", _TEXT),
            "nodes": _list(_NODE),
            "edges": _list(_EDGE),
            "bands": _list(_keys({"site": _or_null(_TEXT), "label": _TEXT, **_all("members nodes", _list(_TEXT))})),
            "notes": _list(_TEXT),
        },
        {},
    ),
    "recommendation": (
        {
            "problems": _list(_PROBLEM),
            "smallest_set": _or_null(_SMALLEST_SET),
            "suggestions": _list(_SUGGESTION),
            "summary": _keys(_all("problems helped suggestions changes_tried", _COUNT)),
        },
        {},
    ),
    "diff": (
        {
            **_all("before after", _keys({"inventory": _TEXT, "product_version": _TEXT})),
            "verdict": {"enum": ["worse", "better", "changed", "same"]},
            "inventory": _list(_EDIT),
            "changes": _list(_keys({**_TASK, "before": _STATE, "after": _STATE, "change": _TEXT})),
            "findings": _keys(_all("new fixed", _list(_FINDING))),
            "single_points_of_failure": _keys(_all("new gone", _list(_TEXT)), skipped={"const": True}),
            "gateways": _list(
                _keys(
                    {
                        "server": _TEXT,
                        **_all("tasks_before tasks_after", _COUNT),
                        **_all("slots_before slots_after", _or_null(_COUNT)),
                    }
                )
            ),
            "summary": _keys(
                _all(
                    "lost blocked restored moved rebalanced appeared gone findings_new findings_fixed "
                    "single_points_new single_points_gone entries_added entries_removed entries_changed "
                    "entries_renamed",
                    _COUNT,
                )
            ),
        },
        {},
    ),
    "import": (
        {
            "source": _keys({**_all("kind where", _TEXT), "revision": _or_null(_TEXT)}),
            "read": _list(_keys({**_all("what origin", _TEXT), "count": _COUNT})),
            **_all("guessed cannot_tell left_out", _list(_NEWS)),
            "changes": _list(_keys({"change": _TEXT, "path": _list(_TEXT)})),
            "summary": _keys(_all("read guessed cannot_tell left_out changes", _COUNT)),
        },
        {},
    ),
}
