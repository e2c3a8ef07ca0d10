"""What the raw lines say: deviation, gap, quality over time, what contradicts what. No files, no text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

from benchmarks.raw import Line

LATE = 1.05
"""A run is late where its wall time is above this share of the limit, and two seconds."""


@dataclass(frozen=True)
class Cell:
    """The runs of a solver on an instance, one per seed. Values are of the seeds that have a checked schedule."""

    lines: tuple[Line, ...]

    @property
    def values(self) -> list[float]:
        return [line["objective"] for line in self.lines if line["objective"] is not None]

    @property
    def value(self) -> float | None:
        """The median over the seeds."""
        return median(self.values) if self.values else None

    @property
    def bound(self) -> float | None:
        """The median over the seeds that have one."""
        told = [line["bound"] for line in self.lines if line["bound"] is not None]
        return median(told) if told else None

    @property
    def proved(self) -> bool:
        """Every seed proved its schedule optimal, and the checker accepts it."""
        return all(line["status"] == "optimal" and line["objective"] is not None for line in self.lines)

    @property
    def applies(self) -> bool:
        return any(line["status"] != "cannot express" for line in self.lines)

    @property
    def gap(self) -> float | None:
        """|value - bound| / |value|."""
        if self.value is None or self.bound is None:
            return None
        return abs(self.value - self.bound) / max(1e-9, abs(self.value)) if self.value != self.bound else 0.0

    def deviation(self, reference: float | None) -> float | None:
        """Mean over the seeds of how much worse than the reference, as a share; negative is better. None without a
        reference, or with one of 0 that is not reached (a share of nothing)."""
        if reference is None or not self.values:
            return None
        if reference == 0:
            return 0.0 if all(value == 0 for value in self.values) else None
        sign = -1 if self.lines[0]["sense"] == "max" else 1
        return fmean(sign * (value - reference) / abs(reference) for value in self.values)


Grid = dict[str, dict[str, Cell]]
"""Cells by instance and solver."""


def grid(lines: Iterable[Line]) -> Grid:
    found: dict[str, dict[str, list[Line]]] = {}
    for line in lines:
        found.setdefault(line["instance"], {}).setdefault(line["solver"], []).append(line)
    return {name: {solver: Cell(tuple(own)) for solver, own in cells.items()} for name, cells in found.items()}


def about(cells: dict[str, Cell]) -> Line:
    """What is known of the instance, from any of its lines."""
    return next(iter(cells.values())).lines[0]


def best_of_run(cells: dict[str, Cell]) -> float | None:
    values = [value for cell in cells.values() for value in cell.values]
    if not values:
        return None
    return max(values) if about(cells)["sense"] == "max" else min(values)


def mean(values: Iterable[float | None]) -> float | None:
    """The mean of what there is."""
    there = [value for value in values if value is not None]
    return fmean(there) if there else None


def behind(cells: dict[str, Cell], solver: str, others: Sequence[str]) -> tuple[float, str] | None:
    """(how much worse than the best of the others, as a share; which); None where that has no schedule. A solver
    without a schedule is infinitely worse."""
    sign = -1 if about(cells)["sense"] == "max" else 1
    theirs: list[tuple[float, str]] = []
    for other in others:
        value = cells[other].value if other in cells else None
        if value is not None:
            theirs.append((sign * value, other))
    if not theirs:
        return None
    best, name = min(theirs)
    own = cells[solver].value if solver in cells else None
    if own is None:
        return float("inf"), name
    return (0.0 if sign * own == best else (sign * own - best) / max(1e-9, abs(best))), name


def refused(line: Line) -> bool:
    """The checker found a rule that the schedule breaks."""
    return line["objective"] is None and line.get("claimed") is not None


def contradictions(cells: dict[str, Cell]) -> list[str]:
    """What cannot all be true, and what the checker refused: sentences."""
    known, best, found = about(cells), best_of_run(cells), []
    sign = -1 if known["sense"] == "max" else 1
    for solver, cell in cells.items():
        for line in cell.lines:
            run = f"{solver} (seed {line['seed']})"
            if refused(line):
                found.append(f"{run}: the checker refuses its {line['claimed']:g}: {line['check']}")
            elif line.get("claimed") is not None:
                found.append(f"{run}: it said {line['claimed']:g}, its schedule has {line['objective']:g}")
            if line["status"] in ("crash", "killed"):
                found.append(f"{run}: {line['status']}, {line['note']}")
            if line["bound"] is not None and best is not None and sign * (line["bound"] - best) > 1e-6:
                found.append(f"{run}: its bound {line['bound']:g} is beyond {best:g}, which a checked schedule reaches")
            if line["objective"] is not None and known["lb"] is not None and sign > 0 \
                    and line["objective"] < known["lb"]:
                found.append(f"{run}: {line['objective']:g} is below the best known bound {known['lb']:g}")
            # the prototype compiles by itself, within its wall time but not within its limit
            if not solver.startswith("prototype") and line["status"] in ("feasible", "optimal", "not_found") \
                    and line["wall"] > line["limit"] * LATE + 2:
                found.append(f"{run}: {line['wall']:.1f} s, the limit was {line['limit']:g} s")
    return found


def primal_gap(line: Line, seconds: float, reference: float | None) -> float:
    """How far the incumbent at a time is from the reference (Berthold 2013): |v - r| / max(|v|, |r|), 1 without one;
    0 where it is better."""
    there = [objective for at, objective, _ in line["trace"] if objective is not None and at <= seconds]
    if line["objective"] is not None and seconds >= line["wall"]:
        there.append(line["objective"])
    if not there or reference is None or refused(line):
        return 1.0
    value = max(there) if line["sense"] == "max" else min(there)
    worse = (reference - value) if line["sense"] == "max" else (value - reference)
    return 0.0 if worse <= 0 else min(1.0, worse / max(abs(value), abs(reference)))


def common_ground(table: Grid, solvers: Sequence[str], share: float = 0.75) -> Grid:
    """The instances that all those solvers can express which can express at least `share` of them, with the cells of
    those solvers only: curves over different instances would not compare."""
    wide = [solver for solver in solvers if not solver.endswith(":bound")
            and sum(solver in cells and cells[solver].applies for cells in table.values()) >= share * len(table)]
    return {name: {solver: cells[solver] for solver in wide} for name, cells in table.items()
            if all(solver in cells and cells[solver].applies for solver in wide)} if wide else {}


def over_time(table: Grid, solver: str, seconds: Sequence[float]) -> list[float]:
    """The mean primal gap at each time over the instances that the solver can express; the reference is the best
    value known before or found in the run."""
    totals: list[list[float]] = []
    for cells in table.values():
        if solver not in cells or not cells[solver].applies:
            continue
        best, known = best_of_run(cells), about(cells)
        told = [value for value in (best, known["reference"]) if value is not None]
        reference = None if not told else max(told) if known["sense"] == "max" else min(told)
        totals += [[primal_gap(line, at, reference) for at in seconds] for line in cells[solver].lines]
    return [fmean(column) for column in zip(*totals)]


def solvers_of(lines: Iterable[Line]) -> list[str]:
    """Names in the order of their first run."""
    return list(dict.fromkeys(line["solver"] for line in lines))


def families_of(table: Grid) -> dict[str, list[str]]:
    """Instances by set, in the order of the first of each."""
    found: dict[str, list[str]] = {}
    for name, cells in table.items():
        found.setdefault(about(cells)["set"], []).append(name)
    return found


def summed(table: Grid, names: Iterable[str], solver: str) -> float | None:
    """Sum of the values over the sum of the references, less 1, over instances that have both."""
    pairs: list[tuple[Any, Any]] = [(table[name][solver].value, about(table[name])["reference"]) for name in names
                                    if solver in table[name]]
    both = [(value, reference) for value, reference in pairs if value is not None and reference is not None]
    total = sum(reference for _, reference in both)
    return sum(value for value, _ in both) / total - 1 if total else None
