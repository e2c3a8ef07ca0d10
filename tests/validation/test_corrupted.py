"""Ways to corrupt a valid schedule, each caught by the right rule; and no way to make the judge raise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.results import Violation
from scheduler.domain.schedule import Schedule
from scheduler.validation.judge import validate
from tests.validation.hand import (
    cabinet_schedule,
    cabinets,
    computer_schedule,
    computers,
    job_shop,
    job_shop_schedule,
    moved,
    row,
    rules,
    with_header,
    with_part,
    with_rows,
    without_rows,
)

CABINETS, COMPUTERS, JOBS = cabinets(), computers(), job_shop()
BASE = {
    "cabinets": (CABINETS, cabinet_schedule(CABINETS)),
    "computers": (COMPUTERS, computer_schedule(COMPUTERS)),
    "jobs": (JOBS, job_shop_schedule(JOBS)),
}
ROWS = ("lot", "name", "resource", "configuration", "mode", "start", "end", "rec_start", "rec_end", "position")


def peg(made: Schedule, component: str, source: int | None = None) -> int:
    return next(
        i
        for i, c in enumerate(made.pegs.component)
        if c == component and (source is None or made.pegs.source[i] == source)
    )


def fewer_pegs(made: Schedule, gone: int) -> Schedule:
    pegs = made.pegs
    kept = [i for i in range(len(pegs.component)) if i != gone]
    columns = {n: getattr(pegs, n)[kept] for n in ("order", "source", "lot", "consumer", "quantity", "available")}
    return replace(made, pegs=replace(pegs, component=tuple(pegs.component[i] for i in kept), **columns))


def more_lots(made: Schedule, lot_id: str, item: str, order: int, quantity: int) -> Schedule:
    lots = made.lots
    return replace(
        made,
        lots=replace(
            lots,
            id=(*lots.id, lot_id),
            item=(*lots.item, item),
            order=np.append(lots.order, order),
            quantity=np.append(lots.quantity, quantity),
        ),
    )


def doubled(made: Schedule, which: int) -> Schedule:
    """A row twice, the second time at the end of its resource's sequence."""
    columns = {n: np.append(getattr(made, n), getattr(made, n)[which]) for n in ROWS}
    columns["position"][-1] = int((made.resource == made.resource[which]).sum())
    return replace(made, **columns)


def swapped(made: Schedule, a: int, b: int, *names: str) -> Schedule:
    for name in names:
        x, y = int(getattr(made, name)[a]), int(getattr(made, name)[b])
        made = with_rows(with_rows(made, a, **{name: y}), b, **{name: x})
    return made


