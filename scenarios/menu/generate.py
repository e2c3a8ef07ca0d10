"""Writes the kitchen at five degrees of customization: `python generate.py --seed 1 --out FOLDER`.

Every guest has a full wish and comes at the same minute in all five; what a degree does not offer is served as the
menu has it. FOLDER gets degree-1 ... degree-5, each with scenario.yaml and orders.csv.
"""

from __future__ import annotations

import argparse
import csv
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from string import Template

HERE = Path(__file__).parent
DAY = datetime(2026, 5, 6)
TICK = 15
PROMISED = timedelta(minutes=10)
SIZES = {1: 50, 2: 32, 3: 12, 4: 6}
"""Menus of one order: how often."""
OFFERED = ((), ("side", "drink"), ("bun", "sauce"), ("doneness",), ("cheese", "onion", "pickles", "bacon"))
"""What each degree offers besides what the one before does."""
TITLES = ("three fixed menus", "side and drink to choose", "bun and sauce too", "doneness too", "everything as asked")
TOPPINGS = OFFERED[4]
OPTIONS = tuple(option for step in OFFERED for option in step)
FIELDS = ("id", "family", "customer", "quantity", "release", "due")


@dataclass(frozen=True)
class Menu:
    """A menu as it stands on the board: how many ask for it, price, material, grill plate and its choices."""

    share: int
    price: float
    material: float
    plate: str
    grill: str
    choices: dict[str, str]


MENUS = {
    "classic": Menu(50, 9.9, 2.6, "beef", "4.5 min", {
        "side": "fries", "drink": "cola", "bun": "sesame", "sauce": "house", "doneness": "well"}),
    "chicken": Menu(30, 9.5, 2.3, "chicken", "5 min", {
        "side": "fries", "drink": "cola", "bun": "brioche", "sauce": "mayonnaise"}),
    "garden": Menu(20, 9.2, 2.1, "garden", "4 min", {
        "side": "fries", "drink": "water", "bun": "wholegrain", "sauce": "herb"}),
}
# What guests wish for: how often.
WISHES = {
    "side": {"fries": 50, "onion-rings": 20, "sweet-potato": 18, "salad": 12},
    "drink": {"cola": 42, "water": 28, "vanilla-shake": 17, "berry-shake": 13},
    "bun": {"sesame": 45, "brioche": 30, "wholegrain": 25},
    "sauce": {"house": 40, "mayonnaise": 25, "herb": 20, "barbecue": 15},
    "doneness": {"well": 40, "medium": 42, "rare": 18},
    "cheese": {"as-is": 60, "without": 15, "extra": 25},
    "onion": {"as-is": 60, "without": 30, "extra": 10},
    "pickles": {"as-is": 65, "without": 30, "extra": 5},
    "bacon": {"as-is": 80, "extra": 20},
}
BOWL = "remove_operations: [fry], change_operations: {assemble: {add_work: {per_piece: 20 s}}}"
SHAKE = "change_operations: {pour: {capability: shake, needs: {flavour: %s}, work: {fixed: 20 s, per_piece: 35 s}}}"
# What a choice changes wherever it is not the menu's own.
EFFECTS = {
    ("side", "onion-rings"): "cost: 0.2, change_operations: {fry: {work: {fixed: 2.5 min}}}",
    ("side", "sweet-potato"): "cost: 0.25, change_operations: {fry: {work: {fixed: 3.5 min}}}",
    ("side", "salad"): f"cost: 0.1, {BOWL}",
    ("drink", "vanilla-shake"): f"price: 0.8, cost: 0.5, {SHAKE % 'vanilla'}",
    ("drink", "berry-shake"): f"price: 0.8, cost: 0.55, {SHAKE % 'berry'}",
    ("bun", "sesame"): "change_operations: {toast: {work: {fixed: 60 s}}}",
    ("bun", "brioche"): "cost: 0.15, change_operations: {toast: {work: {fixed: 45 s}}}",
    ("bun", "wholegrain"): "cost: 0.1, change_operations: {toast: {work: {fixed: 75 s}}}",
    ("sauce", "*"): "change_operations: {assemble: {add_work: {per_piece: 5 s}}}",
    ("doneness", "medium"): "change_operations: {grill: {work: {fixed: 3.5 min}}}",
    ("doneness", "rare"): "change_operations: {grill: {work: {fixed: 2.5 min}}}",
    ("*", "without"): "cost: -0.05, change_operations: {assemble: {add_work: {per_piece: 5 s}}}",
    ("*", "extra"): "price: 0.7, cost: 0.3, change_operations: {assemble: {add_work: {per_piece: 10 s}}}",
}
TOAST = {"sesame": "60 s", "brioche": "45 s", "wholegrain": "75 s"}

