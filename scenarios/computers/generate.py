"""Writes the orders of the computer factory: `python generate.py --orders 200 --seed 1 --out FOLDER`.

Orders come in over one week. Each is promised two business days after it came: due = release + two business days, at
the same hour, and not later than 20:00, when the last truck leaves.
"""

from __future__ import annotations

import argparse
import csv
import random
import shutil
from datetime import date, datetime, time, timedelta
from pathlib import Path

HERE = Path(__file__).parent
MONDAY = date(2026, 3, 2)
OPTIONS = ("processor", "screen", "memory", "storage", "graphics", "system", "language", "office")
FIELDS = ("id", "family", "customer", "quantity", "release", "due")
LAST_TRUCK = time(20)

# The ready configurations of customers: (customer, how often, smallest and largest order, family, choices).
TEMPLATES = (
    ("lakeshore-design", 7, 2, 8, "workstation",
     {"processor": "extreme", "screen": "two-27-inch", "memory": "64-gb", "storage": "2-tb", "graphics": "design"}),
    ("lakeshore-design", 6, 2, 10, "workstation", {"screen": "27-inch", "graphics": "design", "storage": "1-tb"}),
    ("lakeshore-plant", 9, 4, 16, "desktop", {"memory": "8-gb", "system": "linux", "office": "company"}),
    ("lakeshore-sales", 9, 4, 14, "notebook", {"processor": "fast", "storage": "1-tb", "office": "company"}),
    ("lakeshore-finance", 8, 3, 12, "desktop", {"processor": "fast", "screen": "27-inch", "office": "standard"}),
    ("prairie-bank-branches", 12, 4, 16, "desktop", {"office": "company"}),
    ("prairie-bank-trading", 5, 2, 6, "desktop",
     {"processor": "extreme", "screen": "two-27-inch", "memory": "32-gb", "office": "company"}),
    ("state-college", 9, 6, 20, "desktop", {"memory": "8-gb", "system": "linux"}),
    ("state-college", 6, 3, 12, "notebook", {"language": "spanish", "system": "home", "office": "standard"}),
    ("cedar-hospital", 9, 3, 12, "desktop", {"storage": "1-tb", "office": "standard"}),
    ("river-logistics", 8, 2, 10, "notebook", {"language": "spanish", "office": "standard"}),
    ("mesa-engineering", 7, 1, 6, "workstation", {"system": "linux", "memory": "64-gb", "screen": "none"}),
    ("mesa-engineering", 5, 1, 5, "workstation", {"system": "server", "screen": "none", "storage": "2-tb"}),
)
# What single buyers of the web shop take: (how often, choice) for each option.
WEB_SHOP_SHARE = 0.35
WEB_SHOP = {
    "processor": {"value": 5, "fast": 4, "extreme": 1},
    "screen": {"none": 3, "22-inch": 5, "27-inch": 3},
    "memory": {"8-gb": 2, "16-gb": 5, "32-gb": 2, "64-gb": 1},
    "storage": {"512-gb": 5, "1-tb": 4, "2-tb": 1},
    "system": {"home": 7, "professional": 3, "linux": 1},
    "language": {"english": 5, "spanish": 1},
    "office": {"none": 5, "standard": 4},
}


def business_days_later(moment: datetime, days: int) -> datetime:
    while days:
        moment += timedelta(days=1)
        days -= moment.weekday() < 5
    return min(moment, datetime.combine(moment.date(), LAST_TRUCK))


def draw(rng: random.Random) -> tuple[str, int, str, dict[str, str]]:
    """Customer, quantity, family and choices of one order."""
    if rng.random() >= WEB_SHOP_SHARE:
        customer, _, least, most, family, choices = rng.choices(TEMPLATES, [t[1] for t in TEMPLATES])[0]
        return customer, round(rng.triangular(least, most, least + (most - least) / 3)), family, choices
    family = rng.choice(("desktop", "desktop", "notebook"))
    choices = {o: rng.choices(list(odds), list(odds.values()))[0] for o, odds in WEB_SHOP.items()}
    if family == "notebook":
        choices = {o: c for o, c in choices.items() if o != "screen" and c != "2-tb"}
    return "web-shop", rng.choice((1, 1, 1, 2)), family, choices


def generate(count: int, seed: int, folder: Path) -> None:
    """Writes orders.csv (and a copy of scenario.yaml beside it); the same seed writes the same bytes."""
    rng = random.Random(seed)
    arrivals = sorted(datetime.combine(MONDAY + timedelta(days=rng.choices(range(5), (26, 22, 20, 18, 14))[0]), time(6))
                      + timedelta(minutes=rng.randint(0, 12 * 60)) for _ in range(count))
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "orders.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow((*FIELDS, *OPTIONS))
        for n, release in enumerate(arrivals):
            customer, quantity, family, choices = draw(rng)
            due = business_days_later(release, 2)
            rows.writerow((f"C{n + 1:0{max(3, len(str(count)))}d}", family, customer, quantity,
                           release.isoformat(timespec="minutes"), due.isoformat(timespec="minutes"),
                           *(choices.get(option, "") for option in OPTIONS)))
    if folder.resolve() != HERE.resolve():
        shutil.copyfile(HERE / "scenario.yaml", folder / "scenario.yaml")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    generate(asked.orders, asked.seed, asked.out)


if __name__ == "__main__":
    main()
