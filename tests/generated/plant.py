"""Generated plants: locations, calendars, cells with configurations and reconfiguration."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from tests.generated.draw import Draw

Json = dict[str, Any]
COLOURS, SIZES = ("red", "blue", "green"), ("small", "large")
SKILLS = ("cut", "weld", "pack")
"""What operations ask for besides painting and forming, which need attributes."""
SHIFTS: tuple[dict[str, list[str]], ...] = (
    {"daily": ["00:00-24:00"]},
    {"mon-fri": ["06:00-14:00", "14:00-22:00"]},
    {"daily": ["06:00-14:00", "14:30-22:00"]},
    {"mon-fri": ["08:00-18:00"], "sat": ["08:00-16:00"]},
    {"mon-sat": ["22:00-06:00"], "sun": ["10:00-20:00"]},
)
ORIGINS = ("2024-01-01T00:00:00", "2024-01-05T07:30:00", "2024-03-30T12:00:00", "2024-10-26T06:00:00",
           "2024-02-28T20:15:00")
"""A Monday, a Friday, the days before both clock changes of Berlin, and before a leap day."""


def plant(draw: Draw, origin: datetime, still: bool) -> Json:
    """A plant of 2 to 5 resources that can do everything; `still`: always open, so that few ticks matter."""
    locations = ["hall", "yard", "annex"][: draw.pick(0, 0, 2, 3)]
    calendars = {} if still else {f"c{n}": calendar(draw, origin) for n in range(draw.pick(0, 1, 1, 2))}
    places = {"locations": locations, "calendars": list(calendars)}
    total = draw.choose(2, 5)
    counts = {"bench": draw.choose(1, total - 1)}
    counts["booth"] = draw.choose(1, total - counts["bench"])
    if total > sum(counts.values()):
        counts["spare"] = total - sum(counts.values())
    cells = {name: cell(draw, name, count, origin, places, still) for name, count in counts.items()}
    return {"locations": locations, "transport": transport(draw, locations), "calendars": calendars, "cells": cells}


def transport(draw: Draw, locations: list[str]) -> Json:
    times = [{"from": a, "to": b, "time": minutes(draw, 60), "one_way": draw.maybe(40)}
             for a in locations for b in locations if (a != b and draw.maybe(30)) or draw.maybe(5)]
    return {"default": minutes(draw, 45), "times": times}


def calendar(draw: Draw, origin: datetime) -> Json:
    """Weekly shifts, or always open, with holidays and maintenance in the first days."""
    found: Json = {} if draw.maybe(10) else {"weekly": draw.pick(*SHIFTS)}
    if draw.maybe(25):
        found["holidays"] = [day(origin, draw.choose(0, 4)) for _ in range(draw.choose(1, 2))]
    if draw.maybe(30):
        found["maintenance"] = [closure(draw, origin)]
    return found


def closure(draw: Draw, origin: datetime) -> Json:
    start = origin + timedelta(minutes=draw.choose(-60, 2000))
    return {"start": start.isoformat(), "end": (start + timedelta(minutes=draw.choose(1, 300))).isoformat(),
            "reason": "service"}


def cell(draw: Draw, name: str, count: int, origin: datetime, places: Json, still: bool) -> Json:
    """The bench has the skills in all or in named configurations, the booth paints and forms, the spare does some."""
    found: Json = {"hourly_cost": draw.pick(0, 30, 47.11, 120)}
    kind = {"bench": draw.pick("plain", "named"), "booth": "attributes"}.get(name) or draw.pick("plain", "attributes")
    if kind == "plain":
        found["capabilities"] = list(SKILLS) if name == "bench" else draw.some(SKILLS, 1)
        names, attributes = ["standard"], {}
    elif kind == "named":
        found["configurations"] = {f"for {s}": {"capabilities": [s, *draw.some(SKILLS, 0, 1)],
                                                "attributes": {"grip": draw.pick("soft", "hard")}} for s in SKILLS}
        names = list(found["configurations"])
        attributes = {"grip": sorted({c["attributes"]["grip"] for c in found["configurations"].values()})}
    else:
        attributes = {"colour": list(COLOURS), **({"size": list(SIZES)} if draw.maybe(40) else {})}
        found |= {"configurations_from": attributes, "capabilities": ["paint", "form", *draw.some(SKILLS, 0, 1)]}
        names = ["-".join(v) for v in _combinations(attributes)]
    if len(names) > 1 or draw.maybe(20):
        found["reconfiguration"] = reconfiguration(draw, names, attributes)
    if places["locations"] and draw.maybe(70):
        found["location"] = draw.pick(*places["locations"])
    if places["calendars"] and draw.maybe(80):
        found["calendar"] = draw.pick(*places["calendars"])
    found["resources"] = {f"{name}{n}": resource(draw, names, origin, places, still) for n in range(count)}
    return found


def _combinations(attributes: dict[str, list[str]]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [()]
    for values in attributes.values():
        found = [(*combo, value) for combo in found for value in values]
    return found


def resource(draw: Draw, names: list[str], origin: datetime, places: Json, still: bool) -> Json:
    found: Json = {}
    if draw.maybe(60):
        found["initial_configuration"] = draw.pick(*names)
    if places["calendars"] and draw.maybe(20):
        found["calendar"] = draw.pick(*places["calendars"])
    if places["locations"] and draw.maybe(20):
        found["location"] = draw.pick(*places["locations"])
    if draw.maybe(20):
        found["hourly_cost"] = draw.pick(0, 66.66, 90)
    if draw.maybe(15):
        found["available_from"] = (origin + timedelta(minutes=draw.choose(-100, 600))).isoformat()
    if not still and draw.maybe(15):
        found["maintenance"] = [closure(draw, origin)]
    return found


def reconfiguration(draw: Draw, names: list[str], attributes: dict[str, list[str]]) -> Json:
    """A matrix, or any mixture of the other ways to say it."""
    if draw.maybe(20):
        return {"matrix": [[minutes(draw, 60) for _ in names] for _ in names]}
    found: Json = {"default": change(draw)}
    if attributes and draw.maybe(60):
        found["attributes"] = {a: change(draw) for a in draw.some(list(attributes), 1)}
    for kind in ("pairs", "rules"):
        if draw.maybe(30):
            found[kind] = [{**{side: _side(draw, names, attributes) for side in ("from", "to") if draw.maybe(80)},
                            **change(draw)} for _ in range(draw.choose(1, 2))]
    return found


def _side(draw: Draw, names: list[str], attributes: dict[str, list[str]]) -> str | dict[str, str]:
    if not attributes or draw.maybe(50):
        return draw.pick(*names)
    attribute = draw.pick(*attributes)
    return {attribute: draw.pick(*attributes[attribute])}


def change(draw: Draw) -> Json:
    return {"time": minutes(draw, 80), "cost": draw.pick(0, 0, 1.25, 9.99)}


def minutes(draw: Draw, most: int) -> str:
    return f"{draw.pick(0, draw.choose(0, most), most)} min"


def day(origin: datetime, after: int) -> str:
    return (origin.date() + timedelta(days=after)).isoformat()


def moment(draw: Draw, origin: datetime, least: int, most: int) -> str:
    """A moment or a whole day between so many minutes after the origin."""
    when = origin + timedelta(minutes=draw.choose(least, most))
    return when.date().isoformat() if draw.maybe(25) else when.isoformat()


__all__ = ["COLOURS", "ORIGINS", "SIZES", "SKILLS", "date", "day", "minutes", "moment", "plant", "time"]
