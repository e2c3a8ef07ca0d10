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
STATUS_NAMES = {"optimal": "Proven optimal", "feasible": "Valid schedule", "infeasible": "Proven impossible",
                "not_found": "No schedule found"}
GROUPS: dict[str, dict[str, str]] = {
    "Delivery": {
        "orders": "Orders", "orders_scheduled": "Orders scheduled", "orders_with_due": "Orders with a due date",
        "on_time_share": "On time", "late_orders": "Late orders", "lateness_mean": "Lateness, mean",
        "lateness_max": "Lateness, longest", "lateness_total": "Lateness, total",
        "weighted_tardiness": "Lateness x priority, total"},
    "Speed": {
        "operations": "Operations", "makespan": "Makespan", "lead_time_mean": "Lead time, mean",
        "lead_time_median": "Lead time, median", "lead_time_max": "Lead time, longest",
        "lead_time_weighted_mean": "Lead time, weighted by priority", "wip_mean": "Orders in process, mean",
        "wip_max": "Orders in process, most"},
    "Resources": {
        "utilisation": "Operating share of open time", "reconfigurations": "Reconfigurations",
        "reconfiguration_time": "Time for reconfiguration", "reconfiguration_cost": "Cost of reconfiguration"},
    "Shop floor": {
        "refused_orders": "Orders refused", "refused_price": "Price of refused orders", "overtime": "Overtime",
        "batches": "Batches", "blocked_time": "Resources blocked by finished lots",
        "subcontracted": "Subcontracted operations", "subcontracted_cost": "Cost of subcontracting",
        "moved_operations": "Moved operations", "moved_cost": "Cost of moving",
        "finished_operations": "Done or begun already", "maintenance": "Maintenances"},
    "Money": {
        "cost_total": "Total cost", "cost_weighted": "Total as weighted by the policy", "cost_terms": "Cost",
        "revenue": "Revenue", "profit": "Profit"},
}
TIMES = ("makespan", "busy", "open", "weighted_tardiness")
SHOWN_ELSEWHERE = ("resources", "cost_split", "crews", "fixtures")
POOL_NAMES = {"crew": "crew", "fixture": "fixture", "module": "module", "buffer": "buffer", "vehicle": "vehicles",
              "orders": "orders in process"}
WAIT_NAMES = {"resource": "busy resources", "reconfiguration": "reconfiguration", "component": "components being made",
              "material": "bought material", "tool": "shared tools being made",
              "calendar": "closed time", "transport": "transport",
              "release": "release", "operation": "operations themselves", "idle": "idle time", "hold": "held until due",
              "crew": "people", "fixture": "fixtures", "module": "modules", "batch": "batches",
              "buffer": "full buffers", "vehicle": "vehicles", "lag": "time between operations",
              "pause": "pauses over closed time", "overtime": "overtime not opened", "maintenance": "maintenance",
              "breakdown": "breakdowns", "campaign": "campaigns", "orders": "the limit on orders in process",
              "pool": "pooled orders", "now": "time before now", "happened": "what already happened",
              "pinned": "pinned operations", "announced": "staying where announced"}
RESOURCE_COLUMNS = {"utilisation": "Used", "operations": "Operations", "busy": "Operating", "open": "Open",
                    "reconfigurations": "Reconfigurations", "reconfiguration_time": "Reconfiguring",
                    "reconfiguration_cost": "Cost of reconfiguration"}
POOL_COLUMNS = {"utilisation": "Used", "most": "Most at once", "busy": "In use x time", "open": "There x time"}


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

    def headline(self, measure: str, value: float) -> str:
        """As measured(); large amounts of money in whole units."""
        if measure != "money" or abs(value) < 1_000_000:
            return self.measured(measure, value)
        return f"{round(value / 100):,} {self.currency}"


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
    return (f"Proven so far: no schedule can bring the {name} below {bound}, "
            f"so at most {percent(gap)} could still be saved.")


def level_sentences(header: Header, words: Words) -> list[str]:
    """Further levels of a lexicographic objective, in order: 'Then total cost: 1,200.00 EUR'."""
    found = []
    for level in header.levels[1:]:
        measure, value = str(level.get("measure", "")), level.get("objective")
        if value is not None:
            found.append(f"Then {MEASURE_NAMES.get(measure, measure)}: {words.measured(measure, value)}.")
    return found


Rows = tuple[tuple[str, str], ...]


def kpi_groups(kpis: KPIs, words: Words) -> tuple[tuple[str, Rows], ...]:
    """Key figures as (label, value) under headings; unknown ones under 'Other', those per resource left out."""
    values = {k: v for k, v in kpis.values.items() if v is not None and k not in SHOWN_ELSEWHERE}
    if not any(values.get(key) for key in ("cost_total", "cost_weighted", "revenue")):
        values = {k: v for k, v in values.items() if k not in GROUPS["Money"] and not k.endswith("_cost")}
    if not values.get("orders_with_due", 1):
        values = {k: v for k, v in values.items() if k == "orders" or k not in GROUPS["Delivery"]}
    known = {key for labels in GROUPS.values() for key in labels}
    groups = {**GROUPS, "Other": {key: label(key) for key in values if key not in known}}
    found = []
    for heading, labels in groups.items():
        rows: list[tuple[str, str]] = []
        for key, name in labels.items():
            value = values.get(key)
            if isinstance(value, dict):
                rows += [(f"{name}: {part.replace('_', ' ')}", figure(f"{key}_{part}", single, words))
                         for part, single in value.items() if single is not None]
            elif value is not None:
                rows.append((name, figure(key, value, words)))
        if rows:
            found.append((heading, tuple(rows)))
    return tuple(found)


def resource_table(kpis: KPIs, words: Words, most: int = 200) -> tuple[tuple[str, ...], ...]:
    """Figures per resource, a heading row first; the busiest `most` resources. Empty where there are none."""
    given = kpis.values.get("resources")
    if not isinstance(given, dict) or not given:
        return ()
    busiest = sorted(given.items(), key=lambda item: -(item[1].get("utilisation") or 0))[:most]
    return (("Resource", *RESOURCE_COLUMNS.values()),
            *((name, *("–" if row.get(key) is None else figure(key, row[key], words) for key in RESOURCE_COLUMNS))
              for name, row in busiest))


def pool_table(kpis: KPIs, words: Words) -> tuple[tuple[str, ...], ...]:
    """Figures per crew and fixture, a heading row first. Empty where there are none."""
    rows = [(name, kind, *("–" if row.get(key) is None else figure(key, row[key], words) for key in POOL_COLUMNS))
            for kind, group in (("crew", "crews"), ("fixture", "fixtures"))
            for name, row in (kpis.values.get(group) or {}).items()]
    return (("Name", "Kind", *POOL_COLUMNS.values()), *rows) if rows else ()


def label(key: str) -> str:
    text = key.replace("_", " ")
    return text[:1].upper() + text[1:]


def figure(key: str, value: Any, words: Words) -> str:
    """A figure in the unit its name speaks of; without a known name, the plain value."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    if key.endswith(("_share", "utilisation", "fill_mean")):
        return percent(value)
    if key.startswith(("cost_", "revenue", "profit")) or key.endswith(("_cost", "_price")):
        return words.money(int(value))
    if key in TIMES or key.endswith("_time") or key.startswith(("lead_time", "lateness")):
        return words.duration(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"
