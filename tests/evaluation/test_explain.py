"""Every cause in a tiny factory that must show it and in one that must not; chains never have a gap."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.results import Explanation
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule
from scheduler.evaluation.costs import costs
from scheduler.evaluation.explain import bottlenecks, explain, explain_late
from scheduler.evaluation.floor import Calendar, Floor
from scheduler.evaluation.kpis import kpis
from scheduler.planning.build import build
from tests.evaluation.hand import Bar, bars, damaged, early_ends, generated, partial
from tests.evaluation.strategies import QUICK, order_books
from tests.factories import make, plain_factory, tiny_factory

DAY = {"calendars": {"day": {"weekly": {"mon-fri": ["08:00-16:00"]}}}}


def step(minutes: int, capability: str = "cut", **more: Any) -> dict[str, Any]:
    return {"capability": capability, "work": {"fixed": f"{minutes} min"}, **more}


def order(name: str, components: tuple[str, ...] = (), release: str | None = None, **steps: Any) -> dict[str, Any]:
    routing = {"operations": steps, "components": [{"component": c} for c in components]}
    return {"id": name, "routing": routing, "release": release}


def saw(**cell: Any) -> dict[str, Any]:
    return {"saw": {"capabilities": ["cut"], "resources": {"s1": {}, "s2": {}}, **cell}}


ONE = saw(resources={"s1": {}})


def told(scenario: Scenario, wanted: dict[str, Bar], who: int = 0) -> Explanation:
    schedule = bars(scenario, wanted)
    return explain(scenario, schedule, costs(scenario, schedule), who)


def texts(explanation: Explanation) -> list[str]:
    return [cause.text for cause in explanation.chain]


def test_an_order_that_nothing_holds_up_is_only_made() -> None:
    found = told(make(plain_factory(saw()), [order("A", cut=step(60))]), {"A cut": ("s1", 0, 60)})
    assert found.waits == {"operation": 60}
    assert texts(found) == ["cut on s1 took 1 h"]


def test_resource_busy_with_another_order() -> None:
    books = [order("A", cut=step(60)), order("B", cut=step(30))]
    queued = told(make(plain_factory(ONE), books), {"A cut": ("s1", 0, 60), "B cut": ("s1", 60, 90)}, 1)
    assert queued.waits == {"resource": 60, "operation": 30}
    assert texts(queued)[0] == "waited 1 h for s1, busy with order A (cut)"
    assert queued.chain[0].other == "A cut"
    scenario = make(plain_factory(saw()), books)
    assert told(scenario, {"A cut": ("s1", 0, 60), "B cut": ("s2", 0, 30)}, 1).waits == {"operation": 30}


def test_a_wait_for_a_resource_while_a_like_one_was_free_is_not_its_fault() -> None:
    due = {"due": "2024-01-01T00:30:00"}
    scenario = make(plain_factory(saw()), [order("A", cut=step(60)), order("B", cut=step(30)) | due,
                                           order("C", cut=step(40))])
    wanted: dict[str, Bar] = {"A cut": ("s1", 0, 60), "B cut": ("s1", 60, 90), "C cut": ("s2", 0, 40)}
    found = told(scenario, wanted, 1)
    assert [(c.kind, c.start, c.end, c.text) for c in found.chain[:2]] == [
        ("resource", 0, 40, "waited 40 min for s1, busy with order A (cut)"),
        ("idle", 40, 60, "waited 20 min for s1, unforced: s2 was free")]
    schedule = bars(scenario, wanted | {"C cut": ("s2", 30, 70)})
    priced = costs(scenario, schedule)
    late = explain_late(scenario, schedule, priced)
    assert late[0].summary.endswith("starting earlier, which the schedule leaves open, would have helped.")
    assert bottlenecks(scenario, schedule, late, kpis(scenario, schedule, priced)) == []


def test_a_resource_that_is_slower_elsewhere_or_needs_another_configuration_is_not_like_it() -> None:
    slow = {"cut": step(30, resources=["s1"], alternatives=[{"resources": ["s2"], "work": {"fixed": "31 min"}}])}
    scenario = make(plain_factory(saw()), [order("A", cut=step(60)), order("B", **slow)])
    assert told(scenario, {"A cut": ("s1", 0, 60), "B cut": ("s1", 60, 90)}, 1).waits == {
        "resource": 60, "operation": 30}
    factory = plain_factory(saw(configurations_from={"colour": ["red", "blue"]}, resources={
        "s1": {"initial_configuration": "red"}, "s2": {"initial_configuration": "blue"}},
        reconfiguration={"default": {"time": "30 min"}}))
    red = {"cut": step(60, needs={"colour": "red"})}
    scenario = make(factory, [order("A", **red), order("B", **red)])
    assert told(scenario, {"A cut": ("s1", 0, 60, "red"), "B cut": ("s1", 60, 120, "red")}, 1).waits == {
        "resource": 60, "operation": 60}


def test_resource_kept_free_for_another_order() -> None:
    first = order("A", release="2024-01-01T00:20:00", cut=step(60))
    scenario = make(plain_factory(ONE), [first, order("B", cut=step(30))])
    found = told(scenario, {"A cut": ("s1", 20, 80), "B cut": ("s1", 80, 110)}, 1)
    assert texts(found)[:2] == ["waited 20 min for s1, kept free for order A (cut)",
                                "waited 1 h for s1, busy with order A (cut)"]


def test_a_resource_busy_with_the_order_itself_is_no_wait() -> None:
    scenario = make(plain_factory(saw()), [order("A", one=step(60), two=step(30, after=[]))])
    assert told(scenario, {"A one": ("s1", 0, 60), "A two": ("s1", 60, 90)}).waits == {"operation": 90}


def test_a_long_queue_is_told_together_down_to_the_order_s_own_operation() -> None:
    names = "BCDEFG"
    scenario = make(plain_factory(ONE), [order("A", one=step(10), two=step(10, after=[])),
                                         *(order(n, cut=step(10)) for n in names)])
    queue: dict[str, Bar] = {f"{n} cut": ("s1", 10 * i + 10, 10 * i + 20) for i, n in enumerate(names)}
    found = told(scenario, {"A one": ("s1", 0, 10), **queue, "A two": ("s1", 70, 80)})
    assert texts(found) == [
        "one on s1 took 10 min", "waited 30 min for s1, busy with 3 operations, the first order B (cut)",
        "waited 10 min for s1, busy with order E (cut)", "waited 10 min for s1, busy with order F (cut)",
        "waited 10 min for s1, busy with order G (cut)", "two on s1 took 10 min"]
    alone = told(scenario, {**queue, "A two": ("s1", 70, 80)})
    assert texts(alone)[0] == "waited 40 min for s1, busy with 3 operations, the first order B (cut)"


def colours(**resource: Any) -> dict[str, Any]:
    return plain_factory(saw(configurations_from={"colour": ["red", "blue"]}, resources={"s1": resource},
                             reconfiguration={"default": {"time": "30 min"}}))


def test_reconfiguration() -> None:
    blue = [order("A", cut=step(60, needs={"colour": "blue"}))]
    red_first = make(colours(initial_configuration="red"), blue)
    found = told(red_first, {"A cut": ("s1", 30, 90, "blue")})
    assert found.waits == {"reconfiguration": 30, "operation": 60}
    assert texts(found)[0] == "waited 30 min while s1 was reconfigured (red to blue)"
    unset = make(colours(), blue)
    assert told(unset, {"A cut": ("s1", 0, 60, "blue")}).waits == {"operation": 60}


def test_reconfiguration_for_an_order_in_the_queue() -> None:
    scenario = make(colours(initial_configuration="red"), [
        order("A", cut=step(60, needs={"colour": "blue"})), order("B", cut=step(60, needs={"colour": "blue"}))])
    found = told(scenario, {"A cut": ("s1", 30, 90, "blue"), "B cut": ("s1", 90, 150, "blue")}, 1)
    assert found.waits == {"reconfiguration": 30, "resource": 60, "operation": 60}
    assert "for order A (cut)" in found.chain[0].text


def test_a_reconfiguration_pauses_over_closed_time() -> None:
    factory = plain_factory(saw(calendar="day", configurations_from={"colour": ["red", "blue"]}, resources={"s1": {}},
                                reconfiguration={"default": {"time": "30 min"}}), plant=DAY)
    scenario = make(factory, [order("A", release="2024-01-01T15:00:00", cut=step(50, needs={"colour": "red"})),
                              order("B", release="2024-01-01T15:50:00", cut=step(60, needs={"colour": "blue"}))])
    found = told(scenario, {"A cut": ("s1", 900, 950, "red"), "B cut": ("s1", 1940, 2000, "blue")}, 1)
    assert [(c.kind, c.start, c.end) for c in found.chain] == [
        ("release", 950, 950), ("reconfiguration", 950, 960), ("calendar", 960, 1920),
        ("reconfiguration", 1920, 1940), ("operation", 1940, 2000)]


def closed(release: str, start: int, **calendar: Any) -> list[str]:
    spec = {**DAY["calendars"]["day"], **calendar}
    factory = plain_factory(saw(calendar="day"), plant={"calendars": {"day": spec}})
    found = told(make(factory, [order("A", release=release, cut=step(60))]), {"A cut": ("s1", start, start + 60)})
    assert sum(found.waits.values()) == found.delivery - found.chain[0].start
    assert set(found.waits) <= {"operation", "calendar"}
    return [cause.text for cause in found.chain if cause.kind == "calendar"]


def test_calendar_night_weekend_holiday_maintenance() -> None:
    day = 1440
    assert closed("2024-01-01T20:00:00", day + 480) == [
        "waited 12 h for s1, closed Mon 01 Jan 20:00 to Tue 02 Jan 08:00 (night)"]
    assert closed("2024-01-05T16:00:00", 7 * day + 480) == [
        "waited 2 d 16 h for s1, closed Fri 05 Jan 16:00 to Mon 08 Jan 08:00 (weekend)"]
    assert closed("2024-01-07T22:00:00", 7 * day + 480)[0].endswith("(weekend)")
    assert closed("2024-01-01T16:00:00", 2 * day + 480, holidays=["2024-01-02"])[0].endswith("(holiday 02 Jan)")
    assert closed("2024-01-01T16:00:00", 3 * day + 480, holidays=["2024-01-03", "2024-01-02"])[0].endswith(
        "(holidays 02 Jan to 03 Jan)")
    repair = {"start": "2024-01-02T08:00:00", "end": "2024-01-02T10:00:00", "reason": "new bearings"}
    assert closed("2024-01-02T09:00:00", day + 600, maintenance=[repair]) == [
        "waited 1 h for s1, closed Tue 02 Jan 09:00 to Tue 02 Jan 10:00 (maintenance: new bearings)"]


def test_a_break_is_no_night() -> None:
    def why(release: str, start: int, shifts: list[str]) -> str:
        return closed(release, start, weekly={"mon-fri": shifts})[0].rpartition("(")[2]

    day = ["08:00-12:00", "13:00-17:00"]
    assert why("2024-01-02T12:00:00", 1440 + 780, day) == "break)"
    assert why("2024-01-02T12:30:00", 1440 + 780, day) == "break)"
    assert why("2024-01-02T17:00:00", 2 * 1440 + 480, day) == "night)"
    assert why("2024-01-02T03:00:00", 1440 + 480, day) == "night)"
    assert why("2024-01-05T17:00:00", 7 * 1440 + 480, day) == "weekend)"
    assert why("2024-01-02T07:00:00", 1440 + 1320, ["22:00-06:00"]) == "between shifts)"


def test_calendar_too_little_time_before_closing() -> None:
    assert closed("2024-01-01T15:30:00", 1440 + 480) == [
        "waited 16 h 30 min for s1, closed Mon 01 Jan 16:00 to Tue 02 Jan 08:00 (night); cut did not fit before"]


def test_no_calendar_where_it_is_open() -> None:
    assert closed("2024-01-01T09:00:00", 540) == []


def test_a_resource_that_is_not_there_yet() -> None:
    factory = plain_factory(saw(resources={"s1": {"available_from": "2024-01-01T02:00:00"}}))
    found = told(make(factory, [order("A", cut=step(60))]), {"A cut": ("s1", 120, 180)})
    assert texts(found)[0] == "waited 2 h for s1, closed Mon 01 Jan 00:00 to Mon 01 Jan 02:00 (not available yet)"


def test_transport() -> None:
    factory = plain_factory(saw(resources={"s1": {"location": "hall"}, "s2": {"location": "yard"}}),
                            plant={"locations": ["hall", "yard"], "transport": {"default": "15 min"}})
    scenario = make(factory, [order("A", one=step(60), two=step(30))])
    found = told(scenario, {"A one": ("s1", 0, 60), "A two": ("s2", 75, 105)})
    assert found.waits == {"operation": 90, "transport": 15}
    assert texts(found)[1] == "15 min transport from hall to yard"
    assert told(scenario, {"A one": ("s1", 0, 60), "A two": ("s1", 60, 90)}).waits == {"operation": 90}


def part(**spec: Any) -> dict[str, Any]:
    return plain_factory(saw(), catalog={"components": {"leg": spec}})


def test_material_that_was_bought() -> None:
    bought = make(part(buy={"lead_time": "1 d"}), [order("A", ("leg",), cut=step(60))])
    found = told(bought, {"A cut": ("s1", 1440, 1500)})
    assert found.waits == {"material": 1440, "operation": 60}
    assert texts(found)[0] == "waited 1 d for leg, bought, there Tue 02 Jan 00:00"
    assert found.chain[0].other == "leg"
    in_stock = make(part(stock=1, buy={"lead_time": "1 d"}), [order("A", ("leg",), cut=step(60))])
    assert told(in_stock, {"A cut": ("s1", 0, 60)}).waits == {"operation": 60}


def test_component_that_was_made() -> None:
    made = make(part(operations={"turn": step(20)}), [order("A", ("leg",), cut=step(60))])
    found = told(made, {"A/leg turn": ("s1", 0, 20), "A cut": ("s2", 20, 80)})
    assert found.waits == {"component": 20, "operation": 60}
    assert texts(found)[0] == "leg had to be made: turn on s1 took 20 min"
    in_stock = make(part(stock=1, operations={"turn": step(20)}), [order("A", ("leg",), cut=step(60))])
    assert told(in_stock, {"A cut": ("s2", 0, 60)}).waits == {"operation": 60}


def test_tool_that_was_made_for_all() -> None:
    orders = [order("A", ("leg",), cut=step(60)), order("B", ("leg",), release="2024-01-01T00:15:00", cut=step(60))]
    scenario = make(part(kind="tool", operations={"turn": step(20)}), orders)
    wanted: dict[str, Bar] = {"leg turn": ("s1", 0, 20), "A cut": ("s2", 20, 80), "B cut": ("s1", 20, 80)}
    assert told(scenario, wanted).waits == {"tool": 20, "operation": 60}
    assert told(scenario, wanted, 1).waits == {"tool": 5, "operation": 60}, "only what lies after its release"
    in_stock = make(part(kind="tool", stock=1, operations={"turn": step(20)}), orders)
    assert told(in_stock, {"A cut": ("s2", 0, 60)}).waits == {"operation": 60}


def test_tool_that_was_bought() -> None:
    scenario = make(part(kind="tool", buy={"lead_time": "2 h"}), [order("A", ("leg",), cut=step(60))])
    assert told(scenario, {"A cut": ("s1", 120, 180)}).waits == {"material": 120, "operation": 60}


def test_release() -> None:
    later = order("A", release="2024-01-01T02:00:00", cut=step(60))
    scenario = make(plain_factory(saw()), [later, order("B", cut=step(60))])
    released = told(scenario, {"A cut": ("s1", 120, 180)})
    assert (released.chain[0].kind, released.chain[0].start, released.chain[0].end) == ("release", 120, 120)
    assert released.waits == {"operation": 60}
    assert [c.kind for c in told(scenario, {"B cut": ("s1", 0, 60)}, 1).chain] == ["operation"]


def test_idle_is_said_honestly() -> None:
    scenario = make(plain_factory(saw()), [order("A", cut=step(60))])
    found = told(scenario, {"A cut": ("s1", 45, 105)})
    assert found.waits == {"idle": 45, "operation": 60}
    assert texts(found)[0] == "cut could have started 45 min earlier on s1: nothing stood in the way"


def test_an_operation_just_in_time_for_a_busy_resource_is_not_idle() -> None:
    scenario = make(plain_factory(saw()), [order("A", one=step(60), two=step(30)), order("B", cut=step(120)),
                                           order("C", cut=step(90))])
    to_no_use = told(scenario, {"B cut": ("s2", 0, 120), "A one": ("s1", 60, 120), "A two": ("s2", 120, 150)})
    assert to_no_use.waits == {"resource": 60, "operation": 90}
    assert texts(to_no_use)[0] == "one could have started 1 h earlier on s1, to no use: s2 was busy before two"
    assert (to_no_use.chain[0].resource, to_no_use.chain[0].other) == ("s2", "B cut")
    half = told(scenario, {"C cut": ("s2", 0, 90), "A one": ("s1", 60, 120), "A two": ("s2", 120, 150)})
    assert half.waits == {"resource": 30, "idle": 30, "operation": 90}


def test_an_early_start_helps_through_an_operation_next_to_it_on_the_same_resource() -> None:
    scenario = make(colours(), [order("A", one=step(60, needs={"colour": "red"}),
                                      two=step(30, needs={"colour": "blue"}))])
    found = told(scenario, {"A one": ("s1", 40, 100, "red"), "A two": ("s1", 130, 160, "blue")})
    assert found.waits == {"idle": 40, "reconfiguration": 30, "operation": 90}


def test_an_operation_just_in_time_for_an_opening_is_not_idle() -> None:
    factory = plain_factory({**saw(), "late": {"capabilities": ["file"], "calendar": "day", "resources": {"f1": {}}}},
                            plant=DAY)
    scenario = make(factory, [order("A", one=step(60), two=step(30, "file"))])
    found = told(scenario, {"A one": ("s1", 420, 480), "A two": ("f1", 480, 510)})
    assert found.waits == {"calendar": 420, "operation": 90}
    assert texts(found)[0] == "one could have started 7 h earlier on s1, to no use: f1 was closed before two"


def test_an_operation_just_in_time_for_another_branch_is_not_idle() -> None:
    scenario = make(plain_factory(saw()), [order("A", one=step(90, after=[]), two=step(30, after=[]),
                                                 three=step(10, after=["one", "two"]))])
    found = told(scenario, {"A one": ("s1", 0, 90), "A two": ("s2", 60, 90), "A three": ("s2", 90, 100)})
    assert "idle" not in found.waits


def test_held_until_due() -> None:
    late = {"due": "2024-01-01T03:00:00"}
    held = make(plain_factory(saw()), [order("A", cut=step(60)) | late | {"may_leave_early": False}])
    assert told(held, {"A cut": ("s1", 0, 60)}).waits == {"operation": 60, "hold": 120}
    free = make(plain_factory(saw()), [order("A", cut=step(60)) | late])
    assert told(free, {"A cut": ("s1", 0, 60)}).waits == {"operation": 60}


def test_integer_axes_give_plain_numbers() -> None:
    scenario = make(plain_factory(ONE), [order("A", cut=step(60)), order("B", cut=step(60))])
    axis = type(scenario.axis)(scenario.axis.origin, "UTC", 60_000, integer=True)
    plain = type(scenario)(**{**vars(scenario), "axis": axis})
    found = told(plain, {"A cut": ("s1", 0, 60), "B cut": ("s1", 60, 120)}, 1)
    assert texts(found)[0] == "waited 60 for s1, busy with order A (cut)"


def test_more_capacity_would_have_helped_only_where_the_resource_was_at_work() -> None:
    late = {"due": "2024-01-01T01:00:00"}
    scenario = make(plain_factory(ONE), [order("A", cut=step(60), release="2024-01-01T06:00:00"),
                                         order("B", cut=step(30)) | late])
    kept = told(scenario, {"A cut": ("s1", 360, 420), "B cut": ("s1", 420, 450)}, 1)
    assert kept.waits == {"resource": 420, "operation": 30}
    assert kept.summary.endswith("; an earlier place in its queue would have helped.")


def test_longer_hours_would_have_helped_where_the_resource_was_closed_most_of_the_time() -> None:
    late = {"due": "2024-01-03T00:00:00"}
    short = {"calendars": {"day": {"weekly": {"mon-fri": ["08:00-14:00"]}}}}
    scenario = make(plain_factory(saw(resources={"s1": {}}, calendar="day"), plant=short),
                    [order("A", cut=step(360)), order("B", cut=step(360)), order("C", cut=step(30)) | late])
    day, opens = 24 * 60, 8 * 60
    closed = told(scenario, {"A cut": ("s1", opens, opens + 360), "B cut": ("s1", day + opens, day + opens + 360),
                             "C cut": ("s1", 2 * day + opens, 2 * day + opens + 30)}, 2)
    assert "the queue at s1, its closed hours included, took" in closed.summary
    assert closed.summary.endswith("; longer hours at s1 or an earlier place in its queue would have helped.")


def test_the_summary_names_the_largest_cause_and_what_would_have_helped() -> None:
    orders = [order("A", cut=step(120)), order("B", cut=step(30)) | {"due": "2024-01-01T01:00:00"},
              order("C", cut=step(30)) | {"due": "2024-01-01T01:00:00"}, order("D", cut=step(9)),
              order("E", cut=step(120))]
    scenario = make(plain_factory(saw()), orders)
    wanted: dict[str, Bar] = {"A cut": ("s1", 0, 120), "B cut": ("s1", 120, 150), "C cut": ("s2", 0, 30),
                              "E cut": ("s2", 30, 150)}
    assert told(scenario, wanted, 1).summary == (
        "Order B is 1 h 30 min late: the queue at s1 took 2 h of the 2 h 30 min from release to delivery; more "
        "capacity at s1 or an earlier place in its queue would have helped.")
    assert told(scenario, wanted, 2).summary == (
        "Order C is on time, 30 min before it is due: its own operations took all of the 30 min from "
        "release to delivery.")
    assert told(scenario, wanted, 3).summary == "Order D has no operation in this schedule."
    assert told(scenario, wanted, 3).chain == ()


def test_late_orders_come_costliest_first_and_resources_most_waited_for() -> None:
    due = {"due": "2024-01-01T00:30:00"}
    orders = [order("A", cut=step(60)), order("B", cut=step(60)) | due | {"penalty_per_day": 1},
              order("C", cut=step(60)) | due | {"penalty_per_day": 9}, order("D", cut=step(30)) | due]
    scenario = make(plain_factory(saw()), orders)
    schedule = bars(scenario, {"A cut": ("s1", 0, 60), "B cut": ("s1", 60, 120), "D cut": ("s2", 0, 30),
                               "C cut": ("s2", 30, 90)})
    priced = costs(scenario, schedule)
    late = explain_late(scenario, schedule, priced)
    assert [(e.order, e.late) for e in late] == [("C", 60), ("B", 90)]
    assert explain_late(scenario, schedule, priced, limit=1) == late[:1]
    assert late[1] == explain(scenario, schedule, priced, 1)
    found = bottlenecks(scenario, schedule, late, kpis(scenario, schedule, priced))
    assert [(b.resource, b.waited, b.orders, b.load) for b in found] == [("s1", 60, 1, 1.0), ("s2", 30, 1, 0.75)]
    assert found[0].text == "s1 held up 1 late order for 1 h in all; it is in use for 100% of its open time"


@QUICK
@given(order_books(), st.integers(0, 10**6))
def test_idle_time_is_only_claimed_where_starting_earlier_makes_the_order_earlier(orders: list[dict[str, Any]],
                                                                                  seed: int) -> None:
    scenario = make(tiny_factory(), orders)
    schedule = generated(scenario, seed, 900)
    priced, floor = costs(scenario, schedule), Floor(scenario, schedule)
    ends = early_ends(scenario, schedule)
    for j in range(len(scenario.orders)):
        found = explain(scenario, schedule, priced, j)
        claimed = max((c.end - c.start for c in found.chain if "nothing stood in the way" in c.text), default=0)
        mine = floor.operations(j)
        assert max(floor.end[i] for i in mine) - max(ends[i] for i in mine) >= claimed


@QUICK
@given(order_books(), st.integers(0, 10**6))
def test_an_operation_is_ready_when_the_plan_says(orders: list[dict[str, Any]], seed: int) -> None:
    scenario = make(tiny_factory(), orders)
    schedule, plan = generated(scenario, seed), build(scenario)
    floor = Floor(scenario, schedule)
    at = {(int(lot), int(name)): i for i, (lot, name) in enumerate(zip(plan.op_lot, plan.op_name))}
    row = {at[int(lot), int(name)]: i for i, (lot, name) in enumerate(zip(schedule.lot, schedule.name))}
    place = [scenario.resources[r].location for r in floor.resource]
    expected = plan.op_release.tolist()
    for a, b in zip(plan.arc_from.tolist(), plan.arc_to.tolist()):
        expected[b] = max(expected[b], floor.end[row[a]] + int(scenario.transport[place[row[a]], place[row[b]]]))
    assert [floor.ready(row[op])[0].tick for op in range(len(plan))] == expected


@QUICK
@given(st.lists(st.integers(1, 9), min_size=2, max_size=8), st.integers(0, 30), st.integers(0, 9), st.integers(1, 9))
def test_calendars_tick_by_tick(gaps: list[int], tick: int, work: int, length: int) -> None:
    edges = np.cumsum(gaps)[:len(gaps) // 2 * 2]
    calendar = Calendar(edges[::2], edges[1::2])
    is_open = [any(a <= t < b for a, b in zip(calendar.starts, calendar.ends)) for t in range(200)]
    after = next((t for t in range(tick, 200) if sum(is_open[tick:t]) == work), None)
    assert calendar.after(tick, work) == after
    fit = next((t for t in range(tick, 190) if all(is_open[t:t + length])), 99)
    assert calendar.fit(tick, length, max(99, tick)) == fit
    pieces = calendar.pieces(tick, tick + length)
    assert [t for a, b, _ in pieces for t in range(a, b)] == list(range(tick, tick + length))
    assert all(is_open[t] == opened for a, b, opened in pieces for t in range(a, b))


def check(scenario: Scenario, schedule: Schedule, honest: bool) -> None:
    priced = costs(scenario, schedule)
    for j in range(len(scenario.orders)):
        found = explain(scenario, schedule, priced, j)
        delivery = int(priced.delivery[j])
        if delivery < 0:
            assert found.chain == ()
            continue
        at = begin = min(int(scenario.orders.release[j]), delivery)
        for cause in found.chain:
            assert cause.start == at
            at = cause.end
        assert at == delivery
        assert sum(found.waits.values()) == delivery - begin
        assert honest or all("unforced" in cause.text for cause in found.chain if cause.kind == "idle")


@QUICK
@given(order_books(), st.integers(0, 10**6), st.sampled_from([0, 500]))
def test_chains_have_no_gap_and_see_no_idle_time_where_there_is_none(orders: list[dict[str, Any]], seed: int,
                                                                     idle: int) -> None:
    scenario = make(tiny_factory(), orders)
    check(scenario, generated(scenario, seed, idle), honest=bool(idle))


@QUICK
@given(order_books(), st.integers(0, 10**6))
def test_chains_of_damaged_and_partial_schedules_have_no_gap(orders: list[dict[str, Any]], seed: int) -> None:
    scenario = make(tiny_factory(), orders)
    check(scenario, damaged(generated(scenario, seed), seed), honest=True)
    check(scenario, partial(generated(scenario, seed), seed), honest=True)
