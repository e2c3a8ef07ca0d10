"""JSON Schemas (2020-12) of what is written: schedule.json, kpis.json and the rows of deliveries.csv."""

from __future__ import annotations

from typing import Any

from scheduler.domain.policy import MEASURES
from scheduler.domain.schedule import SOURCES, STATUSES
from scheduler.formats import schedule_json, tables, writers

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
INTEGER: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
OPERATIONS = {
    "lot": "index into lots", "name": "index into names", "resource": "index into resources",
    "configuration": "index into the configurations of the resource",
    "mode": "0 for the operation as given, k for its k-th alternative", "start": "tick", "end": "tick, not included",
    "rec_start": "tick at which the reconfiguration before it starts", "rec_end": "its end; equal where there is none",
    "position": "place in the sequence of the resource, from 0"}
MORE = {
    "leave": "tick at which the lot leaves the resource, after `end` where the buffer behind it is full",
    "team": "index into teams", "batch": "equal numbers ran as one batch, -1: alone"}
"""Columns of operations that only some schedules have."""
CARRIES = {"before": "index into operations", "after": "index into operations: where it goes", "start": "tick",
           "end": "tick"}
PEGS = {
    "order": "index into orders: whose need it covers", "source": f"index into {', '.join(SOURCES)}",
    "lot": "index of the lot that supplies it, -1 for stock and purchases", "consumer": "index of the lot that uses it",
    "quantity": "pieces", "available": "tick from which it is there, -1 where the lot's completion says"}


def output_schema(name: str) -> Schema:
    """The schema of 'schedule', 'kpis' or 'deliveries'. Raises KeyError for another name."""
    made = {"schedule": _schedule, "kpis": _kpis, "deliveries": _deliveries}[name]()
    return {"$schema": DIALECT, "title": name, **made}


def _object(properties: Schema, more: bool = False) -> Schema:
    return {"type": "object", "required": list(properties), "properties": properties, "additionalProperties": more}


def _list(items: Schema, description: str = "") -> Schema:
    return {"type": "array", "items": items, **({"description": description} if description else {})}


def _or_null(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


def _columns(texts: dict[str, str], integers: dict[str, str]) -> Schema:
    return _object({**{name: _list(TEXT, text) for name, text in texts.items()},
                    **{name: _list(INTEGER, text) for name, text in integers.items()}})


def _solve() -> Schema:
    return {"scenario": TEXT, "status": {"enum": list(STATUSES)},
            "measure": {**TEXT, "examples": list(MEASURES)}, "objective": _or_null(INTEGER),
            "bound": _or_null(NUMBER)}


def _schedule() -> Schema:
    event = {"type": "array", "prefixItems": [NUMBER, _or_null(INTEGER), _or_null(NUMBER), TEXT], "items": False,
             "minItems": 4, "description": "seconds, objective, bound, who"}
    header = _object({**_solve(), "bound_source": TEXT, "engine": TEXT, "seed": INTEGER, "wall_seconds": NUMBER,
                      "trace": _list(event), "levels": _list({"type": "object"})}, more=True)
    made = _object({
        "format": {"const": schedule_json.FORMAT}, "version": {"const": schedule_json.VERSION}, "header": header,
        "orders": _list(TEXT), "resources": _list(TEXT), "configurations": _list(_list(TEXT), "per resource"),
        "names": _list(TEXT, "names of operations"),
        "lots": _columns({"id": "", "item": "'' for the product itself, else the component"},
                         {"order": "index into orders, -1 for a shared lot", "quantity": "pieces"}),
        "operations": _columns({}, OPERATIONS), "pegs": _columns({"component": ""}, PEGS)}, more=True)
    made["properties"]["operations"]["properties"].update({name: _list(INTEGER, text) for name, text in MORE.items()})
    window = {"type": "array", "prefixItems": [TEXT, INTEGER, INTEGER], "items": False, "minItems": 3}
    made["properties"].update({
        "teams": _list(_list(TEXT), "the crews of an operation's needs, in their order"),
        "carries": {**_columns({}, CARRIES), "description": "transports by limited vehicles"},
        "overtime": _list({**window, "description": "calendar, start, end"}, "what was bought"),
        "refused": _list(INTEGER, "orders (index) that are not made")})
    return made


def _kpis() -> Schema:
    return _object({
        "format": {"const": writers.KPIS_FORMAT}, "version": {"const": writers.VERSION}, **_solve(),
        "gap": _or_null(NUMBER), "units": _object({"time": TEXT, "money": TEXT}),
        "values": {"type": "object", "description": "figures by name; null where there is nothing to measure"}},
        more=True)


def _deliveries() -> Schema:
    """A row; every field of a CSV file is text."""
    time = {"type": "string", "description": "ISO 8601 with offset, or a tick on an integer axis; empty: none"}
    money = {"type": "string", "pattern": r"^-?\d+\.\d\d$"}
    whole = {"type": "string", "pattern": r"^\d+$"}
    number = {"type": "string", "pattern": r"^(\d+(\.\d+)?)?$"}
    kinds = {"order": TEXT, "customer": TEXT, "family": TEXT, "quantity": whole, "priority": whole,
             "late": {"enum": ["yes", "no", ""]}, "lateness_hours": number,
             **dict.fromkeys(("release", "due", "promised", "deadline"), time)}
    row = _object({name: kinds.get(name, money) for name in tables.DELIVERIES})
    row["required"].remove("lateness_hours")
    row["properties"].update(dict.fromkeys(tables.DELIVERIES_MORE, money))
    row["properties"]["lateness"] = {**number, "description": "ticks, on an integer axis, instead of lateness_hours"}
    return {"type": "array", "items": row}
