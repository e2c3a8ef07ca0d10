"""Every cause beyond the plain shop in a factory where it is what the order waited for."""

from __future__ import annotations

from typing import Any

from scheduler.domain.scenario import Scenario
from scheduler.evaluation.costs import costs
from scheduler.evaluation.explain import bottlenecks
from scheduler.evaluation.kpis import kpis
from scheduler.formats.tables import dispatch_tables, schedule_header, schedule_rows
from scheduler.report.data import report_data
from scheduler.usecases.explain import explain as explain_orders
from tests.evaluation.shops import shop_bars, told
from tests.factories import make, plain_factory

DAY = {"day": {"weekly": {"mon-fri": ["08:00-16:00"]}}}


def step(minutes: int, capability: str = "cut", **more: Any) -> dict[str, Any]:
    return {"capability": capability, "work": {"fixed": f"{minutes} min"}, **more}


def order(name: str, steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": name, "routing": {"operations": steps, **more.pop("routing", {})}, **more}


def shop(cells: dict[str, Any] | None = None, orders: int = 2, steps: dict[str, Any] | None = None,
         books: list[dict[str, Any]] | None = None, **over: Any) -> Scenario:
    cells = cells or {"saw": {"capabilities": ["cut"], "resources": {"s1": {}, "s2": {}}}}
    made = books or [order(name, steps or {"cut": step(60)}) for name in "ABCDE"[:orders]]
    return make(plain_factory(cells, **over), made)


CREW = {"plant": {"crews": {"team": {"skills": {"sawing": 100}, "people": 2}}}}
SAWN = {"cut": step(60, crews=[{"skill": "sawing", "people": 2}])}


def test_crew() -> None:
    scenario = shop(steps=SAWN, **CREW)
    schedule = shop_bars(scenario, {"A cut": ("s1", 0, 60, {"team": ["team"]}), "B cut": ("s2", 60, 120,
                                                                                       {"team": ["team"]})})
    found = told(scenario, schedule, 1)
    assert found.waits == {"crew": 60, "operation": 60}
    assert found.chain[0].text == "waited 1 h for 2 of crew team, busy with order A (cut)"
    assert found.chain[0].other == "team"


def test_a_crew_with_enough_people_is_no_cause() -> None:
    scenario = shop(steps={"cut": step(60, crews=[{"skill": "sawing"}])}, **CREW)
    team = {"team": ["team"]}
    schedule = shop_bars(scenario, {"A cut": ("s1", 0, 60, team), "B cut": ("s2", 60, 120, team)})
    assert told(scenario, schedule, 1).waits == {"idle": 60, "operation": 60}


def test_a_crew_that_was_short_while_a_like_resource_was_free_is_told_instead_of_the_queue() -> None:
    team = {"team": ["team"]}
    books = [order("A", {"cut": step(60)}), order("B", SAWN), order("C", SAWN, due="2024-01-01T01:00:00")]
    cells = {"saw": {"capabilities": ["cut"], "resources": {"s1": {}, "s2": {}, "s3": {}}}}
    scenario = shop(cells, books=books, **CREW)
    schedule = shop_bars(scenario, {"A cut": ("s1", 0, 60), "B cut": ("s2", 0, 60, team),
                                    "C cut": ("s1", 60, 120, team)})
    found = told(scenario, schedule, 2)
    assert found.waits == {"crew": 60, "operation": 60}
    assert found.chain[0].text == "waited 1 h for 2 of crew team, busy with order B (cut)"
    later = shop_bars(scenario, {"A cut": ("s1", 0, 100), "B cut": ("s2", 0, 60, team),
                                 "C cut": ("s1", 100, 160, team)})
    found = told(scenario, later, 2)
    assert found.waits == {"crew": 60, "idle": 40, "operation": 60}
    assert found.chain[1].text == "waited 40 min for s1, unforced: s3 was free"
    assert "more capacity" not in found.summary
    priced = costs(scenario, later)
    assert [b.resource for b in bottlenecks(scenario, later, [found], kpis(scenario, later, priced))] == ["crew team"]


def test_a_like_resource_that_is_busy_or_has_no_fixture_is_told_so() -> None:
    jig = {"cut": step(60, fixtures=[{"fixture": "jig"}])}
    books = [order("A", {"cut": step(60)}), order("B", jig), order("C", jig), order("D", {"cut": step(90)})]
    cells = {"saw": {"capabilities": ["cut"], "resources": {"s1": {}, "s2": {}, "s3": {}}}}
    scenario = shop(cells, books=books, plant={"fixtures": {"jig": {}}})
    rows = {"A cut": ("s1", 0, 60), "B cut": ("s2", 0, 60), "C cut": ("s1", 60, 120)}
    assert told(scenario, shop_bars(scenario, rows), 2).waits == {"fixture": 60, "operation": 60}
    scenario = shop(books=books, plant={"fixtures": {"jig": {"number": 3}}})
    rows = {"A cut": ("s1", 0, 60), "D cut": ("s2", 0, 90), "C cut": ("s1", 60, 120)}
    assert told(scenario, shop_bars(scenario, rows), 2).waits == {"resource": 60, "operation": 60}


def test_crew_off_shift() -> None:
    scenario = shop(steps={"cut": step(60, crews=[{"skill": "sawing"}])}, plant={
        "calendars": DAY, "crews": {"team": {"skills": {"sawing": 100}, "calendar": "day"}}})
    schedule = shop_bars(scenario, {"A cut": ("s1", 480, 540, {"team": ["team"]})})
    found = told(scenario, schedule)
    assert found.waits == {"crew": 480, "operation": 60}
    assert found.chain[0].text == "waited 8 h for crew team to be there"


def test_crew_that_prepares() -> None:
    cell = {"capabilities": ["cut"], "configurations_from": {"colour": ["red", "blue"]}, "resources": {
        "s1": {"initial_configuration": "red"}, "s2": {"initial_configuration": "red"}},
        "reconfiguration": {"default": {"time": "30 min"},
                            "crews": [{"skill": "rigging", "during": "reconfiguration"}]}}
    scenario = shop({"saw": cell}, steps={"cut": step(60, needs={"colour": "blue"})},
                    plant={"crews": {"riggers": {"skills": {"rigging": 100}}}})
    blue = {"configuration": "blue", "team": ["riggers"]}
    schedule = shop_bars(scenario, {"A cut": ("s1", 30, 90, blue | {"prepared": (0, 30)}),
                                    "B cut": ("s2", 60, 120, blue | {"prepared": (30, 60)})})
    found = told(scenario, schedule, 1)
    assert found.waits == {"crew": 30, "reconfiguration": 30, "operation": 60}


def test_fixture() -> None:
    scenario = shop(steps={"cut": step(60, fixtures=[{"fixture": "jig"}])}, plant={"fixtures": {"jig": {}}})
    schedule = shop_bars(scenario, {"A cut": ("s1", 0, 60), "B cut": ("s2", 60, 120)})
    found = told(scenario, schedule, 1)
    assert found.waits == {"fixture": 60, "operation": 60}
    assert found.chain[0].text == "waited 1 h for fixture jig, busy with order A (cut)"


def test_fixture_held_over_several_operations() -> None:
    held = {"routing": {"holds": [{"fixture": "pallet", "from": "cut", "to": "trim"}]}}
    scenario = shop(books=[order(n, {"cut": step(60), "trim": step(30)}, **held) for n in "AB"],
                    plant={"fixtures": {"pallet": {"kind": "pallet"}}})
    schedule = shop_bars(scenario, {"A cut": ("s1", 0, 60), "A trim": ("s1", 60, 90), "B cut": ("s2", 90, 150),
                                    "B trim": ("s2", 150, 180)})
    assert told(scenario, schedule, 1).waits == {"fixture": 90, "operation": 90}


def test_module() -> None:
    cell = {"capabilities": ["cut"], "configurations": {"big": {"modules": ["head"]}},
            "resources": {"s1": {}, "s2": {}}}
    scenario = shop({"saw": cell}, plant={"modules": {"head": {"number": 1}}})
    schedule = shop_bars(scenario, {"A cut": ("s1", 0, 60), "B cut": ("s2", 60, 120)})
    found = told(scenario, schedule, 1)
    assert found.waits == {"module": 60, "operation": 60}


OVEN = {"oven": {"capabilities": ["bake"], "batch": {"capacity": 2}, "resources": {"o1": {}}}}


def test_batch_that_fills() -> None:
    bake = step(60, "bake", batch="bread")
    scenario = shop(OVEN, books=[order("A", {"bake": bake}), order("B", {"bake": bake},
                                                                 release="2024-01-01T00:20:00")])
    schedule = shop_bars(scenario, {"A bake": ("o1", 20, 80, {"batch": 0}), "B bake": ("o1", 20, 80, {"batch": 0})})
    found = told(scenario, schedule)
    assert found.waits == {"batch": 20, "operation": 60}
    assert found.chain[0].text == "waited 20 min on o1 for order B (bake) to join the batch"
    assert told(scenario, schedule, 1).waits == {"operation": 60}


def test_batch_before() -> None:
    scenario = shop(OVEN, 3, {"bake": step(60, "bake", batch="bread")})
    schedule = shop_bars(scenario, {"A bake": ("o1", 0, 60, {"batch": 0}), "B bake": ("o1", 0, 60, {"batch": 0}),
                                    "C bake": ("o1", 60, 120)})
    found = told(scenario, schedule, 2)
    assert found.waits == {"resource": 60, "operation": 60}
    assert found.chain[0].text == "waited 1 h for o1, busy with a batch of 2, the first order A (bake)"


def line(size: int) -> Scenario:
    cells = {"one": {"capabilities": ["cut"], "resources": {"s1": {}}},
             "two": {"capabilities": ["file"], "resources": {"f1": {}}}}
    return shop(cells, 3, {"cut": step(10), "file": step(60, "file")},
                plant={"buffers": {"between": {"from": "one", "to": "two", "size": size}}})


def test_full_buffer_blocks_the_resource() -> None:
    scenario = line(0)
    schedule = shop_bars(scenario, {
        "A cut": ("s1", 0, 10), "B cut": ("s1", 10, 20, {"leave": 70}), "C cut": ("s1", 70, 80, {"leave": 130}),
        "A file": ("f1", 10, 70), "B file": ("f1", 70, 130), "C file": ("f1", 130, 190)})
    found = told(scenario, schedule, 2)
    assert [(c.kind, c.start, c.end) for c in found.chain if c.kind in ("buffer", "resource")] == [
        ("resource", 0, 10), ("resource", 10, 20), ("buffer", 20, 70), ("resource", 80, 130)]
    assert [c.other for c in found.chain if c.kind == "buffer"] == ["between"]


def test_a_lot_that_stands_without_need_is_not_the_buffers_fault() -> None:
    scenario = line(5)
    schedule = shop_bars(scenario, {"A cut": ("s1", 0, 10, {"leave": 50}), "B cut": ("s1", 50, 60)})
    assert told(scenario, schedule, 1).waits == {"resource": 50, "operation": 10}


def yard(vehicles: int) -> Scenario:
    cells = {"one": {"capabilities": ["cut"], "resources": {"s1": {}, "s2": {}}, "location": "hall"},
             "two": {"capabilities": ["file"], "resources": {"f1": {}, "f2": {}}, "location": "yard"}}
    return shop(cells, 2, {"cut": step(10), "file": step(10, "file")}, plant={
        "locations": ["hall", "yard"], "transport": {"default": "30 min", "vehicles": vehicles}})


def test_vehicle() -> None:
    wanted = {"A cut": ("s1", 0, 10), "B cut": ("s2", 0, 10), "A file": ("f1", 40, 50), "B file": ("f2", 70, 80)}
    carries = [("A cut", "A file", 10, 40), ("B cut", "B file", 40, 70)]
    found = told(yard(1), shop_bars(yard(1), wanted, carries=carries), 1)
    assert found.waits == {"operation": 20, "vehicle": 30, "transport": 30}
    assert found.chain[1].text == "waited 30 min for a vehicle from hall to yard"
    assert told(yard(2), shop_bars(yard(2), wanted, carries=carries), 1).waits == {
        "operation": 20, "idle": 30, "transport": 30}


def test_minimum_lag() -> None:
    scenario = shop(steps={"cut": step(60), "trim": step(30, links={"cut": {"minimum": "15 min"}})})
    schedule = shop_bars(scenario, {"A cut": ("s1", 0, 60), "A trim": ("s1", 75, 105)})
    found = told(scenario, schedule)
    assert found.waits == {"operation": 90, "lag": 15}
    assert found.chain[1].text == "15 min that must lie between cut and trim"


def test_maximum_lag_keeps_an_operation_back() -> None:
    scenario = shop(books=[
        order("A", {"cut": step(60), "trim": step(30, links={"cut": {"maximum": "0 min"}}),
                    "mark": step(70, after=["cut"])}), order("B", {"cut": step(90)})])
    schedule = shop_bars(scenario, {"B cut": ("s2", 0, 90), "A cut": ("s1", 30, 90), "A trim": ("s2", 90, 120),
                                    "A mark": ("s1", 90, 160)})
    found = told(scenario, schedule)
    assert found.waits == {"lag": 30, "operation": 130}


def test_transfer_lots_start_before_the_end() -> None:
    each = {"capability": "cut", "work": {"per_piece": "10 min"}}
    scenario = shop(books=[order("A", {"cut": each, "trim": each | {"links": {"cut": {"transfer": 2}}}}, quantity=6)])
    schedule = shop_bars(scenario, {"A cut": ("s1", 0, 60), "A trim": ("s2", 20, 80)})
    found = told(scenario, schedule)
    assert found.waits == {"operation": 80}
    assert [(c.operation, c.start, c.end) for c in found.chain] == [("A cut", 0, 20), ("A trim", 20, 80)]


def test_start_together() -> None:
    scenario = shop(books=[order("A", {"cut": step(60, after=[]), "hold": step(60, after=[], start_with=["cut"])}),
                           order("B", {"cut": step(45)})])
    schedule = shop_bars(scenario, {"B cut": ("s2", 0, 45), "A cut": ("s1", 45, 105), "A hold": ("s2", 45, 105)})
    found = told(scenario, schedule)
    assert found.waits == {"resource": 45, "operation": 60}


def test_pause() -> None:
    scenario = shop({"saw": {"capabilities": ["cut"], "calendar": "day", "resources": {"s1": {}}}}, 1,
                    {"cut": step(600, pausing=True)}, plant={"calendars": DAY})
    schedule = shop_bars(scenario, {"A cut": ("s1", 480, 1440 + 600)})
    found = told(scenario, schedule)
    assert found.waits == {"calendar": 480, "operation": 600, "pause": 960}
    assert found.chain[2].text == "cut paused 16 h on s1 (night)"


def test_overtime_that_was_not_opened() -> None:
    spec = DAY["day"] | {"overtime": [{"start": "2024-01-01T18:00:00", "end": "2024-01-01T20:00:00", "cost": 50}]}
    scenario = shop({"saw": {"capabilities": ["cut"], "calendar": "day", "resources": {"s1": {}}}},
                    books=[order("A", {"cut": step(60)}, release="2024-01-01T15:30:00")],
                    plant={"calendars": {"day": spec}})
    closed = shop_bars(scenario, {"A cut": ("s1", 1920, 1980)})
    found = told(scenario, closed)
    assert found.waits == {"calendar": 150, "overtime": 840, "operation": 60}
    assert "overtime from Mon 01 Jan 18:00 to Mon 01 Jan 20:00 for 50.00 EUR was not opened" in found.chain[2].text
    opened = shop_bars(scenario, {"A cut": ("s1", 1080, 1140)}, overtime=[("day", 1080, 1200)])
    assert told(scenario, opened).waits == {"calendar": 150, "operation": 60}


def test_maintenance_placed_by_the_solver() -> None:
    care = {"duration": "30 min", "earliest": "2024-01-01T00:00:00", "latest": "2024-01-01T08:00:00"}
    scenario = shop({"saw": {"capabilities": ["cut"], "resources": {"s1": {"planned_maintenance": {"oil": care}}}}}, 1)
    schedule = shop_bars(scenario, {"s1:oil oil": ("s1", 0, 30), "A cut": ("s1", 30, 90)})
    found = told(scenario, schedule)
    assert found.waits == {"maintenance": 30, "operation": 60}
    assert found.chain[0].text == "waited 30 min for s1, in maintenance (oil)"


def test_breakdown() -> None:
    down = {"start": "2024-01-01T00:00:00", "end": "2024-01-01T02:00:00", "reason": "breakdown"}
    scenario = shop({"saw": {"capabilities": ["cut"], "resources": {"s1": {"maintenance": [down]}}}}, 1,
                    {"cut": step(60, pausing=True)})
    found = told(scenario, shop_bars(scenario, {"A cut": ("s1", 120, 180)}))
    assert found.waits == {"breakdown": 120, "operation": 60}


def material(**part: Any) -> Scenario:
    return shop(books=[order("A", {"cut": step(60)}, routing={"components": [{"component": "leg"}]})],
                catalog={"components": {"leg": part}})


def test_material_by_where_it_came_from() -> None:
    arriving = material(buy={"lead_time": "2 d"}, arrivals=[{"at": "2024-01-01T05:00:00", "quantity": 3}])
    found = told(arriving, shop_bars(arriving, {"A cut": ("s1", 300, 360)}, supplied={"leg": ("stock", 300)}))
    assert found.waits == {"material": 300, "operation": 60}
    assert found.chain[0].text == "waited 5 h for leg, from stock that arrived Mon 01 Jan 05:00"
    sooner = material(buy={"lead_time": "2 d", "expedite": {"lead_time": "3 h", "price": 9}})
    found = told(sooner, shop_bars(sooner, {"A cut": ("s1", 180, 240)}, supplied={"leg": ("expedite", 180)}))
    assert found.chain[0].text == "waited 3 h for leg, expedited, there Mon 01 Jan 03:00"


def test_work_in_process() -> None:
    scenario = shop(plant={"work_in_process": 1})
    schedule = shop_bars(scenario, {"A cut": ("s1", 0, 60), "B cut": ("s2", 60, 120)})
    found = told(scenario, schedule, 1)
    assert found.waits == {"orders": 60, "operation": 60}
    assert found.chain[0].text == (
        "waited 1 h for an order to be complete, as no more may be in process (order A)")


def test_campaign() -> None:
    cell = {"capabilities": ["cut"], "configurations_from": {"colour": ["red", "blue"]}, "resources": {"s1": {}},
            "reconfiguration": {"default": {"time": "30 min"}, "minimum_run": "2 h"}}
    scenario = shop({"saw": cell}, books=[order("A", {"cut": step(60, needs={"colour": "red"})}),
                                          order("B", {"cut": step(60, needs={"colour": "blue"})})])
    schedule = shop_bars(scenario, {"A cut": ("s1", 0, 60, {"configuration": "red"}), "B cut": (
        "s1", 150, 210, {"configuration": "blue", "prepared": (120, 150)})})
    found = told(scenario, schedule, 1)
    assert found.waits == {"resource": 60, "campaign": 60, "reconfiguration": 30, "operation": 60}


def test_pooled_lot_waits_for_its_orders() -> None:
    books = [order("A", {"cut": step(60)}, routing={"components": [{"component": "leg"}]}),
             order("B", {"cut": step(60)}, release="2024-01-01T00:40:00",
                   routing={"components": [{"component": "leg"}]})]
    scenario = shop(books=books, plant={"work_in_process": 9}, catalog={"components": {
        "leg": {"pool": {"within": "1 d"}, "operations": {"turn": step(20)}}}})
    schedule = shop_bars(scenario, {"leg:1 turn": ("s1", 40, 60), "A cut": ("s1", 60, 120), "B cut": ("s2", 60, 120)})
    assert told(scenario, schedule).waits == {"pool": 40, "component": 20, "operation": 60}


def floor(*entries: dict[str, Any], now: str | None = None, **over: Any) -> Scenario:
    return shop(floor=list(entries), now=now, **over)


def test_what_lies_before_now() -> None:
    scenario = floor(now="2024-01-01T01:00:00")
    found = told(scenario, shop_bars(scenario, {"A cut": ("s1", 60, 120)}))
    assert found.waits == {"now": 60, "operation": 60}


def test_what_already_happened() -> None:
    entry = {"lot": "A", "operation": "cut", "state": "finished", "resource": "s1", "start": "2024-01-01T00:30:00",
             "end": "2024-01-01T01:45:00"}
    scenario = floor(entry, now="2024-01-01T02:00:00", steps={"cut": step(60), "trim": step(10)})
    found = told(scenario, shop_bars(scenario, {"A cut": ("s1", 30, 105), "A trim": ("s1", 120, 130)}))
    assert found.waits == {"happened": 30, "operation": 85, "now": 15}


def broken(now: str, start: str, kind: str, **more: Any) -> Scenario:
    down = {"start": "2024-01-01T01:00:00", "end": "2024-01-01T05:50:00", "reason": "breakdown"}
    cells = {"saw": {"capabilities": ["cut"], "resources": {"s1": {"maintenance": [down]}}}}
    entry = {"lot": "A", "operation": "cut", "state": kind, "resource": "s1", "start": start, **more}
    return shop(cells, 1, {"cut": step(300)}, floor=[entry], now=now)


def test_a_breakdown_within_what_is_running_is_told_apart_from_its_work() -> None:
    running = broken("2024-01-01T02:00:00", "2024-01-01T00:00:00", "started", remaining="4 h")
    found = told(running, shop_bars(running, {"A cut": ("s1", 0, 590)}))
    assert [(c.kind, c.start, c.end, c.text) for c in found.chain] == [
        ("operation", 0, 60, "cut on s1 worked 1 h, as it happened"),
        ("breakdown", 60, 350, "cut stood 4 h 50 min on s1, broken down"),
        ("operation", 350, 590, "cut on s1 runs until Mon 01 Jan 09:50, 4 h more")]
    over = broken("2024-01-01T12:00:00", "2024-01-01T00:00:00", "finished", end="2024-01-01T09:50:00")
    found = told(over, shop_bars(over, {"A cut": ("s1", 0, 590)}))
    assert found.waits == {"operation": 300, "breakdown": 290}
    assert found.chain[-1].text == "cut on s1 worked 4 h, as it happened"


def test_what_runs_now_did_not_happen_to_its_end() -> None:
    running = broken("2024-01-01T07:00:00", "2024-01-01T06:00:00", "started", remaining="4 h")
    found = told(running, shop_bars(running, {"A cut": ("s1", 360, 660)}))
    assert [c.text for c in found.chain[-2:]] == ["cut on s1 worked 1 h, as it happened",
                                                  "cut on s1 runs until Mon 01 Jan 11:00, 4 h more"]


def test_a_fact_over_closed_time_paused_unless_it_ran_in_it() -> None:
    entry = {"lot": "A", "operation": "cut", "state": "finished", "resource": "s1", "start": "2024-01-01T15:00:00"}
    cells = {"saw": {"capabilities": ["cut"], "calendar": "day", "resources": {"s1": {}}}}
    for end, rows, waits in (("2024-01-02T09:00:00", (900, 1980), {"operation": 120, "pause": 960}),
                             ("2024-01-01T17:00:00", (900, 1020), {"operation": 120})):
        scenario = shop(cells, 1, {"cut": step(120)}, floor=[entry | {"end": end}], now="2024-01-03T00:00:00",
                        plant={"calendars": DAY})
        found = told(scenario, shop_bars(scenario, {"A cut": ("s1", *rows)}))
        assert {kind: found.waits.get(kind) for kind in waits} == waits
        assert "pause" in waits or "pause" not in found.waits


def test_pinned() -> None:
    entry = {"lot": "A", "operation": "cut", "state": "pinned", "start": "2024-01-01T00:30:00"}
    scenario = floor(entry)
    found = told(scenario, shop_bars(scenario, {"A cut": ("s1", 30, 90)}))
    assert found.waits == {"pinned": 30, "operation": 60}
    assert found.chain[0].text == "waited 30 min as cut is pinned, to Mon 01 Jan 00:30"


def test_announced_and_moved() -> None:
    entry = {"lot": "A", "operation": "cut", "state": "announced", "resource": "s1", "start": "2024-01-01T00:30:00"}
    scenario = floor(entry, policy={"replanning": {"per_move": 5}})
    stays = told(scenario, shop_bars(scenario, {"A cut": ("s1", 30, 90)}))
    assert stays.waits == {"announced": 30, "operation": 60}
    moved = told(scenario, shop_bars(scenario, {"A cut": ("s2", 0, 60)}))
    assert moved.chain[0].text == "cut was announced for Mon 01 Jan 00:30 on s1"
    assert moved.waits == {"operation": 60}


def test_late_material() -> None:
    entry = {"lot": "A", "operation": "leg", "state": "material", "end": "2024-01-01T04:00:00"}
    scenario = shop(books=[order("A", {"cut": step(60)}, routing={"components": [{"component": "leg"}]})],
                    catalog={"components": {"leg": {"buy": {"lead_time": "1 h"}}}}, floor=[entry])
    found = told(scenario, shop_bars(scenario, {"A cut": ("s1", 240, 300)}))
    assert found.waits == {"material": 240, "operation": 60}
    assert found.chain[0].text == "waited 4 h for leg, late, there Mon 01 Jan 04:00"


def test_refused() -> None:
    scenario = shop(books=[order("A", {"cut": step(60)}, price=90), order("B", {"cut": step(60)}, price=20)],
                    policy={"refuse_orders": True})
    found = told(scenario, shop_bars(scenario, {"A cut": ("s1", 0, 60)}, refused=[1]), 1)
    assert found.chain == ()
    assert found.summary.startswith(
        "Order B is refused: its price of 20.00 EUR is lost; making it would have cost more")


def test_refused_as_its_deadline_cannot_be_met() -> None:
    books = [order("A", {"cut": step(60)}, price=90), order("B", {"cut": step(60)}, price=20, deadline=(
        "2024-01-01T00:40:00")), order("C", {"cut": step(60)}, price=30, deadline="2024-01-01T01:00:00")]
    scenario = shop(books=books, policy={"refuse_orders": True})
    schedule = shop_bars(scenario, {"A cut": ("s1", 0, 60)}, refused=[1, 2])
    reasons = explain_orders(scenario, schedule, [1, 2])
    assert reasons.explanations[0].summary == (
        "Order B is refused: its price of 20.00 EUR is lost; its deadline Mon 01 Jan 00:40 cannot be met (it takes at "
        "least 1 h from its release, until Mon 01 Jan 01:00, with the floor to itself).")
    assert "making it would have cost more" in reasons.explanations[1].summary
    assert list(reasons.unmet) == ["B"]
    priced = costs(scenario, schedule)
    data = report_data(scenario, schedule, priced, kpis(scenario, schedule, priced), (), (), (), unmet=reasons.unmet)
    assert [(row[0], row[3].split(" (")[0]) for row in data.refused] == [
        ("C", "making it would have cost more"), ("B", "its deadline Mon 01 Jan 00:40 cannot be met")]


def test_subcontracted() -> None:
    cells = {"out": {"kind": "subcontractor", "capabilities": ["cut"], "resources": {"Smith": {}}}}
    scenario = shop(cells, 2)
    schedule = shop_bars(scenario, {"A cut": ("Smith", 0, 60), "B cut": ("Smith", 0, 60)})
    found = told(scenario, schedule, 1)
    assert found.waits == {"operation": 60}
    assert found.chain[0].text == "cut at subcontractor Smith took 1 h"


def test_an_early_start_to_no_use_is_told_by_what_would_hold_it_up() -> None:
    scenario = shop(books=[order("A", {"cut": step(60), "trim": step(30, crews=[{"skill": "sawing", "people": 2}])}),
                           order("B", SAWN | {"cut": step(120, crews=[{"skill": "sawing", "people": 2}])})], **CREW)
    team = {"team": ["team"]}
    schedule = shop_bars(scenario, {"B cut": ("s2", 0, 120, team), "A cut": ("s1", 60, 120),
                                    "A trim": ("s1", 120, 150, team)})
    found = told(scenario, schedule)
    assert found.waits == {"crew": 60, "operation": 90}
    assert found.chain[0].text == "cut could have started 1 h earlier on s1, to no use: trim waited for 2 of crew team"


def test_crews_are_named_where_they_work() -> None:
    care = {"duration": "30 min", "earliest": "2024-01-01T00:00:00", "latest": "2024-01-01T12:00:00"}
    cell = {"capabilities": ["cut"], "configurations_from": {"colour": ["red", "blue"]}, "resources": {
        "s1": {"initial_configuration": "red", "planned_maintenance": {"oil": care}}},
        "reconfiguration": {"default": {"time": "30 min"}, "crews": [{"skill": "rigging"}]}}
    books = [order("A", {"cut": step(60, needs={"colour": "red"})}), order("B", {"cut": step(
        60, needs={"colour": "blue"}, crews=[{"skill": "sawing"}])})]
    scenario = shop({"saw": cell}, books=books, plant={"crews": {
        "riggers": {"skills": {"rigging": 100}}, "team": {"skills": {"sawing": 100}}}})
    riggers = {"team": ["riggers"]}
    schedule = shop_bars(scenario, {
        "A cut": ("s1", 0, 60, riggers | {"configuration": "red"}),
        "s1:oil oil": ("s1", 60, 90, riggers | {"configuration": "red"}),
        "B cut": ("s1", 120, 180, {"team": ["team", "riggers"], "configuration": "blue", "prepared": (90, 120)})})
    figures = kpis(scenario, schedule, costs(scenario, schedule))
    at = schedule_header(scenario, schedule, figures).index("crews")
    assert [row[at] for row in schedule_rows(scenario, schedule, figures)] == ["", "", "riggers, team"]
    (_, rows), = dispatch_tables(scenario, schedule, figures)
    assert [(row[0], row[-1]) for row in rows] == [
        ("operation", ""), ("operation", ""), ("reconfiguration", "riggers"), ("operation", "team")]
