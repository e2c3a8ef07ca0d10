"""Writes the orders of the bottle shop: `python generate.py --orders 100 --seed 1 --out FOLDER`.

100 orders come in on each week's five days. Private customers order a few pieces, firms some dozens or hundreds; each
has two to five working days.
"""

from __future__ import annotations

import argparse
import csv
import random
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MONDAY = date(2025, 11, 3)
PER_WEEK = 100
FIELDS = ("id", "family", "customer", "quantity", "release", "due", "must_make", "option:finish", "option:box")

FIRMS = 0.28
# How often each quantity is ordered: of bottles, gift sets and decks of cards.
PRIVATE = {"bottles": {1: 2, 2: 3, 3: 3, 6: 8, 12: 6}, "gift-sets": {1: 1, 2: 3, 3: 3, 6: 4, 12: 3, 24: 1},
           "playing-cards": {1: 3, 2: 3, 3: 2, 6: 4, 12: 4, 24: 3}}
FIRM = {"bottles": {36: 2, 48: 4, 60: 4, 90: 4, 120: 3, 150: 2, 240: 2}, "gift-sets": {30: 2, 48: 2, 60: 1, 90: 1},
        "playing-cards": {48: 3, 60: 3, 100: 3, 150: 2, 240: 1}}
FINISH = {"bottles": {"matt": 5, "gloss": 3, "relief": 2}, "gift-sets": {"matt": 4, "gloss": 3, "relief": 1},
          "playing-cards": {"gloss": 3, "matt": 2}}
WOODEN = {"private": 0.35, "firm": 0.25}


def pick(rng: random.Random, odds: dict[Any, int]) -> Any:
    return rng.choices(list(odds), list(odds.values()))[0]


def working_days_later(day: date, days: int) -> date:
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


def generate(count: int, seed: int, folder: Path) -> None:
    """Writes orders.csv (and a copy of scenario.yaml beside it); the same seed writes the same bytes."""
    rng = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "orders.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(FIELDS)
        for n in range(count):
            customer = "firm" if rng.random() < FIRMS else "private"
            family = pick(rng, {"bottles": 5, "gift-sets": 2, "playing-cards": 3})
            quantity = pick(rng, (FIRM if customer == "firm" else PRIVATE)[family])
            release = working_days_later(MONDAY, n * 5 // PER_WEEK)
            due = working_days_later(release, rng.choice((3, 4, 5)) if quantity > 100 else rng.choice((2, 3, 3, 4)))
            box = "" if family == "playing-cards" else (
                "wooden-box" if rng.random() < WOODEN[customer] else "gift-carton")
            rows.writerow((f"P{n + 1:0{max(3, len(str(count)))}d}", family, customer, quantity, release, due,
                           "yes" if customer == "firm" else "", pick(rng, FINISH[family]), box))
    if folder.resolve() != HERE.resolve():
        shutil.copyfile(HERE / "scenario.yaml", folder / "scenario.yaml")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    generate(asked.orders, asked.seed, asked.out)


if __name__ == "__main__":
    main()
