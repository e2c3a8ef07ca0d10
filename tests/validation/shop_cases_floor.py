"""Cases of what happened and of people."""

from __future__ import annotations

from typing import Any

from tests.validation.shop_kit import Case, allows, by_hand, forbids, op, order, shop

MONDAY = "2024-01-01T"
DAY = {"day": {"weekly": {"mon-fri": ["08:00-16:00"]}}}


# -- what already happened --------------------------------------------------------------------------------------------


def running(*entries: dict[str, Any], start: int = 60, end: int = 110, second: int = 110, **over: Any) -> Case:
    """At 1:40, A/cut runs since 1:00; A/join follows. m1 works from 1:00 to 4:00."""
    scenario = shop(
        order("A", cut=op(30), join=op(20), due=f"{MONDAY}09:00:00"),
        cell={"calendar": "early", "resources": {"m2": None}},
        plant={"calendars": {"early": {"weekly": {"daily": ["01:00-04:00"]}}}},
        now=f"{MONDAY}01:40:00",
        floor=list(entries),
        **over,
    )
    return scenario, by_hand(scenario, [("A", "cut", "m1", start, end), ("A", "join", "m1", second, second + 20)])


def started(**more: Any) -> dict[str, Any]:
    return {"lot": "A", "operation": "cut", "state": "started", "resource": "m1", "start": f"{MONDAY}01:00:00", **more}


def pinned(**more: Any) -> dict[str, Any]:
    return {"lot": "A", "operation": "join", "state": "pinned", **more}


@forbids("floor")
def another_start_than_it_happened() -> Case:
    return running(started(remaining="10 min"), start=61)


@forbids("floor")
def the_rest_of_a_started_operation_too_short() -> Case:
    return running(started(remaining="20 min"))


@forbids("floor")
def another_end_than_it_happened() -> Case:
    return running(started(state="finished", end=f"{MONDAY}01:35:00"), end=96)


@forbids("floor")
def a_start_before_now() -> Case:
    return running(started(state="finished", end=f"{MONDAY}01:30:00"), end=90, second=95)


@forbids("floor")
def a_pin_not_held() -> Case:
    return running(started(remaining="10 min"), pinned(start=f"{MONDAY}02:00:00"), second=121)


@forbids("floor")
def a_fact_on_an_unknown_lot() -> Case:
    return running(started(remaining="10 min"), {**started(), "lot": "B"})


def kept(stock: int) -> Case:
    """A takes two bars from stock; the floor says how many are kept for it."""
    scenario = shop(
        order("A", quantity=2, cut=op(), routing={"components": [{"component": "bar"}]}),
        catalog={"components": {"bar": {"stock": 2}}},
        floor=[{"lot": "A", "operation": "bar", "state": "material", "stock": stock}],
    )
    return scenario, by_hand(scenario, [("A", "cut", "m1", 0, 10)], pegs=[("bar", "stock", "", "A", 2, 0)])


@forbids("floor")
def stock_that_others_used() -> Case:
    return kept(1)


@allows("floor")
def stock_that_is_kept() -> Case:
    return kept(2)


@forbids("floor")
def material_that_is_late() -> Case:
    scenario = shop(
        order("A", cut=op(), routing={"components": [{"component": "bar"}]}),
        catalog={"components": {"bar": {"stock": 1}}},
        floor=[{"lot": "A", "operation": "bar", "state": "material", "end": f"{MONDAY}01:00:00"}],
    )
    return scenario, by_hand(scenario, [("A", "cut", "m1", 50, 60)], pegs=[("bar", "stock", "", "A", 1, 0)])


@forbids("floor")
def what_happened_not_first_in_the_sequence() -> Case:
    scenario, made = running(started(state="finished", end=f"{MONDAY}01:30:00"), end=90)
    made.position[:] = [1, 0]
    made.start[1:], made.end[1:], made.rec_start[1:], made.rec_end[1:] = 110, 130, 110, 110
    return scenario, made


