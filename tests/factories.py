"""Small factories for tests: `make(tiny_factory(), tiny_orders())` is a whole scenario worked by hand.

The factory sells cabinets. A cabinet has a body and two hinges; the body is pressed with a mould that is made once.
Two cells: 'paint' with two booths that change colour, 'assembly' with two benches, and a 'shop' that presses.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from datetime import date
from typing import Any

from scheduler.domain.assemble import assemble
from scheduler.domain.orders import OrderEntry
from scheduler.domain.scenario import Scenario, ScenarioFile

_TINY: dict[str, Any] = {
    "version": 1,
    "name": "tiny",
    "origin": "2024-01-01T00:00:00",
    "time_zone": "UTC",
    "tick": "1 min",
    "plant": {
        "locations": ["hall", "annex"],
        "transport": {"default": "10 min"},
        "calendars": {"day": {"weekly": {"mon-fri": ["08:00-16:00"]}},
                      "long": {"weekly": {"mon-sat": ["06:00-22:00"]}}},
        "cells": {
            "shop": {"location": "hall", "hourly_cost": 30, "capabilities": ["press", "mill"], "calendar": "long",
                     "resources": {"press1": {}}},
            "paint": {
                "location": "annex", "hourly_cost": 60, "calendar": "day", "capabilities": ["paint"],
                "configurations_from": {"colour": ["white", "red", "blue"]},
                "reconfiguration": {
                    "attributes": {"colour": {"time": "20 min", "cost": 5}},
                    "pairs": [{"from": "white", "to": "red", "time": "5 min", "cost": 1}],
                },
                "resources": {"booth1": {"initial_configuration": "white"}, "booth2": {"hourly_cost": 90}},
            },
            "assembly": {"location": "hall", "hourly_cost": 24, "calendar": "day", "capabilities": ["assemble", "test"],
                         "resources": {"bench1": {}, "bench2": {"calendar": "long"}}},
        },
    },
    "catalog": {
        "components": {
            "body": {"material_cost": 12, "stock": 0, "stock_value": 15,
                     "components": [{"component": "sheet", "quantity": 3}, {"component": "mould"}],
                     "operations": {"press": {"capability": "press",
                                              "work": {"fixed": "10 min", "per_piece": "2 min"}}}},
            "sheet": {"stock": 6, "stock_value": 4, "buy": {"lead_time": "1 d", "price": 5}},
            "hinge": {"stock": 0, "stock_value": 1, "buy": {"lead_time": "4 h", "price": 1.5}},
            "lock": {"buy": {"lead_time": "2 d", "price": 20}},
            "mould": {"kind": "tool", "material_cost": 200,
                      "operations": {"mill": {"capability": "mill", "work": {"fixed": "2 h"}, "cost": 10}}},
        },
        "families": {
            "cabinet": {
                "price": 300, "material_cost": 10,
                "options": {
                    "colour": {"default": "white", "choices": {
                        "white": {},
                        "red": {"price": 20, "cost": 2},
                        "blue": {"price": 20, "cost": 3,
                                 "change_operations": {"paint": {"add_work": {"fixed": "15 min"}}}},
                    }},
                    "lock": {"default": "no", "choices": {
                        "no": {},
                        "yes": {"price": 40, "cost": 1,
                                "add_components": [{"component": "lock", "at": "fit lock"}],
                                "add_operations": {"fit lock": {
                                    "capability": "assemble", "work": {"per_piece": "6 min"},
                                    "after": ["assemble"], "before": ["test"]}}},
                    }},
                },
                "components": [{"component": "body"}, {"component": "hinge", "quantity": 2, "at": "assemble"}],
                "operations": {
                    "paint": {"capability": "paint", "needs": {"colour": "{colour}"},
                              "work": {"fixed": "5 min", "per_piece": "10 min"}},
                    "assemble": {"capability": "assemble", "work": {"per_piece": "20 min"},
                                 "alternatives": [{"work": {"per_piece": "12 min"}, "cost": 8}]},
                    "test": {"capability": "test", "work": {"fixed": "10 min"}},
                },
            },
        },
    },
    "value_classes": {"A": {"priority": 3, "penalty_per_day": 50}, "B": {"priority": 1, "penalty_percent": 2}},
    "customers": {"ACME": {"value_class": "A"}, "Bolt": {"value_class": "B"}},
    "policy": {"holding_percent_per_day": 0.1},
}


def merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """`base` with `over` laid on top: mappings are merged, everything else replaces; None removes a key."""
    result = dict(base)
    for key, value in over.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict) and isinstance(result.get(key), dict):
            result[key] = merged(result[key], value)
        else:
            result[key] = value
    return result


def tiny_factory(**overrides: Any) -> dict[str, Any]:
    """A ScenarioFile as a plain dict; overrides are merged in, such as `policy={"objective": "makespan"}`."""
    return merged(deepcopy(_TINY), overrides)


def tiny_orders() -> list[dict[str, Any]]:
    """Four orders in three variants; the first two share the six sheets in stock, all wait for one mould."""
    return [
        {"id": "A1", "family": "cabinet", "quantity": 2, "customer": "ACME", "due": date(2024, 1, 3)},
        {"id": "A2", "family": "cabinet", "quantity": 1, "customer": "Bolt", "choices": {"colour": "red"},
         "due": "2024-01-04T12:00:00"},
        {"id": "A3", "family": "cabinet", "quantity": 3, "choices": {"colour": "blue", "lock": "yes"},
         "release": date(2024, 1, 2), "due": date(2024, 1, 8), "penalty_per_day": 25},
        {"id": "A4", "family": "cabinet", "quantity": 1, "customer": "ACME", "may_leave_early": False,
         "due": date(2024, 1, 5), "deadline": date(2024, 1, 12)},
    ]


def make(factory: dict[str, Any], orders: Iterable[dict[str, Any]] | None = None) -> Scenario:
    """The scenario of a ScenarioFile dict and order dicts (fields of OrderEntry); without orders, `tiny_orders()`."""
    entries = tiny_orders() if orders is None else orders
    return assemble(ScenarioFile.model_validate(factory), [OrderEntry.model_validate(entry) for entry in entries])


def plain_factory(cells: dict[str, Any], **overrides: Any) -> dict[str, Any]:
    """A factory with these cells only, integer minutes from 2024-01-01 (a Monday), and no catalog of its own."""
    return merged({"version": 1, "name": "plain", "origin": "2024-01-01T00:00:00", "time_zone": "UTC",
                   "plant": {"cells": cells}, "catalog": {}}, overrides)
