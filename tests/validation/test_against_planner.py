"""What the planner explodes and pegs, the judge accepts, having read the same catalog by itself; and costs agree."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scheduler.domain.scenario import Scenario
from scheduler.errors import InputError
from scheduler.evaluation.costs import costs, measures
from scheduler.validation.columns import Columns, columns_of
from scheduler.validation.context import Context
from scheduler.validation.costs import measured
from scheduler.validation.judge import validate
from tests.factories import make, plain_factory, tiny_factory
from tests.validation.serial import serial

MINUTES = st.integers(0, 30).map(lambda n: f"{n} min")
WORK = st.fixed_dictionaries({"fixed": MINUTES, "per_piece": MINUTES})
CHANGE = st.fixed_dictionaries(
    {},
    optional={
        "work": WORK,
        "add_work": WORK,
        "cost": st.integers(0, 9),
        "add_cost": st.integers(0, 9),
        "duration_percent": st.sampled_from([33, 50, 100, 150]),
        "capability": st.just("fine"),
    },
)
USES = [
    {"component": "lid", "quantity": 2, "at": "pack"},
    {"component": "bar", "at": "cut"},
    {"component": "bar", "quantity": 3},
    {"component": "frame"},
    {"component": "jig", "at": "join"},
    {"component": "gauge"},
    {"component": "{size} foot", "quantity": 4, "at": "pack"},
]
KNOWN = ["cut", "join", "pack", "frame/weld", "frame/grind", "jig/mill"]


@st.composite
def choices(draw: st.DrawFn, number: int) -> dict[str, Any]:
    """One choice with a few effects, some on a component."""
    beside = st.lists(st.sampled_from(KNOWN[:3]), max_size=1)
    place = {k: draw(beside) for k in ("after", "before") if draw(st.booleans())}
    added = {f"new {number}": {"capability": "work", "work": draw(WORK), **place}} if draw(st.booleans()) else {}
    if draw(st.integers(0, 3)) == 0:
        added[f"frame/coat {number}"] = {"capability": "fine", "work": draw(WORK), "after": ["weld"]}
    return {
        "cost": draw(st.integers(-2, 5)),
        "remove_operations": draw(st.lists(st.sampled_from(KNOWN[:5]), max_size=1)),
        "remove_components": draw(st.sampled_from([[], [], [], ["frame"], ["bar"]])),
        "add_components": draw(st.lists(st.sampled_from(USES), max_size=2)),
        "add_operations": added,
        "change_operations": draw(st.dictionaries(st.sampled_from(KNOWN[:5]), CHANGE, max_size=2)),
    }


@st.composite
def boxes(draw: st.DrawFn) -> Scenario:
    """A factory of boxes with frames, bars, a made and a bought tool, three options of random effect, some orders."""
    options = {"size": {"default": "small", "choices": {"small": {}, "large": draw(choices(0))}}}
    for n in (1, 2):
        options[f"extra {n}"] = {"default": "no", "choices": {"no": {}, "yes": draw(choices(n))}}
    joined = {"work": draw(WORK), "alternatives": [{"work": draw(WORK), "cost": 3}, {"capability": "fine"}]}
    family = {
        "material_cost": 3,
        "options": options,
        "components": [{"component": "frame", "at": "join"}, *draw(st.lists(st.sampled_from(USES), max_size=3))],
        "operations": {
            "cut": {"capability": "work", "work": draw(WORK)},
            "join": {"capability": "work", **joined},
            "pack": {"capability": "work", "work": draw(WORK), "needs": {"size": "{size}"}},
        },
    }
    stock = st.integers(0, 6)
    buy = {"lead_time": "5 h", "price": 2}
    foot = {"stock": draw(stock), "stock_value": 1, "buy": buy}
    components = {
        "frame": {
            "stock": draw(stock),
            "stock_value": 30,
            "material_cost": 2,
            "components": [{"component": "bar", "quantity": 2}, *draw(st.sampled_from([[], [{"component": "jig"}]]))],
            "operations": {"weld": {"capability": "work", "work": draw(WORK)}, "grind": {"capability": "work"}},
        },
        "bar": {"stock": draw(stock), "stock_value": 1, "buy": buy},
        "lid": {"stock": draw(stock), "material_cost": 1, "operations": {"bend": {"capability": "fine"}}},
        "small foot": foot,
        "large foot": foot,
        "jig": {
            "kind": "tool",
            "stock": draw(st.integers(0, 1)),
            "material_cost": 50,
            "components": [{"component": "bar", "quantity": 3}],
            "operations": {"mill": {"capability": "work", "work": draw(WORK)}},
        },
        "gauge": {"kind": "tool", "stock": draw(st.integers(0, 1)), "buy": buy},
    }
    cell = {
        "hourly_cost": 50,
        "capabilities": ["work", "fine"],
        "configurations_from": {"size": ["small", "large"]},
        "location": "hall",
        "calendar": "day",
        "reconfiguration": {"default": {"time": "25 min", "cost": 3}},
        "resources": {"one": {}, "two": {"location": "yard", "initial_configuration": "small"}},
    }
    plant = {
        "locations": ["hall", "yard"],
        "transport": {"default": "7 min"},
        "calendars": {"day": {"weekly": {"mon-fri": ["06:00-12:00", "12:30-24:00"]}}},
    }
    factory = plain_factory({"benches": cell}, catalog={"families": {"box": family}, "components": components})
    factory["plant"] |= plant
    factory["policy"] = {"holding_percent_per_day": 1}
    orders = [
        {
            "id": f"O{i}",
            "family": "box",
            "quantity": draw(st.integers(1, 4)),
            "price": 90,
            "penalty_per_day": 70,
            "choices": {o: draw(st.sampled_from(sorted(spec["choices"]))) for o, spec in options.items()},
            "release": f"2024-01-01T0{draw(st.integers(0, 9))}:30:00",
            "due": f"2024-01-0{draw(st.integers(2, 5))}",
        }
        for i in range(draw(st.integers(1, 4)))
    ]
    return make(factory, orders)


@settings(max_examples=80, deadline=None)
@given(scenario=boxes())
def test_the_judge_reads_the_catalog_as_the_planner_does(scenario: Scenario) -> None:
    try:
        made = serial(scenario)
    except InputError:
        assume(False)
    assert validate(scenario, made) == []
    columns = columns_of(made)
    assert isinstance(columns, Columns)
    assert measured(Context(scenario, made, columns)) == measures(scenario, made, costs(scenario, made))


def test_the_cabinets_as_planned_are_accepted() -> None:
    scenario = make(tiny_factory())
    assert validate(scenario, serial(scenario)) == []
