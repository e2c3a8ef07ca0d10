"""The table of broken inputs: each is a good scenario with some texts replaced: the one in `good`, or for those of
shop_cases the one in `full`. What must be said of each stands in broken_input.txt; `python -m tests.diagnose.cases`
writes that file anew (read the difference before you keep it)."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from scheduler.loading import read_mistakes
from tests.diagnose import shop_cases

HERE = Path(__file__).parent
GOOD, FULL = HERE / "good", HERE / "full"
EXPECTED = HERE / "broken_input.txt"
Y, C, YO = "scenario.yaml", "orders.csv", "orders.yaml"

Edit = tuple[str, str | None, str | None]
"""File, the text that is replaced (None: all of it), the text that replaces it (None: the file is deleted)."""

PLAIN: dict[str, list[Edit]] = {
    "tab for indentation": [(Y, "  locations:", "\tlocations:")],
    "unclosed bracket": [(Y, "[hall, annex]", "[hall, annex")],
    "unclosed quote": [(Y, "time_zone: Europe/Berlin", 'time_zone: "Europe/Berlin')],
    "colon in a plain text": [
        (Y, "reason: blue lamps are sold to theatres}", "reason: blue: for theatres}"),
        (Y, "name: lamps", "name: lamps: bright"),
    ],
    "wrong indentation": [(Y, "      hourly_cost: 40", "     hourly_cost: 40")],
    "list in the middle of a line": [(Y, "  locations: [hall, annex]", "  locations: - hall")],
    "empty file": [(Y, None, "")],
    "only a text": [(Y, None, "hello\n")],
    "a list instead of a scenario": [(Y, None, "- version: 1\n")],
    "second document": [(Y, "policy:\n", "---\npolicy:\n")],
    "python tag": [(Y, "name: lamps", "name: !!python/name:os.system lamps")],
    "alias without anchor": [(Y, "calendar: day\n      hourly_cost: 40", "calendar: *day\n      hourly_cost: 40")],
    "merge key": [(Y, "      hourly_cost: 40", "      <<: {hourly_cost: 40}")],
    "control character": [(Y, "name: lamps", "name: la\x07mps")],
    "duplicate key": [(Y, "    bench:\n", "    paint:\n      resources: {x: {}}\n    bench:\n")],
    "unknown field with a near one": [
        (Y, "      calendar: day\n      hourly_cost: 40", "      calender: day\n      hourly_cost: 40"),
    ],
    "unknown field without a near one": [(Y, "tick: 1 min", "tick: 1 min\nsunshine: 3")],
    "unknown field that was a needed one": [(Y, "lead_time: 2 d", "leadtime: 2 d")],
    "missing field": [(Y, "{lead_time: 2 d, price: 1.50}", "{price: 1.50}")],
    "missing fields at the top, the rest is checked all the same": [
        (Y, "version: 1\nname: lamps\norigin: 2026-03-02 00:00\n", ""),
        (Y, "{hourly_cost: 25}", "{hourly_cost: 25, calendar: night}"),
    ],
    "no plant": [(Y, "  cells:", "  sells:")],
    "cell without resources": [(Y, "      resources:\n        bench-1: {hourly_cost: 25}\n", "")],
    "field without value": [(Y, "      resources:\n        bench-1: {hourly_cost: 25}\n", "      resources:\n")],
    "text for a number": [(Y, "stock: 4", "stock: four")],
    "fraction for a whole number": [(Y, "stock: 4", "stock: 4.5")],
    "negative stock": [(Y, "stock: 4", "stock: -4")],
    "text for a list": [(Y, "capabilities: [painting]", "capabilities: painting")],
    "list for a mapping": [(Y, "work: {per_piece: 2 min}", "work: [2 min]")],
    "mapping for a text": [(Y, "location: annex", "location: {annex: 1}")],
    "missing unit": [(Y, "time: 10 min}", "time: 10}")],
    "unknown unit": [(Y, "lead_time: 3 d", "lead_time: 3 days")],
    "not a duration": [(Y, "lead_time: 3 d", "lead_time: soon")],
    "negative duration": [(Y, "lead_time: 3 d", "lead_time: -3 d")],
    "endless duration": [(Y, "lead_time: 3 d", "lead_time: 99999999999999999999 w")],
    "not money": [(Y, "price: 80", "price: 80 EUR")],
    "money too fine": [(Y, "price: 1.50", "price: 1.505")],
    "negative cost": [(Y, "hourly_cost: 40", "hourly_cost: -40")],
    "absurd money": [(Y, "price: 80", "price: 1e999999999")],
    "bad origin": [(Y, "origin: 2026-03-02 00:00", "origin: next monday")],
    "a number for a date": [(Y, "origin: 2026-03-02 00:00", "origin: 2026")],
    "a day that does not exist": [(Y, "holidays: [2026-04-03]", "holidays: [2026-04-03, 2026-02-30]")],
    "closure end without a time": [(Y, "end: 2026-03-10 08:00", "end: 2026-03-11")],
    "unknown measure": [(Y, "[weighted_tardiness, money]", "[weighted_tardines, money]")],
    "future version": [(Y, "version: 1", "version: 7")],
    "rule side of a wrong kind": [(Y, "from: {colour: red}", "from: [red]")],
    "unknown time zone": [(Y, "Europe/Berlin", "Europe/Berln")],
    "tick of nothing": [(Y, "tick: 1 min", "tick: 0")],
    "location twice": [(Y, "[hall, annex]", "[hall, annex, hall]")],
    "unknown locations": [
        (Y, "{from: hall, to: annex,", "{from: hal, to: yard,"),
        (Y, "location: annex", "location: anex"),
    ],
    "unknown days": [(Y, "{mon-fri:", "{mon-frid:")],
    "not a shift": [(Y, "06:00-14:00", "6 to 14")],
    "hours beyond the day": [(Y, "06:00-14:00", "06:00-25:00")],
    "closure backwards": [(Y, "end: 2026-03-10 08:00", "end: 2026-03-10 05:00")],
    "unknown calendar": [
        (Y, "      calendar: day\n      hourly_cost: 40", "      calendar: days\n      hourly_cost: 40"),
    ],
    "resource in two cells": [(Y, "bench-1: {hourly_cost: 25}", "booth-1: {hourly_cost: 25}")],
    "resource that is never open": [(Y, 'weekly: {mon-fri: ["06:00-14:00"]}', "weekly: {}")],
    "unknown initial configuration": [(Y, "initial_configuration: red", "initial_configuration: rot")],
    "attribute without values": [(Y, "{colour: [red, blue]}", "{colour: []}")],
    "too many configurations": [
        (Y, "{colour: [red, blue]}",
         "{a: [1,2,3,4,5,6,7,8,9,0], b: [1,2,3,4,5,6,7,8,9,0], c: [1,2,3,4,5,6,7,8,9,0], colour: [red, blue]}"),
    ],
    "matrix of the wrong size": [(Y, "default: {time: 20 min, cost: 5}", "matrix: [[0, 5 min, 5 min], [0]]")],
    "unknown attribute in a rule": [(Y, "from: {colour: red}", "from: {color: red}")],
    "unknown attribute value in a rule": [(Y, "to: {colour: blue}", "to: {colour: bleu}")],
    "unknown value class": [(Y, "opera: {value_class: theatre}", "opera: {value_class: theater}")],
    "objective twice": [(Y, "[weighted_tardiness, money]", "[money, weighted_tardiness, money]")],
    "weights of nothing": [
        (Y, "policy:\n",
         "policy:\n  weights: {processing: 0, material: 0, reconfiguration: 0, lateness: 0, holding: 0, overtime: 0,\n"
         "            subcontracting: 0, refusal: 0, moving: 0}\n"),
    ],
    "negative priority factor": [(Y, "policy:\n", "policy:\n  priority_factors: {2: -1}\n")],
    "unknown capability": [(Y, "cast: {capability: casting", "cast: {capability: forging")],
    "unknown attribute value in needs": [(Y, 'needs: {colour: "{colour}"}', "needs: {colour: green}")],
    "unknown option in needs": [(Y, 'needs: {colour: "{colour}"}', 'needs: {colour: "{color}"}')],
    "capability and needs not together": [
        (Y, "cast: {capability: casting", "cast: {needs: {colour: red}, capability: casting"),
    ],
    "resources without the capability": [
        (Y, "cast: {capability: casting", "cast: {resources: [booth-1], capability: casting"),
    ],
    "unknown resource": [(Y, "cast: {capability: casting", "cast: {resources: [bench-2]")],
    "neither capability nor resources": [(Y, "cast: {capability: casting, work:", "cast: {work:")],
    "choice that nothing can make": [
        (Y, "blue: {price: 5}", "blue: {price: 5}\n            green: {}"),
        (C, ",red,dimmer", ",green,dimmer"),
    ],
    "unknown operation in after": [(Y, "after: [fit]", "after: [fits]")],
    "unknown operation at": [(Y, "component: dimmer, at: fit", "component: dimmer, at: fitting")],
    "unknown operation to remove and to change": [
        (Y, "            plain: {}",
         "            plain: {remove_operations: [coating], change_operations: {foot/cats: {add_cost: 1}}}"),
    ],
    "unknown component": [(Y, "component: dimmer, at", "component: dimer, at")],
    "component that is not used": [(Y, "            plain: {}", "            plain: {remove_components: [dimmers]}")],
    "unknown default": [(Y, "default: plain", "default: simple")],
    "default that breaks a rule": [(Y, "default: red", "default: blue")],
    "unknown names in a rule": [
        (Y, "when: {colour: blue}, requires: {switch: dimmer}", "when: {color: blue}, requires: {switch: dimer}"),
    ],
    "rule without effect": [(Y, ", requires: {switch: dimmer}", "")],
    "circle of operations": [(Y, "coat: {capability: painting,", "coat: {after: [fit], capability: painting,")],
    "circle by a choice": [(Y, "after: [fit]}", "after: [fit], before: [coat]}")],
    "circle in the bill of materials": [(Y, "    weight:\n", "    weight:\n      components: [{component: foot}]\n")],
    "component contains itself": [
        (Y, "components: [{component: weight},", "components: [{component: foot}, {component: weight},"),
    ],
    "neither made nor bought": [(Y, "      buy: {lead_time: 2 d, price: 1.50}\n", "      stock: 12\n")],
    "tool that nobody has": [(Y, "      kind: tool\n      stock: 1\n", "      kind: tool\n")],
    "operation longer than every shift": [(C, "L-2,lamp,shop,20", "L-2,lamp,shop,200")],
    "absurd amounts": [
        (Y, "price: 80", "price: 9000000"),
        (Y, "price: 1.50", "price: 100"),
        (Y, "penalty_per_day: 50", "penalty_per_day: 5000000000"),
        (C, "L-2,lamp,shop,20", "L-2,lamp,shop,1000000"),
        (Y, "[{component: weight}, ", "[{component: weight, quantity: 100000000}, "),
    ],
    "order id twice": [(C, "L-3,", "L-1,")],
    "order without id and family": [(C, "L-2,lamp,", ",,")],
    "unknown family": [(C, "L-2,lamp,", "L-2,lam,")],
    "unknown customer": [(C, "lamp,opera", "lamp,oper")],
    "unknown choice": [(C, "blue,dimmer", "bleu,dimmer")],
    "choice that breaks a rule": [(C, "blue,dimmer", "blue,plain")],
    "choice that breaks a rule by a default": [(C, "blue,dimmer", "blue,")],
    "due before release": [(C, "2026-03-03 08:00,2026-03-12", "2026-03-13 08:00,2026-03-12")],
    "deadline before release": [(C, "2026-03-20", "2026-03-02")],
    "deadline before the origin": [
        (C, "L-2,lamp,shop,20,,2026-03-09 12:00,", "L-2,lamp,shop,20,,2026-03-09 12:00,2026-02-20"),
    ],
    "bad cells": [
        (C, "L-1,lamp,opera,6,2026-03-02,2026-03-06,", "L-1,lamp,opera,some,2026-3-2x,06.03.2026,"),
        (C, "12:00,,2,", "12:00,,0,"),
    ],
    "unknown column": [(C, "colour,switch", "color,switch")],
    "column twice": [(C, "colour,switch", "colour,colour")],
    "no id column": [(C, "id,family", "number,family")],
    "routing column": [(C, "priority,", "routing,")],
    "cells missing and cells too many": [
        (C, "2,,\n", "2\n"),
        (C, "red,dimmer\n", "red,dimmer,extra\n"),
    ],
    "open quote in a cell": [(C, "L-2,", '"L-2,')],
    "empty csv": [(C, None, "")],
    "no rows": [(C, None, "id,family\n")],
    "no orders": [(C, None, None)],
    "orders in two places": [(Y, "customers:\n", "orders: [{id: L-9, family: lamp}]\ncustomers:\n")],
    "routing of one's own": [
        (C, None, None),
        (YO, None,
         "- id: S-1\n  family: lamp\n  routing:\n    operations:\n      weld: {capability: wel"
         "din}\n      check: {after: [weeld], capability: assembly}\n    components: [{compo"
         "nent: fot}]\n- {id: S-2}\n- {id: S-3, family: lamp, choices: {shade: big}, due: 5}"
         "\n"),
    ],
    "not utf-8": [(Y, "name: lamps", "name: l\udce4mps")],
    "mistakes of every kind in one go": [
        (Y, "tick: 1 min", "tick: 1"),
        (Y, "time: 10 min}", "tme: 10 min}"),
        (Y, "opera: {value_class: theatre}", "opera: {value_class: theater}"),
        (Y, "cast: {capability: casting", "cast: {capability: casing"),
        (C, "L-3,", "L-1,"),
        (C, "2026-03-06", "2026-02-06"),
    ],
    "a wrong time axis and calendar hide no other mistake": [
        (Y, "Europe/Berlin", "Berlin"),
        (Y, "tick: 1 min", "tick: 0 min"),
        (Y, "06:00-14:00", "6-14"),
        (Y, 'needs: {colour: "{colour}"}', 'needs: {colour: "{switch}"}'),
        (C, "2026-03-06", "2026-02-06"),
    ],
    "what follows from a mistake is not told": [
        (Y, "    weight:\n      buy: {lead_time: 2 d", "    weight:\n      buy: {lead_tim: 2 d"),
        (Y, "  calendars:\n    day:\n", "  calendars:\n    day: always\n    unused:\n"),
        (Y, "capabilities: [painting]", "capabilites: [painting]"),
    ],
}


CASES = PLAIN | shop_cases.CASES


def broken(name: str, folder: Path) -> Path:
    """A good scenario in `folder`, broken as the table says."""
    target = folder / "works"
    shutil.copytree(GOOD if name in PLAIN else FULL, target)
    for file, old, new in CASES[name]:
        path = target / file
        if new is None:
            path.unlink()
            continue
        text = path.read_text("utf-8") if path.exists() else ""
        assert old is None or old in text, f"'{old}' is not in {file}"
        text = new if old is None else text.replace(old, new, 1)
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return target


def expected() -> dict[str, list[str]]:
    """The stored lines of each case."""
    found: dict[str, list[str]] = {}
    for line in EXPECTED.read_text("utf-8").splitlines():
        if line.startswith("# "):
            lines = found.setdefault(line[2:], [])
        elif line:
            lines.append(line)
    return found


def accept() -> None:
    """Writes what is said of each case now."""
    parts = []
    for name in CASES:
        with tempfile.TemporaryDirectory() as folder:
            parts.append("\n".join([f"# {name}", *map(str, read_mistakes(broken(name, Path(folder)))), ""]))
    EXPECTED.write_text("\n".join(parts), "utf-8")


if __name__ == "__main__":
    accept()
