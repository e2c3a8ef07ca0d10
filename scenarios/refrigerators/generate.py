"""Writes a whole refrigerator scenario of any size: `python generate.py --orders 2000 --seed 1 --out FOLDER`.

Up to 100 orders make two weeks of the one works in scenario.yaml (60 with seed 1 are its orders.csv). More make a
month of several halls, each a copy of that works except for the mould shop, which serves all; an order is allotted to
a hall before it is scheduled, and the option 'hall' says to which. Plant and orders grow together, so the load stays
the same.
"""

from __future__ import annotations

import argparse
import copy
import csv
import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
STORY_ORDERS, STORY_WEEKS, STORY_LIMIT = 60, 2, 100
MONTH_WEEKS, ORDERS_PER_HALL = 4, 200
SHARED_CELLS = ("mould-milling", "mould-finishing")
FIRST_DAY = date(2026, 3, 30)
HOLIDAYS = {date(2026, 4, 4), date(2026, 4, 5), date(2026, 4, 6)}

# How often each choice is wanted, per segment of customers.
TASTES: dict[str, dict[str, dict[str, int]]] = {
    "contract": {
        "volume": {"compact": 5, "family": 4, "big-prince": 1},
        "exterior": {"plain": 14, "bamboo": 1, "waves": 1},
        "interior": {"standard": 8, "european": 2},
        "lines": {"flat": 8, "american": 2},
        "colour": {"white": 6, "graphite": 3, "walnut": 2, "ivory": 2},
        "control": {"basic": 7, "frost-free": 3},
    },
    "furniture": {
        "volume": {"compact": 1, "family": 4, "big-prince": 4},
        "exterior": {"plain": 8, "golden-prince": 4, "lotus": 2, "waves": 2},
        "interior": {"standard": 4, "european": 6},
        "lines": {"flat": 5, "american": 5},
        "colour": {"walnut": 5, "cherry": 4, "ivory": 3, "sage": 3, "black": 2, "graphite": 2, "white": 1},
        "control": {"basic": 2, "frost-free": 5, "smart": 2},
    },
    "household": {
        "volume": {"compact": 3, "family": 5, "big-prince": 2},
        "exterior": {"plain": 12, "golden-prince": 2, "bamboo": 1, "lotus": 1, "waves": 1},
        "interior": {"standard": 7, "european": 3},
        "lines": {"flat": 7, "american": 3},
        "colour": {"white": 7, "ivory": 3, "sky": 3, "sage": 2, "cherry": 1, "graphite": 2, "black": 1},
        "control": {"basic": 4, "frost-free": 4, "smart": 1},
    },
}
# customer: (segment, how often it orders, middle size of an order in pieces)
CUSTOMERS = {
    "harbour-hotels": ("contract", 4, 44), "green-city": ("contract", 5, 50), "campus-housing": ("contract", 4, 40),
    "kitchen-studio-east": ("furniture", 8, 16), "lakeside-kitchens": ("furniture", 6, 18),
    "north-furniture": ("furniture", 7, 26), "bright-living": ("household", 9, 32),
    "internet-shop": ("household", 10, 24), "county-dealers": ("household", 8, 34),
    "island-trading": ("household", 5, 46),
}
FORBIDDEN = (("compact", "golden-prince", None), ("compact", "lotus", None), ("compact", None, "smart"))
FIELDS = ("id", "family", "customer", "quantity", "release", "due")


@dataclass
class Order:
    customer: str
    choices: dict[str, str]
    quantity: int
    release: datetime
    due: date
    hall: str = ""


def working_days(weeks: int) -> list[date]:
    days = (FIRST_DAY + timedelta(days=n) for n in range(7 * weeks))
    return [d for d in days if d.weekday() < 5 and d not in HOLIDAYS]


def allowed(choices: dict[str, str]) -> bool:
    return not any(choices["volume"] == volume and exterior in (None, choices["exterior"])
                   and control in (None, choices["control"]) for volume, exterior, control in FORBIDDEN)


def wanted_variants(rng: random.Random, segment: str, count: int) -> list[dict[str, str]]:
    """Different variants as the segment's taste draws them, the most usual mostly first."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for _ in range(60 * count):
        choices = {option: rng.choices(list(odds), list(odds.values()))[0] for option, odds in TASTES[segment].items()}
        if allowed(choices):
            found.setdefault(tuple(choices.values()), choices)
        if len(found) == count:
            break
    return list(found.values())


def draw_orders(rng: random.Random, count: int, weeks: int, size: float) -> list[Order]:
    """Orders over all but the last days of the weeks; sizes are `size` times those of the story."""
    catalogue = {segment: wanted_variants(rng, segment, round(1.5 * count ** 0.62) + 2) for segment in TASTES}
    days = working_days(weeks)
    names = list(CUSTOMERS)
    orders = []
    for n in range(count):
        customer = rng.choices(names, [CUSTOMERS[c][1] for c in names])[0]
        segment, _, middle = CUSTOMERS[customer]
        variants = catalogue[segment]
        popularity = [1 / (rank + 3) ** 0.9 for rank in range(len(variants))]
        choices = rng.choices(variants, popularity)[0]
        pieces = max(4, min(80, rng.lognormvariate(0, 0.45) * middle))
        quantity = max(1, round(size * pieces))
        # The first fifth of the orders is already waiting when the plan begins.
        place = max(0.0, (n / count - 0.2) / 0.8) * (len(days) - 4)
        hour = 6 if place == 0 else rng.randint(6, 16)
        release = datetime.combine(days[int(place)], time(hour))
        promised = 2 + pieces / 18 + rng.choice((0.5, 1, 2, 3))
        if choices["exterior"] not in ("plain", "waves"):
            promised += 2.5  # for its mould
        due = release.date() + timedelta(days=round(promised * 1.15))
        while due.weekday() > 4 or due in HOLIDAYS:
            due += timedelta(days=1)
        orders.append(Order(customer, choices, quantity, release, due))
    return sorted(orders, key=lambda o: (o.release, o.due, o.customer))


def allot(rng: random.Random, orders: list[Order], halls: int) -> None:
    """Orders of one variant go to one hall, or to neighbouring ones; every hall gets the same number of pieces."""
    key = {tuple(o.choices.values()): 0.0 for o in orders}
    for variant in sorted(key):
        key[variant] = rng.random()
    total, before = sum(o.quantity for o in orders), 0
    for order in sorted(orders, key=lambda o: key[tuple(o.choices.values())]):
        order.hall = f"h{1 + before * halls // total:03d}"
        before += order.quantity


def needing_hall(operation: dict[str, Any], own: set[str]) -> dict[str, Any]:
    """The operation bound to the order's hall where it runs in a cell that every hall has."""
    made = copy.deepcopy(operation)
    if made.get("capability") in own:
        made["needs"] = {**made.get("needs", {}), "hall": "{hall}"}
    for other in made.get("alternatives", ()):
        if "needs" in other:
            other["needs"] = {**other["needs"], "hall": "{hall}"}
    return made