KITCHEN = Template("""\
# yaml-language-server: $$schema=../../scenario.schema.json
#
# The kitchen at degree $degree of 5: $title.
# The story and its question stand in ../README.md. The numbers are ours, not a company's.
# This file and orders.csv were written by: python scenarios/menu/generate.py --seed $seed --out scenarios/menu

version: 1
name: menu-$degree
description: "A lunch at degree $degree of customization: $title"
origin: 2026-05-06T11:15
time_zone: America/New_York
tick: $tick s
currency: USD

plant:
  calendars:
    kitchen: {weekly: {mon-sun: ["11:15-15:15"]}}
    peak: {weekly: {mon-sun: ["11:45-14:00"]}}

  crews:
    cooks:
      skills: {cook: 100}
      shifts: [{calendar: kitchen, people: 2}, {calendar: peak, people: 1}]
      hourly_cost: 19
    assemblers:
      skills: {assemble: 100}
      shifts: [{calendar: kitchen, people: 2}, {calendar: peak, people: 1}]
      hourly_cost: 17
    counter:
      skills: {serve: 100}
      shifts: [{calendar: kitchen, people: 2}, {calendar: peak, people: 1}]
      hourly_cost: 16

  cells:
    tills:
      calendar: kitchen
      capabilities: [take]
      resources: {till-1: {}, till-2: {}, till-3: {}}

    grills:
      description: Meat, chicken and garden patties never share a plate; each doneness has its heat
      calendar: kitchen
      hourly_cost: 6
      batch: {capacity: 8}
      configurations:
        beef-well: {capabilities: [grill], attributes: {plate: beef, heat: well}}
        beef-medium: {capabilities: [grill], attributes: {plate: beef, heat: medium}}
        beef-rare: {capabilities: [grill], attributes: {plate: beef, heat: rare}}
        chicken: {capabilities: [grill], attributes: {plate: chicken, heat: well}}
        garden: {capabilities: [grill], attributes: {plate: garden, heat: well}}
      reconfiguration:
        crews: [{skill: cook, during: reconfiguration}]
        attributes:
          plate: {time: 4 min, cost: 1.5}    # scraped, or another plate put on
          heat: {time: 90 s, cost: 0.3}
      resources:
        grill-1: {initial_configuration: beef-well}
        grill-2: {initial_configuration: beef-well}
        grill-3: {initial_configuration: chicken}
        grill-4: {initial_configuration: garden}

    fryers:
      description: Oil takes the taste of what was fried in it
      calendar: kitchen
      hourly_cost: 5
      batch: {capacity: 6}
      configurations_from: {oil: [fries, onion-rings, sweet-potato]}
      reconfiguration:
        crews: [{skill: cook, during: reconfiguration}]
        default: {time: 4 min, cost: 2.5}
      resources:
        fryer-1: {initial_configuration: fries}
        fryer-2: {initial_configuration: fries}
        fryer-3: {initial_configuration: fries}

    toasters:
      calendar: kitchen
      hourly_cost: 2
      batch: {capacity: 6}
      capabilities: [toast]
      resources: {toaster-1: {}}

    drinks:
      calendar: kitchen
      hourly_cost: 2
      capabilities: [pour]
      resources: {dispenser-1: {}}

    shakes:
      calendar: kitchen
      hourly_cost: 3
      configurations:
        vanilla: {capabilities: [shake], attributes: {flavour: vanilla}}
        berry: {capabilities: [shake], attributes: {flavour: berry}}
      reconfiguration:
        crews: [{skill: serve, during: reconfiguration}]
        default: {time: 60 s, cost: 0.4}
      resources: {shaker-1: {initial_configuration: vanilla}}

    benches:
      calendar: kitchen
      hourly_cost: 1
      capabilities: [assemble]
      resources: {bench-1: {}, bench-2: {}, bench-3: {}}

    counters:
      calendar: kitchen
      capabilities: [hand-over]
      resources: {counter-1: {}, counter-2: {}}

catalog:
  families:
$families
policy:
  objective: money
  speed_measure: lead_time
  holding_percent_per_day: 100       # food that waits gets cold
  time_limit: 30 s
  seed: 1
value_classes:
  guest: {description: a guest who waits longer than promised, penalty_per_day: 360}   # 25 cents a minute
customers:
  guest: {value_class: guest}
""")
FAMILY = Template("""\
    $name:
      price: $price
      material_cost: $material
$options\
      operations:
        take-order: {capability: take, work: {fixed: $asking s}, crews: [{skill: serve}]}
        grill:
          after: [take-order]
          capability: grill
          needs: {plate: $plate$heat}
          batch: "$plate$class_"
          work: {fixed: $grill}
          loading: 30 s
          unloading: 30 s
          crews: [{skill: cook, during: loading}, {skill: cook, during: unloading}]
        toast:
          after: [take-order]
          capability: toast
          batch: "$bun"
          work: {fixed: $toast}
        fry:
          after: [take-order]
          needs: {oil: "$side"}
          resources: [fryer-1, fryer-2, fryer-3]
          batch: "$side"
          work: {fixed: 3 min}
          loading: 15 s
          crews: [{skill: cook, during: loading}]
        pour:
          after: [take-order]
          capability: pour
          work: {fixed: 10 s, per_piece: 5 s}
        assemble:
          after: [grill, toast]
          capability: assemble
          work: {fixed: 15 s, per_piece: 40 s}
          crews: [{skill: assemble}]
        hand-over:
          after: [assemble, fry, pour]
          capability: hand-over
          work: {fixed: 15 s, per_piece: 5 s}
          crews: [{skill: serve}]
""")


