"""Cases of fixtures, modules, campaigns, and calendars in full."""

from __future__ import annotations

from typing import Any

from tests.validation.shop_cases_floor import COLOURS, DAY, MONDAY, blue
from tests.validation.shop_kit import Case, allows, by_hand, forbids, op, order, shop

# -- fixtures and modules ---------------------------------------------------------------------------------------------


def clamped(during: str = "reconfiguration") -> dict[str, Any]:
    return blue(fixtures=[{"fixture": "clamp", "during": during}])


def clamps(during: str, second: int) -> Case:
    """One clamp; both machines are made blue in the 20 minutes before."""
    scenario = shop(
        order("A", cut=clamped(during)),
        order("B", cut=clamped(during)),
        cell={**COLOURS, "reconfiguration": {"default": {"time": "20 min"}}},
        plant={"fixtures": {"clamp": {}}},
    )
    return scenario, by_hand(
        scenario,
        [
            ("A", "cut", "m1", 40, 50, "blue", 0, 20, 40),
            ("B", "cut", "m2", second, second + 10, "blue", 0, second - 20, second),
        ],
    )


@forbids("fixtures")
def one_clamp_held_from_the_reconfiguration_on() -> Case:
    return clamps("reconfiguration", 69)


@allows("fixtures")
def the_clamp_handed_on() -> Case:
    return clamps("reconfiguration", 70)


@forbids("fixtures")
def one_clamp_in_two_runs() -> Case:
    return clamps("run", 49)


@allows("fixtures")
def one_clamp_needed_in_the_run_only() -> Case:
    return clamps("run", 50)


def pallets(third: int) -> Case:
    """Each order holds a pallet from cut to pack; there are two, one of them away from 2:00 on."""
    holds = {"holds": [{"fixture": "pallet", "from": "cut", "to": "pack"}]}
    away = {"start": f"{MONDAY}02:00:00", "end": f"{MONDAY}05:00:00", "number": 1}
    scenario = shop(
        *(order(name, cut=op(), pack=op(), routing=holds) for name in "ABC"),
        plant={"fixtures": {"pallet": {"kind": "pallet", "number": 2, "changes": [away]}}},
    )
    return scenario, by_hand(
        scenario,
        [
            ("A", "cut", "m1", 0, 10),
            ("B", "cut", "m1", 10, 20),
            ("A", "pack", "m2", 30, 40),
            ("B", "pack", "m2", 50, 60),
            ("C", "cut", "m1", third, third + 10),
            ("C", "pack", "m1", third + 10, third + 20),
        ],
    )


@forbids("fixtures")
def a_third_order_on_two_pallets() -> Case:
    return pallets(35)


@allows("fixtures")
def a_third_order_on_the_pallet_of_the_first() -> Case:
    return pallets(100)


def heads(second: int, number: int = 1) -> Case:
    """Blue carries the module head; putting it on takes 5 minutes more than the change."""
    cell = {
        **COLOURS,
        "configurations": {"red": {"capabilities": ["red"]}, "blue": {"capabilities": ["blue"], "modules": ["head"]}},
        "reconfiguration": {"default": {"time": "20 min"}},
    }
    scenario = shop(
        order("A", cut=blue()),
        order("B", cut=blue(), pack={**blue(), "capability": "red"}),
        order("C", cut=blue()),
        cell=cell,
        plant={"modules": {"head": {"number": number, "install": {"time": "5 min"}, "remove": {"time": "1 min"}}}},
    )
    return scenario, by_hand(
        scenario,
        [
            ("A", "cut", "m1", 30, 40, "blue", 0, 5, 30),
            ("C", "cut", "m1", 60, 70, "blue"),
            ("B", "cut", "m2", second, second + 10, "blue", 0, second - 25, second),
            ("B", "pack", "m2", second + 31, second + 41, "red", 0, second + 10, second + 31),
        ],
    )


@forbids("modules")
def the_head_is_still_on_the_other_machine() -> Case:
    """A and C follow each other on m1: it keeps the head from 5 to 70."""
    return heads(94)


@allows("modules")
def the_head_moves() -> Case:
    return heads(95)


@allows("modules")
def two_heads() -> Case:
    return heads(30, 2)


def campaign(change: int) -> Case:
    """Blue is run for at least two hours of working time; the calendar closes from 1:00 to 2:00."""
    cell = {
        **COLOURS,
        "calendar": "broken",
        "resources": {"m1": {"initial_configuration": "red"}, "m2": None},
        "reconfiguration": {"default": {"time": "20 min"}, "minimum_run": "2 h"},
    }
    scenario = shop(
        order("A", cut=blue(), pack={**blue(), "capability": "red"}),
        cell=cell,
        plant={"calendars": {"broken": {"weekly": {"daily": ["00:00-01:00", "02:00-23:00"]}}}},
    )
    return scenario, by_hand(
        scenario,
        [
            ("A", "cut", "m1", 30, 40, "blue", 0, 10, 30),
            ("A", "pack", "m1", change + 20, change + 30, "red", 0, change, change + 20),
        ],
    )