CORRUPTIONS: dict[str, tuple[str, str, Callable[[Schedule], Schedule]]] = {
    "a column too short": ("jobs", "structure", lambda s: replace(s, end=s.end[:-1])),
    "a column of fractions": ("jobs", "structure", lambda s: replace(s, start=s.start + 0.5)),
    "no number": ("jobs", "structure", lambda s: replace(s, start=np.full(len(s), np.nan))),
    "a column missing": ("jobs", "structure", lambda s: replace(s, mode=None)),
    "lots too short": ("jobs", "structure", lambda s: replace(s, lots=replace(s.lots, item=()))),
    "resource out of range": ("jobs", "structure", lambda s: with_rows(s, 0, resource=2)),
    "negative resource": ("jobs", "structure", lambda s: with_rows(s, 0, resource=-1)),
    "configuration out of range": ("jobs", "structure", lambda s: with_rows(s, 0, configuration=7)),
    "lot out of range": ("jobs", "structure", lambda s: with_rows(s, 0, lot=99)),
    "name out of range": ("jobs", "structure", lambda s: with_rows(s, 0, name=-3)),
    "another name for a resource": ("jobs", "structure", lambda s: replace(s, resources=("m0", "m9"))),
    "orders of another scenario": ("jobs", "structure", lambda s: replace(s, orders=("0", "1", "2"))),
    "an operation twice": ("jobs", "structure", lambda s: doubled(s, 2)),
    "two lots of one id": ("computers", "structure", lambda s: with_part(s, "lots", 3, id="C1/board")),
    "a lot of an unknown item": ("computers", "structure", lambda s: with_part(s, "lots", 3, item="bord")),
    "a lot of an unknown order": ("computers", "structure", lambda s: with_part(s, "lots", 3, order=5)),
    "a lot of no pieces": ("computers", "structure", lambda s: with_part(s, "lots", 3, quantity=0)),
    "a peg to nowhere": ("computers", "structure", lambda s: with_part(s, "pegs", 0, lot=17)),
    "a peg of another order": ("computers", "structure", lambda s: with_part(s, "pegs", 0, order=1)),
    "a gap in a sequence": ("computers", "structure", lambda s: with_rows(s, 5, position=9)),
    "an operation missing": ("cabinets", "completeness", lambda s: without_rows(s, [4])),
    "an order missing": ("jobs", "completeness", lambda s: with_part(s, "lots", 1, order=0)),
    "an operation of another item": (
        "cabinets",
        "completeness",
        lambda s: with_rows(s, row(s, "A1", "test"), name=s.names.index("press")),
    ),
    "an unknown operation": ("jobs", "completeness", lambda s: replace(s, names=("0", "2"))),
    "a lot nobody needs": ("computers", "completeness", lambda s: more_lots(s, "more", "board", 0, 1)),
    "a second mould": ("cabinets", "completeness", lambda s: more_lots(s, "mould two", "mould", -1, 1)),
    "a mould for one order": ("cabinets", "completeness", lambda s: with_part(s, "lots", 0, order=0)),
    "too few of the product": ("cabinets", "completeness", lambda s: with_part(s, "lots", 1, quantity=1)),
    "a wrong resource": ("cabinets", "eligibility", lambda s: with_rows(s, row(s, "A1", "test"), resource=0)),
    "a wrong configuration": ("jobs", "eligibility", lambda s: with_rows(s, 2, configuration=0)),
    "a mode that is not there": ("jobs", "eligibility", lambda s: with_rows(s, 0, mode=2)),
    "a mode of another resource": ("jobs", "eligibility", lambda s: with_rows(s, 0, mode=1)),
    "too short": ("computers", "duration", lambda s: with_rows(s, 0, end=539)),
    "too long": ("computers", "duration", lambda s: with_rows(s, 4, end=681)),
    "before the origin": ("jobs", "horizon", lambda s: moved(s, 0, -5)),
    "an end before its start": ("jobs", "horizon", lambda s: with_rows(s, 0, end=-1)),
    "the smallest number there is": ("jobs", "horizon", lambda s: with_rows(s, 0, start=np.iinfo(np.int64).min)),
    "the greatest number there is": ("jobs", "horizon", lambda s: with_rows(s, 3, end=np.iinfo(np.int64).max)),
    "two at a time": ("computers", "overlap", lambda s: moved(s, 4, -10)),
    "a sequence against time": ("computers", "overlap", lambda s: swapped(s, 2, 5, "position")),
    "no time to reconfigure": (
        "cabinets",
        "reconfiguration",
        lambda s: moved(moved(s, row(s, "A1", "paint"), 430), row(s, "A2", "paint"), -1440 + 480),
    ),
    "a reconfiguration shown too late": (
        "cabinets",
        "reconfiguration",
        lambda s: with_rows(s, row(s, "A2", "paint"), rec_end=1440 + 495),
    ),
    "a reconfiguration too short": (
        "cabinets",
        "reconfiguration",
        lambda s: with_rows(s, row(s, "A2", "paint"), rec_start=956),
    ),
    "a reconfiguration not shown": (
        "cabinets",
        "reconfiguration",
        lambda s: with_rows(s, row(s, "A2", "paint"), rec_start=1440 + 480, rec_end=1440 + 480),
    ),
    "a reconfiguration for nothing": (
        "cabinets",
        "reconfiguration",
        lambda s: with_rows(s, row(s, "A1", "paint"), rec_start=490),
    ),
    "at night": ("cabinets", "calendar", lambda s: moved(s, row(s, "A2", "test"), 600)),
    "over the edge of a shift": ("cabinets", "calendar", lambda s: moved(s, row(s, "A1", "test"), 375)),
    "after its successor": ("computers", "precedence", lambda s: swapped(s, 3, 4, "name", "mode")),
    "transport forgotten": ("cabinets", "precedence", lambda s: moved(s, row(s, "A1", "assemble"), -10)),
    "bought parts not there": ("computers", "material", lambda s: with_part(s, "pegs", 2, available=480)),
    "an arrival told too late": ("cabinets", "material", lambda s: with_part(s, "pegs", 1, available=241)),
    "more stock than there is": (
        "computers",
        "stock",
        lambda s: with_part(with_part(s, "pegs", 5, quantity=5), "pegs", 6, quantity=1),
    ),
    "too little covered": ("computers", "stock", lambda s: with_part(s, "pegs", 1, quantity=1)),
    "too much covered": ("computers", "stock", lambda s: with_part(s, "pegs", 2, quantity=13)),
    "a peg missing": ("computers", "stock", lambda s: fewer_pegs(s, 1)),
    "the mould's peg missing": ("cabinets", "stock", lambda s: fewer_pegs(s, peg(s, "mould"))),
    "a component not needed": ("computers", "stock", lambda s: with_part(s, "pegs", 2, component="chip")),
    "a lot's pieces used twice": ("computers", "stock", lambda s: with_part(s, "pegs", 0, quantity=3)),
    "pieces of the wrong lot": ("computers", "stock", lambda s: with_part(s, "pegs", 0, lot=2)),
    "bought what is made": ("computers", "stock", lambda s: with_part(s, "pegs", 0, source=2, lot=-1)),
    "the mould not ready": ("cabinets", "tools", lambda s: swapped(moved(moved(s, 0, 14), 1, -120), 0, 1, "position")),
    "a wrong objective": ("jobs", "header", lambda s: with_header(s, objective=10, bound=9.0, status="feasible")),
    "a bound above the objective": ("jobs", "header", lambda s: with_header(s, bound=9.5)),
    "optimal with a gap": ("jobs", "header", lambda s: with_header(s, bound=7.9)),
    "optimal without a bound": ("jobs", "header", lambda s: with_header(s, bound=None)),
    "an unknown status": ("jobs", "header", lambda s: with_header(s, status="perfect")),
    "an unknown measure": ("jobs", "header", lambda s: with_header(s, measure="happiness")),
    "infeasible, and yet there": ("jobs", "header", lambda s: with_header(s, status="infeasible", objective=None)),
    "a bound that is no number": ("jobs", "header", lambda s: with_header(s, bound=float("nan"))),
    "a wrong level": ("jobs", "header", lambda s: with_header(s, levels=({"measure": "money", "objective": 3},))),
}


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_corruption_is_caught(name: str) -> None:
    base, rule, corrupt = CORRUPTIONS[name]
    scenario, made = BASE[base]
    assert validate(scenario, made) == []
    assert rule in rules(scenario, corrupt(made))


