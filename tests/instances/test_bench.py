"""Every public instance of the sets we read, where a collection is at hand (SCHEDULER_BENCH names its folder)."""

import json
import os
from pathlib import Path

import pytest

from scheduler.formats.instances import read_instance
from scheduler.formats.instances.index import OTHER_SETS

BENCH = Path(os.environ.get("SCHEDULER_BENCH", "."))
pytestmark = pytest.mark.skipif("SCHEDULER_BENCH" not in os.environ, reason="SCHEDULER_BENCH names no folder")


def test_all_are_read_and_have_the_size_the_index_says() -> None:
    index = json.loads((BENCH / "index.json").read_text())
    for name, entry in index.items():
        if entry["set"] in OTHER_SETS:
            continue
        scenario = read_instance(f"{BENCH}/index.json#{name}")
        routings = [variant.routing for variant in scenario.orders.variants]
        sizes = [len(routing.operations) for routing in routings if routing]
        if entry["set"] == "fajsp_bom_linshan":
            assert len(scenario.catalog.families) == entry["products"], name
            assert len(scenario.plant.cells) == entry["process_machines"] + entry["assembly_machines"], name
            continue
        assert scenario.name == name
        assert len(scenario.plant.cells) == entry.get("machines", len(scenario.plant.cells)), name
        assert len(sizes) == entry.get("jobs", len(sizes)), name
        assert sum(sizes) == entry.get("operations", sum(sizes)), name
        assert len(scenario.plant.crews) == entry.get("workers", len(scenario.plant.crews)), name
        assert len(scenario.orders) == entry.get("orders", len(scenario.orders)), name
        if "avg_alternatives" not in entry:
            continue
        modes = sum(1 + len(o.alternatives) for r in routings if r for o in r.operations.values())
        assert modes / sum(sizes) == pytest.approx(entry["avg_alternatives"], abs=0.006), name
