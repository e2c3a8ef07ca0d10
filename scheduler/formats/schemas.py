"""JSON Schemas of what is read and written. The one of scenario.yaml is for editors and says what the reader takes."""

from __future__ import annotations

import json
from typing import Any

from scheduler.domain.scenario import ScenarioFile
from scheduler.formats.output_schemas import DIALECT, output_schema

SCHEMA_FILE = "scenario.schema.json"
KINDS = ("scenario", "schedule", "kpis", "deliveries")
_DATE = r"^\s*\d{4}-\d{1,2}-\d{1,2}"
_TIME = r"[Tt\s]\s*\d{1,2}:\d{2}(:\d{2}(\.\d{1,6})?)?\s*(Z|[+-]\d{2}:?\d{2})?"
_PATTERNS = {"date": _DATE + r"\s*$", "date-time": _DATE + f"({_TIME})?" + r"\s*$"}


def schema(kind: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of 'scenario', 'schedule', 'kpis' or 'deliveries'. Raises KeyError for another kind."""
    if kind != "scenario":
        return output_schema(kind)
    made = ScenarioFile.model_json_schema(by_alias=True)
    return {"$schema": DIALECT, **_as_read(made), "title": "scenario"}


def schema_text(kind: str) -> str:
    """The schema as the text of a file."""
    return json.dumps(schema(kind), indent=2, ensure_ascii=False) + "\n"


def _as_read(node: Any) -> Any:
    """What the reader takes beyond the model: short dates, a number where a text is wanted, 0 for a duration."""
    if isinstance(node, list):
        return [_as_read(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    kind = node.get("type")
    if kind == "string" and node.get("format") in _PATTERNS:
        rest = {key: value for key, value in node.items() if key != "format"}
        return {**rest, "pattern": _PATTERNS[node["format"]]}
    if kind == "string" and not {"pattern", "enum", "const"} & set(node):
        return {**node, "type": ["string", "number", "boolean"]}
    if kind == ["string", "integer"] and "pattern" in node:
        rest = {key: value for key, value in node.items() if key not in ("type", "pattern")}
        return {**rest, "anyOf": [{"type": "string", "pattern": node["pattern"]}, {"const": 0}]}
    found = {key: _as_read(value) for key, value in node.items() if key != "title" or not isinstance(value, str)}
    if isinstance(found.get("description"), str):
        found["description"] = " ".join(found["description"].split())
    return found