@forbids("campaigns")
def blue_for_less_than_two_hours() -> Case:
    return campaign(209)


@allows("campaigns")
def blue_for_two_hours() -> Case:
    return campaign(210)


# -- calendars in full ------------------------------------------------------------------------------------------------

LATE = {
    "calendars": {
        "day": {**DAY["day"], "overtime": [{"start": f"{MONDAY}16:00:00", "end": f"{MONDAY}18:00:00", "cost": 80}]}
    }
}


@forbids("calendar")
def overtime_not_bought() -> Case:
    scenario = shop(order("A", cut=op(30)), cell={"calendar": "day"}, plant=LATE)
    return scenario, by_hand(scenario, [("A", "cut", "m1", 950, 980)])


@forbids("overtime")
def overtime_not_on_sale() -> Case:
    scenario = shop(order("A", cut=op(30)), cell={"calendar": "day"}, plant=LATE)
    return scenario, by_hand(scenario, [("A", "cut", "m1", 930, 960)], overtime=[("day", 960, 1081)])


@allows("overtime")
def overtime_bought() -> Case:
    scenario = shop(order("A", cut=op(30)), cell={"calendar": "day"}, plant=LATE)
    return scenario, by_hand(scenario, [("A", "cut", "m1", 950, 980)], overtime=[("day", 960, 1080)], objective=11000)


@forbids("calendar")
def a_pause_that_is_not_allowed() -> Case:
    scenario = shop(order("A", cut=op(30)), cell={"calendar": "day"}, plant={"calendars": DAY})
    return scenario, by_hand(scenario, [("A", "cut", "m1", 940, 970)])


@forbids("duration")
def a_pause_longer_than_the_night() -> Case:
    scenario = shop(order("A", cut=op(30, pausing=True)), cell={"calendar": "day"}, plant={"calendars": DAY})
    return scenario, by_hand(scenario, [("A", "cut", "m1", 940, 1440 + 491)])


@forbids("calendar")
def a_pausing_operation_begun_at_night() -> Case:
    scenario = shop(order("A", cut=op(30, pausing=True)), cell={"calendar": "day"}, plant={"calendars": DAY})
    return scenario, by_hand(scenario, [("A", "cut", "m1", 970, 1440 + 510)])


@allows("calendar")
def a_pause_over_the_night() -> Case:
    scenario = shop(order("A", cut=op(30, pausing=True)), cell={"calendar": "day"}, plant={"calendars": DAY})
    return scenario, by_hand(scenario, [("A", "cut", "m1", 940, 1440 + 490)], objective=3000)


def slow(end: int) -> Case:
    """Half as fast from 0:10 on: 10 minutes of 30 before, 40 after."""
    slower = {"m1": {"speeds": [{"start": f"{MONDAY}00:10:00", "end": f"{MONDAY}05:00:00", "percent": 50}]}}
    scenario = shop(order("A", cut=op(30)), cell={"resources": slower})
    return scenario, by_hand(scenario, [("A", "cut", "m1", 0, end)])


@forbids("duration")
def as_fast_as_usual_on_a_slow_resource() -> Case:
    return slow(30)


@allows("duration")
def slower_on_a_slow_resource() -> Case:
    return slow(50)


def serviced(start: int, end: int, *, there: bool = True) -> Case:
    """Two hours of service on m1 between 6:00 and 12:00, which may pause while m1 is closed from 8:00 to 9:00."""
    service = {"duration": "2 h", "earliest": f"{MONDAY}06:00:00", "latest": f"{MONDAY}12:00:00"}
    closed = [{"start": f"{MONDAY}08:00:00", "end": f"{MONDAY}09:00:00"}]
    cell = {"resources": {"m1": {"planned_maintenance": {"service": service}, "maintenance": closed}}}
    scenario = shop(order("A", cut=op()), cell=cell)
    if not there:
        return scenario, by_hand(scenario, [("A", "cut", "m1", 0, 10)])
    return scenario, by_hand(
        scenario,
        [("A", "cut", "m1", 0, 10), ("m1:service", "service", "m1", start, end)],
        lots=[("m1:service", "maintenance", "", 1)],
        objective=1000,
    )


@forbids("maintenance")
def no_service() -> Case:
    return serviced(0, 0, there=False)


@forbids("maintenance")
def service_too_early() -> Case:
    return serviced(350, 470)


@forbids("maintenance")
def service_too_late() -> Case:
    return serviced(601, 721)


@allows("maintenance")
def service_in_two_parts() -> Case:
    return serviced(400, 580)
