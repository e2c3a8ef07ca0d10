"""Tiny files in the formats of the outside sets, written for these tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scheduler.domain.catalog import Alternative, Operation
from scheduler.domain.scenario import Scenario
from scheduler.formats.instances import read_instance

WORKERS = """2 2 3
2 1 1 2 1 5 2 7 2 1 1 3 6 2 2 1 9 3 2
1 1 2 1 2 4
"""

ACCEPTANCE = """0,3,0,7,0
0,4,5,2,0
0,12,9,10,0
0,15,14,20,0
0,9,6,3.5,0
0,3,1.2,0.3333,0
0,2,1,4,0
0,0,3,2,0
0,5,0,1,0
0,2,6,0,0
0,0,0,0,0
"""
"""Three orders. Machine state 0 at the start; by hand in test_acceptance."""

PRINTING: dict[str, Any] = {
    "resources": [
        {"id": 1, "setup_size": [2, 3], "setup_color": 1, "setup_varnish": 4, "availability": [0, 20, 25, 60]},
        {"id": 2, "setup_size": [1, 1], "setup_color": 2, "setup_varnish": 0, "availability": [5, 40]}],
    "jobs": [
        {"id": 1, "rid": 1, "priority": 0, "duedate": 0, "topology": [
            {"id": 1, "rid": 1, "connection": 0, "starting": 10, "release": 3, "overlap": 1.0, "size": 4, "color": 1,
             "varnish": 1, "resources": [1], "time": [6], "sucessors": [3]},
            {"id": 2, "rid": 2, "connection": 0, "starting": -1, "release": 7, "overlap": 0.55, "size": 6, "color": 1,
             "varnish": 2, "resources": [1, 2], "time": [9, 11], "sucessors": [3]},
            {"id": 3, "rid": 3, "connection": 0, "starting": -1, "release": 0, "overlap": 1.0, "size": 4, "color": 2,
             "varnish": 1, "resources": [2], "time": [8], "sucessors": []}]},
        {"id": 2, "rid": 2, "priority": 0, "duedate": 0, "topology": [
            {"id": 4, "rid": 4, "connection": 0, "starting": -1, "release": 0, "overlap": 1.0, "size": 4, "color": 1,
             "varnish": 1, "resources": [1], "time": [5], "sucessors": []}]}]}

MODULES: dict[str, Any] = {"instance": {
    "fatigue": {"disassembly_accumulation_rate_per_minute": 0.03, "disassembly_time_coefficient": 0.2,
                "idle_recovery_rate_per_minute": 0.01, "initial_fatigue": 0.1,
                "installation_accumulation_rate_per_minute": 0.03, "installation_time_coefficient": 0.1,
                "maximum_safe_fatigue": 0.5},
    "instance_id": "tiny", "instance_type": "test", "schema_version": "1.0.0", "sets": {}, "waves": {},
    "time": {"horizon": 100.0, "resolution": 0.5, "unit": "minute"},
    "truncation": {"unfinished_order_penalty_per_order": 100.0},
    "modules": {"A": {"fixed_disassembly_cost": 1.0, "fixed_installation_cost": 2.0},
                "B": {"fixed_disassembly_cost": 3.0, "fixed_installation_cost": 4.5}},
    "machines": [
        {"id": "M1", "downtime_cost_per_minute": 2.0, "initial_module": "A", "module_parameters": {
            "A": {"disassembly_base_time": 3.0, "installation_base_time": 2.0, "processing_speed_factor": 0.9},
            "B": {"disassembly_base_time": 2.5, "installation_base_time": 4.0, "processing_speed_factor": 1.1}}},
        {"id": "M2", "downtime_cost_per_minute": 1.0, "initial_module": "B", "module_parameters": {
            "B": {"disassembly_base_time": 2.0, "installation_base_time": 2.0, "processing_speed_factor": 1.0}}}],
    "workers": [
        {"id": "H1", "initial_fatigue": 0.1, "labor_cost_per_minute": 1.0, "qualified_modules": ["A", "B"]},
        {"id": "H2", "initial_fatigue": 0.1, "labor_cost_per_minute": 1.0, "qualified_modules": ["A"]},
        {"id": "H3", "initial_fatigue": 0.1, "labor_cost_per_minute": 1.0, "qualified_modules": ["B"]}],
    "orders": [
        {"id": "R1", "release_time": 1.2, "wave": "W1", "operations": [
            {"id": "second", "base_processing_time": 5.0, "required_module": "B", "sequence": 2},
            {"id": "first", "base_processing_time": 10.0, "required_module": "A", "sequence": 1}]},
        {"id": "R2", "release_time": 0.0, "wave": "W1", "operations": [
            {"id": "only", "base_processing_time": 4.0, "required_module": "B", "sequence": 1}]}]}}

BOM = {
    "based_data.csv": "kind_count,process_machine_count,assemble_machine_count,product_count,kind_number\n"
                      '2,2,1,1,"(6, 2, 2)"\n',
    "assemble_data.csv": 'product2_component\n"(0, 1)"\n',
    "process_data.csv": 'kind,task,machine_selectable,process_time,cost_count\n0,0,"(0, 1)","(3, 4)","[[], [1]]"\n'
                        '0,1,"(1,)","(2,)","[[(0, 0)], [1]]"\n1,0,"(0,)","(5,)","[[], [1]]"\n'
                        '2,0,"(2,)","(6,)","[[(0, 1)], [2]]"\n'
                        '2,1,"(2,)","(4,)","[[(2, 0), (1, 0), (0, 1)], [1, 1, 1]]"\n'}
"""Two products, each of one piece of 2.0 (of two parts 0), one part 1 and one more part 0."""


def read_text(folder: Path, name: str, content: str) -> Scenario:
    (folder / name).write_text(content)
    return read_instance(str(folder / name))


def read_json(folder: Path, content: object, name: str = "tiny.json") -> Scenario:
    return read_text(folder, name, json.dumps(content, indent=1))


def write_bom(folder: Path, files: dict[str, str] | None = None) -> Path:
    target = folder / "tiny"
    target.mkdir()
    for name, content in (files or BOM).items():
        (target / name).write_text(content)
    return target


def operations(scenario: Scenario, order: str) -> dict[str, Operation]:
    variant = scenario.orders.variants[scenario.orders.variant[scenario.orders.index()[order]]]
    assert variant.routing is not None
    return variant.routing.operations


def ways(operation: Operation) -> list[tuple[str, int, tuple[str, ...]]]:
    """(resource, duration, skills of the crews) of each mode."""
    found = []
    modes: list[Operation | Alternative] = [operation, *operation.alternatives]
    for mode in modes:
        assert mode.resources is not None
        assert mode.work is not None
        crews = mode.crews if mode.crews is not None else operation.crews
        found.append((mode.resources[0], mode.work.fixed, tuple(need.skill for need in crews)))
    return found
