"""Small whole factories that nobody wrote: every engine solves them, and nothing they say contradicts anything.

`python -m tests.generated` does the same with as many as are wanted.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from scheduler.loading import load
from scheduler.planning.build import build
from scheduler.usecases.solve import Options, solve
from scheduler.validation.judge import validate
from tests.generated.factories import Factory, factories, seeded
from tests.generated.proof import prove

COUNT = 60
SIDE_BY_SIDE = 5
"""Every such factory is solved in two threads too."""


@pytest.mark.parametrize("seed", range(10_000, 10_000 + COUNT))
def test_every_engine_tells_the_truth(seed: int) -> None:
    proof = prove(seeded(seed), limit=0.15, tries=5_000, beside=0.0 if seed % SIDE_BY_SIDE else 0.3)
    assert proof.wrong == []


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(made=factories())
def test_dispatching_gives_what_the_judge_accepts(made: Factory) -> None:
    scenario = made.scenario()
    found = solve(scenario, Options(engine="dispatch", time_limit=10))
    if found.schedule is not None:
        assert validate(scenario, found.schedule) == []
    else:
        budgets = scenario.policy.budgets.model_dump(exclude_none=True)
        assert found.missed or budgets, "without deadlines and budgets there is always a schedule"


@pytest.mark.parametrize("seed", range(10_000, 10_012))
def test_written_to_files_it_is_the_same_factory(tmp_path: Path, seed: int) -> None:
    made = seeded(seed)
    text = yaml.safe_dump({**made.file, "orders": made.orders}, sort_keys=False)
    (tmp_path / "scenario.yaml").write_text(text, "utf-8")
    read, meant = load(tmp_path), made.scenario()
    assert (read.plant, read.catalog, read.policy) == (meant.plant, meant.catalog, meant.policy)
    assert plain(read.orders) == plain(meant.orders)
    assert plain(build(read)) == plain(build(meant))


def plain(columns: Any) -> Any:
    """Columns as comparable values."""
    if hasattr(columns, "__dataclass_fields__"):
        return {name: plain(getattr(columns, name)) for name in columns.__dataclass_fields__}
    return columns.tolist() if hasattr(columns, "tolist") else columns


def test_they_are_of_many_kinds() -> None:
    """What is drawn has everything the words promise, somewhere in the suite."""
    drawn = [seeded(seed) for seed in range(10_000, 10_000 + COUNT)]
    text = " ".join(str(f.file) + str(f.orders) for f in drawn)
    for word in ("add_components", "remove_components", "add_operations", "remove_operations", "change_operations",
                 "duration_percent", "'before'", "requires", "excludes", "'kind': 'tool'", "lead_time", "alternatives",
                 "holidays", "maintenance", "available_from", "initial_configuration", "matrix", "pairs", "attributes",
                 "'rules': [{'", "one_way", "routing", "deadline", "budgets", "weights", "holding_percent_per_day",
                 "priority_factors", "'may_leave_early': False", "foot", "'resources': ["):
        assert word in text, word
    assert {str(f.file["policy"]["objective"]) for f in drawn} >= {"money", "makespan", "weighted_tardiness",
                                                                   "lead_time", "['makespan', 'money']"}
    for order in (o for f in drawn for o in f.orders if "due" in o):
        datetime.fromisoformat(order["due"])
    assert any(date.fromisoformat(o["due"]) for f in drawn for o in f.orders if len(o.get("due", "")) == 10)