def in_halls(scenario: dict[str, Any], halls: int) -> dict[str, Any]:
    """The scenario with every cell but the mould shop once per hall, and 'hall' as one more option."""
    made = copy.deepcopy(scenario)
    names = [f"h{n + 1:03d}" for n in range(halls)]
    cells: dict[str, Any] = {}
    own: set[str] = set()
    for cell_name, cell in scenario["plant"]["cells"].items():
        if cell_name in SHARED_CELLS:
            cells[cell_name] = cell
            continue
        own |= set(cell.get("capabilities", ()))
        own |= {c for conf in cell.get("configurations", {}).values() for c in conf.get("capabilities", ())}
        for hall in names:
            cells[f"{cell_name}-{hall}"] = cell_in_hall(cell, hall)
    made["plant"]["cells"] = cells
    family = made["catalog"]["families"]["refrigerator"]
    for option in family["options"].values():
        for choice in option["choices"].values():
            if choice and "add_operations" in choice:
                choice["add_operations"] = {k: needing_hall(v, own) for k, v in choice["add_operations"].items()}
    family["options"]["hall"] = {"default": names[0], "choices": {name: {} for name in names}}
    family["operations"] = {k: needing_hall(v, own) for k, v in family["operations"].items()}
    for component in made["catalog"]["components"].values():
        if component.get("kind") != "tool":  # a mould serves all halls and is tried out on a press of any of them
            component["stock"] = component.get("stock", 0) * halls
            component["operations"] = {k: needing_hall(v, own) for k, v in component.get("operations", {}).items()}
    return made


def cell_in_hall(cell: dict[str, Any], hall: str) -> dict[str, Any]:
    made = copy.deepcopy(cell)
    combined = "configurations_from" in cell
    if combined:
        made["configurations_from"] = {**cell["configurations_from"], "hall": [hall]}
    else:
        made["configurations"] = {
            name: {**conf, "attributes": {**conf.get("attributes", {}), "hall": hall}}
            for name, conf in cell.get("configurations", {"standard": {}}).items()}
    made["resources"] = {}
    for name, spec in cell["resources"].items():
        own = dict(spec or {})
        if combined and "initial_configuration" in own:
            own["initial_configuration"] += f"-{hall}"
        made["resources"][f"{name}-{hall}"] = own
    return made


def write(folder: Path, orders: list[Order], scenario: dict[str, Any], halls: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    options = list(scenario["catalog"]["families"]["refrigerator"]["options"])
    with (folder / "orders.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow((*FIELDS, *options))
        for n, order in enumerate(orders):
            values = {**order.choices, "hall": order.hall}
            name = f"R{n + 1:0{max(3, len(str(len(orders))))}d}"
            rows.writerow((name, "refrigerator", order.customer, order.quantity,
                           order.release.isoformat(timespec="minutes"), order.due, *(values[o] for o in options)))
    if folder.resolve() != HERE.resolve():
        with (folder / "scenario.yaml").open("w", encoding="utf-8") as file:
            yaml.dump(scenario, file, Dumper=NoAliases, sort_keys=False, allow_unicode=True)
        (folder / "README.md").write_text(
            f"# {len(orders)} generated orders of the refrigerator works\n\nWritten by generate.py, {halls} hall(s). "
            "The numbers are ours.\n", encoding="utf-8")


class NoAliases(yaml.CSafeDumper):
    """Writes shared parts out in full, so that every hall reads on its own."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=STORY_ORDERS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    generate(asked.orders, asked.seed, asked.out)


def generate(count: int, seed: int, folder: Path) -> None:
    """Writes scenario.yaml, orders.csv and README.md with `count` orders; the same seed writes the same bytes."""
    rng = random.Random(seed)
    scenario = yaml.load((HERE / "scenario.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    weeks = STORY_WEEKS if count <= STORY_LIMIT else MONTH_WEEKS
    halls = 1 if count <= STORY_LIMIT else max(1, round(count / ORDERS_PER_HALL))
    size = STORY_ORDERS / count * halls * weeks / STORY_WEEKS
    orders = draw_orders(rng, count, weeks, size)
    if halls > 1:
        allot(rng, orders, halls)
        scenario = in_halls(scenario, halls)
    if count != STORY_ORDERS:
        scenario["name"] = f"refrigerators-{count}"
        scenario["description"] = f"Customised refrigerators, {count} generated orders, {halls} halls"
    write(folder, orders, scenario, halls)


if __name__ == "__main__":
    main()
