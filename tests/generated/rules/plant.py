"""Rules of the plant: crews, fixtures, modules, campaigns, hours, batches, buffers, vehicles, work in process."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from tests.generated.draw import Draw
from tests.generated.plant import SKILLS
from tests.generated.rules.mix import Json, Mix, fixed

TALENTS = ("join", "set up")
FIXTURES = {"jig": "fixture", "pallet": "pallet", "gauge head": "tool"}


def crews(m: Mix) -> None:
    """One to three crews, each skill with somebody, needed while running."""
    draw = m.draw
    calendars = list(m.plant.get("calendars", {}))
    for n in range(draw.choose(1, 3)):
        skills = TALENTS if n == 0 else draw.some(TALENTS, 1)
        crew: Json = {"skills": {s: draw.pick(100, 100, 80, 150, 200) for s in skills}}
        crew["hourly_cost"] = draw.pick(0, 25, 12.34)
        if calendars and draw.maybe(60):
            crew["shifts"] = [{"calendar": draw.pick(*calendars), "people": draw.choose(1, 2)}
                              for _ in range(draw.choose(1, 2))]
        else:
            crew["people"] = draw.choose(1, 3)
        if draw.maybe(30):
            crew["changes"] = [{**m.span(), "number": draw.choose(0, 1), "reason": "ill"}]
        m.plant.setdefault("crews", {})[f"crew {n + 1}"] = crew
    for operation in m.some(45):
        operation["crews"] = [need(draw)]


def need(draw: Draw, during: str = "run") -> Json:
    return {"skill": draw.pick(*TALENTS), "people": draw.pick(1, 1, 2), "during": during}


def loading(m: Mix) -> None:
    """People for the first and last part of operations, with crews that are already there."""
    if not m.plant.get("crews"):
        crews(m)
    for operation in m.some(60):
        if fixed(operation) < 4 or operation.get("alternatives"):
            continue
        if m.draw.maybe(80):
            operation.pop("crews", None)
        for part in m.draw.some(("loading", "unloading"), 1):
            operation[part] = f"{fixed(operation) // 4} min"
            operation["crews"] = [*operation.get("crews", ()), need(m.draw, part)]


def reconfiguration_crews(m: Mix) -> None:
    if not m.plant.get("crews"):
        crews(m)
    for cell in m.cells.values():
        if m.draw.maybe(60):
            cell.setdefault("reconfiguration", {})["crews"] = [need(m.draw, "reconfiguration")]


def fixtures(m: Mix) -> None:
    draw = m.draw
    for name, kind in FIXTURES.items():
        made: Json = {"kind": kind, "number": draw.choose(1, 2)}
        if draw.maybe(30):
            made["changes"] = [{**m.span(), "number": draw.choose(0, 2)}]
        m.plant.setdefault("fixtures", {})[name] = made
    for operation in m.some(40):
        operation["fixtures"] = [{"fixture": draw.pick(*FIXTURES), "during": draw.pick("reconfiguration", "run")}]


def holds(m: Mix) -> None:
    """A fixture held over two operations that follow one another."""
    if not m.plant.get("fixtures"):
        m.plant["fixtures"] = {"pallet": {"kind": "pallet", "number": m.draw.choose(1, 2)}}
    for routing, before, after in list(m.pairs()):
        if m.draw.maybe(50) and "holds" not in routing:
            routing["holds"] = [{"fixture": m.draw.pick(*m.plant["fixtures"]), "from": before, "to": after}]


def modules(m: Mix) -> None:
    """Configurations that are sets of modules; those made from colours are named one by one for it."""
    draw = m.draw
    m.plant["modules"] = {name: {"number": draw.choose(1, 2), "install": change(draw), "remove": change(draw)}
                          for name in ("head", "rail")}
    for cell in m.cells.values():
        made = cell.get("configurations_from", {})
        if len(made) == 1:
            (attribute, values), = made.items()
            cell["configurations"] = {value: {"attributes": {attribute: value}} for value in values}
        for configuration in cell.get("configurations", {}).values():
            configuration["modules"] = draw.some(("head", "rail"))


def change(draw: Draw) -> Json:
    return {"time": f"{draw.pick(0, 10, 25)} min", "cost": draw.pick(0, 2.5)}


def campaigns(m: Mix) -> None:
    for cell in m.cells.values():
        if m.draw.maybe(60):
            cell.setdefault("reconfiguration", {})["minimum_run"] = f"{m.draw.pick(30, 120, 300)} min"


def unattended(m: Mix) -> None:
    """Hours in which nothing is reconfigured."""
    for calendar in m.plant.get("calendars", {}).values():
        calendar["unattended"] = {"daily": [m.draw.pick("12:00-14:00", "06:00-08:30", "20:00-22:00")]}
    for cell in m.cells.values():
        cell.setdefault("reconfiguration", {})["unattended"] = m.draw.maybe(30)


def pauses(m: Mix) -> None:
    for operation in m.some(60):
        operation["pausing"] = True


def speeds(m: Mix) -> None:
    for cell in m.cells.values():
        for resource in cell["resources"].values():
            if m.draw.maybe(50):
                resource["speeds"] = [{**m.span(), "percent": m.draw.pick(50, 80, 150, 33)}]


def planned_maintenance(m: Mix) -> None:
    for cell in m.cells.values():
        for resource in cell["resources"].values():
            if m.draw.maybe(40):
                start = m.draw.choose(0, 900)
                resource["planned_maintenance"] = {"oiling": {
                    "duration": f"{m.draw.pick(20, 60, 120)} min", "earliest": m.at(start),
                    "latest": m.at(start + m.draw.choose(700, 4000))}}


def overtime(m: Mix) -> None:
    """Cells work by day, and later or on the first weekend at a price."""
    start = datetime.fromisoformat(m.file["origin"])
    days = sorted(m.draw.some(range(5), 1, 3))
    hours = [(datetime.combine(start.date() + timedelta(days=d), time(17)), m.draw.choose(1, 5)) for d in days]
    extra = [{"start": at.isoformat(), "end": (at + timedelta(hours=h)).isoformat(), "cost": m.draw.pick(0, 5, 40)}
             for at, h in hours]
    m.plant["calendars"]["by day"] = {"weekly": {"daily": ["07:00-12:00", "12:30-17:00"]}, "overtime": extra}
    for cell in m.cells.values():
        if m.draw.maybe(70):
            cell["calendar"] = "by day"


def subcontractor(m: Mix) -> None:
    """A firm that has the skills, sometimes far away, or only in its hours."""
    draw = m.draw
    firm: Json = {"kind": "subcontractor", "capabilities": draw.some(SKILLS, 1), "resources": {"firm": {}},
                  "hourly_cost": draw.pick(0, 15)}
    if m.plant["locations"] and draw.maybe(60):
        firm["location"] = draw.pick(*m.plant["locations"])
    if m.plant.get("calendars") and draw.maybe(30):
        firm["calendar"] = draw.pick(*m.plant["calendars"])
    m.cells["outside"] = firm


def batches(m: Mix) -> None:
    """Cells that batch, and operations that may run in one: some of them take only the work of a whole lot."""
    draw = m.draw
    for name, cell in m.cells.items():
        if cell.get("kind") != "subcontractor" and (name == "booth" or draw.maybe(40)):
            cell["batch"] = {"capacity": draw.choose(4, 9)}
    for operation in m.some(60):
        operation["batch"] = operation.get("capability") or "any"
        if draw.maybe(70):
            operation.get("work", {}).pop("per_piece", None)
        if draw.maybe(30):
            operation["places"] = draw.choose(1, 2)


def buffers(m: Mix) -> None:
    names = list(m.cells)
    for a in names:
        for b in names:
            if a != b and m.draw.maybe(40):
                m.plant.setdefault("buffers", {})[f"{a} to {b}"] = {"from": a, "to": b, "size": m.draw.choose(0, 2)}


def vehicles(m: Mix) -> None:
    if not m.plant["locations"]:
        m.plant["locations"] = ["hall", "yard"]
        for name, cell in m.cells.items():
            cell["location"] = "yard" if name == "booth" else "hall"
    m.plant["transport"].setdefault("default", "20 min")
    m.plant["transport"]["vehicles"] = m.draw.choose(1, 2)


def work_in_process(m: Mix) -> None:
    m.plant["work_in_process"] = m.draw.choose(1, 3)