@allows("floor")
def what_happened_breaks_other_rules() -> Case:
    """It took 35 minutes instead of 30, and the next one began on the same resource before it ended."""
    scenario, _ = running(
        started(state="finished", end=f"{MONDAY}01:35:00"),
        started(operation="join", start=f"{MONDAY}01:30:00", remaining="5 min"),
    )
    return scenario, by_hand(scenario, [("A", "cut", "m1", 60, 95), ("A", "join", "m1", 90, 105)])


@allows("floor")
def what_is_left_as_planned_and_pins_that_hold() -> Case:
    """40 minutes of 30 were worked: it ends now."""
    return running(started(), pinned(start=f"{MONDAY}02:00:00", resource="m1", behind="A/cut"), end=100, second=120)


@allows("floor")
def the_rest_pauses_over_closed_time() -> Case:
    return running(started(remaining="2 h 30 min"), end=1440 + 70, second=1440 + 70)


@allows("floor")
def announced_operations_may_move() -> Case:
    return running(started(remaining="10 min"), pinned(state="announced", resource="m1", start=f"{MONDAY}03:00:00"))


# -- crews ------------------------------------------------------------------------------------------------------------

CREWS = {
    "calendars": {**DAY, "morning": {"weekly": {"daily": ["06:00-12:00"]}}},
    "crews": {
        "fitters": {"skills": {"fit": 100}, "people": 2, "calendar": "morning"},
        "helpers": {"skills": {"fit": 150, "carry": 100}, "people": 3},
    },
}


def fitted(people: int = 1, during: str = "run", **more: Any) -> dict[str, Any]:
    return op(10, crews=[{"skill": "fit", "people": people, "during": during}], **more)


@forbids("crews")
def a_crew_without_the_skill() -> Case:
    scenario = shop(order("A", cut=op(10, crews=[{"skill": "carry"}])), plant=CREWS)
    return scenario, by_hand(scenario, [("A", "cut", "m1", 400, 410)], teams={("A", "cut"): "fitters"})


@forbids("crews")
def no_crew_named() -> Case:
    scenario = shop(order("A", cut=fitted()), plant=CREWS)
    return scenario, by_hand(scenario, [("A", "cut", "m1", 400, 410)])


@forbids("crews")
def off_shift() -> Case:
    scenario = shop(order("A", cut=fitted()), plant=CREWS)
    return scenario, by_hand(scenario, [("A", "cut", "m1", 715, 725)], teams={("A", "cut"): "fitters"})


@forbids("crews")
def three_of_two_at_once() -> Case:
    scenario = shop(order("A", cut=fitted(2)), order("B", cut=fitted()), plant=CREWS)
    return scenario, by_hand(
        scenario,
        [("A", "cut", "m1", 400, 410), ("B", "cut", "m2", 409, 419)],
        teams={("A", "cut"): "fitters", ("B", "cut"): "fitters"},
    )


@forbids("crews")
def one_is_absent() -> Case:
    absent = {"changes": [{"start": f"{MONDAY}06:45:00", "end": f"{MONDAY}07:00:00", "number": 1}]}
    scenario = shop(
        order("A", cut=fitted(2)), plant={**CREWS, "crews": {"fitters": {**CREWS["crews"]["fitters"], **absent}}}
    )
    return scenario, by_hand(scenario, [("A", "cut", "m1", 400, 410)], teams={("A", "cut"): "fitters"})


@forbids("duration")
def the_slow_crew_as_fast_as_the_other() -> Case:
    scenario = shop(order("A", cut=fitted()), plant=CREWS)
    return scenario, by_hand(scenario, [("A", "cut", "m1", 400, 410)], teams={("A", "cut"): "helpers"})


@allows("duration")
def the_slow_crew_takes_half_as_long_again() -> Case:
    scenario = shop(order("A", cut=fitted()), plant=CREWS)
    return scenario, by_hand(scenario, [("A", "cut", "m1", 400, 415)], teams={("A", "cut"): "helpers"})


@allows("crews")
def two_of_two_one_after_another() -> Case:
    scenario = shop(order("A", cut=fitted(2)), order("B", cut=fitted(2)), plant=CREWS)
    return scenario, by_hand(
        scenario,
        [("A", "cut", "m1", 400, 410), ("B", "cut", "m2", 410, 420)],
        teams={("A", "cut"): "fitters", ("B", "cut"): "fitters"},
    )


