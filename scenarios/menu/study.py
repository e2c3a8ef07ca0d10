"""Solves the five degrees and writes table.md, table.csv and plot.png: `python scenarios/menu/study.py`."""

from __future__ import annotations

import argparse
import csv
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np

import scheduler

HERE = Path(__file__).parent
DEGREES = range(1, 6)
TITLES = {1: "three menus", 2: "+ side, drink", 3: "+ bun, sauce", 4: "+ doneness", 5: "as asked"}
TERMS = ("processing", "material", "reconfiguration", "lateness", "holding")
COLOURS = ("#4c78a8", "#9ecae9", "#f58518", "#e45756", "#bab0ac")
MINUTE = 60_000


def study(folder: Path, seconds: float, workers: int) -> list[dict[str, Any]]:
    """One row of figures for each degree: money per order, minutes, shares."""
    rows = []
    for degree in DEGREES:
        scenario = scheduler.load(folder / f"degree-{degree}")
        outcome = scheduler.solve(scenario, scheduler.Options(time_limit=seconds, workers=workers))
        if outcome.schedule is None:
            raise SystemExit(f"degree {degree}: no schedule found within {seconds:g} s")
        rows.append({"degree": degree, "offer": TITLES[degree], **figures(scenario, outcome)})
        print(", ".join(f"{name} {value}" for name, value in rows[-1].items()), flush=True)
    return rows


def figures(scenario: Any, outcome: Any) -> dict[str, Any]:
    orders, costs = len(scenario.orders), outcome.costs
    minutes = (costs.delivery - scenario.orders.release) * scenario.axis.tick / MINUTE
    terms = dict(zip(outcome.kpis.values["cost_terms"], costs.terms.sum(axis=0).tolist()))
    per_order = {name: round(terms[name] / orders / 100, 2) for name in TERMS}
    promised = (scenario.orders.due - scenario.orders.release).mean() * scenario.axis.tick / MINUTE
    return {"cost": round(costs.total / orders / 100, 2), **per_order, "promised": round(float(promised), 1),
            "minutes": round(float(minutes.mean()), 1), "minutes_95": round(float(np.percentile(minutes, 95)), 1),
            "on_time": round(float((costs.delivery <= scenario.orders.due).mean()), 3),
            "reconfigurations": outcome.kpis.values["reconfigurations"],
            "grill_fill": round(fill(scenario, outcome.schedule, "grills"), 2),
            "fryer_fill": round(fill(scenario, outcome.schedule, "fryers"), 2),
            "gap": None if outcome.gap is None else round(outcome.gap, 3)}


def fill(scenario: Any, schedule: Any, cell: str) -> float:
    """Mean number of pieces in a batch of a cell over its capacity."""
    columns = schedule.columns()
    pieces = dict(zip(schedule.lots.id, schedule.lots.quantity.tolist()))
    inside = set(scenario.plant.cells[cell].resources)
    batches: dict[Any, int] = {}
    for i, resource in enumerate(columns["resource"]):
        if resource in inside:
            number = int(columns["batch"][i])
            batch = (number,) if number >= 0 else ("alone", i)
            batches[batch] = batches.get(batch, 0) + pieces[columns["lot"][i]]
    return float(np.mean(list(batches.values()))) / scenario.plant.cells[cell].batch.capacity


def write(rows: list[dict[str, Any]], folder: Path) -> None:
    """table.csv with all figures, table.md for people, plot.png."""
    with (folder / "table.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    heads = ("degree", "cost of an order", *TERMS, "minutes", "95 %", "on time", "reconfigurations", "grill fill")
    lines = ["| " + " | ".join(heads) + " |", "|---|" + "---:|" * (len(heads) - 1)]
    for row in rows:
        cells = [f"{row['degree']} {row['offer']}", f"**{row['cost']:.2f}**", *(f"{row[term]:.2f}" for term in TERMS),
                 f"**{row['minutes']:.1f}**", f"{row['minutes_95']:.1f}", f"{row['on_time']:.0%}",
                 str(row["reconfigurations"]), f"{row['grill_fill']:.0%}"]
        lines.append("| " + " | ".join(cells) + " |")
    (folder / "table.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    plot(rows, folder / "plot.png")


def plot(rows: list[dict[str, Any]], path: Path) -> None:
    """Cost of an order by its parts, and minutes from order to hand-over, against the degree."""
    figure, (money, time) = plt.subplots(1, 2, figsize=(10.5, 4.2))
    places = np.arange(len(rows))
    bottom = np.zeros(len(rows))
    for term, colour in zip(TERMS, COLOURS):
        values = np.array([row[term] for row in rows])
        money.bar(places, values, 0.62, bottom=bottom, label=term, color=colour)
        bottom += values
    for place, row in zip(places, rows):
        money.text(place, bottom[place] + bottom.max() * 0.015, f"{row['cost']:.2f}", ha="center", fontsize=9)
    money.set_title("cost of an order, USD", fontsize=11)
    money.set_ylim(0, bottom.max() * 1.28)
    money.legend(fontsize=8, ncols=3, loc="upper left", frameon=False)
    time.plot(places, [row["minutes_95"] for row in rows], "o--", color="#e45756", label="95 % of the orders within")
    time.plot(places, [row["minutes"] for row in rows], "o-", color="#4c78a8", label="mean")
    promised = rows[0]["promised"]
    time.axhline(promised, color="#888888", linewidth=0.8)
    time.text(len(rows) - 1, promised + 0.1, "promised", ha="right", va="bottom", fontsize=8, color="#666666")
    time.set_title("minutes from order to hand-over", fontsize=11)
    time.set_ylim(0, max(row["minutes_95"] for row in rows) * 1.15)
    time.legend(fontsize=8, loc="lower right", frameon=False)
    for axes in (money, time):
        axes.set_xticks(places, [f"{row['degree']}\n{row['offer']}" for row in rows], fontsize=8)
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--time-limit", type=float, default=60, help="seconds for each degree")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--scenarios", type=Path, default=HERE, help="folder with degree-1 ... degree-5")
    parser.add_argument("--out", type=Path, default=HERE, help="folder for the table and the plot")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    write(study(asked.scenarios, asked.time_limit, asked.workers), asked.out)


if __name__ == "__main__":
    main()
