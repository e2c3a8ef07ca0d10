"""Plots of raw lines as PNG: deviation from the best known values, gap, proofs, quality over time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.figures import Grid, about, best_of_run, common_ground, grid, over_time, solvers_of
from benchmarks.raw import Line

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999")
"""Told apart by the colour-blind too (Okabe and Ito 2008)."""
MARKS = "osD^vPX*"
POINTS = 120


def draw(lines: Sequence[Line], folder: Path, stem: str) -> list[tuple[str, Path]]:
    """Writes <stem>-WHAT.png; (what, file) of each."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    folder.mkdir(parents=True, exist_ok=True)
    table, solvers = grid(lines), solvers_of(lines)
    found = []
    for what, fill in (("deviation", _deviation), ("gap", _gap), ("proofs", _proofs), ("time", _time)):
        width = max(6.0, min(24.0, 0.32 * len(table) + 2.5)) if what in ("deviation", "gap") else 7.0
        figure, axes = pyplot.subplots(figsize=(width, 4.2), layout="constrained")
        fill(axes, table, solvers, lines[0]["limit"])
        file = folder / f"{stem}-{what}.png"
        # no date and no version inside: the same runs give the same file
        figure.savefig(file, dpi=110, metadata={"Software": None})
        pyplot.close(figure)
        found.append((what, file))
    return found


TICKS = (-20, -10, -5, -2, -1, -0.5, 0, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
"""Percent: the axis of deviations is no longer linear beyond 1, and must say so."""


def _per_instance(axes: Any, table: Grid, solvers: Sequence[str], shares: dict[str, list[float | None]]) -> None:
    names = list(table)
    for i, solver in enumerate(solvers):
        at = [(x + 0.14 * (i - (len(solvers) - 1) / 2), 100 * share) for x, share in enumerate(shares[solver])
              if share is not None]
        if at:
            axes.plot(*zip(*at), MARKS[i % len(MARKS)], color=COLOURS[i % len(COLOURS)], label=solver, markersize=5)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
    axes.set_xlim(-0.7, len(names) - 0.3)
    for x in range(len(names)):
        axes.axvline(x + 0.5, color="#eeeeee", linewidth=0.6, zorder=0)
    axes.grid(axis="y", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    if axes.lines:
        axes.legend(fontsize=8, loc="upper left", bbox_to_anchor=(1.0, 1.0))


def _deviation(axes: Any, table: Grid, solvers: Sequence[str], limit: float) -> None:
    shares: dict[str, list[float | None]] = {solver: [] for solver in solvers}
    for cells in table.values():
        reference = about(cells)["reference"]
        reference = best_of_run(cells) if reference is None else reference
        for solver in solvers:
            shares[solver].append(cells[solver].deviation(reference) if solver in cells else None)
    _per_instance(axes, table, solvers, shares)
    axes.axhline(0, color="black", linewidth=0.8)
    # fine near zero, where the good ones are, and still room for the far ones
    axes.set_yscale("symlog", linthresh=1.0, linscale=1.5)
    low, high = axes.get_ylim()
    axes.set_yticks([tick for tick in TICKS if low <= tick <= high])
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g} %")
    axes.set_title(f"Deviation from the best known value (else from the best of the run), {limit:g} s", fontsize=10)


def _gap(axes: Any, table: Grid, solvers: Sequence[str], limit: float) -> None:
    shares = {solver: [cells[solver].gap if solver in cells else None for cells in table.values()]
              for solver in solvers}
    _per_instance(axes, table, solvers, shares)
    axes.set_ylim(bottom=-2)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g} %")
    axes.set_title(f"Gap between value and bound, {limit:g} s", fontsize=10)


def _proofs(axes: Any, table: Grid, solvers: Sequence[str], limit: float) -> None:
    proved = [sum(s in cells and cells[s].proved for cells in table.values()) for s in solvers]
    solved = [sum(s in cells and cells[s].value is not None for cells in table.values()) for s in solvers]
    able = [sum(s in cells and cells[s].applies for cells in table.values()) for s in solvers]
    y = range(len(solvers))
    axes.barh(y, able, color="#eeeeee", label="can express")
    axes.barh(y, solved, color="#9ecae1", label="has a checked schedule")
    axes.barh(y, proved, color="#0072b2", label="proved optimal")
    for at, count in zip(y, proved):
        axes.text(count, at, f" {count}", va="center", fontsize=9)
    axes.set_yticks(y, solvers)
    axes.invert_yaxis()
    axes.set_xlim(0, len(table))
    axes.legend(fontsize=8, loc="lower right")
    axes.set_title(f"Proofs on {len(table)} instances, {limit:g} s", fontsize=10)


def _time(axes: Any, table: Grid, solvers: Sequence[str], limit: float) -> None:
    first = 0.05
    seconds = [first * (limit / first) ** (i / (POINTS - 1)) for i in range(POINTS)]
    common = common_ground(table, solvers)
    for i, solver in enumerate(solvers):
        gaps = over_time(common, solver, seconds)
        if gaps and min(gaps) < 1:
            axes.step(seconds, [max(1e-4, gap) for gap in gaps], where="post", color=COLOURS[i % len(COLOURS)],
                      label=solver)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_ylim(1e-4, 1.2)
    axes.set_xlabel("seconds since the instance is read")
    axes.grid(color="#dddddd", linewidth=0.6)
    if axes.lines:
        axes.legend(fontsize=8)
    axes.set_title(f"Mean primal gap to the best value over {len(common)} of {len(table)} instances", fontsize=10)