@forbids("crews")
def loading_at_once() -> Case:
    scenario = shop(
        order("A", cut=fitted(2, "loading", loading="4 min")),
        order("B", cut=fitted(2, "loading", loading="4 min")),
        plant=CREWS,
    )
    return scenario, by_hand(
        scenario,
        [("A", "cut", "m1", 400, 410), ("B", "cut", "m2", 403, 413)],
        teams={("A", "cut"): "fitters", ("B", "cut"): "fitters"},
    )


@allows("crews")
def loading_one_after_another_and_unloading_too() -> Case:
    """Unloading A from 408 meets loading B, which ends at 408."""
    scenario = shop(
        order("A", cut=fitted(2, "unloading", unloading="2 min")),
        order("B", cut=fitted(2, "loading", loading="4 min")),
        plant=CREWS,
    )
    return scenario, by_hand(
        scenario,
        [("A", "cut", "m1", 400, 410), ("B", "cut", "m2", 404, 414)],
        teams={("A", "cut"): "fitters", ("B", "cut"): "fitters"},
    )


@allows("crews")
def it_pauses_while_its_crew_is_off() -> Case:
    scenario = shop(order("A", cut=fitted(pausing=True)), plant=CREWS)
    return scenario, by_hand(scenario, [("A", "cut", "m1", 715, 1440 + 365)], teams={("A", "cut"): "fitters"})


COLOURS = {
    "configurations": {"red": {"capabilities": ["red"]}, "blue": {"capabilities": ["blue"]}},
    "resources": {"m1": {"initial_configuration": "red"}, "m2": {"initial_configuration": "red"}},
    "reconfiguration": {
        "default": {"time": "20 min"},
        "crews": [{"skill": "fit", "people": 2, "during": "reconfiguration"}],
    },
}


def blue(**more: Any) -> dict[str, Any]:
    return {"capability": "blue", "work": {"fixed": "10 min"}, **more}


@forbids("crews")
def two_reconfigurations_by_one_pair() -> Case:
    scenario = shop(order("A", cut=blue()), order("B", cut=blue()), cell=COLOURS, plant=CREWS)
    return scenario, by_hand(
        scenario,
        [("A", "cut", "m1", 400, 410, "blue", 0, 380, 400), ("B", "cut", "m2", 400, 410, "blue", 0, 379, 399)],
        teams={("A", "cut"): "fitters", ("B", "cut"): "fitters"},
    )


@forbids("reconfiguration")
def reconfigured_before_the_crew_comes() -> Case:
    scenario = shop(order("A", cut=blue()), cell=COLOURS, plant=CREWS)
    return scenario, by_hand(
        scenario, [("A", "cut", "m1", 379, 389, "blue", 0, 359, 379)], teams={("A", "cut"): "fitters"}
    )


@allows("crews")
def reconfigured_over_the_night_when_the_crew_is_there() -> Case:
    """Run by nobody: the crew is needed for the change only, 15 minutes before noon and 5 on the next morning."""
    scenario = shop(order("A", cut=blue()), cell=COLOURS, plant=CREWS)
    return scenario, by_hand(
        scenario,
        [("A", "cut", "m1", 1440 + 365, 1440 + 375, "blue", 0, 705, 1440 + 365)],
        teams={("A", "cut"): "fitters"},
    )


ALONE = {"calendars": {"long": {"weekly": {"daily": ["06:00-22:00"]}, "unattended": {"daily": ["18:00-22:00"]}}}}


def attended(start: int, end: int) -> Case:
    cell = {**COLOURS, "calendar": "long", "reconfiguration": {"default": {"time": "20 min"}, "unattended": False}}
    scenario = shop(order("A", cut=blue()), cell=cell, plant=ALONE)
    return scenario, by_hand(scenario, [("A", "cut", "m1", end, end + 10, "blue", 0, start, end)])


@forbids("reconfiguration")
def reconfigured_by_nobody() -> Case:
    return attended(1075, 1095)


@allows("reconfiguration")
def reconfigured_before_they_leave() -> Case:
    return attended(1060, 1080)