def test_every_violation_keeps_a_fair_share_of_the_limit() -> None:
    scenario, made = BASE["cabinets"]
    bad = moved(with_rows(replace(made, end=made.start + 1), 4, start=-1), 5, 600)
    every = validate(scenario, bad)
    few = validate(scenario, bad, limit=6)
    assert len(every) > 6
    assert len(few) == 6
    assert {violation.rule for violation in few} == {violation.rule for violation in every}
    assert validate(scenario, bad, limit=0) == []


def test_an_empty_schedule_is_incomplete() -> None:
    scenario, made = BASE["cabinets"]
    lots = replace(made.lots, id=(), item=(), order=made.lots.order[:0], quantity=made.lots.quantity[:0])
    empty = fewer_pegs(replace(without_rows(made, range(len(made))), lots=lots), 0)
    nothing = replace(
        empty,
        pegs=replace(
            empty.pegs,
            component=(),
            **{n: getattr(empty.pegs, n)[:0] for n in ("order", "source", "lot", "consumer", "quantity", "available")},
        ),
    )
    assert [violation.order for violation in validate(scenario, nothing)] == ["A1", "A2"]


WILD = st.one_of(
    st.integers(-3, 12), st.sampled_from([-(2**63), 2**63 - 1, 2**62, -(2**31), 10**15, 1439, 1440, 2**40])
)
COLUMN = st.sampled_from(
    [("", n) for n in ROWS]
    + [("lots", n) for n in ("order", "quantity")]
    + [("pegs", n) for n in ("order", "source", "lot", "consumer", "quantity", "available")]
    + [("lots", "id"), ("lots", "item"), ("pegs", "component"), ("", "names")]
)
SHAPES = st.sampled_from(
    [
        None,
        7,
        "abc",
        [],
        [[1, 2], [3]],
        [1.5, float("nan")],
        ["x"],
        np.zeros((2, 2), dtype=np.int64),
        np.array([2**64 - 1], dtype=np.uint64),
        np.array([True, False]),
        [10**30],
    ]
)
TEXTS = st.sampled_from(["", "A1", "mould", "body", "sheet", "paint", "nothing", "C1", "screw", "board"])