def offered(degree: int, menu: Menu) -> list[str]:
    """Options a menu has at a degree; only beef has a doneness."""
    return [option for step in OFFERED[:degree] for option in step if option != "doneness" or option in menu.choices]


def options(degree: int, menu: Menu) -> str:
    """The options of a menu, its own choices being the defaults."""
    lines = []
    for option in offered(degree, menu):
        own = menu.choices.get(option, "as-is")
        lines += [f"        {option}:", f"          default: {own}", "          choices:"]
        for choice in WISHES[option]:
            effect = next((EFFECTS[key] for key in ((option, choice), (option, "*"), ("*", choice))
                           if choice != own and key in EFFECTS), "")
            lines.append(f"            {choice}: {{{effect}}}")
    return "\n".join(["      options:", *lines, ""]) if lines else ""


def family(name: str, degree: int) -> str:
    menu, there = MENUS[name], offered(degree, MENUS[name])
    said = {option: f"{{{option}}}" if option in there else own for option, own in menu.choices.items()}
    doneness = said.get("doneness")
    return FAMILY.substitute(
        said, name=name, price=menu.price, material=menu.material, options=options(degree, menu), plate=menu.plate,
        asking=15 + TICK * degree, heat=f', heat: "{doneness}"' if doneness else "",
        class_=f"-{doneness}" if doneness else "", grill=menu.grill, toast=TOAST[menu.choices["bun"]])


def guests(count: int, seed: int) -> list[dict[str, str]]:
    """Orders with their full wishes, by arrival."""
    rng = random.Random(seed)
    start, end, peak = (DAY.replace(hour=h, minute=m) for h, m in ((11, 30), (13, 30), (12, 20)))
    length = (end - start).total_seconds() / TICK
    ticks = sorted(int(rng.triangular(0, length, (peak - start).total_seconds() / TICK)) for _ in range(count))
    found = []
    for n, tick in enumerate(ticks):
        came = start + timedelta(seconds=tick * TICK)
        name = rng.choices(list(MENUS), [menu.share for menu in MENUS.values()])[0]
        wish = {option: rng.choices(list(odds), list(odds.values()))[0] for option, odds in WISHES.items()}
        found.append({"id": f"G{n + 1:0{max(2, len(str(count)))}d}", "family": name, "customer": "guest",
                      "quantity": str(rng.choices(list(SIZES), list(SIZES.values()))[0]),
                      "release": came.isoformat(), "due": (came + PROMISED).isoformat(), **wish})
    return found


def generate(count: int, seed: int, folder: Path) -> None:
    """Writes the five folders; the same seed writes the same bytes."""
    wishes = guests(count, seed)
    for degree, title in enumerate(TITLES, start=1):
        target = folder / f"degree-{degree}"
        target.mkdir(parents=True, exist_ok=True)
        families = "\n".join(family(name, degree) for name in MENUS)
        (target / "scenario.yaml").write_text(KITCHEN.substitute(
            degree=degree, title=title, seed=seed, tick=TICK, families=families), encoding="utf-8")
        columns = [option for step in OFFERED[:degree] for option in step]
        with (target / "orders.csv").open("w", newline="", encoding="utf-8") as file:
            rows = csv.DictWriter(file, (*FIELDS, *columns), extrasaction="ignore", lineterminator="\n")
            rows.writeheader()
            rows.writerows({key: value for key, value in wish.items()
                            if key in FIELDS or key in offered(degree, MENUS[wish["family"]])} for wish in wishes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=90)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    generate(asked.orders, asked.seed, asked.out)


if __name__ == "__main__":
    main()
