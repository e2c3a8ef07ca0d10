"""Plain words for a planner: moments, durations, money, how good the schedule is proven to be, key figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scheduler.domain.quantities import format_money
from scheduler.domain.results import KPIs
from scheduler.domain.schedule import Header
from scheduler.domain.timeaxis import TimeAxis

MEASURE_NAMES = {"money": "total cost", "makespan": "time to finish everything",
                 "weighted_tardiness": "weighted tardiness", "lead_time": "weighted lead time"}
STATUS_NAMES = {"optimal": "Proven optimal", "feasible": "Good schedule found", "infeasible": "Proven impossible",
                "not_found": "No schedule found"}
DURATIONS = ("makespan", "time", "tardiness", "lateness", "wait", "duration", "earliness", "late", "ticks")
MONEY = ("cost", "money", "penalty", "price", "revenue", "profit", "total", "standard", "customization", "holding",
         "processing", "material", "spend")
SHARES = ("share", "utilisation", "utilization", "load", "rate", "percent", "gap")
COUNTS = ("count", "number", "orders", "operations", "reconfigurations", "lots", "in_process")


@dataclass(frozen=True)
class Words:
    """Writes ticks and hundredths for people, on the axis and in the currency of a scenario."""

    axis: TimeAxis
    currency: str

    def moment(self, tick: int) -> str:
        """'Fri 18 Dec 2026, 14:30' in local time, or the plain number on an integer axis."""
        if self.axis.integer:
            return f"{tick:,}"
        when = self.axis.to_datetime(tick)
        return f"{when:%a} {when.day} {when:%b %Y, %H:%M}"

    def duration(self, ticks: float) -> str:
        """'3.4 days', '5 h 20 min', or the plain number on an integer axis."""
        if self.axis.integer:
            return f"{ticks:,.0f}" if float(ticks).is_integer() else f"{ticks:,.1f}"
        minutes = ticks * self.axis.tick / 60_000
        sign, minutes = ("-", -minutes) if minutes < 0 else ("", minutes)
        if minutes >= 2880:
            return f"{sign}{minutes / 1440:,.1f} days"
        hours, rest = divmod(round(minutes), 60)
        if hours:
            return f"{sign}{hours} h {rest} min" if rest else f"{sign}{hours} h"
        return f"{sign}{minutes:.0f} min" if minutes >= 1 or not minutes else f"{sign}{minutes * 60:.0f} s"

    def money(self, cents: int) -> str:
        return format_money(int(cents), self.currency)

    def measured(self, measure: str, value: float) -> str:
        """A value of a measure in its unit. Bounds may be fractional: a schedule's value is whole, so they round up."""
        whole = -int(-value // 1)
        return self.money(whole) if measure == "money" else self.duration(whole)


def percent(share: float) -> str:
    """'3.5 %'; a small share that is not zero never reads as zero."""
    points = share * 100
    if 0 < points < 0.1:
        return "under 0.1 %"
    return f"{points:.1f} %".replace(".0 %", " %")


def quality(header: Header, words: Words) -> str:
    """One sentence on how close the schedule is to the best there can be."""
    name = MEASURE_NAMES.get(header.measure, header.measure)
    if header.status == "infeasible":
        return "It is proven that no schedule can keep all hard limits at once; what is shown breaks at least one."
    if header.status == "not_found":
        return "No schedule that keeps all hard limits was found in the time given; one may still exist."
    if header.status == "optimal":
        return f"Proven: no other schedule has a lower {name}."
    gap = header.gap
    if gap is None or header.bound is None:
        return f"How much lower the {name} could be is not known: no bound was proven."
    bound = words.measured(header.measure, header.bound)
    return f"Proven so far: no schedule can bring the {name} below {bound}, so at most {percent(gap)} could still be saved."


def level_sentences(header: Header, words: Words) -> list[str]:
    """Further levels of a lexicographic objective, in order: 'Then total cost: 1,200.00 EUR'."""
    found = []
    for level in header.levels[1:]:
        measure, value = str(level.get("measure", "")), level.get("objective")
        if value is not None:
            found.append(f"Then {MEASURE_NAMES.get(measure, measure)}: {words.measured(measure, value)}.")
    return found


def kpi_rows(kpis: KPIs, words: Words) -> list[tuple[str, str]]:
    """Every single figure as (label, value); nested figures are labelled with the path to them."""
    rows: list[tuple[str, str]] = []

    def add(path: tuple[str, ...], value: Any) -> None:
        if isinstance(value, dict):
            for key, part in value.items():
                add((*path, str(key)), part)
        elif isinstance(value, (list, tuple)):
            if value and not isinstance(value[0], (dict, list, tuple)):
                rows.append((label(path), ", ".join(figure(path, part, words) for part in value[:12])
                             + (" …" if len(value) > 12 else "")))
        elif value is not None:
            rows.append((label(path), figure(path, value, words)))

    for key, value in kpis.values.items():
        add((str(key),), value)
    return rows


def label(path: tuple[str, ...]) -> str:
    text = " · ".join(part.replace("_", " ") for part in path)
    return text[:1].upper() + text[1:]


def figure(path: tuple[str, ...], value: Any, words: Words) -> str:
    """A figure in the unit its name speaks of."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, (int, float)):
        return str(value)
    name = "_".join(path).lower()
    last = path[0].lower() if len(path) > 1 else name
    if any(part in name for part in SHARES) and 0 <= value <= 1:
        return percent(value)
    if last.endswith(COUNTS) or last.startswith(("late_orders", "orders", "operations", "reconfigurations", "wip")):
        return f"{value:,.1f}" if isinstance(value, float) and not value.is_integer() else f"{value:,.0f}"
    if any(part in name for part in MONEY) and isinstance(value, int):
        return words.money(value)
    if any(part in name for part in DURATIONS):
        return words.duration(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"