@settings(max_examples=250, deadline=None)
@given(base=st.sampled_from(sorted(BASE)), data=st.data())
def test_no_schedule_makes_the_judge_raise(base: str, data: st.DataObject) -> None:
    scenario, made = BASE[base]
    for _ in range(data.draw(st.integers(1, 5))):
        part, name = data.draw(COLUMN)
        owner: Any = getattr(made, part) if part else made
        old = getattr(owner, name)
        kind = data.draw(st.sampled_from(["value", "value", "value", "value", "shorter", "longer", "shape"]))
        new: Any
        if kind == "shape":
            new = data.draw(SHAPES)
        elif not isinstance(old, (np.ndarray, tuple)) or not len(old):
            continue
        elif kind == "shorter":
            new = old[:-1]
        elif isinstance(old, tuple):
            at, text = data.draw(st.integers(0, len(old) - 1)), data.draw(TEXTS)
            new = (*old, text) if kind == "longer" else (*old[:at], text, *old[at + 1 :])
        elif old.ndim != 1 or old.dtype != np.int64:
            continue
        elif kind == "longer":
            new = np.append(old, data.draw(WILD))
        else:
            new = old.copy()
            new[data.draw(st.integers(0, len(old) - 1))] = data.draw(WILD)
        made = replace(made, **{part: replace(owner, **{name: new})}) if part else replace(made, **{name: new})
    found = validate(scenario, made)
    assert all(isinstance(violation, Violation) and violation.message for violation in found)


@settings(max_examples=60, deadline=None)
@given(
    values=st.fixed_dictionaries(
        {},
        optional={
            "status": st.sampled_from(["optimal", "", None, 3]),
            "measure": st.sampled_from(["money", None, ["money"], "lead_time"]),
            "objective": st.sampled_from([None, 9, -1, 2**70, 1.5, float("inf"), "9"]),
            "bound": st.sampled_from([None, 9.0, float("nan"), -float("inf"), 10**400, "low"]),
            "levels": st.sampled_from([None, (), ({"measure": "money"},), ({"measure": []},), 5, ({"objective": 3},)]),
        },
    )
)
def test_no_header_makes_the_judge_raise(values: dict[str, Any]) -> None:
    scenario, made = BASE["jobs"]
    assert isinstance(validate(scenario, with_header(made, **values)), list)
