"""What a report shows, gathered from evaluated results: sentences and tiles for the page, columns for its charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from scheduler.domain.credit import Credit, credits_of
from scheduler.domain.orders import NEVER
from scheduler.domain.policy import TERMS
from scheduler.domain.results import Bottleneck, Cause, Costs, Explanation, KPIs, Violation
from scheduler.domain.scenario import Scenario
from scheduler.domain.schedule import Schedule
from scheduler.report import gantt
from scheduler.report.load import load
from scheduler.report.shop import shop_columns
from scheduler.report.words import (
    MEASURE_NAMES,
    STATUS_NAMES,
    WAIT_NAMES,
    Rows,
    Words,
    kpi_groups,
    level_sentences,
    percent,
    pool_table,
    quality,
    resource_table,
)

SUMMARY_LIMIT = 3_000
CAUSE_LIMIT = 60_000
SPLIT = ("standard", "customization", "reconfiguration", "lateness", "holding")
MORE = ("overtime", "refusal", "moving")
"""Terms that are shown as parts of their own where there are any."""


class FrontierPoint(Protocol):
    """One schedule of a trade-off: its name, production cost in hundredths, and speed in ticks of the speed measure."""

    @property
    def label(self) -> str: ...
    @property
    def cost(self) -> int: ...
    @property
    def speed(self) -> float: ...


class Frontier(Protocol):
    """A trade-off as the report needs it: points, the index of the recommended one, sentences between neighbours."""

    @property
    def measure(self) -> str: ...
    @property
    def points(self) -> Sequence[FrontierPoint]: ...
    @property
    def knee(self) -> int | None: ...
    @property
    def sentences(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class Tile:
    """A key figure at the top: label, value, a line of detail; tone good, bad or plain."""

    label: str
    value: str
    detail: str
    tone: str = "plain"


@dataclass(frozen=True)
class ReportData:
    """All of a report. Texts are plain, never HTML.

    `columns` is what becomes JSON for the page's charts: times in ticks, money in hundredths.
    """

    title: str
    description: str
    status: str
    status_name: str
    sentences: tuple[str, ...]
    tiles: tuple[Tile, ...]
    violations: tuple[tuple[str, str, str], ...]
    bottlenecks: tuple[tuple[str, float, str], ...]
    waits: tuple[tuple[str, str, float], ...]
    kpis: tuple[tuple[str, Rows], ...]
    resources: tuple[tuple[str, ...], ...]
    pools: tuple[tuple[str, ...], ...]
    refused: tuple[tuple[str, str, str, str], ...]
    facts: Rows
    notes: tuple[str, ...]
    tradeoff: tuple[str, ...] | None
    has_due: bool
    has_costs: bool
    columns: dict[str, Any] = field(repr=False)


def report_data(scenario: Scenario, schedule: Schedule, costs: Costs, kpis: KPIs,
                explanations: Sequence[Explanation] | Mapping[str, Explanation], bottlenecks: Sequence[Bottleneck],
                violations: Sequence[Violation], tradeoff: Frontier | None = None,
                unmet: Mapping[str, str] | None = None) -> ReportData:
    """Gathers what the page shows; computes sums, buckets and words only.

    All results must belong to this scenario and schedule. Of a schedule over gantt.BAR_LIMIT operations the
    earliest are kept, of very many explanations the latest orders'; `notes` says so in plain words. unmet: why
    a refused order cannot be made at all.
    """
    words = Words(scenario.axis, scenario.currency)
    told = sorted(explanations.values() if isinstance(explanations, Mapping) else explanations,
                  key=lambda e: -e.late)
    end = gantt.shown_end(scenario, schedule)
    calendars, calendar = gantt.closed_time(scenario, schedule, end)
    kept, notes = _within_limits(told)
    window = gantt.opening_window(schedule, end)
    columns: dict[str, Any] = {
        "clock": gantt.clock(scenario.axis, end), "currency": scenario.currency,
        "measure": schedule.header.measure, "window": window,
        "orders": _orders(scenario, costs), "lots": gantt.lots(scenario, schedule),
        "bars": gantt.bars(scenario, schedule), "pegs": gantt.pegs(schedule),
        "resources": {"id": [r.id for r in scenario.resources], "cell": [r.cell for r in scenario.resources],
                      "calendar": calendar},
        "calendars": calendars, "load": load(scenario, schedule, end, kpis.pauses),
        "shop": shop_columns(scenario, schedule, kpis), "plant": int(costs.plant.sum()),
        "explanations": _explanations(scenario, kept),
        "trace": [list(event) for event in schedule.header.trace],
        "bound": schedule.header.bound, "tradeoff": _frontier(tradeoff),
    }
    return ReportData(
        title=scenario.name, description=scenario.description.strip(), status=schedule.header.status,
        status_name="Schedule with violations" if violations and schedule.header.status in ("optimal", "feasible")
        else STATUS_NAMES.get(schedule.header.status, schedule.header.status),
        sentences=_sentences(scenario, schedule, costs, words), tiles=_tiles(scenario, schedule, costs, words),
        violations=tuple((v.rule, v.message, _place(v, words)) for v in violations),
        bottlenecks=tuple((b.resource, b.load, b.text) for b in bottlenecks),
        waits=_waits(told, words), kpis=kpi_groups(kpis, words),
        resources=resource_table(kpis, words),
        pools=pool_table(kpis, words), refused=_refused(scenario, schedule, words, unmet or {}),
        facts=_facts(schedule, words), notes=(*_size_notes(schedule, words, window), *notes),
        tradeoff=tuple(tradeoff.sentences) if tradeoff is not None else None,
        has_due=bool((scenario.orders.due < NEVER).any()), has_costs=bool(costs.terms.any()), columns=columns)


def _lateness(scenario: Scenario, costs: Costs) -> tuple[np.ndarray, np.ndarray]:
    """Which scheduled orders have a due date, and ticks after it."""
    dated = (scenario.orders.due < NEVER) & (costs.delivery >= 0)
    return dated, np.where(dated, np.maximum(0, costs.delivery - scenario.orders.due), 0)


def _sentences(scenario: Scenario, schedule: Schedule, costs: Costs, words: Words) -> tuple[str, ...]:
    header, total = schedule.header, len(scenario.orders)
    found, left = [], int((costs.delivery < 0).sum())
    dated, late = _lateness(scenario, costs)
    if dated.any():
        n, missed = int(dated.sum()), int((late > 0).sum())
        subject = f"All {n:,} orders with a due date are" if not missed else f"{n - missed:,} of {n:,} orders are"
        found.append(f"{subject} delivered on time." if n > 1 or missed else "The order is delivered on time.")
    else:
        noun = "order" if total == 1 else "orders"
        found.append(f"{total:,} {noun} without due dates, {len(schedule):,} operations.")
    if len(schedule):
        found.append(f"The last operation is complete at {words.moment(int(schedule.end.max()))}.")
    refused = len(schedule.refused)
    if refused:
        price = words.money(int(scenario.orders.price[list(schedule.refused)].sum()))
        verb = "is" if refused == 1 else "are"
        found.append(f"{refused:,} of {total:,} orders {verb} refused, at a price of {price}.")
    if left > refused:
        found.append(f"{left - refused:,} of {total:,} orders are not scheduled.")
    return (*found, quality(header, words), *level_sentences(header, words))


def _tiles(scenario: Scenario, schedule: Schedule, costs: Costs, words: Words) -> tuple[Tile, ...]:
    header = schedule.header
    dated, late = _lateness(scenario, costs)
    tiles: list[Tile] = []
    if dated.any():
        missed, n = int((late > 0).sum()), int(dated.sum())
        worst = f", latest by {words.duration(int(late.max()))}" if missed else ""
        detail = f"{n - missed:,} of {n:,} orders{worst}"
        tiles.append(Tile("Delivered on time", percent((n - missed) / n), detail, "bad" if missed else "good"))
    if header.objective is not None:
        name = MEASURE_NAMES.get(header.measure, header.measure)
        detail = "lower is better"
        if header.measure == "makespan" and not scenario.axis.integer:
            detail = words.moment(header.objective)
        tiles.append(Tile(f"Objective: {name}", words.headline(header.measure, header.objective), detail))
    if header.bound is not None:
        tiles.append(Tile("Cannot go below", words.headline(header.measure, header.bound), "proven bound"))
    if header.status == "optimal":
        tiles.append(Tile("Gap to the best possible", percent(0.0), "proven optimal", "good"))
    elif header.gap is not None:
        tiles.append(Tile("Gap to the best possible", percent(header.gap), "at most this could be saved"))
    else:
        tiles.append(Tile("Gap to the best possible", "not known", "no bound was proven"))
    if len(schedule) and header.measure != "makespan":
        last = int(schedule.end.max())
        detail = f"{len(schedule):,} operations" if scenario.axis.integer else words.moment(last)
        tiles.append(Tile("Makespan", words.duration(last), detail))
    if costs.total and header.measure != "money":
        tiles.append(Tile("Total cost", words.money(costs.total), "not what was optimised"))
    return tuple(tiles)


def _refused(scenario: Scenario, schedule: Schedule, words: Words,
             unmet: Mapping[str, str]) -> tuple[tuple[str, str, str, str], ...]:
    """Id, product, price and reason of each order that is refused, dearest first."""
    orders = scenario.orders
    ranked = sorted(schedule.refused, key=lambda j: (-int(orders.price[j]), j))
    return tuple((orders.id[j], orders.variants[orders.variant[j]].name, words.money(int(orders.price[j])),
                  unmet.get(orders.id[j], "making it would have cost more")) for j in ranked)


def _waits(told: list[Explanation], words: Words) -> tuple[tuple[str, str, float], ...]:
    """What the late orders waited for, most first: name, time, share of all their waiting."""
    sums: dict[str, int] = {}
    for explanation in told:
        if explanation.late > 0:
            for kind, ticks in explanation.waits.items():
                if kind != "operation" and ticks > 0:
                    sums[kind] = sums.get(kind, 0) + ticks
    whole = sum(sums.values())
    return tuple((WAIT_NAMES.get(kind, kind), words.duration(ticks), ticks / whole)
                 for kind, ticks in sorted(sums.items(), key=lambda item: -item[1]))


def _facts(schedule: Schedule, words: Words) -> Rows:
    header = schedule.header
    rows = [("Optimised", MEASURE_NAMES.get(header.measure, header.measure)),
            ("Engine", header.engine or "not stated"), ("Bound from", header.bound_source or "no bound"),
            ("Computing time", f"{header.wall_seconds:,.1f} s"), ("Seed", str(header.seed))]
    if finders := [c for c in credits_of(header.trace) if c.schedules]:
        rows.insert(2, ("Found by", "; ".join(_credit(c) for c in finders)))
    if not words.axis.integer:
        rows += [("Plan begins", words.moment(0)), ("Time zone", words.axis.zone)]
    return tuple(rows)


def _credit(credit: Credit) -> str:
    gain = "" if credit.share is None else f", {percent(credit.share)} of the gain"
    return f"{credit.source} ({credit.schedules} better, {credit.first:.1f} to {credit.last:.1f} s{gain})"


def _place(violation: Violation, words: Words) -> str:
    parts = [violation.order and f"order {violation.order}", violation.operation, violation.resource,
             "" if violation.time is None else words.moment(violation.time)]
    return " · ".join(part for part in parts if part)


def _size_notes(schedule: Schedule, words: Words, window: tuple[int, int]) -> list[str]:
    n = len(schedule)
    if n <= gantt.WINDOWED_ABOVE:
        return []
    text = (f"This schedule has {n:,} operations. The chart opens on its first part, up to {words.moment(window[1])}; "
            "zoom out or move the overview below it to see the rest. Zoomed out, neighbouring bars are drawn as one.")
    if n > gantt.BAR_LIMIT:
        text += (f" The page holds the {gantt.BAR_LIMIT:,} operations that start first; the others are in "
                 "schedule.csv. Costs, load and key figures cover all of them.")
    return [text]


def _within_limits(told: list[Explanation]) -> tuple[list[Explanation], list[str]]:
    kept, causes = [], 0
    for explanation in told[:SUMMARY_LIMIT]:
        causes += len(explanation.chain)
        if causes > CAUSE_LIMIT:
            break
        kept.append(explanation)
    if len(kept) == len(told):
        return kept, []
    return kept, [f"Of {len(told):,} explained orders, the {len(kept):,} latest are explained on this page."]


def _orders(scenario: Scenario, costs: Costs) -> dict[str, Any]:
    orders = scenario.orders
    customers: dict[str, int] = {}
    split = {name: getattr(costs, name).tolist() for name in SPLIT}
    more = {name: costs.terms[:, TERMS.index(name)] for name in MORE if costs.terms.shape[1] > TERMS.index(name)}
    more = {name: amounts for name, amounts in more.items() if amounts.any()}
    if more:
        split = {name: amounts for name, amounts in split.items() if name == SPLIT[0] or any(amounts)}
        split |= {name: amounts.tolist() for name, amounts in more.items()}
    variants = [[v.name, ", ".join(f"{option}: {choice}" for option, choice in v.choices)] for v in orders.variants]
    never = {name: np.where(getattr(orders, name) < NEVER, getattr(orders, name), -1).tolist()
             for name in ("due", "deadline")}
    return {"id": list(orders.id), "customer": [customers.setdefault(c, len(customers)) for c in orders.customer],
            "customers": [scenario.customers[c].name or c if c in scenario.customers else c for c in customers],
            "variant": orders.variant.tolist(), "variants": variants, "quantity": orders.quantity.tolist(),
            "release": orders.release.tolist(), "priority": orders.priority.tolist(), **never,
            "delivery": costs.delivery.tolist(), "begin": costs.first_start.tolist(), "split": split}


def _explanations(scenario: Scenario, told: list[Explanation]) -> list[dict[str, Any]]:
    number = scenario.orders.index()

    def link(cause: Cause) -> list[Any]:
        return [cause.kind, cause.start, cause.end, cause.text, cause.resource]

    return [{"order": number[e.order], "late": e.late, "summary": e.summary, "chain": [link(c) for c in e.chain],
             "waits": e.waits} for e in told if e.order in number]


def _frontier(tradeoff: Frontier | None) -> dict[str, Any] | None:
    if tradeoff is None:
        return None
    return {"measure": tradeoff.measure, "label": [p.label for p in tradeoff.points],
            "cost": [int(p.cost) for p in tradeoff.points], "speed": [float(p.speed) for p in tradeoff.points],
            "knee": tradeoff.knee}
